"""What a home holds can be taken elsewhere: the tables there are the same, and everybody can read the files on the way."""

import csv
import json
import os
import resource
import shutil
import subprocess
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import duckdb
import msgspec
import pytest

from longplay.lake.tables import LANDING
from longplay.moving.manifest import NAME, Manifest, Object, read_manifest, written
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent, listener_with
from longplay.simulator.private import SENTINELS
from tests.command import COMMAND
from tests.whole_way.test_bad_input import MEMBER, ROW, history, zipped
from tests.whole_way.test_invented_listener import everything_under

pytestmark = pytest.mark.slow
ALL_TABLES = """
select table_schema, table_name from information_schema.tables
where table_schema in ('staging', 'intermediate', 'marts') or (table_schema = 'lake' and list_contains($landing, table_name))
"""
OF_LOADING = {"source_file", "load_number"}  # which load brought a row is each home's own


def tables_of(home: Path) -> dict[str, list[str]]:
    """Every landing table and every model, as sorted rows."""
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        found = connection.execute(ALL_TABLES, {"landing": list(LANDING)}).fetchall()
        return {f"{schema}.{table}": rows_of(connection, f"{schema}.{table}") for schema, table in found}


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    columns = [name for name, *_ in connection.execute(f"describe from {table}").fetchall() if name not in OF_LOADING]
    return sorted(map(repr, connection.execute(f"select {', '.join(columns)} from {table}").fetchall()))


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def elsewhere(longplay, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    return type(longplay)(tmp_path / "elsewhere" / "home")


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A small home and its export, made once; a test that changes either takes a copy."""
    from tests.whole_way.conftest import Longplay  # noqa: PLC0415  the class, not the fixture

    folder = tmp_path_factory.mktemp("exported")
    longplay = Longplay(folder / "home")
    write_archive(listener_with(300, seed=3), folder / "archive.zip", spoiled=3)
    longplay("import", folder / "archive.zip")
    longplay("export", folder / "export")
    return folder


@pytest.fixture
def at_home(exported, longplay):
    """The command line on a copy of that home."""
    shutil.copytree(exported / "home", longplay.home)
    return longplay


def copied(exported: Path, tmp_path: Path) -> Path:
    return shutil.copytree(exported / "export", tmp_path / "export")


# Moving


def test_a_household_that_moves_house_has_the_same_tables_there_row_for_row(longplay, elsewhere, tmp_path):
    mine, theirs = invent(5, date(2021, 11, 1), date(2022, 7, 1)), invent(6, date(2022, 3, 1), date(2022, 7, 1))
    write_archive(mine, tmp_path / "old.zip", "extended-2020", up_to=datetime(2022, 5, 1, tzinfo=UTC))
    write_archive(mine, tmp_path / "new.zip", "extended-2025", spoiled=9)
    write_archive(theirs, tmp_path / "theirs.zip", "extended-2023")
    write_archive(theirs, tmp_path / "account.zip", "account")
    longplay("import", tmp_path / "old.zip", tmp_path / "new.zip")
    longplay("import", tmp_path / "theirs.zip", tmp_path / "account.zip", "--user", "kim")
    longplay("build")

    longplay("export", tmp_path / "export")
    moved = elsewhere.json("import", tmp_path / "export")
    elsewhere("build")

    before = {user: longplay.json("imports", "--user", user) for user in ("me", "kim")}
    assert tables_of(elsewhere.home) == tables_of(longplay.home)
    assert {user: elsewhere.json("imports", "--user", user) for user in ("me", "kim")} == before
    assert files_below(elsewhere.home / "lake") == files_below(longplay.home / "lake")
    assert moved["read"] == sum(row["read"] for rows in before.values() for row in rows)
    assert moved["read"] == moved["distinct"] + moved["repeated"] + moved["rejected"]
    assert moved["distinct"] == moved["new"] + moved["known"]
    assert sorted((each["user"], each["layout"]) for each in moved["archives"]) == [
        ("kim", "account"), ("kim", "extended-2023"), ("me", "extended-2020"), ("me", "extended-2025"),
    ]  # fmt: skip


def test_an_export_brought_in_twice_brings_nothing_new(exported, longplay):
    first = longplay.json("import", exported / "export")
    lake, tables = files_below(longplay.home / "lake"), tables_of(longplay.home)
    again = longplay.json("import", exported / "export")

    assert (first["read"], first["new"]) == (303 + first["repeated"], 300)
    assert (again["new"], again["known"]) == (0, 300)
    assert (files_below(longplay.home / "lake"), tables_of(longplay.home)) == (lake, tables)


def test_the_archive_itself_brings_nothing_new_where_its_export_was_brought_in(exported, longplay):
    longplay("import", exported / "export")

    assert longplay.json("import", exported / "archive.zip")["new"] == 0
    assert len(longplay.json("imports")) == 1


def test_what_came_with_an_export_can_be_forgotten(exported, longplay):
    [archive] = longplay.json("import", exported / "export")["archives"]

    longplay("forget", archive["archive"][:8])

    assert files_below(longplay.home / "lake") == {}


def test_another_time_zone_than_where_it_was_exported_is_said(exported, longplay):
    here = longplay.json("import", exported / "export", LONGPLAY_TIMEZONE="Asia/Tokyo")

    assert "LONGPLAY_TIMEZONE=UTC" in here["remarks"][0]
    assert longplay.json("import", exported / "export")["remarks"] == []


# Files that everybody can read


def test_every_landing_table_and_mart_stands_there_as_csv_and_as_parquet(exported):
    manifest = read_manifest(exported / "export")
    tables = tables_of(exported / "home")

    assert {table.name for table in manifest.tables} == {
        name.split(".")[1] for name in tables if name.startswith(("lake.", "marts."))
    }
    for table in manifest.tables:
        schema = {"landing": "lake"}.get(table.folder, table.folder)
        with duckdb.connect() as connection:
            parquet = rows_of(connection, f"read_parquet('{exported / 'export' / table.path('parquet')}')")
        assert parquet == tables[f"{schema}.{table.name}"]
        with (exported / "export" / table.path("csv")).open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        assert (rows[0], len(rows) - 1) == (list(table.columns), table.rows)
    assert manifest.paths() == set(files_below(exported / "export"))


def test_an_instant_in_csv_is_utc_and_says_so_and_a_wall_clock_does_not(exported):
    with (exported / "export" / "marts" / "fct_plays.csv").open(newline="", encoding="utf-8") as file:
        told = {row["play_id"]: row for row in csv.DictReader(file)}
    with duckdb.connect(str(exported / "home" / "warehouse.duckdb"), read_only=True) as connection:
        query = "select play_id, started_at, local_started_at from marts.fct_plays"
        plays = connection.execute(query).fetchall()

    assert len(plays) == len(told) == 300
    for play_id, started_at, local_started_at in plays:
        assert datetime.fromisoformat(told[play_id]["started_at"]) == started_at.replace(tzinfo=UTC)
        assert datetime.fromisoformat(told[play_id]["local_started_at"]) == local_started_at


def test_the_readme_says_what_every_table_and_column_is(exported):
    readme = (exported / "export" / "README.md").read_text(encoding="utf-8")

    for table in read_manifest(exported / "export").tables:
        assert f"| `{table.folder}/{table.name}` | {table.rows:,} | " in readme
    described = [line for line in readme.split("## Columns")[1].splitlines() if line.startswith("| `")]
    assert [line for line in described if line.rstrip("| ").count("|") < 3] == []


def test_nothing_private_is_in_an_export_and_only_its_owner_may_look(longplay, tmp_path):
    for layout in ("extended-2024", "account"):
        write_archive(listener_with(400, seed=8), tmp_path / f"{layout}.zip", layout)
    longplay("import", tmp_path / "extended-2024.zip", tmp_path / "account.zip")

    longplay("export", tmp_path / "export")

    texts = dict(text.split("\n", 1) for text in everything_under(tmp_path / "export"))
    assert str(tmp_path / "export" / "landing" / "streaming_history.csv") in texts
    private = {*SENTINELS, str(tmp_path)}
    assert {(name, each) for name, text in texts.items() for each in private if each.lower() in text.lower()} == set()
    assert (tmp_path / "export").stat().st_mode & 0o077 == 0
    assert [path for path in (tmp_path / "export").rglob("*") if path.is_file() and path.stat().st_mode & 0o077] == []


# Where it is written


def test_an_earlier_export_is_replaced_and_holds_what_is_there_now(exported, longplay, tmp_path):
    target = copied(exported, tmp_path)
    write_archive(listener_with(50, seed=4), tmp_path / "other.zip")
    longplay("import", tmp_path / "other.zip")

    told = longplay.json("export", target)

    assert told["tables"]["fct_plays"] == 50
    assert read_manifest(target).paths() == set(files_below(target))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".export")] == []


@pytest.mark.parametrize("place", ["a folder with a letter", "an export with a letter", "the home", "above the home", "a file"])
def test_a_folder_in_which_something_would_be_lost_is_refused(exported, at_home, tmp_path, place):
    target = copied(exported, tmp_path)
    (tmp_path / "letters" / "deep").mkdir(parents=True)
    (tmp_path / "letters" / "deep" / "letter.txt").write_text("Dear Kim,")
    (target / "marts" / "letter.txt").write_text("Dear Kim,")
    places = {
        "a folder with a letter": tmp_path / "letters",
        "an export with a letter": target,
        "the home": at_home.home / "export",
        "above the home": at_home.home.parent,
        "a file": exported / "archive.zip",
    }
    before = files_below(tmp_path)

    refused = at_home.json("export", places[place], status=1)

    assert refused["error"]["action"].startswith("Give ")
    assert {name for name, content in before.items() if files_below(tmp_path).get(name) != content} == set()


def test_there_is_nothing_to_export_before_an_import(longplay, tmp_path):
    assert "nothing to export" in longplay("export", tmp_path / "export", status=2).stderr
    assert not (tmp_path / "export").exists()


@pytest.mark.parametrize("room", [3_000, 40_000])
def test_an_export_that_finds_no_room_leaves_the_earlier_one_as_it_was(exported, tmp_path, room):
    target = copied(exported, tmp_path)
    before = files_below(tmp_path)

    full = subprocess.run(
        [*COMMAND, "--home", str(exported / "home"), "export", str(target)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"LONGPLAY_TIMEZONE": "UTC"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)),
    )

    assert (full.returncode, "Traceback" in full.stderr) == (1, False)
    assert "cannot be written" in full.stderr
    assert files_below(tmp_path) == before
    assert list(tmp_path.iterdir()) == [target]


def test_an_export_killed_between_its_two_last_moves_is_made_good_by_the_next(exported, at_home, tmp_path):
    target = copied(exported, tmp_path)
    target.rename(tmp_path / ".export.before")
    shutil.copytree(tmp_path / ".export.before", tmp_path / ".export.unfinished")
    (tmp_path / ".export.unfinished" / NAME).unlink()

    at_home("export", target)

    assert read_manifest(target).paths() == set(files_below(target))
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".export")] == []


# What is refused


def lose_an_object(export: Path) -> None:
    next((export / "lake" / "rejected").rglob("*.parquet")).unlink()


def change_an_object(export: Path) -> None:
    path = next((export / "lake" / "raw").rglob("*.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_the_list(export: Path) -> None:
    (export / NAME).write_bytes((export / NAME).read_bytes()[:-200])


def change_the_list(export: Path) -> None:
    told = (export / NAME).read_text()
    (export / NAME).write_text(told.replace('"is_demo": false', '"is_demo": true'))


def lead_out_of_the_lake(export: Path) -> None:
    (export / "letter").write_text("Dear Kim,")
    relisted(export, Object("raw/../../letter", 9, sha256(b"Dear Kim,").hexdigest()))


def add_something_else(export: Path) -> None:
    key = "processed/v1/streaming_history/user=me/abc123/letter.parquet"
    path = export / "lake" / key
    path.parent.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 'Dear Kim' as letter) to '{path}' (format parquet)")
    relisted(export, Object(key, path.stat().st_size, sha256(path.read_bytes()).hexdigest()))


def come_from_tomorrow(export: Path) -> None:
    manifest = read_manifest(export)
    (export / NAME).write_bytes(written(msgspec.structs.replace(manifest, processed_version=99)))


def relisted(export: Path, more: Object) -> None:
    manifest: Manifest = read_manifest(export)
    (export / NAME).write_bytes(written(msgspec.structs.replace(manifest, objects=[*manifest.objects, more])))


@pytest.mark.parametrize(
    "harm",
    [
        lose_an_object, change_an_object, cut_the_list, change_the_list,
        lead_out_of_the_lake, add_something_else, come_from_tomorrow,
    ],
)  # fmt: skip
def test_an_export_that_is_not_as_it_was_written_is_refused_and_changes_nothing(exported, longplay, tmp_path, harm):
    export = copied(exported, tmp_path)
    harm(export)
    longplay("import", zipped(tmp_path / "mine.zip", {MEMBER: history(ROW)}))
    lake, tables = files_below(longplay.home / "lake"), tables_of(longplay.home)

    refused = longplay.json("import", export, status=1)

    [said] = refused["refused"]
    assert said["message"].startswith(("The export ", f"{export} holds rows of version 99"))
    assert said["action"]
    assert (files_below(longplay.home / "lake"), tables_of(longplay.home)) == (lake, tables)
    assert not (longplay.home / "letter").exists()


def test_spaces_in_the_list_mean_nothing(exported, longplay, tmp_path):
    export = copied(exported, tmp_path)
    (export / NAME).write_text(json.dumps(json.loads((export / NAME).read_text())))

    assert longplay.json("import", export)["new"] == 300


# Invented listening stays what it is


@pytest.fixture
def demo_export(exported, tmp_path, longplay):
    demo = type(longplay)(shutil.copytree(exported / "home", tmp_path / "demo"))
    (demo.home / "state" / "demo").touch()
    assert demo.json("export", tmp_path / "demo-export")["is_demo"] is True
    return tmp_path / "demo-export"


def test_an_export_of_invented_listening_says_so_and_makes_the_other_home_a_demo(demo_export, longplay):
    assert "Demo data" in (demo_export / "README.md").read_text(encoding="utf-8")

    longplay("import", demo_export)

    assert longplay.json("status")["is_demo"] is True


def test_an_export_of_invented_listening_is_refused_where_real_listening_is_and_the_reverse(demo_export, exported, longplay):
    other = type(longplay)(longplay.home.with_name("other"))
    other("import", demo_export)
    longplay("import", exported / "archive.zip")

    assert "do not belong" in longplay("import", demo_export, status=2).stderr
    assert "does not belong" in other("import", exported / "export", status=2).stderr
    assert len(longplay.json("imports")) == len(other.json("imports")) == 1
    assert longplay.json("status")["is_demo"] is False


def test_both_kinds_at_once_are_refused_in_an_empty_home(demo_export, exported, longplay):
    longplay("import", exported / "export", demo_export, status=2)

    assert longplay.json("imports") == []
