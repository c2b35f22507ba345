"""From settings to stages: the one place that decides which part stands where."""

from datetime import UTC, datetime

from longplay.home import Home
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.settings import Settings
from longplay.stages import Stages


def utc_now() -> datetime:
    """Read the clock; nothing else does."""
    return datetime.now(UTC)


def stages_from(settings: Settings, home: Home | None = None) -> Stages:
    """Wire the stages for a laptop: a folder for the lake, DuckDB for the warehouse."""
    home = home or Home(settings.home)
    home.make()
    return Stages(
        home=home,
        lake=Lake(home.lake),
        state=State(home.state, settings.patience),
        user=settings.user,
        time_zone=settings.time_zone,
    )
