"""How what rides in a page is spelled: deflated, then in letters that need no escaping.

Base64 says six bits with a letter. Two letters out of ninety-one say thirteen, which saves a twelfth of the page.
"""

import json
import zlib
from array import array
from typing import Any, Final

# All that can be seen of ASCII but what means something in HTML.
LETTERS: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in "<>&")
BITS: Final = 13  # that two letters say
_PAIRS: Final = [LETTERS[number % 91] + LETTERS[number // 91] for number in range(1 << BITS)]
_ALONE: Final = 6  # bits that the last letter says, where it has no second


def deflated(value: Any) -> str:
    """Spell something as deflated JSON."""
    return deflated_text(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def deflated_text(text: str) -> str:
    """Spell a text deflated."""
    return spelled(zlib.compress(text.encode(), 9))


def spelled(content: bytes) -> str:
    """Spell bytes in letters: the lowest thirteen bits first, each with the letter of its remainder first.

    >>> spelled(b"Longplay")
    '$O6q%s!*C7'
    """
    groups = -(-len(content) // BITS)
    padded = content.ljust(BITS * groups + BITS, b"\0")
    pairs = [""] * (8 * groups)
    for place in range(8):
        first, shift = divmod(BITS * place, 8)
        numbers = _three_bytes(padded, first, groups)
        pairs[place::8] = [_PAIRS[number >> shift & (1 << BITS) - 1] for number in numbers]
    needed = -(-8 * len(content) // BITS)
    text = "".join(pairs[:needed])
    return text[:-1] if 0 < 8 * len(content) % BITS < _ALONE else text


def _three_bytes(padded: bytes, first: int, groups: int) -> "array[int]":
    """Give the three bytes that begin at a place of each group of thirteen, as a number."""
    wide = bytearray(4 * groups)
    for byte in range(3):
        wide[byte::4] = padded[first + byte :: BITS][:groups]
    return array("I", bytes(wide))
