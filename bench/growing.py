"""What a few more plays cost where many are known already, in seconds of the SQL that builds the models."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bench.archives import SEED, grown
from bench.figures import Figure
from bench.measuring import Cost, Job, interleaved, measured, scratch
from bench.places import longplay, step

MOST_ROUNDS: Final = 3
LISTENERS: Final = 30
LATE: Final = (
    "late plays lie on 50 days of either history, but in 50 months of the long one and in the 21 of the short one: where plays "
    "queue, those months are read; elsewhere a column is, to find what changed, and reports read the sums of every month"
)
KINDS: Final = {"newest": ("50 newest plays", 1.5), "late": ("50 late plays", 2), "stretch": ("a late archive", 2)}


def figures(plays: int, rounds: int) -> Iterator[Figure]:
    """Compare an increment after a long history with one after a tenth of it, and among many listeners with one alone."""
    rounds = min(rounds, MOST_ROUNDS)
    with scratch() as folder:
        yield from _histories(folder, plays, rounds)
    with scratch() as folder:
        yield from _listeners(folder, plays // 50, rounds)


def _histories(folder: Path, plays: int, rounds: int) -> Iterator[Figure]:
    few, many, stretch = plays // 10, plays, plays // 200
    jobs: dict[str, Job] = {}
    for history in (few, many):
        archives = grown(history, stretch)
        home = built(folder / str(history), {"me": archives / "base.zip"})
        jobs |= {f"{kind} after {history}": increment(home, archives / f"{kind}.zip", "me") for kind in KINDS}
    costs = interleaved(jobs, rounds)
    for kind, (name, bar) in KINDS.items():
        what = f"{name}, after {many:,} plays beside {few:,}"
        yield _compared(what, costs[f"{kind} after {many}"], costs[f"{kind} after {few}"], bar)


def _listeners(folder: Path, history: int, rounds: int) -> Iterator[Figure]:
    archives = {f"listener-{number}": grown(history, 1, seed=SEED + number) for number in range(LISTENERS)}
    jobs: dict[str, Job] = {}
    for count in (1, LISTENERS):
        bases = {user: of / "base.zip" for user, of in list(archives.items())[:count]}
        home = built(folder / str(count), bases)
        jobs[str(count)] = increment(home, archives["listener-0"] / "newest.zip", "listener-0")
    costs = interleaved(jobs, rounds)
    what = f"50 newest plays, among {LISTENERS} listeners of {history:,} plays beside one alone"
    yield _compared(what, costs[str(LISTENERS)], costs["1"], 1.5)


def built(home: Path, bases: dict[str, Path]) -> Path:
    """Make a home that holds an archive of each listener, with every model built."""
    for user, base in bases.items():
        measured(longplay(home, "--user", user, "import", base))
    measured(longplay(home, "build"))
    return home


def increment(home: Path, archive: Path, user: str) -> Job:
    """Make a job of importing one more archive into a copy of a home and building again."""

    def job() -> Cost:
        with scratch() as folder:
            copy = Path(shutil.copytree(home, folder / "home"))
            brought = measured(longplay(copy, "--user", user, "import", archive))
            again = measured(step("build", copy))
            facts = again.facts | {"import": brought.cpu, "build": again.cpu}
        return Cost(brought.cpu + again.cpu, max(brought.peak, again.peak), brought.seconds + again.seconds, facts)

    return job


def _compared(what: str, more: Cost, less: Cost, bar: float) -> Figure:
    seen = f"{more.facts['sql']:.2f} s and {less.facts['sql']:.2f} s of SQL; " + " and ".join(
        f"{cost.facts['import']:.1f} + {cost.facts['build']:.1f} s CPU" for cost in (more, less)
    )
    limit = LATE if "late plays" in what else ""
    return Figure(what, more.facts["sql"] / less.facts["sql"], bar, seen=f"{seen} for import + build", limit=limit)
