"""Figures beside their bars: a table for the terminal and for `docs/performance.md`."""

import platform
import re
from collections.abc import Iterable, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

_PARTS: Final = ("duckdb", "dbt-core", "dbt-duckdb", "isal", "msgspec")
_BEGIN: Final = """# Performance

Written by `make bench`; each run renews the section of its size. Every figure is a median of fresh processes that ran by turns
on one machine, so ratios mean more than seconds. CPU is user and system seconds of a process and all it started, its start
included; memory is the peak of its largest process. Increments are medians of three at most, tiny objects
are loaded once. The bars are meant for a million plays.
"""


class Figure(NamedTuple):
    """One line: what was measured, its value if it was, the most it may be, and what was seen on the way."""

    what: str
    value: float | None
    bar: float | None = None
    unit: str = "×"
    seen: str = ""
    limit: str = ""  # what limits it, said where the bar does not hold
    notes: str = ""  # more of that, said below the table

    @property
    def verdict(self) -> str:
        """Say whether the bar holds."""
        if self.bar is None:
            return ""
        if self.value is None:
            return "not measured"
        return "holds" if self.value <= self.bar else "**does not hold**"

    @property
    def cells(self) -> tuple[str, str, str, str, str]:
        """Spell the line."""
        bar = "" if self.bar is None else f"{self.bar:g} {self.unit}"
        value = "" if self.value is None else f"{self.value:,.2f} {self.unit}"
        note = "; ".join(filter(None, [self.seen, self.limit if "not hold" in self.verdict else ""]))
        return self.what, value, bar, self.verdict, note


_HEAD: Final = ("what", "measured", "at most", "", "seen")


def table(figures: Iterable[Figure]) -> str:
    """Lay figures out in columns."""
    rows = [_HEAD, *(figure.cells for figure in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def section(size: str, rounds: int, figures: Sequence[Figure], on: date) -> str:
    """Give the part of the page that tells of one size."""
    notes = "".join(f"\n{figure.notes}\n" for figure in figures if figure.notes and "not hold" in figure.verdict)
    return f"## {size} plays\n\n{on}, medians of {rounds}; {_versions()}.\n\n{table(figures)}\n{notes}"


def _versions() -> str:
    parts = ", ".join(f"{name} {version(name)}" for name in _PARTS)
    return f"Python {platform.python_version()}, {parts}; {platform.system()} on {platform.machine()}"


def renewed(page: Path, size: str, part: str) -> None:
    """Put one size's section into the page and leave the others, smallest first."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    parts = {found[1]: found[0] for found in re.finditer(r"^## (\S+) plays\n.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)}
    parts[size] = part
    ordered = [parts[name].strip() for name in ("100k", "1M", "10M") if name in parts]
    page.write_text("\n\n".join([_BEGIN.strip(), *ordered]) + "\n", encoding="utf-8")
