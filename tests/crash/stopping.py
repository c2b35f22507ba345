"""Stopping a command on its way, and what the next plain run makes of what was left."""

import errno
import json
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from tests.crash import gate
from tests.crash.gate import Answer, Change, Ended
from tests.crash.way import Found, Home, Step

WRONG_CALL: Final = 2
_SUM: Final = ("read", "distinct", "repeated", "rejected", "files", "reasons", "first", "last")


def killed_before(number: int) -> Answer:
    """Kill the program before it makes its change of this number."""
    return _from(number, lambda _: gate.KILL, lambda change: change.alters)


def full_from(number: int) -> Answer:
    """Let the disk be full from that change on."""
    return _from(number, lambda change: errno.ENOSPC if change.takes_room else gate.GO_ON, lambda change: change.alters)


def read_only(place: str) -> Answer:
    """Let one part of the home be mounted for reading only."""
    return lambda change: errno.EROFS if (change.file + "/").startswith(place) else gate.GO_ON


def _from(number: int, answer: Answer, counts: Callable[[Change], bool]) -> Answer:
    left = number + 1

    def answered(change: Change) -> int:
        nonlocal left
        left -= counts(change)
        return answer(change) if left <= 0 else gate.GO_ON

    return answered


def stopped(step: Step, answer: Answer, beside: Path) -> tuple[Home, Ended]:
    """Run one command so that it is stopped; give what it left, and how it ended."""
    home = Home.like(step.before, beside)
    return home, home.watched(answer, *step.arguments)


def lost(step: Step, home: Home, *then: Step) -> str:
    """Do the command again undisturbed, and those that follow it; say what is other than if it had never been stopped."""
    for each in (step, *then):
        again = home.plain(*each.arguments, "--json")
        if each.arguments[0] == "forget" and again.status == WRONG_CALL:
            again = home.plain("build", "--json")  # it is forgotten already; only the models are not told yet
        if again.status:
            return f"{each.name} cannot be done again: {again.out}{again.err}"
        if other := _other_sum(each.said, json.loads(again.out)):
            return other
    wanted: Found = (then or (step,))[-1].after
    return home.found().differs(wanted)


def _other_sum(first: dict[str, Any], again: dict[str, Any]) -> str:
    """Compare the sums of two imports; what was loaded before the stop is known now."""
    for mine, yours in zip(first.get("archives", []), again.get("archives", []), strict=True):
        if [mine[name] for name in _SUM] != [yours[name] for name in _SUM] or yours["new"] not in {0, mine["new"]}:
            return f"another sum: {yours} and not {mine}"
    return ""


def broken(step: Step, points: Iterable[int], beside: Path, *then: Step) -> list[str]:
    """Kill a command at each of these points; tell of each after which something is lost."""

    def after(number: int) -> str:
        home, _ = stopped(step, killed_before(number), beside)
        what = lost(step, home, *then)
        if not what:
            home.gone()
        return what and f"{step.name}, killed before its change {number}: {what} ({home.folder})"

    with ThreadPoolExecutor(os.cpu_count()) as several:
        return [what for what in several.map(after, points) if what]
