"""One home, loaded and built twice: in DuckDB, and in an emulated Snowflake. Invented and real listeners live in it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from longplay.home import Home
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from longplay.stages import Stages
from longplay.warehouse.snowflake import setup
from longplay.warehouse.snowflake.account import Account
from longplay.warehouse.snowflake.setup import Room
from longplay.warehouse.snowflake.warehouse import Snowflake
from longplay.warehouse.transform import Node
from tests.snowflake.emulator import emulated

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def address(tmp_path_factory) -> Iterator[str]:
    with emulated(tmp_path_factory.mktemp("snowflake")) as address:
        yield address


def account_of(address: str, database: str) -> Account:
    """An account with everything set up in a database of its own."""
    account = Account(account="emulated", user="kim", password=SecretStr("a-token"), database=database, origin=address)
    setup.run(account, Room(database, "LONGPLAY", "kim"), setup.ADMIN)
    return account


class TwoWarehouses:
    """One home, whose listening stands in DuckDB and in Snowflake."""

    def __init__(self, folder: Path, account: Account) -> None:
        home = Home(folder)
        home.make()
        self.account = account
        self.duckdb = Stages(home=home, lake=Lake(home.lake), state=State(home.state, 5), user="me", time_zone="Europe/Berlin")
        self.snowflake = replace(self.duckdb, warehouse=Snowflake(account))

    def bring(self, *archives: Path, user: str = "me") -> None:
        done = replace(self.duckdb, user=user).import_archives([[archive] for archive in archives], NOW)
        assert not done.refused

    def build(self, *, tests: bool = False) -> list[Node]:
        """Build in both, and with `tests` look in Snowflake at all data and all rules; gives what was done there."""
        self.duckdb.build()
        return self.snowflake.build(tests=tests)


@pytest.fixture(scope="session")
def archives(tmp_path_factory) -> dict[str, Path]:
    """What Spotify sent an invented listener in two layouts, and what they played a year earlier."""
    folder = tmp_path_factory.mktemp("archives")
    plays = listener_with(2_500, seed=3)
    early, late = plays[:900], plays[900:]
    for name, layout, content in (
        ("early", "extended-2023", early), ("late", "extended-2025", late), ("minutes", "account", plays),
    ):  # fmt: skip
        write_archive(content, folder / f"{name}.zip", layout=layout)
    return {path.stem: path for path in folder.glob("*.zip")}


# Of the layouts that an invented archive may be most unlike; `make prove` compares the others.
REAL = {"small": "extended-small.zip", "minutes": "account-data-old-layout.zip"}


class Both(TwoWarehouses):
    """The home that the tests share; `tested` is what dbt did in Snowflake when it was built first."""

    tested: list[Node]


@pytest.fixture(scope="session")
def both(tmp_path_factory, address, archives) -> Both:
    """The newer plays of an invented listener, and all of real ones where they are at hand, loaded, built and tested."""
    two = Both(tmp_path_factory.mktemp("home"), account_of(address, "LONGPLAY"))
    two.bring(archives["late"], archives["minutes"])
    if folder := os.environ.get("LONGPLAY_SAMPLES"):
        for user, archive in REAL.items():
            two.bring(Path(folder) / archive, user=user)
    two.tested = two.build(tests=True)
    return two
