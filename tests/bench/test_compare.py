"""The comparison's own parts: calling tools, measuring them, seeing what they kept. The peers themselves are not asked."""

import sqlite3
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from msgspec.structs import replace

from bench import agreement
from bench.compare import __main__ as compare
from bench.compare import environments, peers, probes
from bench.compare.costs import compared
from bench.compare.known import Known, known
from bench.compare.running import measured


@pytest.fixture(scope="module")
def some(tmp_path_factory) -> Known:
    return known(tmp_path_factory.mktemp("known"), end=date(2024, 10, 1))


def peer(name: str, out_of: Path) -> peers.Tool:
    """A peer whose environment holds no package but a program of its name that ends in an error."""
    _, _, _, commands, rows, told = peers._PEERS[name]
    return peers.Tool(name, f"{name} 0", out_of, commands, rows, told)


def test_a_run_is_measured_with_all_it_starts():
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'x = bytearray(90_000_000); sum(range(9_000_000))'])"

    idle = measured([[sys.executable, "-c", ""]], {})
    worked = measured([[sys.executable, "-c", busy]], {})

    assert (idle.status, worked.status) == (0, 0)
    assert worked.cpu > idle.cpu
    assert worked.peak > 90_000_000 > idle.peak


def test_a_tool_that_fails_says_so_and_the_next_file_is_still_tried(tmp_path):
    fails, works = [sys.executable, "-c", "raise SystemExit(3)"], ["mkdir", str(tmp_path / "made")]

    cost = measured([fails, works], {})

    assert cost.status == 3
    assert (tmp_path / "made").exists()


@pytest.mark.slow
def test_longplay_keeps_every_play_once_wherever_it_runs_and_nothing_private(some):
    tool = peers.ours("longplay", with_build=False)
    few = replace(
        some,
        layouts={"extended-2023": some.layouts["extended-2023"]},
        faulty={"no object": some.faulty["no object"]},
    )

    found = probes.survival(tool, few)
    again = probes.repeats(tool, few)

    assert all(kept == of for kept, of in found.kinds.values())
    assert found.kinds["music of 30 s and more"][1] > 100
    assert (found.rows, found.moved) == (len(some.plays), 0)
    assert (found.skips, found.reasons, found.uris) == (True, True, True)
    assert again.once == again.twice < again.newer == again.distinct
    assert probes.private_kept(tool, few) == []
    assert probes.moved_by_zone(tool, few) == 0
    assert probes.after_faults(tool, few) == {"no object": "drops that row"}
    assert probes.of_a_zip(tool, few) == "reads it"


def test_costs_count_the_rows_of_the_archive_and_of_the_tool(some):
    result = compared("good", some.good, [peers.ours("longplay", with_build=False)], rounds=1)

    assert result.read > result.distinct == result.lines[0].kept == 400
    assert result.lines[0].cost.cpu > 0


def test_what_is_private_is_found_in_every_kind_of_file(tmp_path):
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("create table a as select '203.0.113.171' as address")
    duckdb.execute(f"copy (select 'sentinel-kim-5e171' as who) to '{tmp_path}/b.parquet' (compression zstd)")
    with duckdb.connect(str(tmp_path / "c.duckdb")) as connection:
        connection.execute("create table c as select 'the city of Sentinelby, ' || i as city from range(100_000) as places(i)")
    (tmp_path / "d.log").write_text("kim@sentinel.example")
    assert not any(b"Sentinelby" in path.read_bytes() for path in tmp_path.iterdir()), "packed, or nothing would be shown"

    text = "\n".join(probes.everything(tmp_path))

    assert all(word in text for word in ("203.0.113.171", "sentinel-kim-5e171", "Sentinelby", "kim@sentinel.example"))


