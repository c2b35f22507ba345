"""Do the pandas script and our models do the same work? They do if they come to the same tables.

`python -m bench.agreement PYTHON_WITH_PANDAS` lets both work on an invented archive without offline plays (which only the
models put where they were), prints how many rows of each table differ, and fails if any does.
"""

import os
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

import duckdb
from msgspec.structs import replace

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from longplay.simulator.plays import Play

SCRIPT = Path(__file__).with_name("pandas_script.py")
LONGPLAY = Path(sys.executable).with_name("longplay")
SUMS = ("plays", "counted_plays", "ms_played", "counted_ms", "new_tracks", "new_artists", "skips", "podcast_ms", "audiobook_ms")
AVERAGES = tuple(f"{what}_{days}_day_average" for what in ("counted_plays", "counted_ms") for days in (7, 30))
STUCK = ("stuck_30", "stuck_90", "stuck_365")

# Of each table of the script: our model, and the columns both have. Entities have other keys there: their figures are compared.
TABLES = {
    "daily": ("fct_daily_listening", ("date", *SUMS, "tracks", "artists")),
    "discovery": (
        "int_discovery_events",
        (
            "entity_type",
            "first_seen_at",
            "first_heard_at",
            "first_heard_on",
            "counted_plays",
            "is_within_first_90_days",
            *STUCK,
        ),
    ),
    "discovery_by_month": (
        "rpt_discovery_analysis",
        ("month", *(f"{new}_{what}" for new in ("new", "discovered") for what in ("tracks", "artists"))),
    ),
    "trends": (
        "rpt_listening_trends",
        ("period", "period_start", "period_end", "is_unfinished", *SUMS, *AVERAGES, "counted_plays_year_before"),
    ),
}


def told_on_time(plays: list[Play]) -> list[Play]:
    """Take what was offline out of a listener's plays."""
    return [replace(play, offline=False, offline_timestamp=None) for play in plays if not play.is_late]


def invented(folder: Path, end: date) -> Path:
    """Write the archive of a listener from June 2021 on; skips change their meaning in October 2022."""
    return write_archive(told_on_time(invent(11, date(2021, 6, 1), end)), folder / "archive.zip").path


def make_tables(archive: Path, folder: Path, pandas: str) -> None:
    """Let both work on an archive: `folder/home` is ours, `folder/pandas` the script's."""
    ours = os.environ | {"LONGPLAY_HOME": str(folder / "home"), "LONGPLAY_TIMEZONE": "UTC"}
    for step in (("import", archive), ("build",)):
        subprocess.run([LONGPLAY, *step], check=True, env=ours, stdout=subprocess.DEVNULL)
    subprocess.run([pandas, SCRIPT, archive, folder / "pandas"], check=True)


def differences(warehouse: Path, tables: Path) -> dict[str, tuple[int, int]]:
    """Count the rows of each table that are only here or only there, and the rows in all."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        layers = [row[0] for row in connection.execute("select distinct schema_name from duckdb_schemas()").fetchall()]
        connection.execute(f"set search_path = '{','.join(layers)}'")
        return {name: _differing(connection, tables / f"{name}.parquet", *TABLES[name]) for name in TABLES}


def _differing(connection: duckdb.DuckDBPyConnection, theirs: Path, model: str, columns: tuple[str, ...]) -> tuple[int, int]:
    """Compare days as dates and averages to the sixth digit."""
    ours = ", ".join(_comparable(connection, model, column) for column in columns)
    source = f"read_parquet('{theirs}')"
    query = f"""
        with ours as (select {ours} from {model}), theirs as (select {ours} from {source})
        select
            (select count(*) from (from ours except all from theirs))
            + (select count(*) from (from theirs except all from ours)),
            (select count(*) from ours)
    """  # noqa: S608 - our own names
    return connection.execute(query).fetchone() or (0, 0)


def _comparable(connection: duckdb.DuckDBPyConnection, model: str, column: str) -> str:
    described = connection.execute(f"select {column} from {model} limit 0").description  # noqa: S608 - our own names
    kind = "decimal(30, 6)" if "DOUBLE" in str(described[0][1]) else str(described[0][1])
    through = f"cast({column} as timestamp)" if kind == "TIMESTAMP" else column
    return f"cast({through} as {kind}) as {column}"


def main() -> int:
    """Compare on two invented years."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_tables(invented(folder, date(2023, 6, 1)), folder, sys.argv[1])
        found = differences(folder / "home" / "warehouse.duckdb", folder / "pandas")
    for table, (differing, rows) in found.items():
        print(f"{table}: {differing} of {rows} rows differ")
    return 1 if any(differing for differing, _ in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
