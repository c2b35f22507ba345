"""A lake full of small processed objects, as years of half-hourly polls leave them: of each page five."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import duckdb

from longplay.lake import layout
from longplay.lake.store import Lake
from longplay.lake.tables import LANDING

USER: Final = "me"
TABLES: Final = ("recently_played", "tracks", "artists", "albums", layout.WHOLE_PAGE)
ROWS: Final = 50  # of a page
_FIRST: Final = datetime(2021, 1, 1, tzinfo=UTC)


def names(objects: int) -> Iterator[tuple[str, str]]:
    """Yield the table and the key of each object."""
    for number in range(objects // len(TABLES)):
        newest = _FIRST + number * timedelta(minutes=30)
        stem = f"{newest:%Y%m%dT%H%M%SZ}-{number:012x}"
        yield from ((table, layout.page_key(table, USER, stem)) for table in TABLES)


def fill(lake: Lake, objects: int) -> int:
    """Write so many objects; all of a table hold the same few rows, for loading looks at none of them."""
    with lake.staged() as folder:
        templates = {table: template(folder, table) for table in TABLES}
        written = 0
        for table, key in names(objects):
            path = lake.local_path(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(templates[table], path)
            written += 1
    return written


def template(folder: Path, table: str) -> Path:
    """Write one object of a table: a few rows with a value in every column."""
    rows = 1 if table == layout.WHOLE_PAGE else ROWS
    columns = ", ".join(f"{_value(name, kind)} as {name}" for name, kind in LANDING[table].items())
    path = folder / f"{table}.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (select {columns} from range({rows}) as each(n)) to '{path}'")  # noqa: S608  ours
    return path


def _value(name: str, kind: str) -> str:
    match kind:
        case "VARCHAR":
            return f"'{USER}'" if name == "user_id" else f"'{name} ' || n"
        case "TIMESTAMP":
            return "timestamp '2026-01-01' + to_minutes(n * 3)"
        case _:
            return f"n::{kind}"
