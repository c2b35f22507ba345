"""The doctor finds what is wrong with a home, says what to do, and touches nothing."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from longplay.doctor.examination import examine
from longplay.home import Home
from tests.whole_way.test_bad_input import MEMBER, ROW, history, zipped

pytestmark = pytest.mark.slow


@pytest.fixture
def home(at_home) -> Path:
    """A home in which all is well."""
    return at_home.home


def everything(home: Path) -> dict[str, tuple]:
    """Each file and folder, what it holds, and when and how it was last changed."""
    return {str(path): facts(path) for path in [home, *home.rglob("*")]}


def facts(path: Path) -> tuple:
    info = path.stat()
    is_lock = path.name == "home.lock"  # asking whether it is held touches it
    return (info.st_mode, info.st_uid, None if is_lock or path.is_dir() else (info.st_mtime_ns, path.read_bytes()))


def told(longplay) -> tuple[bool, list[tuple[str, str, bool]]]:
    """Ask the doctor, who touches nothing: whether all is well, and of each finding what, which words, and if it is a note."""
    before = everything(longplay.home)
    findings = examine(Home(longplay.home), "UTC", is_zone_given=True)
    assert everything(longplay.home) == before
    is_well = all(finding.is_note for finding in findings)
    return is_well, [(finding.about, f"{finding.message} {finding.action}", finding.is_note) for finding in findings]


def test_all_is_well_after_a_run(longplay, home):
    assert told(longplay) == (True, [])
    assert longplay("doctor").stdout.strip() == f"{home}: All is well."


def test_a_home_that_is_not_there_yet_is_only_noted_and_not_made(longplay):
    found = longplay.json("doctor")

    assert [(each["about"], each["is_note"]) for each in found["findings"]] == [("home", True)]
    assert not longplay.home.exists()


# Each harm: what is done to the home, what the doctor speaks of, and a word it must say.


def corrupt_warehouse(home: Path) -> None:
    (home / "warehouse.duckdb").write_bytes(b"no database" * 999)


def cut_warehouse(home: Path) -> None:
    content = (home / "warehouse.duckdb").read_bytes()
    (home / "warehouse.duckdb").write_bytes(content[: len(content) // 3])


def lose_warehouse(home: Path) -> None:
    (home / "warehouse.duckdb").unlink()


def lose_lake(home: Path) -> None:
    shutil.rmtree(home / "lake")


def file_for_lake(home: Path) -> None:
    lose_lake(home)
    (home / "lake").write_text("x")
    (home / "lake").chmod(0o600)


def cut_object(home: Path) -> None:
    path = next((home / "lake" / "processed" / "v1" / "streaming_history").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-9])


def other_columns(home: Path) -> None:
    path = next((home / "lake" / "processed" / "v1" / "streaming_history").rglob("*.parquet"))
    with duckdb.connect() as connection:
        connection.execute(f"copy (select 1 as letter) to '{path}' (format parquet)")


def lose_what_makes_whole(home: Path) -> None:
    next((home / "lake" / "processed" / "v1" / "archives").rglob("*.parquet")).unlink()


def lose_raw(home: Path) -> None:
    next((home / "lake" / "raw").rglob("*.parquet")).unlink()


def lose_typed(home: Path) -> None:
    next((home / "lake" / "processed" / "v1" / "streaming_history").rglob("*.parquet")).unlink()


def stranger_in_the_lake(home: Path) -> None:
    (home / "lake" / "processed" / "v1" / "letter.txt").touch(mode=0o600)


def newer_rows(home: Path) -> None:
    shutil.copytree(home / "lake" / "processed" / "v1", home / "lake" / "processed" / "v99")


def open_to_all(home: Path) -> None:
    next((home / "lake").rglob("*.parquet")).chmod(0o644)


def closed_to_me(home: Path) -> None:
    (home / "state").chmod(0o500)


def never_built(home: Path) -> None:
    change(home, "drop schema marts cascade")


def other_landing_table(home: Path) -> None:
    change(home, "alter table lake.streaming_history drop column incognito_mode")


def missing_load(home: Path) -> None:
    change(home, "update lake.built set load_number = 0")


def no_landing_tables(home: Path) -> None:
    change(home, "drop schema lake cascade")


def change(home: Path, sql: str) -> None:
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute(sql)


HARMS = {
    corrupt_warehouse: ("warehouse", "longplay build"),
    cut_warehouse: ("warehouse", "longplay build"),
    lose_warehouse: ("warehouse", "longplay build"),
    lose_lake: ("warehouse", "bring that back"),
    file_for_lake: ("home", "is a file"),
    cut_object: ("lake", "cannot be opened"),
    other_columns: ("lake", "columns"),
    lose_what_makes_whole: ("archives", "not whole"),
    lose_raw: ("archives", "lost the raw rows"),
    lose_typed: ("archives", "lost the typed rows"),
    stranger_in_the_lake: ("lake", "letter.txt"),
    newer_rows: ("versions", "Update Longplay"),
    open_to_all: ("permissions", "read by others"),
    closed_to_me: ("permissions", "--fix"),
    never_built: ("models", "never built"),
    other_landing_table: ("warehouse", "streaming_history"),
    missing_load: ("models", "older"),
    no_landing_tables: ("warehouse", "no landing tables"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_what_is_wrong_is_found_and_what_to_do_is_said(longplay, home, harm):
    harm(home)

    is_well, findings = told(longplay)

    about, word = HARMS[harm]
    assert not is_well
    assert [said for where, said, is_note in findings if where == about and word in said and not is_note], findings
    assert all(said.endswith((".", "'.")) for _, said, _ in findings)
    before = everything(home)
    assert len(longplay("doctor", status=1).stdout.splitlines()) == len(findings) + 1
    assert everything(home) == before


def test_a_build_makes_a_lost_warehouse_well_again(longplay, home):
    lose_warehouse(home)

    longplay("build")

    assert told(longplay) == (True, [])


@pytest.mark.usefixtures("home")
def test_models_are_older_from_an_import_to_the_next_build(longplay, tmp_path):
    longplay("import", zipped(tmp_path / "more.zip", {MEMBER: history(ROW)}))
    is_well, findings = told(longplay)
    longplay("build")

    assert (is_well, [about for about, *_ in findings]) == (False, ["models"])
    assert told(longplay) == (True, [])


def test_a_chunk_that_is_missing_is_named_until_a_whole_archive_covers_it(longplay, tmp_path):
    early, late, between = (ROW | {"ts": f"2024-0{month}-01T10:00:00Z"} for month in (1, 3, 2))
    folder = "Spotify Extended Streaming History/Streaming_History_Audio_2024"
    longplay("import", zipped(tmp_path / "gap.zip", {f"{folder}_0.json": history(early), f"{folder}_2.json": history(late)}))
    gap = [said for about, said, is_note in told(longplay)[1] if about == "completeness" and not is_note]
    members: dict[str, str | bytes] = {
        f"{folder}_{number}.json": history(row) for number, row in enumerate((early, between, late))
    }
    longplay("import", zipped(tmp_path / "whole.zip", members))

    assert len(gap) == 1
    assert "Streaming_History_Audio_1" in gap[0]
    assert [about for about, *_ in told(longplay)[1] if about == "completeness"] == []


def test_fields_nobody_knows_are_noted(longplay, tmp_path):
    longplay("import", zipped(tmp_path / "new.zip", {MEMBER: history(ROW | {"mood": "blue"})}))
    longplay("build")

    is_well, findings = told(longplay)

    assert is_well
    assert [(about, "mood" in said, is_note) for about, said, is_note in findings] == [("fields", True, True)]


def test_who_built_the_models_in_another_version_is_noted(longplay, home):
    record = json.loads((home / "state" / "built.json").read_text())
    record["versions"]["dbt-core"] = "1.0.0"
    (home / "state" / "built.json").write_text(json.dumps(record))

    is_well, findings = told(longplay)

    assert (is_well, [about for about, *_ in findings]) == (True, ["versions"])
    assert "dbt-core 1.0.0" in findings[0][1]


@pytest.mark.usefixtures("home")
def test_another_time_zone_than_at_the_build_is_found_and_one_that_nobody_chose_is_noted(longplay):
    moved = longplay.json("doctor", status=1, LONGPLAY_TIMEZONE="Asia/Tokyo")
    unset = longplay.json("doctor", LONGPLAY_TIMEZONE="", TZ="UTC")

    assert [(each["about"], each["is_note"]) for each in moved["findings"]] == [("time zone", False)]
    assert ("time zone", True) in [(each["about"], each["is_note"]) for each in unset["findings"]]


# Others at work, and what they left


def test_another_run_at_work_is_noted_and_its_files_are_left_alone(longplay, home):
    (home / "lake" / ".staging" / "half").mkdir(parents=True, mode=0o700)
    (home / "lake" / ".staging" / "half" / "raw.parquet").touch(mode=0o600)
    with FileLock(home / "state" / "home.lock"):
        found = longplay.json("doctor", "--fix")

    assert [(each["about"], each["is_note"]) for each in found["findings"]] == [("running", True)]
    assert (home / "lake" / ".staging" / "half" / "raw.parquet").exists()


def test_a_program_that_holds_the_warehouse_is_named_by_its_number(longplay, home):
    hold = f"import duckdb; c = duckdb.connect({str(home / 'warehouse.duckdb')!r}); print('held', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout
    holder.stdout.readline()
    try:
        found = longplay.json("doctor", status=1)
    finally:
        holder.communicate(b"\n")

    assert [(each["about"], str(holder.pid) in each["message"]) for each in found["findings"]] == [("warehouse", True)]


def test_what_a_stopped_run_left_is_noted_and_fixed(longplay, home):
    (home / "lake" / ".staging" / "half").mkdir(parents=True)
    (home / "lake" / ".staging" / "half" / "raw.parquet").write_bytes(b"PAR1")
    (home / "warehouse.duckdb.tmp").mkdir()
    open_to_all(home)
    stop = "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); c.execute('create table lake.x as select 1'); os._exit(1)"
    subprocess.run([sys.executable, "-c", stop, str(home / "warehouse.duckdb")], check=False)
    (home / "warehouse.duckdb.wal").chmod(0o600)

    _, before = told(longplay)
    fixed = longplay.json("doctor", "--fix")
    is_well, after = told(longplay)

    assert [is_note for about, _, is_note in before if about == "unfinished"] == [True, True, True]
    assert [is_note for about, _, is_note in before if about == "permissions"] == [False]
    assert len(fixed["fixed"]) == 2
    assert (is_well, len(after)) == (True, 1)
    assert "journal" in after[0][1]
    assert not (home / "lake" / ".staging").exists()


def test_a_disk_with_little_room_is_said(home, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 10**6, 10**6))  # pyright: ignore[reportAttributeAccessIssue]

    [finding] = examine(Home(home), "UTC", is_zone_given=True)

    assert (finding.about, finding.is_note) == ("disk", False)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_home_of_somebody_else_is_found_without_a_look_inside(home, mode):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        theirs = shutil.copytree(home, Path(folder) / "home")
        theirs.chmod(mode)
        os.seteuid(65534)
        try:
            findings = examine(Home(theirs), "UTC", is_zone_given=True)
        finally:
            os.seteuid(0)

    assert {finding.about for finding in findings} == {"permissions"}
    assert any("belong" in finding.message and "chown" in finding.action for finding in findings)


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is closed to root")
def test_a_home_that_cannot_be_entered_is_found(home):
    home.chmod(0)
    try:
        findings = examine(Home(home), "UTC", is_zone_given=True)
    finally:
        home.chmod(0o700)

    assert [finding.about for finding in findings] == ["permissions"]
