"""Walking through a JSON list without holding it: each element as bytes, good or bad.

DuckDB reads a list faster, but one broken element costs it the whole file. This is for beginnings, and for files with bad rows.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

_MARK: Final = re.compile(rb'["\\{}\[\],]')
_LONGEST: Final = 8 << 20  # no row of Spotify's is a thousandth of this; a list that never closes is given up here


def elements(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each element of a JSON list; raises ValueError where the content is no list.

    >>> list(elements([b'[{"a": "x]"}, ', b'17, {"b": 1']))
    [b'{"a": "x]"}', b'17', b'{"b": 1']
    """
    depth, in_string, started = 0, False, False
    element = bytearray()
    escaped_at = -1
    for chunk in chunks:
        begin, position = 0, 0
        if not started:
            begin = position = _after_bracket(chunk)
            started = True
            depth = 1
        for found in _MARK.finditer(chunk, position):
            at, mark = found.start(), chunk[found.start()]
            if at == escaped_at:
                continue
            if mark == 0x5C:
                escaped_at = at + 1
            elif mark == 0x22:
                in_string = not in_string
            elif in_string:
                continue
            elif mark in b"{[":
                depth += 1
            elif mark in b"}]":
                depth -= 1
                if depth == 0:
                    yield from _whole(element, chunk[begin:at])
                    return
            elif depth == 1:
                yield from _whole(element, chunk[begin:at])
                begin = at + 1
        escaped_at -= len(chunk)
        element += chunk[begin:]
        if len(element) > _LONGEST:
            break
    if started:
        yield from _whole(element, b"")


def _after_bracket(chunk: bytes) -> int:
    text = chunk.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"["):
        raise ValueError("no list")
    return len(chunk) - len(text) + 1


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
        except (msgspec.DecodeError, UnicodeDecodeError):
            continue
        if isinstance(decoded, dict):
            yield decoded
