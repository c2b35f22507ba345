"""Names on a picture: how wide they are, where they are cut, and what stands for letters that no font here has.

A picture is drawn without a browser, with our two typefaces and whatever the machine has besides. A name comes from a stranger
and may hold anything: what steers text or is no text goes, emoji go where no font draws them, and a name in letters that no
font draws is told by its script, for a row of boxes is no name.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import escape
from io import BytesIO
from typing import Any, Final

from fontTools.ttLib import TTFont

from longplay.report.fonts import fonts_to_draw_with
from longplay.report.look import DISPLAY, TEXT

PLAIN, BOLD, HEADLINE = f"{TEXT} 400", f"{TEXT} 600", f"{DISPLAY} 700"
TIGHT: Final = -0.03  # of the size of a headline, between its letters
OTHER_FONT: Final = 1.2  # so much wider a text may be that another font has to draw
LONGEST: Final = 400  # letters that are looked at; none of them shows so many
ELLIPSIS: Final = "…"
_STEERING: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_JOINERS: Final = "\u200c\u200d"  # what holds letters of Arabic and of India together, or emoji
_WIDE: Final = frozenset({"W", "F"})
_SCRIPTS: Final = {"HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean", "CJK": "Chinese characters"}
_EMPTY: Final = re.compile(r"\(\s*\)|\[\s*\]")


def clean(text: str) -> str:
    r"""Take out what is no letter: controls, what turns the direction of all that follows, halves of characters.

    >>> clean("a\x00b\u202ec\nd  e\ud800")
    'abc d e'
    """
    spaced = (" " if letter.isspace() else letter for letter in text[:LONGEST])
    left = (letter for letter in spaced if letter in _JOINERS or unicodedata.category(letter) not in _STEERING)
    return unicodedata.normalize("NFC", " ".join("".join(left).split()))


def escaped(text: str) -> str:
    """Spell a text inside of an SVG."""
    return escape(text, quote=True)


def width(text: str, font: str, size: float) -> float:
    """Tell how wide a text is about, in the units of `size`."""
    advances, em = _advances(font)
    spacing = TIGHT * len(text) if font == HEADLINE else 0
    wide = size * (sum(advances.get(ord(letter), _guessed(letter) * em) for letter in text) / em + spacing)
    return wide if all(ord(letter) in advances for letter in text) else wide * OTHER_FONT


def _guessed(letter: str) -> float:
    """Guess how wide a letter of another font is: East Asia writes in squares, marks stand on the letter before."""
    if unicodedata.category(letter) in {"Mn", "Me"} or letter in _JOINERS:
        return 0
    return 1 if unicodedata.east_asian_width(letter) in _WIDE else 0.62


@cache
def _advances(font: str) -> tuple[dict[int, int], int]:
    opened: Any = TTFont(BytesIO(fonts_to_draw_with()[font]))
    widths = opened["hmtx"].metrics
    return {code: widths[glyph][0] for code, glyph in opened.getBestCmap().items()}, opened["head"].unitsPerEm


def cut(text: str, font: str, size: float, room: float) -> str:
    """Give a text that is no wider than `room`, with an ellipsis where it was; never between a letter and its marks."""
    if width(text, font, size) <= room:
        return text
    end = len(text)
    while end and (_goes_on(text, end) or width(text[:end].rstrip() + ELLIPSIS, font, size) > room):
        end -= 1
    return text[:end].rstrip() + ELLIPSIS


def _goes_on(text: str, end: int) -> bool:
    """Say whether a text cut here would tear what belongs together."""
    beside = text[end - 1 : end + 1]
    return any(letter in _JOINERS for letter in beside) or unicodedata.category(beside[-1])[0] == "M"


def wrapped(text: str, font: str, size: float, room: float) -> list[str]:
    """Break a sentence into as few lines as fit, all about equally long."""
    lines = _filled(text, font, size, room)
    for step in range(20, 1, -1):  # the narrowest that needs no more lines
        narrower = _filled(text, font, size, room * step / 20)
        if len(narrower) > len(lines) or max(width(line, font, size) for line in narrower) > room:
            break
        lines = narrower
    return lines


def _filled(text: str, font: str, size: float, room: float) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):  # what must not be parted is held by a space of its own
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, font, size) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def readable(name: str) -> str:
    """Give a name as this machine can draw it: whole, without its emoji, in part, or told by its script."""
    name = clean(name)
    missing = {letter for letter in name if not can_draw(letter)}
    if not missing:
        return name
    left = "".join(letter for letter, base in _on_their_letters(name) if base not in missing)
    left = " ".join(_EMPTY.sub("", left).split()).strip("\ufe0f" + _JOINERS)
    lost = [letter for letter in missing if unicodedata.category(letter)[0] == "L"]
    if any(letter.isalnum() for letter in left):
        return left
    return f"A name in {_script(lost)}" if lost else "A name of signs alone"


def _on_their_letters(name: str) -> Iterator[tuple[str, str]]:
    """Yield every letter and the one it stands on: a mark without its letter is nothing."""
    base = ""
    for letter in name:
        base = base if unicodedata.category(letter)[0] == "M" else letter
        yield letter, base


def _script(letters: list[str]) -> str:
    """Name the script of letters.

    >>> _script(["ひ", "宇"]), _script(["ไ"])
    ('Japanese', 'Thai')
    """
    words = {unicodedata.name(letter, "unknown letters").split(" ")[0].split("-")[0] for letter in letters}
    known = [name for script, name in _SCRIPTS.items() if script in words]
    return known[0] if known else min(words).capitalize()


@cache
def can_draw(letter: str) -> bool:
    """Say whether a letter can be drawn here: whether its picture is another one than that of a letter nobody has."""
    if ord(letter) in _advances(PLAIN)[0] or unicodedata.category(letter)[0] in "ZMC":
        return True
    return _drawn(letter) not in {_drawn("\u0378"), _drawn(" ")}


@cache
def _drawn(letter: str) -> bytes:
    from longplay.report.picture import png  # noqa: PLC0415 - which draws text, so it asks here

    text = f'<text x="8" y="30" font-family="{TEXT}" font-size="24">{escaped(letter)}</text>'
    return png(f'<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48">{text}</svg>')
