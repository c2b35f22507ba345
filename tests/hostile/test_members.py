"""Whatever a member of an archive holds: a bad row costs that row, the sum adds up, and both ways of reading agree."""

import json
from itertools import accumulate
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longplay.exports.layouts import EXTENDED
from longplay.importing import import_archive
from longplay.lake.layout import stem
from longplay.lake.store import Lake
from longplay.simulator.private import ADDRESSES, DEVICE_IDS, EMAIL
from tests.hostile.invariants import (
    NAME,
    NOW,
    assert_both_ways_agree,
    imported_or_refused,
    is_good,
    objects_of,
    python_reads,
)

ROW = {
    "ts": "2024-05-04T18:20:11Z",
    "platform": "ios",
    "ms_played": 213_880,
    "master_metadata_track_name": "Harbour Lights",
    "spotify_track_uri": "spotify:track:4cXmpl000000000000000D",
}
PRIVATE_WORDS = "sentinel-of-kim-77120"

FEWER = settings(max_examples=max(20, settings().max_examples // 5))  # each of them is several imports

strange_numbers = st.sampled_from([2**63, -(2**64), 10**30, 1e308, float("nan"), float("inf"), 0.5, -0.0, 1e15])
strange_texts = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["\ud800", "a\udfffb", "\x00", "\u202e", "[1]", "{}", "[Intro]", "},{", '"', "\\", "x" * 3_000, "null", "NaN"]
    ),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | strange_numbers | strange_texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(strange_texts, inner, max_size=3),
    max_leaves=6,
)
times = st.sampled_from([ROW["ts"], "2024-05-04T18:20:12Z", "2005-12-31T23:59:59Z", "2199-01-01T00:00:00Z", "soon", None, 5])
lengths = st.sampled_from([0, 213_880, "213880", 1e3, -1, 0.5, 10**30, -(2**63), "long", None, True, [5], {"a": 5}])
fields = st.sampled_from(
    [*ROW, "offline_timestamp", "shuffle", "reason_end", "conn_country", "episode_name", "TS", "new_field"]
)
rows = st.one_of(
    anything,
    st.builds(
        lambda at, length, more: ROW | more | {"ts": at, "ms_played": length}, times, lengths, st.dictionaries(fields, anything)
    ),
    st.just(ROW),
)


@FEWER
@given(held=st.lists(rows, max_size=8), indent=st.sampled_from([None, 2]), is_ascii=st.booleans())
def test_every_row_that_python_finds_good_is_kept_and_no_other(tmp_path_factory, held, indent, is_ascii):
    folder = tmp_path_factory.mktemp("archive")
    content = json.dumps([ROW, *held], indent=indent, ensure_ascii=is_ascii).encode("utf-8", "surrogatepass")
    (folder / NAME).write_bytes(content)

    archive = imported_or_refused(folder / NAME, folder)

    assert archive is not None
    assert archive.total("read") == len(held) + 1
    if isinstance(python_reads(content), list):
        assert archive.total("distinct") + archive.total("repeated") == sum(map(is_good, [ROW, *held]))
        assert_both_ways_agree(folder / NAME, folder)


def many(count: int, indent: int | None = None) -> list[str]:
    return [json.dumps(ROW | {"ms_played": number, "episode_name": '},{ "[]'}, indent=indent) for number in range(count)]


def kept(folder: Path) -> list[int]:
    with duckdb.connect() as connection:
        files = str(folder / "lake" / "processed" / "**" / "streaming_history" / "**" / "*.parquet")
        found = connection.execute(
            "select ms_played from read_parquet(?) order by all", [files.replace("**/streaming", "v1/streaming")]
        )
        return [length for (length,) in found.fetchall()]


