"""The warehouse of a laptop: one DuckDB file in the home."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import duckdb
from msgspec import Struct

from longplay.lake.layout import Processed
from longplay.warehouse import duck, load
from longplay.warehouse.engine import Target


class Laptop(Struct, frozen=True):
    """What `longplay.warehouse.engine.Warehouse` promises, of a file; another process is waited for `patience` seconds."""

    path: Path
    patience: float

    @property
    def target(self) -> Target:
        """How dbt gets at it."""
        return Target(name="duckdb", environment={"LONGPLAY_WAREHOUSE": str(self.path)}, adapter="dbt-duckdb")

    def exists(self) -> bool:
        """Say whether anything was ever loaded."""
        return self.path.exists()

    @contextmanager
    def opened(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection, with all landing tables where it may be written."""
        with duck.opened(self.path, patience=self.patience, read_only=read_only) as connection:
            if not read_only:
                load.create_tables(connection)
            yield connection

    def fill(self, connection: Any, table: str, files: Sequence[Processed], root: Path, load_number: int) -> None:
        """Bring processed objects into one landing table."""
        load.fill_table(connection, table, files, root, load_number)

    def at_hand(self, user: str, tables: Sequence[str]) -> AbstractContextManager[duckdb.DuckDBPyConnection]:  # noqa: ARG002
        """Yield the file itself, which holds every table of every listener."""
        return self.opened(read_only=True)
