"""The landing tables as Snowflake spells them, made from the one place that defines them."""

from typing import Final

from longplay.warehouse.load import tables

# DuckDB's names of types; the others are called alike.
_TYPES: Final = {"TIMESTAMP": "timestamp_ntz", "BIGINT": "number(38, 0)"}


def spelled_type(kind: str) -> str:
    """Name a type of `longplay.lake.tables` as Snowflake does.

    >>> spelled_type("TIMESTAMP"), spelled_type("VARCHAR")
    ('timestamp_ntz', 'varchar')
    """
    return _TYPES.get(kind, kind.lower())


def landing_statements(database: str) -> list[str]:
    """Give the statements that make every table of the schema `lake`, and give older ones the columns they lack."""
    made = []
    for table, columns in tables().items():
        spelled = [f"{name} {spelled_type(kind)}" for name, kind in columns.items()]
        name = f"{database}.lake.{table}"
        made.append(f"create table if not exists {name} (\n    " + ",\n    ".join(spelled) + "\n)")
        made.append(f"alter table {name} add column if not exists " + ", if not exists ".join(spelled))
    return made
