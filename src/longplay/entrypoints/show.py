"""What the command line prints: tables and sentences for people, one JSON object for programs.

Answers go to standard output; progress and errors to standard error.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from longplay.errors import LongplayError
from longplay.wording import percent

if TYPE_CHECKING:
    from longplay.doctor.finding import Finding
    from longplay.insights.insight import Insight
    from longplay.moving.manifest import Manifest
    from longplay.sums import ArchiveSum, Import

_FIGURES = ("read", "distinct", "repeated", "rejected", "new", "known")

_SHARES = ("with_features", "with_genres")
_LABELS = {"with_features": "mood known for", "with_genres": "genres known for", "to_enrich": "enrich would ask"}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:")

_READABLE = 5  # letters that a column needs at least, with the gap beside it
_PIPED = 200  # columns where nobody's terminal says how wide it is

_out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout is not None and sys.stdout.isatty() else _PIPED)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def _json(value: Any) -> None:
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")


# Progress


@contextmanager
def import_progress(*, quiet: bool, doing: str = "Reading") -> Iterator[Callable[[str, int, int], None]]:
    """Show which file is being read, or written."""
    with _bar(quiet=quiet) as bar:
        task = bar.add_task(doing, total=None)

        def step(name: str, done: int, total: int) -> None:
            bar.update(task, description=f"{doing} {name}", completed=done, total=total)

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


def text(written: str, facts: dict[str, Any], *, as_json: bool) -> None:
    """Print a text as it is, to be piped on, or its facts."""
    if as_json:
        _json(facts)
    else:
        sys.stdout.write(written)


def facts(values: dict[str, Any], *, as_json: bool) -> None:
    """Print what is known, a line for each fact."""
    if as_json:
        _json(values)
        return
    grid = Table.grid(padding=(0, 2))
    for name, value in values.items():
        grid.add_row(Text(_LABELS.get(name) or name.replace("_", " ")), Text(_of_a_fact(name, value)))
    _out.print(grid)


def _of_a_fact(name: str, value: Any) -> str:
    if isinstance(value, str) and _INSTANT.match(value):
        return f"{value[:16].replace('T', ' ')} UTC"
    return f"{percent(value)} of the listening" if isinstance(value, float) and name in _SHARES else _spelled(value)


def table(rows: Sequence[dict[str, Any]], *, empty: str, as_json: bool) -> None:
    """Print rows as a table, or as a JSON list of objects."""
    if as_json:
        _json(list(rows))
        return
    if not rows:
        _out.print(empty, markup=False)
        return
    if len(rows[0]) * _READABLE > _out.width:
        _one_below_the_other(rows)
        return
    drawn = Table(box=None, header_style="bold", pad_edge=False)
    for name, value in rows[0].items():
        drawn.add_column(
            Text(name), justify="right" if isinstance(value, int | float) and not isinstance(value, bool) else "left"
        )
    for row in rows:
        drawn.add_row(*(Text(_of_a_column(name, value)) for name, value in row.items()))
    _out.print(drawn)


def _of_a_column(name: str, value: Any) -> str:
    """Spell a value; a year is no amount."""
    return str(value) if name.lower().endswith("year") and value is not None else _spelled(value)


def _one_below_the_other(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows of more columns than a terminal has room for, a line for each value."""
    for row in rows:
        grid = Table.grid(padding=(0, 2))
        for name, value in row.items():
            grid.add_row(Text(name, "bold"), Text(_of_a_column(name, value)))
        _out.print(grid)
        _out.print()


def error(problem: LongplayError, *, as_json: bool) -> None:
    """Say what is wrong and what to do, never how the program felt about it."""
    if as_json:
        _json({"error": {"message": problem.message, "action": problem.action}})
    else:
        between = "\n" if "\n" in problem.message else " "
        _err.print(Text.assemble((problem.message, "bold red"), between, problem.action))


def _spelled(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{name} {_spelled(part)}" for name, part in value.items()) or "-"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}" if isinstance(value, float) else str(value)


def exported(folder: Path, manifest: Manifest, *, as_json: bool) -> None:
    """Say what was written, and what it is good for."""
    carried = sum(each.size for each in manifest.objects)
    facts = {
        "folder": str(folder),
        "is_demo": manifest.is_demo,
        "tables": {table.name: table.rows for table in manifest.tables},
        "objects": len(manifest.objects),
        "bytes_of_objects": carried,
    }
    done(
        f"Exported to {folder}: {len(manifest.tables)} tables as Parquet and CSV, and the lake "
        f"({len(manifest.objects):,} files, {carried / 1e6:,.1f} MB).\n"
        "README.md in it says what each file is. To move house, run `longplay import` with this folder in an empty home.",
        facts,
        as_json=as_json,
    )


def findings(home: Path, mended: Sequence[str], found: Sequence[Finding], *, as_json: bool) -> None:
    """Print what was found, a line each: what needs a person first, notes after."""
    needed = sum(not finding.is_note for finding in found)
    if as_json:
        _json({"home": str(home), "is_well": not needed, "fixed": mended, "findings": found})
        return
    for sentence in mended:
        _out.print(sentence, markup=False)
    _lines(found)
    verdict = f"{needed} {'thing' if needed == 1 else 'things'} to do." if needed else "All is well."
    _out.print(f"{home}: {verdict}", markup=False, style="bold")


def checked(found: Sequence[Finding], *, as_json: bool) -> None:
    """Print what was found stale or incomplete, a line each, or that nothing was."""
    is_well = all(finding.is_note for finding in found)
    if as_json:
        _json({"is_well": is_well, "findings": found})
        return
    _lines(found)
    if is_well:
        _out.print("All is fresh and complete.", markup=False, style="bold")


def _lines(found: Sequence[Finding]) -> None:
    for finding in found:
        mark = Text("note ", "dim") if finding.is_note else Text("to do", "bold red")
        _out.print(
            Text.assemble(
                mark, f"  {finding.about:<12}  ", (finding.message, "" if finding.is_note else "bold"), f" {finding.action}"
            )
        )


def insights(found: Sequence[Insight], *, as_json: bool) -> None:
    """Print the answers, a sentence each, under the question they answer."""
    if as_json:
        _json({"insights": found})
        return
    if not found:
        _out.print("No plays yet. Run `longplay demo`, or `longplay import` with the archive Spotify sent you.", markup=False)
    for question, said in groupby(found, key=attrgetter("question")):
        _out.print(question.capitalize(), style="bold", markup=False)
        for insight in said:
            _out.print(f"  {insight.says}", markup=False)


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
    listeners = {archive.user for archive in result.archives}
    for archive in result.archives:
        _archive(archive, f" of {archive.user}" if len(listeners) > 1 else "")
    if len(result.archives) > 1:
        _out.print("  ".join(f"{name} {result.total(name):,}" for name in _FIGURES), style="bold")
    for remark in result.remarks:
        _out.print(remark, markup=False)
    for refused in result.refused:
        where = "" if Path(refused.path).name in refused.message else f"{refused.path}: "
        _err.print(Text.assemble((f"{where}{refused.message}", "bold red"), " ", refused.action))


def _archive(archive: ArchiveSum, whose: str) -> None:
    drawn = Table(box=None, header_style="bold", pad_edge=False, show_footer=True)
    drawn.add_column(Text(f"{archive.layout} {archive.archive[:8]}{whose}"), footer=Text("sum"), overflow="fold")
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
