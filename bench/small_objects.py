"""A lake full of tiny processed objects, as years of half-hourly polls leave them.

What a small object is stands in `names`: today the only ones are those of archives, each a file of plays and a sum. For pages
of recent plays, let it yield their keys, and let `template` write their columns.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import duckdb

from longplay.lake import layout
from longplay.lake.store import Lake
from longplay.lake.tables import LANDING

USER: Final = "me"
TABLES: Final = ("streaming_history", layout.WHOLE)
ROWS: Final = 4  # new plays of an average poll


def names(objects: int) -> Iterator[tuple[str, str]]:
    """Yield the table and the key of each object."""
    for number in range(objects // len(TABLES)):
        archive = f"{number:016x}"
        stem = layout.stem(f"Streaming_History_Audio_{number}.json", archive)
        yield TABLES[0], layout.processed_key(TABLES[0], USER, archive, stem)
        yield layout.WHOLE, layout.whole_key(USER, archive)


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
    rows = ROWS if table in {"streaming_history", "recently_played"} else 1
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
