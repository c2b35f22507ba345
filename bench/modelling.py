"""From a lake to the page: load, build, the page's queries, the page; and how tiny objects load."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from bench.archives import archive
from bench.figures import Figure
from bench.measuring import Cost, Job, interleaved, into_scratch, measured, scratch
from bench.places import longplay, step

PAGE_PLAYS, PAGE_TRACKS = 500_000, 20_000  # what the page's bar speaks of
OBJECTS = 50_000


def figures(plays: int, rounds: int) -> Iterator[Figure]:
    """Measure each step on a home that stands before it."""
    with scratch() as folder:
        homes = _homes(folder, archive(plays))
        yield from _told(interleaved(_jobs(homes, plays), rounds))


def _homes(folder: Path, path: Path) -> dict[str, Path]:
    """Make a home for each step: with nothing but a lake, with loaded tables, with built models."""
    homes = {name: folder / name for name in ("lake", "loaded", "built")}
    measured(longplay(homes["built"], "import", path))
    shutil.copytree(homes["built"], homes["loaded"])
    shutil.copytree(homes["built"], homes["lake"])
    (homes["lake"] / "warehouse.duckdb").unlink()
    measured(longplay(homes["built"], "build"))
    return homes


def _jobs(homes: dict[str, Path], plays: int) -> dict[str, Job]:
    some = (min(PAGE_PLAYS, plays // 2), min(PAGE_TRACKS, plays // 50))
    return {
        "dbt alone": into_scratch(lambda folder: step("dbt_alone", folder)),
        "load": on_copy(homes["lake"], "load"),
        "build": on_copy(homes["loaded"], "build"),
        "queries": lambda: measured(step("queries", homes["built"])),
        "report": on_copy(homes["built"], "report"),
        "page": into_scratch(lambda folder: step("page", homes["built"], *some, folder)),
    }


def on_copy(home: Path, *arguments: object) -> Job:
    """Make a job of a call on a copy of a home, so that the next call finds it as it was."""

    def job() -> Cost:
        with scratch() as folder:
            return measured(longplay(Path(shutil.copytree(home, folder / "home")), *arguments))

    return job


def _told(costs: dict[str, Cost]) -> Iterator[Figure]:
    yield Figure("dbt's start on an empty project", costs["dbt alone"].cpu, unit="s CPU")
    yield Figure("load into an empty warehouse", costs["load"].cpu, unit="s CPU", seen=_memory(costs["load"]))
    built = costs["build"].cpu - costs["dbt alone"].cpu
    yield Figure("full build, less dbt's start", built, unit="s CPU", seen=_memory(costs["build"]))
    asked = costs["queries"].facts
    slowest = f"slowest: {asked['slowest']}, {asked['slowest_seconds']:.2f} s"
    yield Figure("the page's queries, all of them", asked["sql"], unit="s", seen=slowest)
    yield Figure("the page, drawn", costs["report"].cpu, unit="s CPU", seen=_memory(costs["report"]))
    drawn = costs["page"].facts
    is_whole = drawn["tracks"] >= PAGE_TRACKS
    seen = f"{drawn['plays']:,.0f} plays of {drawn['tracks']:,.0f} tracks"
    bar = 3.5 if is_whole else None
    yield Figure("the page's size", drawn["bytes"] / 1e6, bar, "MB", seen, "which entry plays and for how long hardly deflate")


def _memory(cost: Cost) -> str:
    return f"{cost.peak / 1e6:.0f} MB"


def small_objects(plays: int, rounds: int) -> Iterator[Figure]:
    """Measure how long tiny processed objects take to load into an empty warehouse."""
    del rounds  # once is enough for minutes
    objects = min(OBJECTS, plays)
    with scratch() as home:
        measured(step("small_objects", home, objects))
        cost = measured(longplay(home, "load"))
    seen = f"{cost.cpu:.0f} s CPU, {_memory(cost)}; the objects of {objects // 5:,} pages"
    what = f"{objects:,} tiny objects loaded into an empty warehouse"
    yield Figure(what, cost.seconds, 120, "s by the clock", seen, "every object is a file to open")
