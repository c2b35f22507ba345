"""From settings to stages: the one place that decides which part stands where.

What needs a database is imported only where it is wired, for fetching needs none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from longplay.enriching import Enriching
from longplay.enrichment.asking import Door, Source
from longplay.enrichment.providers import known_budgets, of_spotify, outside
from longplay.fetching import Fetching
from longplay.home import Home
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.settings import Settings
from longplay.spotify import auth, client
from longplay.spotify.auth import App
from longplay.spotify.connection import Connection, Origins
from longplay.spotify.quota import Manners
from longplay.spotify.secret import Secret

if TYPE_CHECKING:
    from longplay.drawing import Drawing
    from longplay.stages import Stages


def utc_now() -> datetime:
    """Read the clock; nothing else does."""
    return datetime.now(UTC)


def stages_from(settings: Settings, home: Home | None = None) -> Stages:
    """Wire the stages for a laptop: a folder for the lake, DuckDB for the warehouse."""
    from longplay.stages import Stages  # noqa: PLC0415

    home = _made(settings, home)
    return Stages(
        home=home,
        lake=Lake(home.lake),
        state=State(home.state, settings.patience),
        user=settings.user,
        time_zone=settings.time_zone,
    )


def drawing_from(settings: Settings, *, patience: float | None = None) -> Drawing:
    """Wire what draws for a laptop; `patience` is for those who wait less than the settings say, in seconds."""
    from longplay.drawing import Drawing  # noqa: PLC0415

    home = _made(settings, None)
    waits = settings.patience if patience is None else min(patience, settings.patience)
    return Drawing(home=home, state=State(home.state, waits), user=settings.user)


def fetching_from(settings: Settings, home: Home | None = None) -> Fetching:
    """Wire the fetching for a laptop."""
    home = _made(settings, home)
    state = State(home.state, settings.patience)
    return Fetching(lake=Lake(home.lake), state=state, connect=partial(_connection, settings, state), clock=utc_now)


def enriching_from(settings: Settings, stages: Stages) -> Enriching:
    """Wire the enriching for a laptop."""
    from longplay.stages import MusicOf  # noqa: PLC0415

    origins = {
        "reccobeats": settings.reccobeats_origin,
        "musicbrainz": settings.musicbrainz_origin,
        "lastfm": settings.lastfm_origin,
    }
    budgets = known_budgets(settings.enrich_budgets)

    def door(source: Source) -> Door:
        origin = origins[source.name]
        pace = 0 if origin.startswith("http://127.") else None  # a simulator need not be spared
        return Door(source, stages.state, utc_now, origin=origin, budgets=budgets, pace=pace)

    connection = _connection(settings, stages.state, stages.user)
    return Enriching(
        lake=stages.lake,
        state=stages.state,
        music=MusicOf(stages, utc_now),
        of_spotify=partial(of_spotify, connection),
        others=outside(door, Secret(settings.lastfm_api_key.get_secret_value())),
        clock=utc_now,
        user=stages.user,
    )


def _made(settings: Settings, home: Home | None) -> Home:
    home = home or Home(settings.home)
    home.make()
    return home


def _connection(settings: Settings, state: State, user: str) -> Connection:
    return Connection(
        state,
        user,
        App(settings.spotify_client_id, Secret(settings.spotify_client_secret.get_secret_value())),
        utc_now,
        origins=Origins(settings.spotify_accounts_origin or auth.ORIGIN, settings.spotify_api_origin or client.ORIGIN),
        manners=Manners(pace=settings.spotify_pace, patience=settings.spotify_patience, budgets=settings.spotify_budgets),
    )
