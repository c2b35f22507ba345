"""Every music play as a few columns of small numbers that a browser opens at once.

A column is split into its lowest bytes, then its second lowest, and so on: alike bytes lie together and deflate well.
A play whose length is the usual one of its entry carries no length at all; the others' lie together by kind. When a play
began is told by how far that is from the end of the one before.
"""

import json
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain, compress
from typing import Any, Final

import duckdb

from longplay.report import queries
from longplay.report.numbering import LENGTHS, NAMES, NEAR_LENGTH, OF, PLAYS, USUAL_LENGTH, numbered
from longplay.report.reports import packed_reports
from longplay.report.spelling import spelled

COUNTED: Final = 1
AT_ONCE: Final = 10_000  # rows
BY_STRINGS: Final = frozenset({"names", "of"})  # the columns in which more comes again than single bytes


@dataclass(frozen=True)
class Packed:
    """A listener's music, ready to ride in a page."""

    columns: dict[str, str]
    plays: int
    first_on: date | None
    last_on: date | None


def packed_plays(connection: duckdb.DuckDBPyConnection, user: str, **more: Any) -> Packed:
    """Give all music plays of a listener, with the names and the little tables they need, deflated.

    The same for the same plays; `more` goes along with the little tables.
    """
    with numbered(connection, user):
        steps, entries, ms, flags = _columns(connection, PLAYS)
        marks = bytes(iter(flags))
        (usual,) = _columns(connection, LENGTHS)
        columns = {
            "minutes": planes(steps),
            "entries": planes(entries),
            "usual": planes(usual),
            "lengths": planes(_unusual(ms, marks)),
            "flags": marks,
            "of": planes(chain.from_iterable(column for sql in OF for column in _columns(connection, sql))),
            "names": _names(connection),
        }
        reports = packed_reports(connection, user, **more)
    first_on, last_on = connection.execute(queries.SPAN, {"user": user}).fetchall()[0]
    counted = marks.translate(bytes(flag & COUNTED for flag in range(256))).count(COUNTED)
    packed = {name: spelled(_deflated(content, by_strings=name in BY_STRINGS)) for name, content in columns.items()}
    return Packed(packed | {"reports": reports}, counted, first_on, last_on)


def _columns(connection: duckdb.DuckDBPyConnection, sql: str) -> "list[array[int]]":
    """Give the columns of a query as arrays of numbers below 2^32."""
    asked, numbers = connection.execute(sql), array("I")
    while rows := asked.fetchmany(AT_ONCE):
        numbers.extend(chain.from_iterable(rows))
    width = len(asked.description or ())
    return [numbers[place::width] for place in range(width)]


def _unusual(ms: "array[int]", flags: bytes) -> "array[int]":
    """Give what there is to say of lengths that are not the usual: the nearly usual, then counted plays, then the rest."""
    kinds = flags.translate(bytes(_kind(flag) for flag in range(256)))
    return array("I", chain.from_iterable(compress(ms, map(kind.__eq__, kinds)) for kind in (1, 2, 3)))


def _kind(flag: int) -> int:
    if flag & USUAL_LENGTH:
        return 0
    return 1 if flag & NEAR_LENGTH else 2 if flag & COUNTED else 3


def _names(connection: duckdb.DuckDBPyConnection) -> bytes:
    """Spell the names of artists, recordings and albums once, as lists, and the addresses of recordings."""
    lists = {what: _transposed(connection.execute(sql)) for what, sql in NAMES.items()}
    return json.dumps(lists, ensure_ascii=False, separators=(",", ":")).encode()


def _transposed(asked: duckdb.DuckDBPyConnection) -> list[Any]:
    """Give the columns of an answer, also where it has no rows."""
    width = len(asked.description or ())
    return list(zip(*asked.fetchall(), strict=True)) or [()] * width


def planes(numbers: Iterable[int]) -> bytes:
    """Lay numbers below 2^32 out byte by byte: all lowest bytes first.

    >>> planes([1, 2, 259]).hex(" ")
    '01 02 03 00 00 01 00 00 00 00 00 00'
    """
    raw = array("I", numbers).tobytes()
    return b"".join(raw[place::4] for place in range(4))


def _deflated(content: bytes, *, by_strings: bool) -> bytes:
    """Deflate; looking for strings costs time and, where only bytes come again, room."""
    deflate = zlib.compressobj(strategy=zlib.Z_DEFAULT_STRATEGY if by_strings else zlib.Z_RLE)
    return deflate.compress(content) + deflate.flush()
