"""What nobody expects in an archive, and what happens then: a row is lost at most, and no device is told apart."""

import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from longplay.exports import counting
from longplay.exports.duck import reader
from longplay.importing import ImportedArchive, import_archive
from longplay.lake.store import Lake
from longplay.warehouse.duck import opened

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NAME = "Streaming_History_Audio_2024_0.json"
ROW = {
    "ts": "2024-05-04T18:20:11Z",
    "platform": "ios",
    "ms_played": 213_880,
    "master_metadata_track_name": "Harbour Lights",
    "spotify_track_uri": "spotify:track:4cXmpl000000000000000D",
}


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "archive").mkdir()
    return tmp_path / "archive"


def imported(*paths: Path) -> ImportedArchive:
    return import_archive(paths, "me", Lake(paths[0].parent / "lake"), NOW)


def sums(archive: ImportedArchive) -> tuple[int, ...]:
    return tuple(archive.total(name) for name in ("read", "distinct", "repeated", "rejected"))


def kept(table: str, columns: str, folder: Path) -> list[tuple]:
    with duckdb.connect() as connection:
        files = str(folder.parent / "lake" / "processed" / "v1" / table / "**" / "*.parquet")
        return connection.execute(f"select {columns} from read_parquet(?) order by all", [files]).fetchall()


def test_duckdb_draws_no_progress_into_what_a_command_prints(tmp_path):
    with reader(tmp_path) as reading, opened(tmp_path / "warehouse.duckdb", patience=0) as loading:
        for connection in (reading.connection, loading):
            assert connection.execute("select current_setting('enable_progress_bar')").fetchone() == (False,)


@pytest.mark.parametrize("nested", ["[" * 200_000 + "]" * 200_000, '{"a":' * 100_000 + "1" + "}" * 100_000])
def test_what_is_nested_without_end_costs_its_row(folder, nested):
    (folder / NAME).write_text(f"[{json.dumps(ROW)}, {nested}]")

    assert sums(imported(folder)) == (2, 1, 0, 1)


def test_a_file_that_is_there_twice_is_read_once(folder):
    for place in ("MyData", "MyData 2"):
        (folder / place).mkdir()
        (folder / place / NAME).write_text(json.dumps([ROW]))

    assert sums(imported(folder)) == (1, 1, 0, 0)
    assert sums(imported(folder / "MyData" / NAME, folder / "MyData" / NAME)) == (1, 1, 0, 0)


def test_a_play_told_by_two_files_belongs_to_the_first(folder):
    nameless = ROW | {"spotify_track_uri": None}
    (folder / NAME).write_text(json.dumps([ROW, nameless]))
    (folder / NAME.replace("_0", "_1")).write_text(json.dumps([ROW, ROW | {"ms_played": 5}]))

    files = imported(folder).files

    assert [(file.read, file.distinct, file.repeated) for file in files] == [(2, 1, 1), (2, 1, 1)]


@pytest.mark.parametrize("rows_at_once", [1, 3, 10_000])
def test_counting_in_shares_counts_the_same(folder, monkeypatch, rows_at_once):
    monkeypatch.setattr(counting, "_ROWS_AT_ONCE", rows_at_once)
    rows = [ROW | {"ts": f"2024-05-04T18:{minute % 7:02}:11Z", "ms_played": minute % 3} for minute in range(40)]
    (folder / NAME).write_text(json.dumps(rows))

    assert sums(imported(folder)) == (40, 21, 19, 0)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("Android OS 8.0.0 API 26 (samsung, SM-G950F)", None),
        ("web_player windows 10;chrome 95.0.4638.69;desktop", None),
        ("Windows 10 (10.0.19044; x64)", None),
        ("Partner google cast;Google Home Mini;;tpapi", None),
        ("Partner google cast_tv;Chromecast;aa11bb22;;tpapi", "Partner google cast_tv;Chromecast;-;;tpapi"),
        (
            "Partner amazon_salmon Amazon;Echo_Dot;G090LF1172730ABC;;tpapi",
            "Partner amazon_salmon Amazon;Echo_Dot;-;;tpapi",
        ),
        ("iOS 9.3.2 (iPad4,1) 2001:db8::5e17:1e1", "iOS 9.3.2 (iPad4,1) -"),
        ("speaker at 203.0.113.7", "speaker at -"),
        ("speaker aa:bb:cc:dd:ee:ff", "speaker -"),
        ("phone of kim@example.org", "phone of -"),
    ],
)
def test_a_platform_says_what_kind_of_device_it_was_and_not_which(folder, written, clean):
    (folder / NAME).write_text(json.dumps([ROW | {"platform": written}]))
    imported(folder)

    assert kept("streaming_history", "platform", folder) == [(clean or written,)]


def test_an_account_is_masked_inside_an_address(folder):
    (folder / NAME).write_text(json.dumps([ROW | {"spotify_track_uri": "spotify:user:kim:collection"}]))
    imported(folder)

    assert kept("streaming_history", "track_uri", folder) == [("spotify:user:-:collection",)]


def test_a_library_out_of_shape_costs_only_what_is_out_of_shape(folder):
    (folder / NAME).write_text(json.dumps([ROW]))
    (folder / "YourLibrary.json").write_text(
        '{"tracks": [5, {"track": "Low Tide", "uri": "spotify:track:5d", "album": ["x"]}]}'
    )
    items = [{"track": "x"}, {"track": None}, {"track": {"trackName": "Low Tide"}}]
    (folder / "Playlist1.json").write_text(json.dumps({"playlists": [{"name": 5, "items": items}, 7, {"items": "x"}]}))
    searches = [{"searchTime": "2026-01-05T07:30:58.327Z[UTC]", "searchInteractionURIs": touched} for touched in ("abc", ["u"])]
    (folder / "SearchQueries.json").write_text(json.dumps(searches))

    assert sums(imported(folder)) == (1, 1, 0, 0)
    assert kept("saved_tracks", "track_name, track_uri, album_name", folder)[-1] == ("Low Tide", "spotify:track:5d", None)
    assert kept("playlists", "position, track_name", folder) == [(2, "Low Tide")]
    assert kept("searches", "uri", folder) == [("u",)]


def test_a_library_cut_off_does_not_keep_the_plays_away(folder):
    (folder / NAME).write_text(json.dumps([ROW]))
    (folder / "YourLibrary.json").write_text('{"tracks": [{"uri":')
    (folder / "SearchQueries.json").write_text('[{"searchTime":')

    assert sums(imported(folder)) == (1, 1, 0, 0)
