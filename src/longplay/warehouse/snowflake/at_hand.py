"""A listener's rows of some tables of the models, brought from Snowflake into a DuckDB in memory, to draw and to tell from."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
import msgspec

from longplay.warehouse.snowflake.session import Session

_ROWS: Final = 20_000  # at once
# By the connector's number of a type; FIXED is whole where its scale is 0.
_FIXED: Final = 0
_TYPES: Final = {1: "DOUBLE", 2: "VARCHAR", 3: "DATE", 4: "TIMESTAMP", 8: "TIMESTAMP", 13: "BOOLEAN"}


@contextmanager
def at_hand(session: Session, user: str, tables: Sequence[str]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a DuckDB with these tables (each `schema.name`), of those with a `user_id` what they say of one listener."""
    with duckdb.connect() as connection, TemporaryDirectory() as folder:
        connection.execute("set TimeZone = 'UTC'")
        for table in tables:
            _bring(session, connection, user, table, Path(folder) / f"{table}.json")
        yield connection


def _bring(session: Session, connection: duckdb.DuckDBPyConnection, user: str, table: str, path: Path) -> None:
    shape: Any = session.execute(f"select * from {table} limit 0")  # noqa: S608  ours
    is_personal = any(column[0].lower() == "user_id" for column in shape.description)
    whose = " where user_id = $user" if is_personal else ""
    answer: Any = session.execute(f"select * from {table}{whose}", {"user": user} if is_personal else None)  # noqa: S608  ours
    columns = {column[0].lower(): _type(column) for column in answer.description}
    with path.open("wb") as file:
        while rows := answer.fetchmany(_ROWS):
            file.write(b"".join(msgspec.json.encode(dict(zip(columns, row, strict=True))) + b"\n" for row in rows))
    connection.execute(f"create schema if not exists {table.partition('.')[0]}")
    spelled = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"create table {table} ({spelled})")
    connection.execute(
        f"insert into {table} select * from read_json(?, format = 'newline_delimited', columns = {columns})",  # noqa: S608
        [str(path)],
    )


def _type(column: Any) -> str:
    if column[1] == _FIXED:
        return "DOUBLE" if column[5] else "BIGINT"
    return _TYPES.get(column[1], "VARCHAR")
