"""From a member to raw rows: every known field as Spotify wrote it, as text, and nothing else.

Raw rows have `row_number` (from 0, in the file) and `problem`: why an element of the list is no row at all.
What could name a device or an account is taken out of the values that are kept.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb
import msgspec
from msgspec import Struct

from longplay.exports.duck import CONTENT, Reader, literal
from longplay.exports.elements import decoded, elements, objects
from longplay.exports.layouts import LIBRARY, PLAYLISTS, SEARCHES, Kind, Recognised
from longplay.exports.members import Member

_LARGEST_ROW: Final = 16 << 20
_LONGEST_VALUE: Final = 2_000  # bytes; Spotify's longest are some 300, and 2,000 rows at once have to fit into memory
_NOT_TEXT: Final = "not readable as JSON text"

# Only reading row by row tells an object or a list from a text. Words begin with any letter, so each is asked how it begins;
# that no time, number, country, address or yes and no begins like one is told by the smallest and the largest of its column.
_NESTED: Final = (("[", "\\"), ("{", "|"))
_WORDED: Final = ("platform", "name", "Name", "title", "reason_start", "reason_end")

# Some 660 spellings of `platform` are known; a few hold serial numbers, addresses or other long tokens. A partner's device
# stands third: `Partner amazon_salmon Amazon;Echo_Dot;G090LF1172730ABC;;tpapi`.
_PARTNER: Final = r"^(Partner [^;]*;[^;]*);[^;]+"
_DEVICE: Final = (
    r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f-]{9,}|[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}"
    r"|\d{1,3}(\.\d{1,3}){2}\.[0-9xX]{1,3}|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){3,7}|[0-9A-Fa-f]{1,4}::[0-9A-Fa-f]{1,4}|[^\s;()]+@[^\s;()]+"
    r"|\b[0-9A-Fa-f]{10,}\b|\b[A-Za-z]*\d[0-9A-Za-z]*\d[0-9A-Za-z]*\d[0-9A-Za-z]{7,}\b|[0-9A-Za-z_]{20,}"
)
_ACCOUNT: Final = r"spotify:user:[^:]+"

Rows = Iterator[dict[str, Any]]


def write_raw(reader: Reader, what: Recognised, path: Path) -> tuple[int, str]:
    """Write the raw rows of one member as Parquet; returns how many there are, and the hash of the member's content."""
    if what.kind in ROWS:
        return _write_lines(reader, what.kind, ROWS[what.kind](what.member), FIELDS[what.kind], path), what.member.digest()
    fields = what.kind.fields
    with reader.reading(what.member) as content:
        rows = _written_fast(reader, fields, path)
        digest = content.digest()
    if rows is None:
        rows = _write_lines(reader, what.kind, tolerant_rows(what.member, fields), fields, path)
    return rows, digest


def _written_fast(reader: Reader, fields: tuple[str, ...], path: Path) -> int | None:
    """Write what `reader` holds; returns how many rows there are, none where only reading row by row can tell."""
    worded = [field for field in fields if field.endswith(_WORDED)]
    select = _select(fields, _read_list(CONTENT, fields), "row_number() over () - 1", _is_odd(fields, worded))
    try:
        written = reader.written(select, path)
    except _NOT_FOR_THE_FAST:
        return None
    told = [field for field in fields if field not in worded and any(written.reaches(field, *ends) for ends in _NESTED)]
    is_odd = written.holds("problem") or (told and reader.has(path, _begins(told)))
    return None if is_odd else written.rows


# One byte that is no text, one bracket lost, or rows that do not fit into memory.
_NOT_FOR_THE_FAST: Final = (
    duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException, duckdb.OutOfRangeException,
    duckdb.OutOfMemoryException,
)  # fmt: skip


def _is_odd(fields: Iterable[str], worded: Iterable[str]) -> str:
    """Spell the suspicion that a value in words holds an object or a list, or any value far too much.

    Nearly every row ends at the first question, which must be cheap; it asks how a value begins.
    """
    names = [f'"{field}"' for field in worded]
    lengths = ", ".join(f'strlen("{field}")' for field in fields)
    nested = f"list_filter([{', '.join(names)}], lambda value: value[1] in ('{{', '[') and json_valid(value))"
    too_long = f"greatest({lengths}) > {_LONGEST_VALUE}"
    return f"case when {_begins(worded)} or {too_long} then case when len({nested}) > 0 or {too_long} then 'odd' end end"


def _begins(fields: Iterable[str]) -> str:
    """Spell the question whether a value begins like an object or a list."""
    return " or ".join(
        f"(\"{field}\" >= '{first}' and \"{field}\" < '{beyond}')" for field in fields for first, beyond in _NESTED
    )


def _read_list(address: str, fields: Iterable[str]) -> str:
    """Spell a list of rows. To ignore errors is to read what is no object as a row of nulls; broken bytes still are errors."""
    return (
        f"read_json({literal(address)}, columns = {_columns(fields)}, format = 'array', auto_detect = false, "
        f"ignore_errors = true, compression = 'none', maximum_object_size = {_LARGEST_ROW})"
    )


