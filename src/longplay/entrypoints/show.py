"""What the command line prints: tables and sentences for people, one JSON object for programs.

Answers go to standard output; progress and errors to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from longplay.errors import LongplayError

if TYPE_CHECKING:
    from longplay.sums import ArchiveSum, Import

_FIGURES = ("read", "distinct", "repeated", "rejected", "new", "known")

_PIPED = 200  # columns where nobody's terminal says how wide it is

_out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPED)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def _json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


# Progress


@contextmanager
def import_progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show which file of the archive is being read."""
    with _bar(quiet=quiet) as bar:
        task = bar.add_task("Reading", total=None)

        def step(name: str, done: int, total: int) -> None:
            bar.update(task, description=f"Reading {name}", completed=done, total=total)

        yield step


@contextmanager
def poll_progress(*, quiet: bool) -> Iterator[Callable[[datetime, int, int], None]]:
    """Show up to which day the invented listener was polled."""
    with _bar(quiet=quiet) as bar:
        task = bar.add_task("Polling", total=None)

        def step(at: datetime, done: int, total: int) -> None:
            bar.update(task, description=f"Polling {day(at)}", completed=done, total=total)

        yield step


@contextmanager
def build_progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show which model has just been finished."""
    with _bar(quiet=quiet) as bar:
        task = bar.add_task("Building", total=None)

        def step(node: str) -> None:
            bar.update(task, description=f"Building {node[:48]}", advance=1)

        yield step


def _bar(*, quiet: bool) -> Progress:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=_err, transient=True, disable=quiet or not _err.is_terminal)


# Answers


def note(sentence: str, *, quiet: bool) -> None:
    """Say something on the way."""
    if not quiet:
        _out.print(sentence, markup=False)


def aside(sentence: str) -> None:
    """Say to a person what is no answer; it goes to standard error."""
    _err.print(sentence, markup=False)


def day(instant: datetime) -> str:
    """Spell a day for people.

    >>> day(datetime(2027, 5, 24, 9, 30))
    '24 May 2027'
    """
    return f"{instant.day} {instant:%B %Y}"


def done(sentence: str, facts: dict[str, Any], *, as_json: bool) -> None:
    """End a command with one sentence, or its facts."""
    if as_json:
        _json(facts)
    else:
        _out.print(sentence, markup=False)


def facts(values: dict[str, Any], *, as_json: bool) -> None:
    """Print what is known, a line for each fact."""
    if as_json:
        _json(values)
        return
    grid = Table.grid(padding=(0, 2))
    for name, value in values.items():
        grid.add_row(Text(name.replace("_", " ")), Text(_spelled(value)))
    _out.print(grid)


def table(rows: Sequence[dict[str, Any]], *, empty: str, as_json: bool) -> None:
    """Print rows as a table, or as a JSON list of objects."""
    if as_json:
        _json(list(rows))
        return
    if not rows:
        _out.print(empty, markup=False)
        return
    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for name, value in rows[0].items():
        drawn.add_column(
            Text(name), justify="right" if isinstance(value, int | float) and not isinstance(value, bool) else "left"
        )
    for row in rows:
        drawn.add_row(*(Text(_spelled(value)) for value in row.values()))
    _out.print(drawn)


def error(problem: LongplayError, *, as_json: bool) -> None:
    """Say what is wrong and what to do, never how the program felt about it."""
    if as_json:
        _json({"error": {"message": problem.message, "action": problem.action}})
    else:
        _err.print(Text.assemble((problem.message, "bold red"), " ", problem.action))


def _spelled(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_spelled(part)}" for name, part in value.items()) or "-"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


# The sum of an import


def import_facts(result: Import) -> dict[str, Any]:
    """Give the sum of an import as plain data: each archive, and the totals."""
    plain: dict[str, Any] = msgspec.to_builtins(result)
    return plain | {name: result.total(name) for name in _FIGURES}


def import_sum(result: Import, *, as_json: bool) -> None:
    """End an import in a sum that adds up, file by file, archive by archive."""
    if as_json:
        _json(import_facts(result))
        return
    for archive in result.archives:
        _archive(archive)
    if len(result.archives) > 1:
        _out.print("  ".join(f"{name} {result.total(name):,}" for name in _FIGURES), style="bold")
    for refused in result.refused:
        _err.print(Text.assemble((f"{refused.path}: {refused.message}", "bold red"), " ", refused.action))


def _archive(archive: ArchiveSum) -> None:
    drawn = Table(box=None, header_style="bold", pad_edge=False, show_footer=True)
    drawn.add_column(Text(f"{archive.layout} {archive.archive[:8]}"), footer=Text("sum"))
    for name in _FIGURES[:4]:
        drawn.add_column(name, justify="right", footer=f"{getattr(archive, name):,}")
    for file in archive.files:
        drawn.add_row(Text(file.name), *(f"{getattr(file, name):,}" for name in _FIGURES[:4]))
    _out.print(drawn)
    _out.print(f"{archive.distinct:,} distinct = {archive.new:,} new + {archive.known:,} known", style="bold")
    for sentence in _remarks(archive):
        _out.print(sentence, markup=False)


def _remarks(archive: ArchiveSum) -> Iterator[str]:
    if archive.first and archive.last:
        yield f"From {archive.first:%-d %B %Y} to {archive.last:%-d %B %Y}."
    for reason, rows in archive.reasons.items():
        yield f"Rejected, {reason}: {rows:,}."
    if archive.unreadable:
        yield f"No list of plays, left out: {', '.join(archive.unreadable)}."
    if archive.missing:
        yield f"Missing from the series: {', '.join(archive.missing)}. Ask Spotify again, or look for them in your downloads."
    if archive.unknown_fields:
        yield f"Fields we do not know, left out: {', '.join(archive.unknown_fields)}."
