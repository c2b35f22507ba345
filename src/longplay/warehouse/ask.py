"""Asking the warehouse: any SQL that reads, with every model under its bare name."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import duckdb

from longplay.errors import WarehouseError
from longplay.warehouse.engine import Connection

SCHEMAS: Final = ("marts", "intermediate", "staging", "lake")
HOW_TO_LOOK: Final = (
    '`longplay query "show tables"` lists the tables, `longplay query "describe fct_plays"` the columns of one of them.'
)


def answers(connection: Connection, sql: str, values: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Give the rows of one question, each as column to value; raises `WarehouseError` with what the engine says of it."""
    is_duckdb = isinstance(connection, duckdb.DuckDBPyConnection)
    if is_duckdb:
        _look_everywhere(connection)
    try:
        cursor = connection.execute(sql, values) if values else connection.execute(sql)
        if cursor is None:  # nothing, or a comment alone
            raise WarehouseError("No question was asked.", HOW_TO_LOOK)
        names = [column[0] if is_duckdb else _column(column[0]) for column in cursor.description or []]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        raise WarehouseError(str(error).strip(), HOW_TO_LOOK) from error


def _look_everywhere(connection: duckdb.DuckDBPyConnection) -> None:
    """Let every model be found by its bare name."""
    held = {row[0] for row in connection.execute("select schema_name from information_schema.schemata").fetchall()}
    if path := ",".join(schema for schema in SCHEMAS if schema in held):
        connection.execute(f"set search_path = '{path}'")


def _column(name: str) -> str:
    """Spell a name as the models do: Snowflake writes those in capitals that nobody put in quotes."""
    return name.lower() if name.isupper() else name


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
