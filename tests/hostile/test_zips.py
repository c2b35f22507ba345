"""Whatever a ZIP claims: it is read, or refused in a sentence and nothing has changed; and it never needs much memory."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from longplay.exports.members import MOST_FILES
from tests.hostile.invariants import NAME, imported_or_refused

ROW = {"ts": "2024-05-04T18:20:11Z", "platform": "ios", "ms_played": 213_880, "spotify_track_uri": "spotify:track:4cX"}
CONTENT = json.dumps([ROW | {"ms_played": number} for number in range(40)]).encode()
MOST_MEMORY = 450  # MB


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytearray:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return bytearray(packed.getvalue())


def changed(at: int, layout: str, value: int, *, central: bool = True) -> bytearray:
    """Make one field of the only member's record say something else."""
    packed = zipped({NAME: CONTENT})
    struct.pack_into(layout, packed, (packed.index(b"PK\x01\x02") if central else 0) + at, value)
    return packed


def overlapping() -> bytearray:
    """Give a ZIP whose hundred entries all unpack the same bytes."""
    packed = zipped({NAME: b"[" + b" " * 5_000_000 + b"]"})
    begin, end = packed.index(b"PK\x01\x02"), packed.index(b"PK\x05\x06")
    record = bytes(packed[begin:end])
    closing = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 100, 100, 100 * len(record), begin, 0)
    return packed[:begin] + bytearray(record * 100 + closing)


