"""What holds whatever is read: only our own errors, a sum that adds up, twice the same, and both ways of reading agree."""

import json
import re
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import duckdb

from longplay.errors import ExportError
from longplay.exports import raw
from longplay.exports.archive import recognised
from longplay.exports.elements import decoded, elements
from longplay.importing import ImportedArchive, import_archive
from longplay.lake.store import Lake

NOW = datetime(2026, 11, 23, tzinfo=UTC)
FIRST_DAY = datetime(2006, 1, 1, tzinfo=UTC)
NAME = "Streaming_History_Audio_2024_0.json"


def check_elements(data: bytes) -> None:
    """Every element that Python's own reader sees is seen, in order, however the bytes arrive."""
    size = 1 + len(data) % 97
    walked = list(elements(data[at : at + size] for at in range(0, len(data), size)))
    assert sum(map(len, walked)) <= len(data)
    said = [_said(element) for element in walked]
    whole = python_reads(data)
    if isinstance(whole, list):
        assert walked == list(elements([data]))
        assert len(said) == len(whole)
        assert [isinstance(each, dict) for each in said] == [isinstance(each, dict) for each in whole]


def check_zip(data: bytes) -> None:
    """A ZIP is opened or refused in a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        path.write_bytes(data)
        try:
            for what in recognised([path]):
                what.member.digest()
        except ExportError as error:
            assert_says_what_to_do(error)


def check_import(data: bytes) -> None:
    """Import the bytes as a ZIP or as a member, and hold the sum against an independent count."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("export.zip" if data.startswith(b"PK") else NAME)
        path.write_bytes(data)
        archive = imported_or_refused(path, Path(folder))
        rows = python_reads(data)
        if archive and isinstance(rows, list) and archive.layout.startswith("extended"):
            assert archive.total("read") == len(rows)
            assert archive.total("distinct") + archive.total("repeated") == sum(map(is_good, rows))
            assert_both_ways_agree(path, Path(folder))


def assert_says_what_to_do(error: ExportError) -> None:
    assert (error.message[-1:], error.action[-1:]) == (".", "."), error


def imported_or_refused(path: Path, folder: Path) -> ImportedArchive | None:
    """Import twice: the sum adds up and is the same again; what is refused leaves nothing."""
    lake = Lake(folder / "lake")
    try:
        once = import_archive([path], "me", lake, NOW)
    except ExportError as error:
        assert_says_what_to_do(error)
        assert objects_of(lake) == []
        return None
    before = objects_of(lake)
    assert import_archive([path], "me", lake, NOW) == once
    assert objects_of(lake) == before
    for file in once.files:
        assert file.read == file.distinct + file.repeated + file.rejected
        assert min(file.read, file.distinct, file.repeated, file.rejected) >= 0
    kept = len(typed(lake))
    assert kept == once.total("distinct") + once.total("repeated")
    return once


def assert_both_ways_agree(path: Path, folder: Path) -> None:
    """Read once more with DuckDB refusing everything, so row by row."""
    with patch.object(raw, "_read_list", lambda *_: "read_json('absent')"):
        import_archive([path], "me", Lake(folder / "patient"), NOW)
    assert typed(Lake(folder / "lake")) == typed(Lake(folder / "patient"))


def objects_of(lake: Lake) -> list[tuple[str, bytes]]:
    return [(key, lake.local_path(key).read_bytes()) for key in lake.keys("")]


def typed(lake: Lake) -> list[str]:
    """Give every typed row of plays as one text each."""
    kept: list[str] = []
    with duckdb.connect() as connection:
        for key in lake.keys("processed/"):
            if "_history/" in key:
                kept += map(repr, connection.execute("select * from read_parquet(?)", [str(lake.local_path(key))]).fetchall())
    return sorted(kept)


def python_reads(data: bytes) -> object:
    """Give what Python's own reader makes of bytes, None where it refuses; a byte-order mark is taken off.

    Of a key given twice the first value counts, which JSON leaves to its readers.
    """
    try:
        return json.loads(data.decode().removeprefix("\ufeff"), object_pairs_hook=lambda pairs: dict(reversed(pairs)))
    except (ValueError, RecursionError):
        return None


def _said(element: bytes) -> object:
    try:
        return decoded(element)
    except ValueError:
        return None


def is_good(row: object) -> bool:
    """Judge a row of the extended layouts as DESIGN puts it, without any of the reader's code."""
    if not isinstance(row, dict) or not isinstance(at := row.get("ts"), str):
        return False
    length = row.get("ms_played")
    if isinstance(length, str) and re.fullmatch(r"\s*[+-]?\d[\d_]*(\.\d*)?([eE][+-]?\d+)?\s*", length):
        length = float(length) if re.search(r"[.eE]", length) else int(length)
    if isinstance(length, bool) or not isinstance(length, int | float) or length != length or abs(length) >= 2**63:  # noqa: PLR0124
        return False
    try:
        ended = datetime.fromisoformat(at).astimezone(UTC) if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d", at) else None
    except (ValueError, OverflowError):
        return False
    if ended is None or length != int(length) or length < 0:
        return False
    return FIRST_DAY <= ended <= NOW + timedelta(hours=48) and length <= (ended - FIRST_DAY) // timedelta(milliseconds=1)
