"""Walking through a JSON list without holding it: each element as bytes, good or bad.

DuckDB reads a list faster, but one broken element costs it the whole file. This is for beginnings, and for files with bad rows.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

_MARK: Final = re.compile(rb'["\\{}\[\],]')
_OPENING: Final = (b"{", b"[")
_CLOSING: Final = (b"}", b"]")
_END_OF_CHUNK: Final = b""
_LONGEST: Final = 8 << 20  # no row of Spotify's is a thousandth of this; a list that never closes is given up here


def elements(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each element of a JSON list, the last one also where the list is cut off.

    >>> list(elements([b'[{"a": "x]"}, ', b'17, {"b": 1']))
    [b'{"a": "x]"}', b'17', b'{"b": 1']
    """
    depth, begin, element = 0, 0, bytearray()
    for chunk, at, mark in _marks(chunks):
        depth += (mark in _OPENING) - (mark in _CLOSING)
        if depth == 1 and mark in _OPENING:
            element.clear()
            begin = at + 1
        elif mark == _END_OF_CHUNK:
            element += chunk[begin:]
            begin = 0
        elif depth == 0 or (depth == 1 and mark == b","):
            yield from _whole(element, chunk[begin:at])
            begin = at + 1
            if depth == 0:
                return
        if len(element) > _LONGEST:
            break
    yield from _whole(element, b"")


def _marks(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield every bracket and comma that stands outside of a string, with its chunk and place; and each chunk's end."""
    in_string, escaped_at = False, -1
    for chunk in chunks:
        for found in _MARK.finditer(chunk):
            at, mark = found.start(), found.group()
            if at == escaped_at:
                continue
            if mark == b"\\":
                escaped_at = at + 1
            elif mark == b'"':
                in_string = not in_string
            elif not in_string:
                yield chunk, at, mark
        escaped_at -= len(chunk)
        yield chunk, len(chunk), _END_OF_CHUNK


def _whole(element: bytearray, rest: bytes) -> Iterator[bytes]:
    element += rest
    text = bytes(element).strip()
    element.clear()
    if text:
        yield text


def objects(chunks: Iterable[bytes]) -> Iterator[dict[str, object]]:
    """Yield those elements that are objects; what is broken is passed over."""
    for element in elements(chunks):
        try:
            decoded = msgspec.json.decode(element)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if isinstance(decoded, dict):
            yield decoded
