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
    from longplay.chosen import Chosen
    from longplay.stages import Stages
    from longplay.warehouse.snowflake.account import Account
    from longplay.warehouse.snowflake.warehouse import Snowflake


def utc_now() -> datetime:
    """Read the clock; nothing else does."""
    return datetime.now(UTC)


def stages_from(settings: Settings, home: Home | None = None) -> Stages:
    """Wire the stages: a folder for the lake; for the warehouse the home's DuckDB, or Snowflake where that is the target."""
    from longplay.stages import Stages  # noqa: PLC0415

    warehouse = _snowflake(settings) if settings.target == "snowflake" else None
    home = _made(settings, home)
    return Stages(
        home=home,
        lake=Lake(home.lake),
        state=State(home.state, settings.patience),
        user=settings.user,
        time_zone=settings.time_zone,
        warehouse=warehouse,
    )


def chosen_from(settings: Settings) -> Chosen:
    """Wire what the listeners choose."""
    from longplay.chosen import Chosen  # noqa: PLC0415

    return Chosen(stages_from(settings))


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
