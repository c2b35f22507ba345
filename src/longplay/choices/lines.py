"""Where things stand in a TOML file of tables, and how one is put in or taken out, so that all else stays as somebody wrote it.

This knows headers and keys, not all of TOML. So whoever changes a text reads it again, and compares.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct, field

_HEADER: Final = re.compile(r"\s*\[\[?\s*([^\[\],=]+?)\s*\]\]?\s*(#.*)?")
_KEY: Final = re.compile(r"\s*([\w-]+)\s*=")
_STEP: Final = re.compile(r"\.([\w-]+)|\[(\d+)\]")


class Block(Struct):
    """One table of a text: its header, which of that name it is, and the lines (from 1) of its header and keys."""

    header: str
    nth: int
    line: int
    keys: dict[str, int] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """The line of its last key."""
        return max(self.keys.values(), default=self.line)


def blocks(text: str) -> list[Block]:
    r"""List the tables of a text in order; the first is what stands before any header.

    >>> [(block.header, block.nth, block.line) for block in blocks("a = 1\n[[exclude]]\n[[exclude]]\n")]
    [('', 0, 0), ('exclude', 0, 2), ('exclude', 1, 3)]
    """
    found = [Block("", 0, 0)]
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.fullmatch(line):
            name = re.sub(r"[\s\"']", "", header[1])
            found.append(Block(name, sum(block.header == name for block in found), number))
        elif key := _KEY.match(line):
            found[-1].keys.setdefault(key[1], number)
    return found


def line_of(text: str, header: str, path: str) -> int | None:
    r"""Find the line of what a path names below a header, or of the nearest thing around it.

    >>> line_of('[[exclude]]\nartist = "A"\n[[exclude]]\nartist = 3', "", ".exclude[1].artist")
    4
    """
    steps = [(name, int(nth or 0)) for name, nth in _STEP.findall(path)]
    names = [name for name, _ in steps if name]
    nth = max((number for name, number in steps if not name), default=0)
    tables = {(block.header, block.nth): block for block in blocks(text)}
    for depth in range(len(names), -1, -1):
        block = tables.get((".".join(filter(None, (header, *names[:depth]))), nth if depth else 0))
        if block:
            return next((block.keys[name] for name in names[depth:] if name in block.keys), block.line or None)
    return None


def with_table(text: str, header: str, values: Mapping[str, object]) -> str:
    """Give the text with one more table of a list at its end.

    >>> print(with_table("# mine", "exclude", {"artist": "Rain"}), end="")
    # mine
    <BLANKLINE>
    [[exclude]]
    artist = "Rain"
    """
    before = f"{text.rstrip()}\n\n" if text.strip() else ""
    return "\n".join([f"{before}[[{header}]]", *_assigned(values)]) + "\n"


def _assigned(values: Mapping[str, object]) -> Iterator[str]:
    for key, value in values.items():
        yield f"{key} = {_quoted(value) if isinstance(value, str) else value}"


def _quoted(text: str) -> str:
    r"""Spell a text as TOML does: as JSON, but for one character.

    >>> print(_quoted('the "Rain"'))
    "the \"Rain\""
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def without_table(text: str, header: str, nth: int) -> str:
    r"""Give the text without the nth table of a list: from its header to its last key, and the empty line that parted it.

    >>> without_table('[[exclude]]\nartist = "A"\n\n# why\n[[exclude]]\nartist = "B"\n', "exclude", 0)
    '# why\n[[exclude]]\nartist = "B"\n'
    """
    block = next((block for block in blocks(text) if (block.header, block.nth) == (header, nth)), None)
    if block is None:
        return text
    lines = text.split("\n")
    end = block.end + (block.end < len(lines) and not lines[block.end].strip())
    return "\n".join(lines[: block.line - 1] + lines[end:])
