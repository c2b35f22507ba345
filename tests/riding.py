"""What rides in a page, opened again: the way back from how `longplay.report.spelling` spells it."""

import re
import zlib

from longplay.report.spelling import LETTERS


def riding(html: str) -> dict[str, bytes]:
    """Give everything that rides deflated in a page, by its name."""
    packed = re.findall(r'<script type="text/plain" id="([\w-]+)">([^<]*)</script>', html)
    return {name: zlib.decompress(unspelled(text)) for name, text in packed}


def unspelled(text: str) -> bytes:
    """Give the bytes that a text of ninety-one letters stands for."""
    values = {letter: value for value, letter in enumerate(LETTERS)}
    held = bits = 0
    content = bytearray()
    for first, second in zip(text[::2], [*text[1::2], None], strict=False):
        held |= (values[first] + (91 * values[second] if second else 0)) << bits
        bits += 13 if second else 6
        while bits >= 8:
            content.append(held & 255)
            held, bits = held >> 8, bits - 8
    return bytes(content)
