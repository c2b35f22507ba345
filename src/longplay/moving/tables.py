"""Every landing table and mart as a file of Parquet and one of CSV.

Values are written as they are. In CSV text stands in quotes and nothing at all means null, so an empty text and no text differ;
instants are ISO 8601 with a `Z`, wall clocks (`local_…`) without.
"""

from pathlib import Path
from typing import Final

import duckdb

from longplay.lake.tables import LANDING
from longplay.moving.manifest import Table

FOLDERS: Final = {"marts": "marts", "lake": "landing"}  # schema to folder

_COLUMNS: Final = """
select table_schema, table_name, column_name, data_type from information_schema.columns
where table_schema in ('lake', 'marts') order by table_schema desc, table_name, ordinal_position
"""


def write_tables(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Table]:
    """Write every table below a folder, marts first; returns what was written."""
    tables: dict[tuple[str, str], dict[str, str]] = {}
    for schema, table, column, kind in connection.execute(_COLUMNS).fetchall():
        if schema == "marts" or table in LANDING:
            tables.setdefault((schema, table), {})[column] = kind
    return [_write(connection, folder, schema, table, columns) for (schema, table), columns in tables.items()]


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, schema: str, name: str, columns: dict[str, str]) -> Table:
    (folder / FOLDERS[schema]).mkdir(exist_ok=True, mode=0o700)
    table = Table(FOLDERS[schema], name, 0, columns)
    source = f'{schema}."{name}"'
    texts = ", ".join(_quoted(column) for column, kind in columns.items() if kind == "VARCHAR")
    spelled = ", ".join(f"{_spelled(column, kind)} as {_quoted(column)}" for column, kind in columns.items())
    _copy(connection, f"from {source}", folder / table.path("parquet"), "format parquet, compression zstd")
    quoting = f", force_quote ({texts})" if texts else ""
    rows = _copy(connection, f"select {spelled} from {source}", folder / table.path("csv"), f"format csv, header true{quoting}")  # noqa: S608  names from the catalogue
    return Table(table.folder, name, rows, columns)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path, options: str) -> int:
    spelled = str(path).replace("'", "''")
    row = connection.execute(f"copy ({query}) to '{spelled}' ({options})").fetchone()
    path.chmod(0o600)
    return int(row[0]) if row else 0


def _spelled(column: str, kind: str) -> str:
    """Spell a value for CSV.

    >>> print(_spelled("local_started_at", "TIMESTAMP"))
    strftime("local_started_at", '%Y-%m-%dT%H:%M:%S.%f')
    """
    if not kind.startswith("TIMESTAMP"):
        return _quoted(column)
    zone = "" if "local" in column else "Z"
    return f"strftime({_quoted(column)}, '%Y-%m-%dT%H:%M:%S.%f{zone}')"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
