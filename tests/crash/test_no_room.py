"""Without room on the disk or in memory, or where nothing may be written, a sentence says what to do, and nothing is lost."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash.stopping import full_from, lost, read_only, stopped
from tests.crash.way import Home

pytestmark = pytest.mark.slow

# The command line, in which no DuckDB may have more memory than this.
_WITH_LITTLE_MEMORY = """
import sys, duckdb
connect, limit = duckdb.connect, sys.argv.pop(1)
def connect_with_little(*arguments, **options):
    options["config"] = (options.get("config") or {}) | {"memory_limit": limit}
    return connect(*arguments, **options)
duckdb.connect = connect_with_little
from longplay.entrypoints.cli import main
main()
"""


def misfit(said) -> str:
    """Say what is wrong with how a stopped command ended; an empty sentence where one sentence said what to do."""
    lines = said.err.strip().splitlines()
    fits = said.status == 1 and 1 <= len(lines) <= 2 and all(line.endswith(".") for line in lines) and "--debug" not in said.err
    return "" if fits and "Traceback" not in said.err else f"status {said.status}, {said.out!r}, {said.err!r}"


def is_done(step, home, ended) -> bool:
    """Say whether nothing was missing after all: what did not fit into the warehouse any more stands in its log."""
    if ended.status:
        return False
    found = home.found()
    return (found.tables, found.lake) == (step.after.tables, step.after.lake)


def broken(step, answers, folder) -> list[str]:
    """Stop a command in each of these ways; tell of each that ends without its sentence, or after which something is lost."""

    def after(named) -> str:
        name, answer = named
        home, ended = stopped(step, answer, folder)
        what = ("" if is_done(step, home, ended) else misfit(ended)) or lost(step, home)
        if not what:
            home.gone()
        return what and f"{step.name}, {name}: {what}"

    with ThreadPoolExecutor(os.cpu_count()) as several:
        return [what for what in several.map(after, answers.items()) if what]


def full_at(step, points):
    changes = [change for change in step.changes if change.alters]
    return {f"full from {number}, {changes[number]}": full_from(number) for number in points}


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("a second import", {("write", "lake/.staging"), ("mkdir", "lake/processed"), ("write", "warehouse.duckdb.wal")}),
        ("a build of what is new", {("write", "warehouse.duckdb.wal")}),
    ],
)
def test_a_full_disk_is_said_and_nothing_is_lost(way, name, kinds):
    step = way.step(name)
    points = step.one_of_each_kind(kinds)

    assert len(points) == len(kinds)
    assert broken(step, full_at(step, points), way.folder) == []


@pytest.mark.prove
@pytest.mark.parametrize("name", ["the first import", "the first build", "a second import", "a build of what is new", "a page", "forgetting"])  # fmt: skip  # noqa: E501
def test_a_disk_full_at_any_change_is_said_and_nothing_is_lost(way, name):
    step = way.step(name)

    assert broken(step, full_at(step, step.points()), way.folder) == []


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("a second import", ("lake/", "state/", "warehouse.duckdb")),
        pytest.param("a build of what is new", ("", "state/", "state/dbt/", "warehouse.duckdb"), marks=pytest.mark.prove),
        pytest.param("a page", ("", "state/", "warehouse.duckdb"), marks=pytest.mark.prove),
        pytest.param("forgetting", ("", "lake/", "state/", "warehouse.duckdb"), marks=pytest.mark.prove),
    ],
)
def test_what_may_only_be_read_is_said_and_nothing_is_lost(way, name, places):
    assert broken(way.step(name), {f"{place} read-only": read_only(place) for place in places}, way.folder) == []


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("a second import", "3MB"),
        ("a second import", "25MB"),
        pytest.param("a build of what is new", "2MB", marks=pytest.mark.prove),
        pytest.param("a build of what is new", "20MB", marks=pytest.mark.prove),
        pytest.param("a page", "1MB", marks=pytest.mark.prove),
    ],
)
def test_too_little_memory_is_said_and_nothing_is_lost(way, name, limit):
    step = way.step(name)
    home = Home.like(step.before, way.folder)

    ended = home.run([sys.executable, "-c", _WITH_LITTLE_MEMORY, limit, *home.command(*step.arguments)[1:]])

    assert misfit(ended) == ""
    assert "memory" in ended.err
    assert lost(step, home) == ""
