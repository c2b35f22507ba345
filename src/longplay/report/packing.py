"""Every music play as a few columns of small numbers that a browser opens at once.

A column is split into its lowest bytes, then its second lowest, and so on: alike bytes lie together and deflate well.
A play whose length is the usual one of its entry carries no length at all.
"""

import base64
import json
import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from longplay.report import queries

USUAL_LENGTH: Final = 32  # the bit of `flags` that stands for a play of the usual length
LINKED: Final = 1500  # so many recordings carry the address of their track; a list of top tracks needs no more


@dataclass(frozen=True)
class Packed:
    """A listener's music, ready to ride in a page."""

    columns: dict[str, str]
    plays: int
    first_on: date | None
    last_on: date | None


def packed_plays(connection: duckdb.DuckDBPyConnection, user: str) -> Packed:
    """Give all music plays of a listener, with the names they need, as deflated columns."""
    rows = connection.execute(queries.PLAYS, {"user": user}).fetchall()
    first_on, last_on = connection.execute(queries.SPAN, {"user": user}).fetchall()[0]
    return Packed(_columns(rows, _dictionary(connection, user)), sum(row[3] & 1 for row in rows), first_on, last_on)


def _columns(rows: Sequence[tuple[int, ...]], names: dict[str, list[Any]]) -> dict[str, str]:
    """Give every column under the name the page opens it by."""
    minutes, entries, lengths, flags = zip(*rows, strict=True) if rows else ((), (), (), ())
    unusual = [length for length, flag in zip(lengths, flags, strict=True) if not flag & USUAL_LENGTH]
    text = json.dumps(names, ensure_ascii=False, separators=(",", ":"))
    return {
        "minutes": _deflated(planes(minutes)),
        "entries": _deflated(planes(entries)),
        "lengths": _deflated(planes(unusual)),
        "flags": _deflated(bytes(flags)),
        "names": _deflated(text.encode()),
    }


def _dictionary(connection: duckdb.DuckDBPyConnection, user: str) -> dict[str, list[Any]]:
    """Give the names of artists, recordings and albums once, and for each entry their numbers."""
    artists, recordings, albums = Numbered(), Numbered(), Numbered()
    entries: list[list[int]] = []
    for recording, track, uri, artist, artist_name, album, length in connection.execute(
        queries.DICTIONARY, {"user": user}
    ).fetchall():
        by = artists.number(artist, artist_name)
        what = recordings.number(recording, track, by, _linked(uri, len(recordings.rows)))
        entries.append([what, by, albums.number(album and (artist, album), album, by), length])
    return {
        "artists": artists.rows,
        "recordings": _transposed(recordings.rows, 3),
        "albums": _transposed(albums.rows, 2),
        "entries": _transposed(entries, 4),
    }


class Numbered:
    """Things in the order they were first met; a thing without a key has the number -1."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.rows: list[Any] = []
        self._numbers: dict[Any, int] = {}

    def number(self, key: object, *facts: object) -> int:
        """Give the number of a thing, noting its facts at the first meeting."""
        if key is None:
            return -1
        if key not in self._numbers:
            self._numbers[key] = len(self.rows)
            self.rows.append(facts[0] if len(facts) == 1 else facts)
        return self._numbers[key]


def _linked(uri: str | None, number: int) -> str:
    """Give the id of a track's address on Spotify, for the recordings played most."""
    return uri.removeprefix("spotify:track:") if uri and uri.startswith("spotify:track:") and number < LINKED else ""


def _transposed(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Turn rows into columns, also where there are none."""
    return [[row[place] for row in rows] for place in range(width)]


def planes(numbers: Iterable[int]) -> bytes:
    """Lay numbers below 2^32 out byte by byte: all lowest bytes first.

    >>> planes([1, 2, 259]).hex(" ")
    '01 02 03 00 00 01 00 00 00 00 00 00'
    """
    raw = array("I", [min(max(number, 0), 2**32 - 1) for number in numbers]).tobytes()
    return b"".join(raw[place::4] for place in range(4))


def _deflated(content: bytes) -> str:
    """Deflate and spell in base64, which needs no escaping in a page."""
    return base64.b64encode(zlib.compress(content, 9)).decode()