BROKEN = {
    "a quote lost": lambda row: row.replace('"ts"', '"ts', 1),
    "a quote too many": lambda row: row.replace('"ios"', '"i"os"'),
    "a value's quote lost": lambda row: row.replace('Z"', "Z", 1),
    "its end lost": lambda row: row.removesuffix("}"),
    "its beginning lost": lambda row: row.removeprefix("{"),
    "a bracket inside": lambda row: row.replace('"ios"', '["ios"'),
    "a closing bracket inside": lambda row: row.replace('"ios"', '"ios"]'),
    "no text": lambda row: row.replace("ios", "i\x01s"),
    "a backslash": lambda row: row.replace("ios", "ios\\"),
    "zeros": lambda row: "\0" * len(row),
    "half of it": lambda row: row[: len(row) // 2],
    "a number cut": lambda row: row.replace('"ms_played": 2', '"ms_played": -'),
    "far too long": lambda row: row.replace("ios", "x" * 40_000_000),
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("fault", BROKEN)
def test_a_row_broken_in_its_bytes_takes_no_neighbour_along(tmp_path, fault, indent):
    written = many(5, indent)
    written[2] = BROKEN[fault](written[2])
    (tmp_path / NAME).write_text("[" + ", ".join(written) + "]")

    archive = imported_or_refused(tmp_path / NAME, tmp_path)

    assert archive is not None
    assert kept(tmp_path) == [0, 1, 3, 4]
    assert (archive.total("distinct"), archive.total("repeated")) == (4, 0)


def test_a_file_cut_at_any_byte_keeps_every_row_before_the_cut(tmp_path):
    written = many(3)
    whole = ("[" + ", ".join(written) + "]").encode()
    ends = list(accumulate((len(row) + 2 for row in written), initial=-1))[1:]

    for cut in range(ends[0], len(whole), 5):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / NAME).write_bytes(whole[:cut])
        archive = imported_or_refused(folder / NAME, folder)

        assert archive is not None
        assert archive.total("distinct") == sum(end <= cut for end in ends), whole[:cut]
        assert archive.total("rejected") <= 1


ODD_FILES = {
    "empty": (b"", None),
    "null": (b"null", None),
    "a mark of byte order": (b"\xef\xbb\xbf[%b]", 1),
    "lists behind each other": (b"[%b][%b]\n[%b]", 3),
    "no comma": (b"[%b %b]", 2),
    "commas without rows": (b"[%b,,%b,]", 2),
    "garbage behind": (b"[%b] <html>oops", 1),
    "two kinds of rows": (b'[%b, {"endTime": "2024-05-04 18:20", "msPlayed": 5}]', 1),
    "UTF-16": ("[]".encode("utf-16"), None),
}


@pytest.mark.parametrize("kind", ODD_FILES)
def test_a_file_of_an_odd_shape_loses_no_row(tmp_path, kind):
    content, plays = ODD_FILES[kind]
    (tmp_path / NAME).write_bytes(content.replace(b"%b", json.dumps(ROW).encode()))
    (tmp_path / NAME.replace("_0", "_1")).write_text("[]")
    folder = tmp_path / "archive"
    folder.mkdir()
    for file in tmp_path.glob("*.json"):
        file.rename(folder / file.name)

    archive = imported_or_refused(folder, tmp_path)

    assert archive is not None
    assert archive.total("distinct") + archive.total("repeated") == (plays or 0)
    assert (NAME in archive.unreadable) == (plays is None)


@FEWER
@given(
    hidden=st.recursive(
        st.just(PRIVATE_WORDS), lambda inner: st.lists(inner, min_size=1) | st.dictionaries(st.just("x"), inner, min_size=1)
    )
)
def test_an_object_in_a_known_field_is_kept_nowhere(tmp_path_factory, hidden):
    folder = tmp_path_factory.mktemp("archive")
    nested = {"name": hidden, "also": [PRIVATE_WORDS, float("nan")]}
    held = [ROW | {field: nested} for field in (*ROW, "reason_end", "offline_timestamp", "skipped")]
    held += [ROW | {field: [nested]} for field in ROW] + [ROW | {"unheard_of": hidden, f"{PRIVATE_WORDS}@example.org": 1}]
    (folder / NAME).write_text(json.dumps([ROW, *held]))

    archive = imported_or_refused(folder / NAME, folder)

    assert archive is not None
    assert archive.unknown_fields == ["(no usual name)", "unheard_of"]
    assert PRIVATE_WORDS not in everything_in(folder)


@pytest.mark.parametrize("nested", [{"name": PRIVATE_WORDS}, [PRIVATE_WORDS]])
def test_an_object_in_one_field_alone_is_found_in_every_field(tmp_path, nested):
    for number, field in enumerate(EXTENDED.fields):
        rows = [ROW | {field: value} for value in (ROW.get(field), nested, "[Intro]")]
        (tmp_path / f"Streaming_History_Audio_2024_{number}.json").write_text(json.dumps(rows))

    archive = imported_or_refused(tmp_path, tmp_path)

    assert archive is not None
    assert archive.total("read") == 3 * len(EXTENDED.fields)
    assert PRIVATE_WORDS not in everything_in(tmp_path)


PRIVATE = (*ADDRESSES, *DEVICE_IDS, EMAIL, "203.0.113.7", "1.2.3.4", "fe80::1", "a@b.io", "AA-BB-CC-DD-EE-FF")


@pytest.mark.parametrize("around", ["%s", "Android %s", "id_%s", "x;%s;y", "Partner sonos Sonos;%s;z", "ip%s)", "%s_0"])
def test_a_platform_never_names_a_device_or_an_address(tmp_path, around):
    platforms = [around.replace("%s", private) for private in PRIVATE]
    (tmp_path / NAME).write_text(json.dumps([ROW | {"platform": platform} for platform in platforms]))

    imported_or_refused(tmp_path / NAME, tmp_path)

    kept = everything_in(tmp_path).lower()
    assert [private for private in PRIVATE if private.lower() in kept] == []


def everything_in(folder: Path) -> str:
    """Give all that the lake says: names of objects, of columns, and every value."""
    said = ""
    with duckdb.connect() as connection:
        for key, _ in objects_of(Lake(folder / "lake")):
            rows = connection.execute("select * from read_parquet(?)", [str(folder / "lake" / key)])
            said += f"{key} {rows.description} {rows.fetchall()}\n"
    return said


@pytest.mark.parametrize(
    "name", ["endsong_99999999999.json", f"endsong_{'1' * 200}.json", "endsong_٣.json", "endsong_0\udcff.json"]
)
def test_a_number_in_a_name_that_no_series_reaches_misses_nothing(tmp_path, name):
    (tmp_path / name).write_text(json.dumps([ROW]))

    archive = imported_or_refused(tmp_path, tmp_path)

    assert archive is not None
    assert len(archive.missing) < 10


def test_names_that_look_the_same_once_cleaned_stay_two_files(tmp_path):
    for name in ("Streaming_History_Audio (1).json", "Streaming_History_Audio [1].json"):
        (tmp_path / name).write_text(json.dumps([ROW]))

    archive = import_archive([tmp_path], "me", Lake(tmp_path / "lake"), NOW)

    assert [(file.read, file.distinct, file.repeated) for file in archive.files] == [(1, 1, 0), (1, 0, 1)]
    assert len(stem("夜" * 300, "3f2a9c1b7d40")) < 120
