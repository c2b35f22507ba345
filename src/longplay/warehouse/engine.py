"""What a warehouse is to those who load, build and ask, whichever engine stands behind it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import duckdb
from msgspec import Struct

from longplay.lake.layout import Processed


class Answer(Protocol):
    """The rows of one statement."""

    @property
    def description(self) -> Any:
        """The columns, each with its name first."""

    def fetchone(self) -> Any:
        """Give the next row, None after the last."""

    def fetchall(self) -> list[Any]:
        """Give all rows."""
        ...


class Connection(Protocol):
    """An open warehouse. DuckDB's own connection is one; of SQL it understands what DuckDB and Snowflake both do."""

    def execute(self, query: Any, parameters: Any = None) -> Answer:
        """Run one statement; values stand for `?`, or for `$name`."""
        ...

    def executemany(self, query: Any, parameters: Any = None) -> Any:
        """Run one statement for each row of values."""

    def begin(self) -> Any:
        """Begin a transaction."""

    def commit(self) -> Any:
        """End it, and let it hold."""

    def rollback(self) -> Any:
        """End it as if it had not been."""


class Target(Struct, frozen=True):
    """How dbt gets at a warehouse: the output's name in `profiles.yml`, what that reads from the environment."""

    name: str
    environment: Mapping[str, str]
    adapter: str  # the package that speaks to the engine
    database: str = ""  # dbt writes its name into the models it has parsed


class Warehouse(Protocol):
    """Where the tables stand."""

    @property
    def target(self) -> Target:
        """How dbt gets at it."""
        ...

    def exists(self) -> bool:
        """Say whether there is one to look into."""
        ...

    def opened(self, *, read_only: bool = False) -> AbstractContextManager[Any]:
        """Yield a `Connection` to it, with all landing tables where it may be written."""
        ...

    def fill(self, connection: Any, table: str, files: Sequence[Processed], root: Path, load_number: int) -> None:
        """Bring processed objects that lie below `root` into one landing table, and note them as loaded."""

    def at_hand(self, user: str, tables: Sequence[str]) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Yield a DuckDB that holds these tables of the models, at least what is in them of one listener."""
        ...
