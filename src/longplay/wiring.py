"""From settings to stages: the one place that decides which part stands where.

What needs a database is imported only where it is wired, for fetching needs none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from longplay.cloud import Cloud
from longplay.enriching import Enriching, Music
from longplay.enrichment.asking import Door, Source
from longplay.enrichment.providers import known_budgets, of_spotify, outside
from longplay.errors import WrongCall
from longplay.fetching import Fetching
from longplay.home import Home
from longplay.lake.state import MIRRORED, Notes, State
from longplay.lake.store import Lake
from longplay.settings import Settings
from longplay.spotify import auth, client
from longplay.spotify.auth import App
from longplay.spotify.connection import Connection, Origins
from longplay.spotify.quota import Manners
from longplay.spotify.secret import Secret
from longplay.wish_list import leave_list

if TYPE_CHECKING:
    from longplay.drawing import Drawing
    from longplay.excluding import Excluding
    from longplay.stages import Stages
    from longplay.warehouse.snowflake.account import Account
    from longplay.warehouse.snowflake.warehouse import Snowflake


def utc_now() -> datetime:
    """Read the clock; nothing else does."""
    return datetime.now(UTC)


class Parts(Struct, frozen=True):
    """What stands elsewhere on a laptop and in the cloud."""

    lake: Lake
    notes: Notes
    app: Callable[[], App]
    lastfm_key: Callable[[], Secret]


def stages_from(settings: Settings, home: Home | None = None) -> Stages:
    """Wire the stages: where the lake is, a folder or a bucket; and where tables stand, in the home or in Snowflake."""
    from longplay.stages import Stages  # noqa: PLC0415

    warehouse = _snowflake(settings) if settings.target == "snowflake" else None
    home = _made(settings, home)
    return Stages(
        home=home,
        lake=_parts(settings, home).lake,
        state=State(home.state, settings.patience),
        user=settings.user,
        time_zone=settings.time_zone,
        warehouse=warehouse,
    )


def drawing_from(settings: Settings, *, patience: float | None = None) -> Drawing:
    """Wire what draws for a laptop; `patience` is for those who wait less than the settings say, in seconds."""
    from longplay.drawing import Drawing  # noqa: PLC0415

    home = _made(settings, None)
    waits = settings.patience if patience is None else min(patience, settings.patience)
    return Drawing(home=home, state=State(home.state, waits), user=settings.user)


def excluding_from(settings: Settings) -> Excluding:
    """Wire what the listeners choose."""
    from longplay.excluding import Excluding  # noqa: PLC0415

    return Excluding(stages_from(settings))


def account_from(settings: Settings) -> Account:
    """Give the account of Snowflake that the settings name; raises `WrongCall` where they lack something."""
    from longplay.warehouse.snowflake.account import Account  # noqa: PLC0415

    account = Account(
        account=settings.snowflake_account,
        user=settings.snowflake_user,
        password=settings.snowflake_password,
        private_key_path=settings.snowflake_private_key_path,
        private_key_passphrase=settings.snowflake_private_key_passphrase,
        role=settings.snowflake_role,
        warehouse=settings.snowflake_warehouse,
        database=settings.snowflake_database,
        stage=settings.snowflake_stage,
        origin=settings.snowflake_origin,
    )
    account.check()
    return account


def _snowflake(settings: Settings) -> Snowflake:
    from longplay.warehouse.snowflake.warehouse import Snowflake  # noqa: PLC0415

    return Snowflake(account_from(settings))


def fetching_from(settings: Settings, home: Home | None = None) -> Fetching:
    """Wire the fetching for a laptop."""
    return fetching_with(settings, _parts(settings, _made(settings, home)))


def fetching_with(settings: Settings, parts: Parts) -> Fetching:
    """Wire the fetching."""
    return Fetching(lake=parts.lake, state=parts.notes, connect=partial(_connection, settings, parts), clock=utc_now)


def enriching_from(settings: Settings, stages: Stages) -> Enriching:
    """Wire the enriching for a laptop."""
    from longplay.stages import MusicOf  # noqa: PLC0415

    return enriching_with(settings, _parts(settings, stages.home), MusicOf(stages, utc_now))


def leave_wanted(settings: Settings, stages: Stages) -> None:
    """Leave in the cloud what is missing of each listener's music, for the functions that may ask for it."""
    from longplay.stages import MusicOf  # noqa: PLC0415

    notes = _parts(settings, stages.home).notes
    for user in {stages.user, *notes.names("tokens-")}:
        leave_list(notes, user, MusicOf(replace(stages, user=user), utc_now).missing)


def enriching_with(settings: Settings, parts: Parts, music: Music) -> Enriching:
    """Wire the enriching, with what is known of the listener's music."""
    origins = {
        "reccobeats": settings.reccobeats_origin,
        "musicbrainz": settings.musicbrainz_origin,
        "lastfm": settings.lastfm_origin,
    }
    budgets = known_budgets(settings.enrich_budgets)

    def door(source: Source) -> Door:
        origin = origins.get(source.name, "")
        pace = 0 if origin.startswith("http://127.") else None  # a simulator need not be spared
        return Door(source, parts.notes, utc_now, origin=origin, budgets=budgets, pace=pace)

    return Enriching(
        lake=parts.lake,
        state=parts.notes,
        music=music,
        of_spotify=lambda: of_spotify(_connection(settings, parts, settings.user)),
        others=outside(door, parts.lastfm_key()),
        clock=utc_now,
        user=settings.user,
    )


def _made(settings: Settings, home: Home | None) -> Home:
    home = home or Home(settings.home)
    home.make()
    return home


def _parts(settings: Settings, home: Home) -> Parts:
    bucket = settings.lake_bucket if settings.store == "aws" else None
    _refuse_another_lake(home, State(home.state, settings.patience), bucket)
    if settings.store == "aws":
        return parts_of(Cloud(settings), home.lake)
    return Parts(
        lake=Lake(home.lake),
        notes=State(home.state, settings.patience),
        app=lambda: App(settings.spotify_client_id, Secret(settings.spotify_client_secret.get_secret_value())),
        lastfm_key=lambda: Secret(settings.lastfm_api_key.get_secret_value()),
    )


def parts_of(cloud: Cloud, folder: Path, *, lasts: timedelta | None = None) -> Parts:
    """Give the parts that stand in the cloud: what is read here of the lake is kept in a folder, a lease `lasts` so long."""
    notes = cloud.state(utc_now, lasts=lasts)
    return Parts(lake=cloud.lake(folder), notes=notes, app=cloud.app, lastfm_key=cloud.lastfm_key)


def _refuse_another_lake(home: Home, state: State, bucket: str | None) -> None:
    """Raise `WrongCall` where a home holds another lake than the one that is meant: its tables would be emptied for it."""
    mirrored = (state.read(MIRRORED) or b"").decode() or None
    if mirrored == bucket:
        return
    if mirrored:
        raise WrongCall(
            f"This home mirrors the bucket {mirrored}.", "Name that one and --store aws, or give another home with --home."
        )
    if not Lake(home.lake).is_empty():
        raise WrongCall("This home has a lake of its own.", "Give another one with --home, in which the bucket is mirrored.")
    state.write(MIRRORED, (bucket or "").encode())


def _connection(settings: Settings, parts: Parts, user: str) -> Connection:
    return Connection(
        parts.notes,
        user,
        parts.app(),
        utc_now,
        origins=Origins(settings.spotify_accounts_origin or auth.ORIGIN, settings.spotify_api_origin or client.ORIGIN),
        manners=Manners(pace=settings.spotify_pace, patience=settings.spotify_patience, budgets=settings.spotify_budgets),
    )
