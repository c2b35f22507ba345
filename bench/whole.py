"""The whole way, archive to page, beside a pandas script; and the memory of very large archives."""

from collections.abc import Iterator
from typing import Final

from bench.archives import archive
from bench.figures import Figure
from bench.limits import WHOLE
from bench.measuring import interleaved, into_scratch
from bench.places import ROOT, ZONE, longplay, peer, step

WHAT, BAR = "`longplay run`, less dbt's start, beside a pandas script", 0.8
MEANT: Final = 1_000_000  # plays that the notes speak of
SCRIPT: Final = "pandas_script.py"


def figures(plays: int, rounds: int) -> Iterator[Figure]:
    """Compare `longplay run` with a script that comes to the same daily, discovery and trend tables."""
    if not (ROOT / "bench" / SCRIPT).exists():
        yield Figure(WHAT, None, BAR, seen=f"there is no bench/{SCRIPT}")
        return
    path = archive(plays)
    jobs = {
        "dbt alone": into_scratch(lambda folder: step("dbt_alone", folder)),
        "run": into_scratch(lambda folder: longplay(folder / "home", "run", path)),
        "pandas": into_scratch(lambda folder: peer(SCRIPT, path, folder / "out", "--zone", ZONE)),
    }
    costs = interleaved(jobs, rounds)
    ours, theirs = costs["run"].cpu - costs["dbt alone"].cpu, costs["pandas"].cpu
    peaks = f"{costs['run'].peak / 1e6:.0f} MB and {costs['pandas'].peak / 1e6:.0f} MB"
    seen = f"{ours:.1f} s and {theirs:.1f} s CPU; {peaks}"
    limit = "import, full build and page stand above"
    yield Figure(WHAT, ours / theirs, BAR, seen=seen, limit=limit, notes=WHOLE if plays == MEANT else "")


def memory(plays: int, rounds: int) -> Iterator[Figure]:
    """Compare the peak memory of an import with that of one a tenth as large."""
    few, many = (archive(size) for size in (plays // 10, plays))
    jobs = {
        "few": into_scratch(lambda out: step("raw_and_typed", few, out)),
        "many": into_scratch(lambda out: step("raw_and_typed", many, out)),
    }
    costs = interleaved(jobs, rounds)
    peaks = {name: cost.peak / 1e6 for name, cost in costs.items()}
    seen = f"{costs['many'].cpu:.0f} s CPU"
    yield Figure(f"peak memory of an import of {plays:,} plays", peaks["many"], 450, "MB", seen)
    seen = f"{peaks['few']:.0f} MB"
    yield Figure(f"… beside one of {plays // 10:,}", peaks["many"] / peaks["few"], 1.25, seen=seen)
