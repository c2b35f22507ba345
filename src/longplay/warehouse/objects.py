"""Looking into one object of the lake: can it be opened, and has it the columns of its table."""

from pathlib import Path

import duckdb

from longplay.lake.layout import CURRENT, Processed
from longplay.lake.tables import LANDING


def fault_of(connection: duckdb.DuckDBPyConnection, key: str, path: Path) -> str | None:
    """Say in a few words what is wrong with an object; None where it is well. Only its ends are read."""
    if not key.endswith(".parquet"):
        return None
    try:
        described = connection.execute("describe from read_parquet(?, hive_partitioning = false)", [str(path)]).fetchall()
    except duckdb.Error:
        return "it cannot be opened"
    if not key.startswith(CURRENT):
        return None
    try:
        table = Processed.parse(key).table
    except ValueError:
        return "its name says nothing"
    if table not in LANDING:
        return f"no table is called {table}"
    return None if {name: kind for name, kind, *_ in described} == LANDING[table] else f"its columns are not those of {table}"
