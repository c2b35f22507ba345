"""Snowflake as a warehouse: each kind of work in the role that may do it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
from msgspec import Struct

from longplay.lake.layout import Processed
from longplay.warehouse.engine import Target
from longplay.warehouse.snowflake.account import Account
from longplay.warehouse.snowflake.at_hand import at_hand
from longplay.warehouse.snowflake.loading import fill
from longplay.warehouse.snowflake.session import Session, look_everywhere, opened

LOADER: Final = "loader"
TRANSFORMER: Final = "transformer"
REPORTER: Final = "reporter"


class Snowflake(Struct, frozen=True):
    """What `longplay.warehouse.engine.Warehouse` promises, of one account."""

    account: Account

    @property
    def target(self) -> Target:
        """How dbt gets at it."""
        environment = self.account.environment(self.account.role_for(TRANSFORMER))
        database = self.account.database
        return Target(name="snowflake", environment=environment, adapter="dbt-snowflake", database=database)

    def exists(self) -> bool:
        """Say that there is one: whoever asks for Snowflake has set it up, or is told to."""
        return True

    @contextmanager
    def opened(self, *, read_only: bool = False) -> Iterator[Session]:
        """Yield a session of who loads, or of who may only look."""
        with opened(self.account, self.account.role_for(REPORTER if read_only else LOADER)) as session:
            if read_only:
                look_everywhere(session)
            yield session

    def fill(self, connection: Session, table: str, files: Sequence[Processed], root: Path, load_number: int) -> None:
        """Bring processed objects into one landing table."""
        fill(connection, self.account.stage, table, files, root, load_number)

    @contextmanager
    def at_hand(self, user: str, tables: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a DuckDB in memory with what these tables say of one listener."""
        with self.opened(read_only=True) as session, at_hand(session, user, tables) as connection:
            yield connection
