"""Walking through a JSON list without holding it: each element as bytes, good or bad.

DuckDB reads a list faster, but one broken element costs it the whole file. This is for beginnings, and for files with bad rows.
What is broken costs as little as can be: behind a lost quote or bracket, reading goes on where the next object begins.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Final

_LONGEST: Final = 8 << 20  # no row of Spotify's is a thousandth of this; an element that never closes is given up here
_CLOSED_BY: Final = {b"{": b"}", b"[": b"]"}
_DIGITS: Final = 4_000  # Python makes no number of more

_WHOLE_TEXT: Final = rb'"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+"'
_PLAIN: Final = rb"[\w.+-]++"
_PARTS: Final = {b"text": _WHOLE_TEXT, b"plain": _PLAIN}
_BETWEEN: Final = re.compile(rb"(?:[\s,]|\xef\xbb\xbf)*+")
_SIMPLE: Final = re.compile(  # what nearly every row is: an object of texts and numbers
    rb'(?:\{\s*+(?:%(text)b\s*+:\s*+(?:%(text)b|%(plain)b)\s*+(?:,\s*+(?=")|(?=\})))*+\}|%(text)b|%(plain)b)(?=\s*+[,\]{])'
    % _PARTS
)
_TOKEN: Final = re.compile(rb"\s*+(?:%(text)b(?=\s*+[:,}\]])|%(plain)b|[:,]|(?P<bracket>[{}\[\]]))\s*+" % _PARTS)
_BEGUN: Final = re.compile(rb'\s*+(?:%(text)b\s*+|"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+\\?)?\Z' % _PARTS)
_BEFORE_A_ROW: Final = (b",", b"}", b"]")
_NEXT_OBJECT: Final = re.compile(rb"[,}\]]\s*+(?=\{)")


def elements(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield each element of a JSON list, the last one also where the list is cut off, and what stands behind the list.

    >>> list(elements([b'[{"a": "x]"}, ', b'17, {"b": 1']))
    [b'{"a": "x]"}', b'17', b'{"b": 1']
    >>> list(elements([b'[{"a": "lost}, {"b": 1}] [{"c": 2}]']))
    [b'{"a": "lost}', b'{"b": 1}', b'{"c": 2}']
    """
    walk = _Walk()
    for chunk in chunks:
        yield from walk.through(chunk)
    yield from walk.through(b"]", is_last=True)


class _End(Enum):
    """How an element ends: closed, where the text at hand does, or where it can be no JSON."""

    CLOSED = auto()
    OPEN = auto()
    BROKEN = auto()


class _Walk:
    """A walk through a list that arrives in chunks; it holds what it has not passed yet."""

    def __init__(self) -> None:
        self._text = b""
        self._at = 0
        self._is_inside = False  # of the list's own brackets
        self._needed = 0  # bytes before another look at a long element is worth it
        self._is_lost = False  # in a broken element whose end has not come yet

    def through(self, chunk: bytes, *, is_last: bool = False) -> Iterator[bytes]:
        """Yield the elements that end in this chunk."""
        self._text, self._at = self._text[self._at :] + chunk, 0
        if len(self._text) < self._needed and not is_last:
            return
        self._needed = 0
        while self._goes_on():
            if simple := _SIMPLE.match(self._text, self._at):
                self._at = simple.end()
                yield simple[0]
                continue
            begin, (place, end, inner) = self._at, _followed(self._text, self._at)
            if end is _End.CLOSED:
                self._at = place
                yield self._text[begin:place].rstrip()
            elif end is _End.OPEN and not is_last and len(self._text) - begin <= _LONGEST:
                self._needed = 2 * (len(self._text) - begin)
                return
            else:
                yield from self._around(place if end is _End.BROKEN else len(self._text), inner)

    def _goes_on(self) -> bool:
        """Go to the beginning of the next element; false where the text at hand ends before it."""
        if self._is_lost:
            found = _NEXT_OBJECT.search(self._text, self._at)
            self._is_lost = found is None
            self._at = found.end() if found else max(self._at, len(self._text.rstrip()) - 1)
        while not self._is_lost:
            self._at = _BETWEEN.match(self._text, self._at).end()  # pyright: ignore[reportOptionalMemberAccess]  it always matches
            mark = self._text[self._at : self._at + 1]
            if mark != b"]" and (mark != b"[" or self._is_inside):
                return bool(mark)
            self._is_inside = mark == b"["
            self._at += 1
        return False

    def _around(self, fault: int, inner: list[int]) -> Iterator[bytes]:
        """Yield a broken element, cut where objects begin inside of it, and go to the next object."""
        if not inner:
            found = _NEXT_OBJECT.search(self._text, max(self._at, fault - 1))
            self._is_lost = found is None
            inner = [found.end() if found else len(self._text)]
        begin = self._at
        for end in inner:
            begin, self._at = self._at, end
            yield self._text[begin:end].strip(b" \t\r\n,]")
        self._at = max(begin, len(self._text.rstrip()) - 1) if self._is_lost else self._at


def _followed(text: bytes, at: int) -> tuple[int, _End, list[int]]:
    """Follow brackets and texts from the beginning of an element: how far that goes, how it ends, what may be rows inside."""
    begin, awaited, inner, before = at, list[bytes](), list[int](), b""
    while token := _TOKEN.match(text, at):
        bracket = token["bracket"]
        if bracket == b"{" and before in _BEFORE_A_ROW and at > begin:
            inner.append(token.start("bracket"))
        at, before = token.end(), token[0].strip()
        if bracket in _CLOSED_BY:
            awaited.append(_CLOSED_BY[bracket])
        elif bracket and awaited[-1:] != [bracket]:
            return at, _End.BROKEN, inner
        elif bracket:
            awaited.pop()
        if not awaited:
            return at, _End.CLOSED if bracket else _End.OPEN if at == len(text) else _End.BROKEN, inner
    return at, _End.OPEN if _BEGUN.match(text, at) else _End.BROKEN, inner


def decoded(element: bytes) -> object:
    """Give what an element says; raises `ValueError` where it is no JSON text.

    >>> decoded(b'{"ts": 1, "ts": 2, "ms_played": NaN}')  # of a key given twice the first value counts, as for DuckDB
    {'ms_played': 'NaN', 'ts': 1}
    """
    try:
        return _DECODER.decode(element.decode())
    except RecursionError as error:
        raise ValueError("nested without end") from error


def _firsts(pairs: list[tuple[str, object]]) -> dict[str, object]:
    return dict(reversed(pairs))


def _number(text: str) -> int | float | str:
    """Make a number of what can be one; other numbers stay as they are written."""
    if text.lstrip("-").isdigit():
        return int(text) if len(text) < _DIGITS else text
    return float(text) if math.isfinite(float(text)) else text


# Python's own reader takes NaN, numbers without bounds and halves of a character.
_DECODER: Final = json.JSONDecoder(object_pairs_hook=_firsts, parse_int=_number, parse_float=_number, parse_constant=str)


def objects(chunks: Iterable[bytes]) -> Iterator[dict[str, object]]:
    """Yield those elements that are objects; what is broken is passed over."""
    for element in elements(chunks):
        try:
            said = decoded(element)
        except ValueError:
            continue
        if isinstance(said, dict):
            yield said
