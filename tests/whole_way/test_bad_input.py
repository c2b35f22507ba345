"""Whatever is put in, a user gets a sentence that says what to do, and the lake keeps nothing half-written."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from filelock import FileLock

ROW = {
    "ts": "2024-05-04T18:20:11Z",
    "platform": "ios",
    "ms_played": 213_880,
    "conn_country": "NO",
    "ip_addr": "203.0.113.7",
    "master_metadata_track_name": "Harbour Lights",
    "master_metadata_album_artist_name": "Paper Lanterns",
    "master_metadata_album_album_name": "Night Ferry",
    "spotify_track_uri": "spotify:track:4cXmpl000000000000000D",
    "episode_name": None,
    "episode_show_name": None,
    "spotify_episode_uri": None,
    "audiobook_title": None,
    "audiobook_uri": None,
    "audiobook_chapter_uri": None,
    "audiobook_chapter_title": None,
    "reason_start": "clickrow",
    "reason_end": "trackdone",
    "shuffle": False,
    "skipped": False,
    "offline": False,
    "offline_timestamp": 1_714_846_600,
    "incognito_mode": False,
}
MEMBER = "Spotify Extended Streaming History/Streaming_History_Audio_2024_0.json"


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def history(*rows: object) -> str:
    return json.dumps(list(rows))


def files_of(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in (home / "lake").rglob("*") if path.is_file())


def truncated(folder: Path) -> Path:
    whole = zipped(folder / "whole.zip", {MEMBER: os.urandom(3000).hex()})
    (folder / "cut.zip").write_bytes(whole.read_bytes()[:1500])
    return folder / "cut.zip"


def damaged(folder: Path) -> Path:
    whole = bytearray(zipped(folder / "whole.zip", {MEMBER: history(*[ROW] * 300)}).read_bytes())
    whole[120:160] = bytes(40)
    (folder / "damaged.zip").write_bytes(whole)
    return folder / "damaged.zip"


def encrypted(folder: Path) -> Path:
    content = bytearray(zipped(folder / "locked.zip", {MEMBER: history(ROW)}).read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (folder / "locked.zip").write_bytes(content)
    return folder / "locked.zip"


def no_zip(folder: Path) -> Path:
    (folder / "letter.zip").write_text("Dear Spotify,")
    return folder / "letter.zip"


def bomb(folder: Path) -> Path:
    return zipped(folder / "bomb.zip", {MEMBER: b"[" + b" " * 300_000_000 + b"]"})


REFUSED = {
    "no ZIP": no_zip,
    "truncated": truncated,
    "damaged": damaged,
    "encrypted": encrypted,
    "a bomb": bomb,
    "a way out": lambda folder: zipped(folder / "way-out.zip", {"../" + MEMBER: history(ROW), MEMBER: history(ROW)}),
    "technical log": lambda folder: zipped(
        folder / "log.zip", {"Spotify Technical Log Information/AddedToPlaylist.json": "[]"}
    ),
    "nothing there": lambda folder: folder / "absent.zip",
    "an empty folder": lambda folder: folder,
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_readable_archive_is_refused_in_a_sentence_and_changes_nothing(longplay, tmp_path, kind):
    folder = tmp_path / "input"
    folder.mkdir()
    answer = longplay.json("import", REFUSED[kind](folder), status=1)

    (refused,) = answer["refused"]
    assert refused["message"].endswith(".")
    assert refused["action"].endswith(".")
    assert files_of(longplay.home) == []


def test_one_refused_archive_does_not_stop_the_other(longplay, tmp_path):
    good = zipped(tmp_path / "good.zip", {MEMBER: history(ROW)})

    answer = longplay.json("import", no_zip(tmp_path), good, status=1)

    assert answer["new"] == 1
    assert len(answer["refused"]) == 1


BAD_ROWS = {
    "no object": 17,
    "a list": [ROW],
    "no time": {**ROW, "ts": None},
    "an unreadable time": {**ROW, "ts": "yesterday"},
    "a time of 1970": {**ROW, "ts": "1970-01-01T00:00:00Z"},
    "a time to come": {**ROW, "ts": "2199-01-01T00:00:00Z"},
    "a negative length": {**ROW, "ms_played": -1},
    "a length beyond 64 bits": {**ROW, "ms_played": 10**30},
    "a length in words": {**ROW, "ms_played": "long"},
}


def test_a_bad_row_costs_that_row_and_says_why(longplay, tmp_path):
    good = [{**ROW, "ts": f"2024-05-04T18:{minute:02}:11Z"} for minute in range(10)]
    archive = zipped(tmp_path / "mixed.zip", {MEMBER: history(*good[:5], *BAD_ROWS.values(), *good[5:])})

    (done,) = longplay.json("import", archive)["archives"]

    assert (done["read"], done["distinct"], done["rejected"]) == (len(good) + len(BAD_ROWS), len(good), len(BAD_ROWS))
    assert sum(done["reasons"].values()) == len(BAD_ROWS)
    assert any(name.startswith("lake/rejected/") for name in files_of(longplay.home))


def test_bytes_that_are_no_text_and_keys_given_twice_cost_at_most_their_rows(longplay, tmp_path):
    rows = [json.dumps({**ROW, "ts": f"2024-05-04T18:{minute:02}:11Z"}).encode() for minute in range(4)]
    rows[1] = rows[1].replace(b"Harbour Lights", b"Harbour \xff Lights")
    rows[2] = rows[2].replace(b'"platform"', b'"ts": "2024-05-04T18:59:00Z", "platform"')
    archive = zipped(tmp_path / "odd.zip", {MEMBER: b"[" + b",".join(rows) + b"]"})

    (done,) = longplay.json("import", archive)["archives"]

    assert done["read"] == 4
    assert done["distinct"] >= 2
    assert done["read"] == done["distinct"] + done["repeated"] + done["rejected"]


def test_an_empty_list_is_an_archive_without_plays(longplay, tmp_path):
    archive = zipped(tmp_path / "empty.zip", {MEMBER: "[]", MEMBER.replace("_0", "_1"): history(ROW)})

    assert longplay.json("import", archive)["read"] == 1


def test_an_object_where_a_list_belongs_costs_its_file_only(longplay, tmp_path):
    archive = zipped(tmp_path / "object.zip", {MEMBER: "{}", MEMBER.replace("_0", "_1"): history(ROW)})

    answer = longplay.json("import", archive)

    assert answer["new"] == 1


def test_names_are_only_names(longplay, tmp_path):
    names = ["<img src=x onerror=alert(1)>", "ب" * 300, "夜の港", "🎹🎻", "'; drop table lake.streaming_history; --", "‮abc"]
    rows = [{**ROW, "ts": f"2024-05-04T18:{i:02}:11Z", "master_metadata_track_name": name} for i, name in enumerate(names)]
    folder = tmp_path / "my (own) [data] €"
    folder.mkdir()

    longplay("import", zipped(folder / "my data [1].zip", {MEMBER: history(*rows)}))

    kept = longplay.json("query", "select track_name from streaming_history order by reported_at")
    assert [row["track_name"] for row in kept] == names


def test_an_unknown_field_is_named_and_its_value_kept_nowhere(longplay, tmp_path):
    archive = zipped(tmp_path / "new.zip", {MEMBER: history({**ROW, "heart_rate": "sentinel-value-91"})})

    (done,) = longplay.json("import", archive)["archives"]

    assert done["unknown_fields"] == ["heart_rate"]
    assert done["distinct"] == 1


def test_a_home_that_cannot_be_made_is_said(longplay, tmp_path):
    (tmp_path / "home").write_text("a file in the way")

    assert "cannot be written" in longplay("status", status=1).stderr


def test_a_second_run_waits_and_then_says_so(longplay, tmp_path):
    archive = zipped(tmp_path / "good.zip", {MEMBER: history(ROW)})
    longplay("status")

    with FileLock(longplay.home / "state" / "home.lock"):
        done = longplay("import", archive, status=1, LONGPLAY_PATIENCE="0.5")

    assert "Another run" in done.stderr
    assert longplay.json("import", archive)["new"] == 1


@pytest.mark.parametrize("call", [["import"], ["forget", "nosuch"], ["--user", "Kim!", "status"], ["nonsense"]])
def test_a_wrong_call_ends_with_two(longplay, call):
    longplay(*call, status=2)


def test_asking_for_answers_before_anything_is_built_says_what_to_do(longplay):
    said = longplay.json("insights", status=2)["error"]

    assert said["message"] == "Nothing is built yet."
    assert "longplay import" in said["action"]


def test_what_is_wrong_is_named_once_and_in_our_words(longplay, tmp_path):
    cut = longplay("import", truncated(tmp_path), status=1).stderr
    setting = longplay("status", status=2, LONGPLAY_TIMEZONE="Europe/Berln").stderr

    assert cut.startswith("cut.zip is cut off or damaged.")
    assert setting.startswith("LONGPLAY_TIMEZONE cannot be 'Europe/Berln': no time zone is called 'Europe/Berln'")
    assert "a listener's name has small letters" in longplay("status", status=2, LONGPLAY_USER="Kim B").stderr


@pytest.mark.parametrize("call", [["import"], ["nonsense"], ["status", "--nonsense"], ["card", "soon"]])
def test_a_wrong_call_is_an_object_where_one_is_asked_for(longplay, call):
    assert longplay.json(*call, status=2)["error"]["action"] == "See `longplay --help`."


def test_an_empty_home_is_told_how_to_begin(longplay, tmp_path):
    assert "spotify.com/account/privacy" in longplay("status").stderr

    longplay("import", zipped(tmp_path / "good.zip", {MEMBER: history(ROW)}))

    assert "spotify.com/account/privacy" not in longplay("status").stderr


def test_a_wrong_question_is_told_how_to_look_and_one_that_comes_too_early_what_to_build(longplay, tmp_path):
    longplay("import", zipped(tmp_path / "good.zip", {MEMBER: history(ROW)}))
    early = longplay.json("query", "select * from fct_plays", status=2)["error"]
    wrong = longplay.json("query", "select artist from streaming_history", status=1)["error"]
    empty = longplay.json("query", "", status=1)["error"]

    assert early["action"] == "Run `longplay build`."
    assert "show tables" in wrong["action"]
    assert empty["action"] == wrong["action"]
    assert {"name": "streaming_history"} in longplay.json("query", "show tables")


def test_a_misspelled_setting_is_said_and_stops_nothing(longplay):
    done = longplay("imports", LONGPLAY_HOEM="elsewhere")

    assert "LONGPLAY_HOEM is set, which is no setting of Longplay: LONGPLAY_HOME is.\n" in done.stderr


def test_rows_of_too_many_columns_are_told_one_value_to_a_line(longplay):
    longplay("load")
    columns = ", ".join(f"{number} as column_{number}" for number in range(41))

    assert longplay("query", f"select {columns}").stdout.split()[:4] == ["column_0", "0", "column_1", "1"]


def test_a_year_is_no_amount(longplay):
    longplay("load")

    assert longplay("query", "select 2025 as year, 2025 as plays").stdout.split() == ["year", "plays", "2025", "2,025"]
