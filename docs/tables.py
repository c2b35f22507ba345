"""What the written pages have in common: tables in Markdown, and where a page goes."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
CODE: Final = re.compile(r"(`[^`]+`)")


def table(head: tuple[str, ...], rows: Iterable[Iterable[object]]) -> str:
    r"""Spell a table; nothing where there are no rows.

    >>> print(table(("option", "meaning"), [("`--a <b>`", "this|that <b>")]))
    | option | meaning |
    |---|---|
    | `--a <b>` | this\|that &lt;b> |
    <BLANKLINE>
    """
    lines = [_row(row) for row in rows]
    return "\n".join([_row(head), "|" + "---|" * len(head), *lines, ""]) if lines else ""


def _row(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: object) -> str:
    """Spell words on one line, so that they are neither the table's bars nor a tag; code is code."""
    parts = CODE.split(" ".join(str(text).split()).replace("|", "\\|"))
    parts[::2] = [words.replace("<", "&lt;") for words in parts[::2]]
    return "".join(parts)


def code(text: object) -> str:
    """Spell something as code; an empty thing stays empty."""
    return f"`{text}`" if str(text) else ""


def write(page: str, text: str) -> None:
    """Write one page below docs/."""
    (ROOT / "docs" / page).write_text(text, encoding="utf-8")
