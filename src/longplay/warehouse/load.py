"""Loading: the landing tables hold what the processed lake holds, each file exactly once.

An archive is loaded in one transaction, rows and the record of its files together, so an import that was killed leaves none of
it. What has gone from the lake goes from the tables as well; that is how an import is undone.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import duckdb
from msgspec import Struct

from longplay.lake.layout import Processed
from longplay.lake.tables import LANDING

_LOADED_FILES = """
create table if not exists lake.loaded_files (
    source_file varchar primary key, landing_table varchar, user_id varchar, archive varchar,
    load_number bigint, row_count bigint
)
"""


class LoadedFile(Struct, frozen=True):
    """One processed object that the tables hold."""

    source_file: str
    landing_table: str
    user_id: str
    archive: str


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the schema `lake` with a table for each entry of `LANDING`, where they are missing."""
    connection.execute("create schema if not exists lake")
    connection.execute(_LOADED_FILES)
    for table, columns in LANDING.items():
        spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        connection.execute(f"create table if not exists lake.{table} ({spelled}, source_file varchar, load_number bigint)")


def loaded_files(connection: duckdb.DuckDBPyConnection) -> list[LoadedFile]:
    """List the processed objects that the tables hold."""
    rows = connection.execute("select source_file, landing_table, user_id, archive from lake.loaded_files").fetchall()
    return [LoadedFile(*row) for row in rows]


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[int]:
    """Do everything inside or nothing, under one new load number."""
    connection.begin()
    try:
        row = connection.execute("select coalesce(max(load_number), 0) + 1 from lake.loaded_files").fetchone()
        yield int(row[0]) if row else 1
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def load_archive(connection: duckdb.DuckDBPyConnection, objects: Iterable[tuple[Processed, str]], load_number: int) -> None:
    """Load the processed objects of one archive, given with the path at which DuckDB can read each."""
    for processed, path in objects:
        columns = ", ".join(LANDING[processed.table])
        loaded = connection.execute(
            f"insert into lake.{processed.table} by name "  # noqa: S608  names from LANDING
            f"select {columns}, ? as source_file, ? as load_number from read_parquet(?)",
            [processed.key, load_number, path],
        ).fetchone()
        connection.execute(
            "insert into lake.loaded_files values (?, ?, ?, ?, ?, ?)",
            [processed.key, processed.table, processed.user, processed.archive, load_number, loaded[0] if loaded else 0],
        )


def unload(connection: duckdb.DuckDBPyConnection, files: Sequence[LoadedFile]) -> None:
    """Take out every row that came from these files."""
    for file in files:
        connection.execute(f"delete from lake.{file.landing_table} where source_file = ?", [file.source_file])  # noqa: S608  a table of LANDING
        connection.execute("delete from lake.loaded_files where source_file = ?", [file.source_file])