def test_rows_are_found_again_in_the_words_of_every_tool(some):
    """What each tool stores of a play, as its documentation has it, is recognised as that play."""
    play = some.plays[0]
    at, naive = play.reported_at, play.reported_at.replace(tzinfo=None)
    spelled = [
        {"reported_at": naive, "ms_played": play.ms_played},  # ours
        {"ended_at": at, "ms_played": play.ms_played},  # pandas
        {"timestamp": at, "ts": f"{naive:%Y-%m-%dT%H:%M:%SZ}", "ms_played": play.ms_played},  # the dataloader
        {"ts": f"{naive:%Y-%m-%dT%H:%M:%SZ}", "ms_played": play.ms_played},  # SQLite
        {"at": int(at.timestamp()), "seconds": play.ms_played // 1000},  # Maloja
    ]

    keys = [probes._key(row) for row in spelled]
    assert {at for at, _ in keys} == {naive}
    assert [ms for _, ms in keys] == [*[play.ms_played] * 4, play.ms_played // 1000 * 1000]


def test_a_play_that_was_moved_by_seconds_is_found_and_one_that_is_gone_is_not(some, monkeypatch):
    first, second, *_ = (play for play in some.plays if play.ms_played > 60_000)
    rows = [{"at": int((first.reported_at + timedelta(seconds=2)).timestamp()), "seconds": first.ms_played // 1000}]
    monkeypatch.setattr(probes, "brought_in", lambda *_: rows)

    found = probes.survival(peer("Maloja", Path()), Known([first, second], *[None] * 5))  # pyright: ignore[reportArgumentType]

    assert sum(kept for kept, _ in found.kinds.values()) == 1
    assert found.moved == 1


def test_scrobbles_come_with_title_and_artists(tmp_path):
    with sqlite3.connect(tmp_path / "malojadb.sqlite") as connection:
        connection.executescript("""
            create table scrobbles (timestamp, origin, duration, track_id);
            create table tracks (id, title, album_id);
            create table albums (id, albtitle);
            create table artists (id, name);
            create table trackartists (track_id, artist_id);
            insert into scrobbles values (1700000000, 'import:spotify', 200, 1);
            insert into tracks values (1, 'Alright', null);
            insert into artists values (1, 'One'), (2, 'Two');
            insert into trackartists values (1, 1), (1, 2);
        """)

    (row,) = peers._maloja_rows(tmp_path)

    assert (row["title"], row["artists"], row["seconds"]) == ("Alright", "One,Two", 200)


def test_a_peer_that_cannot_run_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(environments, "FOLDER", tmp_path)
    monkeypatch.setitem(peers._PEERS, "Maloja", ("maloja", "malojaserver", ("python9.9",), *peers._PEERS["Maloja"][3:]))

    assert peers.peers(["Maloja"]) == ([], {"Maloja": "needs python9.9, and this machine has none"})


def test_the_document_tells_what_was_found_and_names_no_folder_of_this_machine(some):
    tool = peers.ours("longplay 9", with_build=False)
    survival = probes.Survival(dict.fromkeys(probes.KINDS, (1, 2)), 0, 1, skips=True, reasons=True, uris=False)
    found = probes.Found(survival, ["user name"], 4, probes.Repeats(1, 2, 3, 3), {"no time": "drops that row"}, "reads it")
    result = compare.Results(
        day=datetime.now(UTC).date(),
        machine="a machine",
        rounds=3,
        tools=[compare.Told(tool.name, tool.version, tool.spelled())],
        absent={"Maloja": "needs python3.12, and this machine has none"},
        costs=[compared("good", some.good, [tool], rounds=1)],
        found={tool.name: found},
    )

    page = compare.page(result)

    for words in ("longplay 9", "1 of 2", "user name", "instants 4 h off", "drops that row", "needs python3.12", "| 400 |"):
        assert words in page
    assert str(environments.ROOT) not in page


@pytest.mark.slow
def test_the_pandas_script_and_the_models_come_to_the_same_tables(tmp_path):
    python = environments.FOLDER / "pandas" / "bin" / "python"
    if not python.exists():
        pytest.skip("pandas is not at hand: `make compare` installs it")
    archive = agreement.invented(tmp_path, date(2022, 12, 1))

    agreement.make_tables(archive, tmp_path, str(python))

    found = agreement.differences(tmp_path / "home" / "warehouse.duckdb", tmp_path / "pandas")
    assert {table: differing for table, (differing, _) in found.items()} == dict.fromkeys(agreement.TABLES, 0)
    assert all(rows > 10 for _, rows in found.values())
