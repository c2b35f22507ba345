"""The code blocks of a document, for tests that do what it says."""

import re
from pathlib import Path
from typing import NamedTuple

_BLOCK = re.compile(r"^(?P<indent> *)```(?P<language>[\w-]*)[^\n]*\n(?P<text>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)`")


class Block(NamedTuple):
    """A block: its language, its text, and the first file that the paragraph above it names: the one it goes into."""

    language: str
    text: str
    file: str


def blocks(page: Path, *languages: str) -> list[Block]:
    """Give the blocks of a document in their order, all of them or those of some languages."""
    text = page.read_text(encoding="utf-8")
    found = [Block(match["language"], _dedented(match), _above(text[: match.start()])) for match in _BLOCK.finditer(text)]
    return [block for block in found if not languages or block.language in languages]


def _dedented(match: re.Match[str]) -> str:
    return re.sub(f"^{match['indent']}", "", match["text"], flags=re.MULTILINE)


def _above(before: str) -> str:
    named = _FILE.search(before.rstrip().rpartition("\n\n")[2])
    return named[1] if named else ""
