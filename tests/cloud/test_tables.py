"""What the cloud keeps, a laptop turns into the same tables as if it had polled by itself."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tests.cloud.deployment import KEYS, Deployed

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
LONGPLAY = Path(sys.executable).with_name("longplay")
LISTENERS = ("lou", "max")
WHERE_AND_WHEN = {"load_number", "first_load_number", "last_load_number", "fetched_at", "noted_at"}  # differ from home to home


def tables(home: Path) -> dict[str, list[tuple]]:
    """Read every table of a warehouse, in order, without what tells when and in which order it was loaded."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(
            "select table_schema || '.' || table_name, list(column_name order by ordinal_position) "
            "from information_schema.columns "
            "where table_schema in ('lake', 'staging', 'intermediate', 'marts') group by 1"
        ).fetchall()
        kept = {table: [f'"{one}"' for one in columns if one not in WHERE_AND_WHEN] for table, columns in found}
        return {
            table: connection.execute(f"select {', '.join(columns)} from {table} order by all").fetchall()
            for table, columns in kept.items()
            if not table.endswith(("loaded_files", "touched_days", "touched_months"))
        }


def runs(home: Path, environment: dict[str, str], *commands: str) -> None:
    for command in commands:
        told = {**os.environ, **environment, "LONGPLAY_HOME": str(home), "LONGPLAY_TIMEZONE": "UTC"}
        done = subprocess.run(
            [str(LONGPLAY), *command.split()],
            env=told,
            cwd=home.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"


def test_the_cloud_s_lake_gives_the_same_tables_as_a_local_run(cloud: Deployed, tmp_path):
    at_home = {name: value for name, value in cloud.environment().items() if not name.startswith(("LONGPLAY_", *KEYS))}
    local, mirror = tmp_path / "local", tmp_path / "mirror"
    for name in LISTENERS:
        cloud.joins(*(f"Song {number} of {name}" for number in range(30)), name=name)
    assert cloud.polls(*LISTENERS)["status"] == "SUCCEEDED"
    for name in LISTENERS:
        cloud.signs_in_at_home(name, local)

    with ThreadPoolExecutor(2) as side:
        ways = [
            side.submit(runs, local, at_home, *(f"fetch --user {name}" for name in LISTENERS), "process", "load", "build"),
            side.submit(runs, mirror, cloud.environment(), "load --store aws", "build --store aws"),
        ]
        for way in ways:
            way.result()

    ours, theirs = tables(local), tables(mirror)
    theirs = {
        table: [row for row in rows if "lou" in row or "max" in row] if has_user(mirror, table) else rows
        for table, rows in theirs.items()
    }
    differing = [table for table in ours if has_user(local, table) and ours[table] != theirs[table]]
    assert len(ours["lake.recently_played"]) == 60
    assert len(ours["marts.fct_plays"]) == 60
    assert differing == []


def has_user(home: Path, table: str) -> bool:
    """Tell whether a table's rows belong to a listener; the others speak of all music that any test played."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        return "user_id" in [row[0] for row in connection.execute(f"describe {table}").fetchall()]
