"""Real archives from end to end: what comes out equals an independent reading of the JSON."""

import json
import zipfile
from functools import cache
from pathlib import Path

import pytest

from tests.whole_way.conftest import Longplay

ROWS = {
    "extended-2022-2025.zip": 38_386,
    "extended-small.zip": 4_651,
    "endsong-old-layout.zip": 1_821,
    "account-data-old-layout.zip": 18_706,
}


def raw_rows(archive: Path) -> list[dict]:
    with zipfile.ZipFile(archive) as opened:
        return [row for name in opened.namelist() if name.endswith(".json") for row in json.loads(opened.read(name))]


@pytest.fixture(scope="module")
def built_of(samples, tmp_path_factory):
    """Homes of one archive each, imported and built when first asked for."""
    folder = tmp_path_factory.mktemp("real")

    @cache
    def built(name: str) -> Longplay:
        (folder / name).mkdir()
        longplay = Longplay(folder / name / "home")
        longplay("import", samples / name)
        longplay("build")
        return longplay

    return built


@pytest.mark.parametrize("name", ROWS)
def test_every_row_is_accounted_for_and_a_second_import_brings_nothing(longplay, samples, name):
    first = longplay.json("import", samples / name)
    again = longplay.json("import", samples / name)

    assert first["read"] == ROWS[name] == first["distinct"] + first["repeated"] + first["rejected"]
    assert first["distinct"] == first["new"] + first["known"]
    assert first["rejected"] == 0
    assert (again["new"], again["known"]) == (0, first["distinct"])


def test_the_small_archive_after_the_large_one_brings_nothing(longplay, samples):
    longplay.json("import", samples / "extended-2022-2025.zip")

    assert longplay.json("import", samples / "extended-small.zip")["new"] == 0


def test_an_archive_and_its_unpacked_folder_are_one(longplay, samples, tmp_path):
    with zipfile.ZipFile(samples / "extended-small.zip") as opened:
        opened.extractall(tmp_path / "a [folder] of mine")

    packed = longplay.json("import", samples / "extended-small.zip")
    unpacked = longplay.json("import", tmp_path / "a [folder] of mine")

    assert unpacked["archives"][0]["archive"] == packed["archives"][0]["archive"]
    assert unpacked["new"] == 0
    assert len(longplay.json("imports")) == 1


@pytest.mark.slow
def test_the_page_and_the_tables_equal_an_independent_reading(built_of, samples):
    rows = raw_rows(samples / "extended-2022-2025.zip")
    plays = {(row["ts"], row["spotify_track_uri"] or row["spotify_episode_uri"], row["ms_played"]): row for row in rows}
    music = [row for row in plays.values() if row["spotify_track_uri"] and not row["incognito_mode"]]
    counted = [
        row for row in music if row["ms_played"] >= 30_000 or (row["reason_end"] == "trackdone" and row["ms_played"] > 0)
    ]

    longplay = built_of("extended-2022-2025.zip")
    longplay("report")

    daily = longplay.json(
        "query", "select sum(ms_played)::bigint ms, sum(counted_plays)::int counted from fct_daily_listening"
    )[0]
    facts = longplay.json("query", "select count(*)::int plays, count(distinct play_id)::int ids from fct_plays")[0]
    assert facts == {"plays": len(plays), "ids": len(plays)}
    assert daily == {"ms": sum(row["ms_played"] for row in music), "counted": len(counted)}
    assert (longplay.home / "report.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
def test_the_two_archives_of_one_listener_hold_no_play_twice(longplay, samples):
    done = longplay.json("import", samples / "endsong-old-layout.zip", samples / "account-data-old-layout.zip")
    longplay("build")

    plays = longplay.json("query", "select count(*)::int n from fct_plays")[0]["n"]
    assert done["read"] == 20_527
    assert plays <= 19_883


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_nobody_listens_to_two_things_at_once(built_of, name):
    overlap = """
        with before as (
            select started_at, ended_at, ms_played,
                max(ended_at) over (
                    order by started_at, ended_at, play_id rows between unbounded preceding and 1 preceding
                ) as busy_until
            from fct_plays
        )
        select sum(greatest(0, least(ms_played, date_diff('millisecond', started_at, busy_until)))) / sum(ms_played) as share
        from before
    """
    assert built_of(name).json("query", overlap)[0]["share"] <= 0.01