LIES = {
    "another checksum": lambda: changed(16, "<L", 1),
    "a larger size": lambda: changed(24, "<L", 10_000),
    "a smaller size": lambda: changed(24, "<L", 10),
    "less packed": lambda: changed(20, "<L", 20),
    "another place": lambda: changed(42, "<L", 7),
    "a place beyond its end": lambda: changed(42, "<L", 0x7FFFFFFF),
    "a name longer than the file": lambda: changed(26, "<H", 0xFFFF, central=False),
    "a method nobody knows": lambda: changed(10, "<H", 97),
    "stored though packed": lambda: changed(10, "<H", 0),
    "a password": lambda: changed(8, "<H", 1),
    "gigabytes": lambda: changed(24, "<L", 0xFFFFFFF0),
    "entries over each other": overlapping,
    "a way out": lambda: zipped({"../" + NAME: CONTENT}),
    "a way out as Windows has it": lambda: zipped({"..\\" + NAME: CONTENT}),
    "the root": lambda: zipped({"/" + NAME: CONTENT}),
    "a drive": lambda: zipped({"C:/" + NAME: CONTENT}),
    "no end": lambda: zipped({NAME: CONTENT})[:-22],
    "LZMA": lambda: zipped({NAME: CONTENT}, zipfile.ZIP_LZMA),
    "too many files": lambda: zipped({f"{number}.json": b"[]" for number in range(MOST_FILES + 1)}),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_zip_that_lies_is_refused_and_changes_nothing(tmp_path, lie):
    (tmp_path / "export.zip").write_bytes(LIES[lie]())

    assert imported_or_refused(tmp_path / "export.zip", tmp_path) is None


ODD = {
    "more packed than there is": lambda: changed(20, "<L", 0x7FFFFFFF),
    "stored": lambda: zipped({NAME: CONTENT}, zipfile.ZIP_STORED),
    "something before it": lambda: b"#!/bin/sh\n" + zipped({NAME: CONTENT}),
    "something behind it": lambda: zipped({NAME: CONTENT}) + b"\0" * 100,
    "folders in folders": lambda: zipped({"a/" * 50 + NAME: CONTENT}),
    "a double ending": lambda: zipped({NAME + ".json": CONTENT}),
    "a member without a name": lambda: zipped({"Qx": b"", NAME: CONTENT}).replace(b"Qx", b"\0x"),
    "a name of another script": lambda: zipped({"夜" * 90 + ".json": CONTENT}),
    "a name that writes on the screen": lambda: zipped({"Streaming_History_Audio_\x1b[2J\n.json": CONTENT}),
    "a long name": lambda: zipped({"endsong_0" + "x" * 3_000 + ".json": CONTENT}),
    "two layouts": lambda: zipped(
        {
            NAME: CONTENT,
            "StreamingHistory0.json": b'[{"endTime":"2024-05-04 18:20","artistName":"a","trackName":"b","msPlayed":{}}]',
        }
    ),
    "what only looks like a Mac's": lambda: zipped({"__MACOSX/._" + NAME: b"\0\5", NAME: CONTENT}),
}


@pytest.mark.parametrize("kind", ODD)
def test_a_zip_that_is_only_odd_is_read(tmp_path, kind):
    (tmp_path / "export.zip").write_bytes(ODD[kind]())

    archive = imported_or_refused(tmp_path / "export.zip", tmp_path)

    assert archive is not None
    assert archive.total("distinct") == 40


def test_two_members_of_one_name_are_both_read(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a/" + NAME, CONTENT)
        archive.writestr("b/" + NAME, json.dumps([ROW | {"ms_played": 99}]))
    (tmp_path / "export.zip").write_bytes(packed.getvalue())

    read = imported_or_refused(tmp_path / "export.zip", tmp_path)

    assert read is not None
    assert (read.total("read"), read.total("distinct")) == (41, 41)


def test_a_zip_cut_at_any_byte_is_refused(tmp_path):
    whole = zipped({NAME: CONTENT})

    for cut in range(0, len(whole), 3):
        (tmp_path / "export.zip").write_bytes(whole[:cut])

        assert imported_or_refused(tmp_path / "export.zip", tmp_path) is None


GREEDY = {
    "long values": lambda: json.dumps([ROW | {"episode_name": "x" * 4_000_000}] * 40),
    "values just short enough": lambda: json.dumps([ROW | dict.fromkeys(MANY_FIELDS, "x" * 1_900)] * 6_000),
    "one value of 60 MB": lambda: json.dumps([ROW | {"episode_name": "x" * 60_000_000}]),
    "nested without end": lambda: f"[{json.dumps(ROW)}, {'[' * 2_500_000}",
    "empty objects": lambda: f"[{json.dumps(ROW)}, {','.join(['{}'] * 400_000)}]",
    "a row of objects": lambda: json.dumps([ROW | {"unheard_of": [{}] * 1_000_000}, 17]),
}
MANY_FIELDS = (
    "episode_name",
    "episode_show_name",
    "audiobook_title",
    "reason_start",
    "reason_end",
    "conn_country",
    "spotify_episode_uri",
)
LIBRARY = {"YourLibrary.json": lambda: f'{{"tracks": [{",".join(["{}"] * 1_500_000)}]}}'}
SEARCHES = {"SearchQueries.json": lambda: f'[{{"searchTime": "2024-01-01"}}, {",".join(["{}"] * 2_000_000)}]'}

# The kernel's mark of this process alone: what `getrusage` tells begins with the size of the process that started it.
MEASURE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from longplay.importing import import_archive
from longplay.lake.store import Lake
print(import_archive([Path(sys.argv[1])], "me", Lake(Path(sys.argv[2])), datetime(2026, 11, 23, tzinfo=UTC)).total("read"))
print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells the peak of one process")


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("greed", GREEDY)
def test_no_content_makes_an_import_need_much_memory(tmp_path, greed):
    assert memory_of(tmp_path, {NAME: GREEDY[greed]}) < MOST_MEMORY


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("greed", [LIBRARY, SEARCHES])
def test_no_library_makes_an_import_need_much_memory(tmp_path, greed):
    assert memory_of(tmp_path, {NAME: CONTENT.decode} | greed) < MOST_MEMORY


def memory_of(folder: Path, members) -> int:
    """Import in a process of its own; returns the MB it needed at most."""
    (folder / "archive").mkdir()
    for name, content in members.items():
        (folder / "archive" / name).write_text(content())
    call = [sys.executable, "-c", MEASURE, str(folder / "archive"), str(folder / "lake")]
    _, used = subprocess.run(call, check=True, capture_output=True, text=True).stdout.split()
    return int(used)
