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

from longplay.exports.duck import Reader, literal
from longplay.exports.elements import decoded, elements, objects
from longplay.exports.layouts import LIBRARY, PLAYLISTS, SEARCHES, Kind, Recognised
from longplay.exports.members import Member

_LARGEST_ROW: Final = 16 << 20
_LONGEST_VALUE: Final = 2_000  # bytes; Spotify's longest are some 300, and 2,000 rows at once have to fit into memory
_NOT_AN_OBJECT: Final = "not an object"
_NOT_TEXT: Final = "not readable as JSON text"

# Some 660 spellings of `platform` are known; a few hold serial numbers, addresses or other long tokens. A partner's device
# stands third: `Partner amazon_salmon Amazon;Echo_Dot;G090LF1172730ABC;;tpapi`.
_PARTNER: Final = r"^(Partner [^;]*;[^;]*);[^;]+"
_DEVICE: Final = (
    r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f-]{9,}|[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}"
    r"|\d{1,3}(\.\d{1,3}){2}\.[0-9xX]{1,3}|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){3,7}|[0-9A-Fa-f]{1,4}::[0-9A-Fa-f]{1,4}|[^\s;()]+@[^\s;()]+"
    r"|\b[0-9A-Fa-f]{10,}\b|\b[A-Za-z]*\d[0-9A-Za-z]*\d[0-9A-Za-z]*\d[0-9A-Za-z]{7,}\b|[0-9A-Za-z_]{20,}"
)
_HARMLESS: Final = "[A-Za-z_ ]{0,19}"  # as most are
_ACCOUNT: Final = r"spotify:user:[^:]+"

Rows = Iterator[dict[str, Any]]


def write_raw(reader: Reader, what: Recognised, path: Path) -> int:
    """Write the raw rows of one member as Parquet; returns how many there are."""
    if what.kind in ROWS:
        return _write_lines(reader, what.kind, ROWS[what.kind](what.member), FIELDS[what.kind], path)
    fields = what.kind.fields
    try:
        with reader.reading(what.member) as address:
            written = reader.write(
                _select(fields, _read_list(address, fields), "row_number() over () - 1", _is_odd(fields)), path
            )
        is_odd = reader.connection.execute("select count(problem) from read_parquet(?)", [str(path)]).fetchone() != (0,)
    except _NOT_FOR_THE_FAST:
        is_odd, written = True, 0
    return _write_lines(reader, what.kind, tolerant_rows(what.member, fields), fields, path) if is_odd else written


# One element that is no object, one byte that is no text, one key given twice, or rows that do not fit into memory.
_NOT_FOR_THE_FAST: Final = (
    duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException, duckdb.OutOfRangeException,
    duckdb.OutOfMemoryException,
)  # fmt: skip


def _is_odd(fields: Iterable[str]) -> str:
    """Spell the suspicion that a value holds an object, a list or far too much: only reading row by row can tell."""
    looks_nested = '(("{0}" >= \'{{\' and "{0}" < \'|\') or ("{0}" >= \'[\' and "{0}" < \'\\\')) and json_valid("{0}")'
    odd = " or ".join(f'({looks_nested}) or strlen("{{0}}") > {_LONGEST_VALUE}'.format(field) for field in fields)
    return f"case when {odd} then 'odd' end"


def _read_list(address: str, fields: Iterable[str]) -> str:
    return (
        f"read_json({literal(address)}, columns = {_columns(fields)}, format = 'array', auto_detect = false, "
        f"compression = 'none', maximum_object_size = {_LARGEST_ROW})"
    )


def _columns(fields: Iterable[str]) -> str:
    return "{" + ", ".join(f"{literal(field)}: 'VARCHAR'" for field in fields) + "}"


def _select(fields: Iterable[str], source: str, row_number: str, problem: str) -> str:
    cleaned = ", ".join(f'{_clean(field)} as "{field}"' for field in fields)
    return f"select {row_number} as row_number, {problem} as problem, {cleaned} from {source}"  # noqa: S608  fields of the allow-list


def _clean(field: str) -> str:
    if field == "platform":
        return (
            f"case when regexp_full_match(platform, {literal(_HARMLESS)}) then platform else "
            f"regexp_replace(regexp_replace(platform, {literal(_PARTNER)}, '\\1;-'), {literal(_DEVICE)}, '-', 'g') end"
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
    written = reader.write(_select(fields, source, "row_number::bigint", "problem"), path)
    lines.unlink()
    return written


def tolerant_rows(member: Member, fields: Iterable[str]) -> Rows:
    """Yield each element's known fields as text, or its problem; one bad element costs no other."""
    known = tuple(fields)
    for element in elements(member.chunks()):
        try:
            said = decoded(element)
        except ValueError:
            yield {"problem": _NOT_TEXT}
            continue
        if isinstance(said, dict):
            yield {field: _text(said.get(field)) for field in known}
        else:
            yield {"problem": _NOT_AN_OBJECT}


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
