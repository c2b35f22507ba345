"""The archives are written as Spotify writes them, all from one log."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from longplay.simulator.account import SPAN
from longplay.simulator.archives import LAYOUTS, Written, archived, write_archive
from longplay.simulator.layouts import FIELDS
from longplay.simulator.private import SENTINELS

EXTENDED = tuple(FIELDS)
WHERE = {"extended-2020": 24, "extended-2023": 21, "extended-2024": 19, "extended-2025": 23}


def contents(archive: Path) -> dict[str, list]:
    with ZipFile(archive) as opened:
        return {Path(name).name: json.loads(opened.read(name)) for name in opened.namelist() if not name.endswith("/")}


def rows(written: Written) -> list[dict]:
    files = contents(written.path)
    return [row for member in written.members for row in files[member.name]]


def told(row: dict) -> tuple:
    """When, what, how long."""
    what = row["spotify_track_uri"] or row["spotify_episode_uri"] or row.get("audiobook_chapter_uri")
    return row["ts"], what, row["ms_played"]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_plays_give_the_same_bytes(vintages, tmp_path, layout):
    once = write_archive(vintages, tmp_path / "once.zip", layout)
    again = write_archive(vintages, tmp_path / "again.zip", layout)

    assert once.path.read_bytes() == again.path.read_bytes()


@pytest.mark.parametrize("layout", EXTENDED)
def test_a_row_has_the_fields_of_its_layout_in_their_order(vintages, tmp_path, layout):
    written = write_archive(vintages, tmp_path / "archive.zip", layout)

    assert {tuple(row) for row in rows(written)} == {FIELDS[layout]}
    assert len(FIELDS[layout]) == WHERE[layout]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_sum_of_an_archive_adds_up(vintages, tmp_path, layout):
    written = write_archive(vintages, tmp_path / "archive.zip", layout, spoiled=10)
    files = contents(written.path)

    assert [len(files[member.name]) for member in written.members] == [member.read for member in written.members]
    assert written.read == written.distinct + written.repeated + written.rejected
    assert written.rejected == 10
    assert written.repeated > 0


@pytest.mark.parametrize("layout", ["extended-2023", "extended-2024", "extended-2025"])
def test_an_archive_holds_as_many_different_plays_as_it_says(vintages, tmp_path, layout):
    written = write_archive(vintages, tmp_path / "archive.zip", layout)

    assert len({told(row) for row in rows(written)}) == written.distinct == len(archived(vintages, layout))


@pytest.mark.parametrize("older", ["extended-2023", "extended-2024"])
def test_a_newer_archive_says_all_an_older_one_said(vintages, tmp_path, older):
    early = write_archive(vintages, tmp_path / "early.zip", older, up_to=datetime(2023, 1, 1, tzinfo=UTC))
    late = write_archive(vintages, tmp_path / "late.zip")

    before, after = {told(row) for row in rows(early)}, {told(row) for row in rows(late)}
    assert before < after
    assert max(ts for ts, _, _ in before) <= "2023-01-01T00:00:00Z"


def test_the_archive_of_2020_agrees_by_names(vintages, tmp_path):
    def named(row):
        return row["ts"], row["master_metadata_track_name"], row["master_metadata_album_artist_name"], row["ms_played"]

    early = write_archive(vintages, tmp_path / "early.zip", "extended-2020", up_to=datetime(2019, 1, 1, tzinfo=UTC))
    late = write_archive(vintages, tmp_path / "late.zip")

    assert {named(row) for row in rows(early)} < {named(row) for row in rows(late)}


def test_skips_were_not_written_for_six_years(vintages, tmp_path):
    def skips(layout):
        return {
            era: {
                row["skipped"] for row in rows(write_archive(vintages, tmp_path / f"{layout}.zip", layout)) if era in row["ts"]
            }
            for era in ("2015", "2018", "2024-12")
        }

    assert skips("extended-2023") == {"2015": {True, False}, "2018": {None}, "2024-12": {True, False}}
    assert skips("extended-2025") == {"2015": {True, False}, "2018": {False}, "2024-12": {True, False}}


def test_offline_timestamps_change_their_unit(vintages, tmp_path):
    stamps = [(row["ts"], row["offline_timestamp"] or 0) for row in rows(write_archive(vintages, tmp_path / "archive.zip"))]

    assert all(stamp > 1e11 or stamp in {0, 1} for ts, stamp in stamps if ts < "2022-10-14")
    assert all(stamp < 1e11 for ts, stamp in stamps if ts > "2022-12-01")


def test_platforms_become_coarse(vintages, tmp_path):
    platforms = [(row["ts"], row["platform"]) for row in rows(write_archive(vintages, tmp_path / "archive.zip"))]

    assert any("iPhone" in platform for ts, platform in platforms if ts < "2023-10-19")
    assert {p for ts, p in platforms if ts > "2023-11"} <= {
        "android",
        "ios",
        "osx",
        "windows",
        "web_player",
        "cast",
        "not_applicable",
    }


def test_today_files_follow_each_other_and_number_their_parts(vintages, tmp_path):
    written = write_archive(vintages, tmp_path / "archive.zip", rows_per_file=2_000)
    audio = [member.name for member in written.members if "_Audio_" in member.name]
    instants = [row["ts"] for name in audio for row in contents(written.path)[name]]

    assert len(audio) > 2
    assert [int(name.removesuffix(".json").rsplit("_", 1)[1]) for name in audio] == list(range(len(audio)))
    assert instants == sorted(instants)
    assert any("_Video_" in member.name for member in written.members)


def test_endsongs_are_in_no_order_and_each_spans_the_history(vintages, tmp_path):
    written = write_archive(vintages, tmp_path / "archive.zip", "extended-2023", rows_per_file=2_000)
    first, second = (contents(written.path)[f"endsong_{number}.json"] for number in (0, 1))

    assert first != sorted(first, key=lambda row: row["ts"])
    assert {row["ts"][:4] for row in first} == {row["ts"][:4] for row in second}


def test_account_data_tells_a_year_in_minutes_and_names(vintages, tmp_path):
    written = write_archive(vintages, tmp_path / "account.zip", "account")
    music = contents(written.path)["StreamingHistory_music_0.json"]
    last = vintages[-1].reported_at

    assert {tuple(row) for row in music} == {("endTime", "artistName", "trackName", "msPlayed")}
    assert min(row["endTime"] for row in music) >= f"{last - SPAN:%Y-%m-%d}"


def test_account_data_of_old_has_one_series(vintages, tmp_path):
    written = write_archive(vintages, tmp_path / "account.zip", "account", old_names=True)

    assert [member.name for member in written.members] == ["StreamingHistory0.json"]
    with ZipFile(written.path) as opened:
        assert opened.namelist()[0] == "MyData/"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_folder_holds_what_the_zip_holds(vintages, tmp_path, layout):
    zipped = write_archive(vintages, tmp_path / "archive.zip", layout)
    folder = write_archive(vintages, tmp_path / "archive", layout)

    assert folder.members == zipped.members
    assert {path.name: json.loads(path.read_bytes()) for path in folder.path.rglob("*.json")} == contents(zipped.path)


def test_every_private_value_is_planted_somewhere(vintages, tmp_path):
    everything = ""
    for layout in LAYOUTS:
        write_archive(vintages, tmp_path / layout, layout)
    for path in tmp_path.rglob("*.json"):
        everything += path.read_text()

    assert [sentinel for sentinel in SENTINELS if sentinel not in everything] == []


def test_an_archive_before_the_first_play_cannot_be_written(vintages, tmp_path):
    with pytest.raises(ValueError, match="no play"):
        write_archive(vintages, tmp_path / "archive.zip", up_to=datetime(2010, 1, 1, tzinfo=UTC))
