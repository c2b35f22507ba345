"""From a member to rows as Spotify wrote them: every kept field as text, in a temporary table of DuckDB.

DuckDB reads a list of rows straight from the archive. One bad element costs it the whole file, so a file it refuses is read
again here, element by element; then only the bad ones are lost, and `fault` says why.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

import duckdb
import msgspec

from longplay.exports.cleaning import cleaned_platform
from longplay.exports.elements import elements
from longplay.exports.extras import EXTRAS
from longplay.exports.files import MemberFiles
from longplay.exports.layouts import Kind, Recognised
from longplay.exports.members import Member

Row = dict[str, str | int | None]

TABLE: Final = "member"
_BATCH: Final = 5_000
_HELD: Final = 64 << 20  # a file up to this size is taken apart in memory
_LARGEST_ROW: Final = 2 << 20

NO_OBJECT: Final = "not an object"
NO_TEXT: Final = "bytes that are no text"
NO_JSON: Final = "broken JSON"
NESTED: Final = "a list or an object where a text belongs"
NO_LIST: Final = "the file holds no list"


def read_rows(connection: duckdb.DuckDBPyConnection, files: MemberFiles, part: Recognised) -> str:
    """Fill the temporary table with the rows of a member; returns the relation to read them from.

    It has `row_number`, `fault` (why a row cannot be read) and every field of the kind as text.
    """
    connection.execute(f"drop table if exists {TABLE}")
    relation = _read(connection, files, part)
    _clean(connection, part.kind)
    return relation


def _read(connection: duckdb.DuckDBPyConnection, files: MemberFiles, part: Recognised) -> str:
    if part.kind.name in EXTRAS:
        return _insert(connection, files, part.kind, EXTRAS[part.kind.name](part.member))
    if not part.is_list:
        return _insert(connection, files, part.kind, iter([{"row_number": 0, "fault": NO_LIST}]))
    try:
        with files.serving(part.member.opened) as url:
            _create_from_list(connection, part.kind, url)
    except duckdb.Error:
        return _insert(connection, files, part.kind, tolerant_rows(part.member, part.kind))
    if _has_nested(connection, part.kind):
        connection.execute(f"drop table {TABLE}")
        return _insert(connection, files, part.kind, tolerant_rows(part.member, part.kind))
    return f"(select rowid as row_number, cast(null as varchar) as fault, * from {TABLE})"  # noqa: S608  our own table


def _create_from_list(connection: duckdb.DuckDBPyConnection, kind: Kind, url: str) -> None:
    connection.execute(
        f"create temp table {TABLE} as select * from read_json(?, format = 'array', compression = 'none', "  # noqa: S608
        f"maximum_object_size = {_LARGEST_ROW}, columns = {{{_columns(kind.fields)}}})",
        [url],
    )


def _columns(fields: Sequence[str]) -> str:
    return ", ".join(f"{field}: 'VARCHAR'" for field in fields)


def _has_nested(connection: duckdb.DuckDBPyConnection, kind: Kind) -> bool:
    """Say whether some value may have been a list or an object: read as text, they look like JSON."""
    suspicious = " or ".join(
        f"(({field} >= '[' and {field} < '\\') or ({field} >= '{{' and {field} < '|')) and json_valid({field})"
        for field in kind.fields
    )
    found = connection.execute(f"select 1 from {TABLE} where {suspicious} limit 1").fetchone()  # noqa: S608  fields of ours
    return found is not None


def _insert(connection: duckdb.DuckDBPyConnection, files: MemberFiles, kind: Kind, rows: Iterator[Row]) -> str:
    fields = ", ".join(f"{field} varchar" for field in kind.fields)
    connection.execute(f"create temp table {TABLE} (row_number bigint, fault varchar, {fields})")
    while batch := list(islice(rows, _BATCH)):
        lines = b"\n".join(msgspec.json.encode(row) for row in batch)
        with files.serving_bytes(lines) as url:
            connection.execute(
                f"insert into {TABLE} select * from read_json(?, format = 'newline_delimited', compression = 'none', "  # noqa: S608
                f"maximum_object_size = {_LARGEST_ROW * 8}, "
                f"columns = {{row_number: 'BIGINT', fault: 'VARCHAR', {_columns(kind.fields)}}})",
                [url],
            )
    return TABLE


def tolerant_rows(member: Member, kind: Kind) -> Iterator[Row]:
    """Yield a row for each element of a member, numbered; a bad one with its fault."""
    for number, element in enumerate(_elements(member)):
        yield {"row_number": number, **_row(element, kind.fields)}


def _elements(member: Member) -> Iterable[bytes | msgspec.Raw]:
    if member.size <= _HELD:
        try:
            return msgspec.json.decode(b"".join(member.chunks()), type=list[msgspec.Raw])
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass
    return elements(member.chunks())


def _row(element: bytes | msgspec.Raw, fields: Sequence[str]) -> Row:
    try:
        decoded = msgspec.json.decode(element)
    except UnicodeDecodeError:
        return {"fault": NO_TEXT}
    except (msgspec.MsgspecError, RecursionError):
        return {"fault": NO_JSON if _is_text(element) else NO_TEXT}
    if not isinstance(decoded, dict):
        return {"fault": NO_OBJECT}
    kept = {field: decoded.get(field) for field in fields}
    row: Row = {field: _text(value) for field, value in kept.items()}
    is_nested = any(isinstance(value, dict | list) for value in kept.values())
    return row | {"fault": NESTED} if is_nested else row


def _is_text(element: bytes | msgspec.Raw) -> bool:
    try:
        bytes(element).decode()
    except UnicodeDecodeError:
        return False
    return True


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return None
    return None if value is None else str(value)


def _clean(connection: duckdb.DuckDBPyConnection, kind: Kind) -> None:
    for field in kind.fields:
        if field.lower().endswith("uri"):
            connection.execute(
                f"update {TABLE} set {field} = regexp_replace({field}, '(?i)(spotify:user:)[^:]+', '\\1-', 'g') "  # noqa: S608
                f"where contains(lower({field}), 'spotify:user:')"
            )
    if "platform" in kind.fields:
        _clean_platforms(connection)


def _clean_platforms(connection: duckdb.DuckDBPyConnection) -> None:
    seen = connection.execute(f"select distinct platform from {TABLE} where platform is not null").fetchall()  # noqa: S608
    for (platform,) in seen:
        if (clean := cleaned_platform(platform)) != platform:
            connection.execute(f"update {TABLE} set platform = ? where platform = ?", [clean, platform])  # noqa: S608