def _columns(fields: Iterable[str]) -> str:
    return "{" + ", ".join(f"{literal(field)}: 'VARCHAR'" for field in fields) + "}"


def _select(fields: Iterable[str], source: str, row_number: str, problem: str) -> str:
    cleaned = ", ".join(f'{_clean(field)} as "{field}"' for field in fields)
    return f"select {row_number} as row_number, {problem} as problem, {cleaned} from {source}"  # noqa: S608  fields of the allow-list


def _clean(field: str) -> str:
    if field == "platform":
        return (
            f"case when starts_with(platform, 'Partner ') or regexp_matches(platform, {literal(_DEVICE)}) "
            f"then regexp_replace(regexp_replace(platform, {literal(_PARTNER)}, '\\1;-'), {literal(_DEVICE)}, '-', 'g') "
            "else platform end"
        )
    if field.endswith(("uri", "Uri")):
        masked = f"regexp_replace(\"{field}\", {literal(_ACCOUNT)}, 'spotify:user:-', 'g')"
        return f'case when contains("{field}", \'spotify:user:\') then {masked} else "{field}" end'
    return f'"{field}"'


def _write_lines(reader: Reader, kind: Kind, rows: Rows, fields: Iterable[str], path: Path) -> int:
    """Hand rows to DuckDB as lines of JSON that hold known fields only."""
    lines = path.with_suffix(f".{kind.name}.jsonl")
    encode = msgspec.json.Encoder().encode
    with lines.open("wb") as file:
        for number, row in enumerate(rows):
            file.write(encode({"row_number": number} | row) + b"\n")
    known = ("row_number", "problem", *fields)
    source = (
        f"read_json({literal(lines)}, columns = {_columns(known)}, format = 'newline_delimited', auto_detect = false, "
        f"maximum_object_size = {_LARGEST_ROW})"
    )
    rows_written = reader.write(_select(fields, source, "row_number::bigint", "problem"), path)
    lines.unlink()
    return rows_written


def tolerant_rows(member: Member, fields: Iterable[str]) -> Rows:
    """Yield each element's known fields as text, or its problem; one bad element costs no other."""
    known = tuple(fields)
    for element in elements(member.chunks()):
        try:
            said = decoded(element)
        except ValueError:
            yield {"problem": _NOT_TEXT}
            continue
        yield {field: _text(said.get(field)) for field in known} if isinstance(said, dict) else {}


def _text(value: object) -> str | None:
    """Give a value as text; None for an object, a list, and what is longer than any value of Spotify's."""
    match value:
        case None | dict() | list():
            return None
        case str():
            text = value.encode("utf-8", "replace")
            return text.decode() if len(text) <= _LONGEST_VALUE else None
        case bool():
            return str(value).lower()
        case _:
            return str(value)


class _Library(Struct):
    """The two lists of a library that are read; they are walked through without being held."""

    tracks: msgspec.Raw = msgspec.Raw(b"[]")
    playlists: msgspec.Raw = msgspec.Raw(b"[]")


def _library(member: Member) -> Rows:
    for track in _objects_in(_lists_of(member).tracks):
        yield {field: _text(track.get(field)) for field in ("uri", "track", "artist", "album")}


def _playlists(member: Member) -> Rows:
    for playlist in _objects_in(_lists_of(member).playlists):
        items = playlist.get("items")
        for position, item in enumerate(each for each in items if isinstance(each, dict)) if isinstance(items, list) else ():
            track = item.get("track") or item.get("localTrack")
            if not isinstance(track, dict):
                continue  # an episode or an audiobook
            yield {
                "playlist": _text(playlist.get("name")),
                "modified": _text(playlist.get("lastModifiedDate")),
                "position": str(position),
                "added": _text(item.get("addedDate")),
            } | {field: _text(track.get(field)) for field in ("trackUri", "trackName", "artistName", "albumName")}


def _searches(member: Member) -> Rows:
    for search in objects(member.chunks()):
        touched = search.get("searchInteractionURIs")
        for uri in touched if isinstance(touched, list) else ():
            yield {"time": _text(search.get("searchTime")), "uri": _text(uri)}


def _lists_of(member: Member) -> _Library:
    """Give the lists of a library, none where it cannot be read."""
    try:
        return msgspec.json.decode(b"".join(member.chunks()), type=_Library)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Library()


def _objects_in(value: msgspec.Raw) -> Iterator[dict[str, Any]]:
    return objects([bytes(value)]) if bytes(value).startswith(b"[") else iter(())


ROWS: Final[dict[Kind, Callable[[Member], Rows]]] = {LIBRARY: _library, PLAYLISTS: _playlists, SEARCHES: _searches}
FIELDS: Final[dict[Kind, tuple[str, ...]]] = {
    LIBRARY: ("uri", "track", "artist", "album"),
    PLAYLISTS: ("playlist", "modified", "position", "trackUri", "trackName", "artistName", "albumName", "added"),
    SEARCHES: ("time", "uri"),
}
