"""Asking the warehouse: any SQL that reads, with every model under its bare name."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from longplay.errors import WarehouseError

SCHEMAS = ("marts", "intermediate", "staging", "lake")


def answers(connection: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Give the rows of one question, each as column to value; raises `WarehouseError` with what DuckDB says of it."""
    held = {row[0] for row in connection.execute("select schema_name from information_schema.schemata").fetchall()}
    path = ",".join(schema for schema in SCHEMAS if schema in held)
    if path:
        connection.execute(f"set search_path = '{path}'")
    try:
        cursor = connection.execute(sql, values) if values else connection.execute(sql)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        raise WarehouseError(str(error).strip(), "Models and columns are described in docs/data-dictionary.md.") from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
