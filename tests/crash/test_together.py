"""Several runs on one home: one at a time changes it, the others wait or say so, and afterwards everything is there once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.crash import gate
from tests.crash.stopping import lost
from tests.crash.way import Home

pytestmark = pytest.mark.slow


def held_at(step, home, place, meanwhile):
    """Run a command that waits before its first change in a place until something else is done; give how both ended."""
    reached, done = threading.Event(), threading.Event()

    def answer(change) -> int:
        if change.place.startswith(place) and change.alters and not reached.is_set():
            reached.set()
            done.wait(300)
        return gate.GO_ON

    with ThreadPoolExecutor() as aside:
        held = aside.submit(home.watched, answer, *step.arguments)
        assert reached.wait(300)
        try:
            others = meanwhile()
        finally:
            done.set()
        return held.result(), others


@pytest.mark.parametrize(
    ("name", "place", "others"),
    [
        ("a second import", "warehouse.duckdb", [["import"], ["query", "select 1 as one"]]),
        ("a build of what is new", "warehouse.duckdb.wal", [["import"], ["report"], ["query", "select 1 as one"]]),
    ],
)
def test_who_comes_while_another_run_writes_is_told_so(way, archives, name, place, others):
    step = way.step(name)
    home = Home.like(step.before, way.folder)
    calls = [[*call, archives["older"]] if call == ["import"] else call for call in others]

    held, told = held_at(step, home, place, lambda: [home.plain(*call, LONGPLAY_PATIENCE="0.5") for call in calls])

    assert held.status == 0, held
    assert [(each.status, "Wait until" in each.err) for each in told] == [(1, True)] * len(calls), told
    assert home.found().differs(step.after) == ""


def test_runs_at_once_wait_for_each_other_and_everything_is_there_once(way, archives):
    home = Home(way.folder / "together" / "home")
    home.folder.mkdir(parents=True)
    calls = [["import", archives["older"]], ["import", archives["newer"], archives["account"]], ["build"]]

    with ThreadPoolExecutor() as several:
        ended = list(several.map(lambda call: home.run(home.command(*call), LONGPLAY_PATIENCE="200"), calls))

    assert [each.status for each in ended] == [0, 0, 0], ended
    # Who came first decides what a load touched, and nothing else.
    assert lost(way.step("a build of what is new"), home) in {"", "lake.touches"}
