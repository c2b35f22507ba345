"""The bench measures what it says: its parts run, on a few hundred plays. How long they take is nobody's business here."""

from datetime import date
from zipfile import ZipFile

import msgspec
import pytest

from bench import growing, invented, measuring, modelling
from bench.figures import Figure, renewed, section
from bench.measuring import Cost, interleaved, measured
from bench.places import HERE, PEERS, peer, step
from longplay.settings import Settings
from longplay.wiring import stages_from

LAYOUT = "extended-2025"


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """Write a history of 700 plays as a base and what comes later."""
    folder = tmp_path_factory.mktemp("grown")
    invented.write_grown(folder, 500, 100, LAYOUT, seed=3)
    return folder


@pytest.fixture(scope="module")
def home(grown, tmp_path_factory):
    """Build a home that holds the base."""
    return growing.built(tmp_path_factory.mktemp("home"), {"me": grown / "base.zip"})


def rows_of(path):
    with ZipFile(path) as archive:
        return [row for name in archive.namelist() for row in msgspec.json.decode(archive.read(name))]


def test_a_cost_is_that_of_the_whole_tree_of_processes():
    child = "sum(range(6_000_000)); held = bytearray(200_000_000)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True)"

    quiet, busy = measured([str(HERE), "-c", "pass"]), measured([str(HERE), "-c", script])

    assert busy.peak > 200_000_000 > 5 * quiet.peak
    assert busy.cpu > 2 * quiet.cpu


def test_a_command_that_fails_is_no_figure():
    with pytest.raises(measuring.BenchFailed, match="ended with 3"):
        measured([str(HERE), "-c", "raise SystemExit(3)"])


def test_jobs_take_turns_and_a_median_is_told():
    seconds = {"a": iter((1.0, 9.0, 2.0)), "b": iter((5.0, 5.0, 6.0))}
    turns = []

    def job(name):
        turns.append(name)
        return Cost(next(seconds[name]), 10, 1.0, {"rows": 7})

    told = interleaved({name: lambda name=name: job(name) for name in "ab"}, 3)

    assert "".join(turns) == "ababab"
    assert (told["a"].cpu, told["b"].cpu, told["a"].facts) == (2.0, 5.0, {"rows": 7})


def test_an_archive_larger_than_a_life_holds_several(monkeypatch):
    monkeypatch.setattr(invented, "LONGEST", 1_000)

    lives = list(invented.logs(2_500, seed=3))

    assert [len(life) for life in lives] == [1_000, 1_000, 500]
    assert len({play.what.uri for life in lives[:2] for play in life[:1] if play.what}) == 2


def test_every_fault_spoils_one_row_of_a_thousand(tmp_path, monkeypatch):
    monkeypatch.setattr(invented, "ROWS_PER_FILE", 700)
    plays = invented.log(2_500, seed=3)

    written = {fault: invented.write(tmp_path / f"{fault}.zip", [plays], LAYOUT, fault) for fault in invented.FAULTS}
    rows = {fault: rows_of(tmp_path / f"{fault}.zip") for fault in written}

    assert [len(of) for of in rows.values()] == list(written.values()) == [written["none"]] * 3
    for fault in ("values", "no-rows"):
        assert [n for n, row in enumerate(rows[fault]) if row != rows["none"][n]] == list(range(0, written["none"], 1_000))


def test_a_history_in_four_archives_is_whole(grown):
    parts = {
        name: {msgspec.json.encode(row) for row in rows_of(grown / f"{name}.zip")}
        for name in ("base", "newest", "late", "stretch")
    }
    whole = set(map(msgspec.json.encode, (invented.layouts.row(play, LAYOUT) for play in invented.log(700, seed=3))))

    assert set().union(*parts.values()) == whole
    assert {name: len(rows) for name, rows in parts.items()} == {"base": 500, "newest": 50, "late": 50, "stretch": 100}


def test_a_run_renews_its_own_section_of_the_page(tmp_path):
    page = tmp_path / "performance.md"
    for size, value in (("1M", 2.0), ("100k", 1.0), ("1M", 4.0)):
        renewed(page, size, section(size, 5, [Figure("import", value, 3, limit="the disk")], date(2026, 7, 1)))

    text = page.read_text(encoding="utf-8")

    assert text.index("## 100k plays") < text.index("## 1M plays")
    assert text.count("## ") == 2
    assert "2.00 ×" not in text
    assert "| import | 4.00 ×   | 3 ×     | **does not hold** | the disk |" in text


def test_what_limits_a_figure_is_said_below_the_table_while_its_bar_does_not_hold():
    figures = [Figure("run", value, 3, notes=f"The disk, at {value}.") for value in (4.0, 2.0)]

    told = section("1M", 5, figures, date(2026, 7, 1))

    assert told.endswith("|\n\nThe disk, at 4.0.\n")


@pytest.mark.slow
def test_both_ways_to_parquet_read_every_row(grown, tmp_path):
    facts = {}
    for name in ("raw_and_typed", "typed_alone"):
        (tmp_path / name).mkdir()
        facts[name] = measured(step(name, grown / "base.zip", tmp_path / name)).facts

    assert facts["raw_and_typed"]["distinct"] == 500
    assert facts["raw_and_typed"]["read"] == facts["typed_alone"]["typed"]


@pytest.mark.slow
def test_what_the_page_asks_and_weighs_is_measured(home, tmp_path):
    asked = measured(step("queries", home)).facts
    page = measured(step("page", home, 200, 20, tmp_path)).facts

    assert asked["sql"] >= asked["slowest_seconds"] > 0
    assert page["bytes"] > 100_000
    assert 0 < page["plays"] <= 200
    assert 0 < page["tracks"] <= 20


@pytest.mark.slow
def test_an_increment_is_measured_on_a_copy(home, grown):
    told = growing.increment(home, grown / "late.zip", "me")()

    assert told.facts["sql"] > 0
    assert told.facts["statements"] > 0
    assert [row["distinct"] for row in stages_from(Settings(LONGPLAY_HOME=home)).imports()] == [500]


@pytest.mark.slow
def test_dbt_starts_without_a_model(tmp_path):
    assert measured(step("dbt_alone", tmp_path)).cpu > 0


@pytest.mark.slow
def test_tiny_objects_load(tmp_path):
    made = measured(step("small_objects", tmp_path, 40))
    loaded = stages_from(Settings(LONGPLAY_HOME=tmp_path)).load()

    assert made.facts == {"objects": 40}
    assert loaded == (40, 0)
    assert next(modelling.small_objects(20, 1)).what.startswith("20 tiny objects")


@pytest.mark.slow
@pytest.mark.skipif(not PEERS.exists(), reason="what Longplay is measured against is installed by `make bench`")
def test_the_floor_and_pandas_run(grown, tmp_path):
    archive = grown / "base.zip"

    measured(peer("peers/columns.py", archive, tmp_path / "columns.arrow"))
    measured(peer("peers/floor.py", archive, tmp_path / "columns.arrow", tmp_path / "floor.parquet"))
    measured(peer("peers/json_pandas.py", archive, tmp_path / "pandas.parquet"))

    assert (tmp_path / "floor.parquet").stat().st_size > 1_000
    assert (tmp_path / "pandas.parquet").stat().st_size > 1_000
