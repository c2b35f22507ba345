"""What a command costs: CPU seconds and peak memory of a fresh process and everything it starts."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from typing import Any, Final, NamedTuple

from bench.places import ROOT, WORK, ZONE

LAUNCH: Final = [sys.executable, "-I", "-S", str(ROOT / "bench" / "launch.py")]


class Cost(NamedTuple):
    """CPU is user and system seconds, peak bytes of the largest process; `facts` is what the command said as JSON."""

    cpu: float
    peak: int
    seconds: float  # by the clock
    facts: dict[str, Any]


Job = Callable[[], Cost]


class BenchFailed(Exception):
    """A measured command did not do its work."""


def measured(command: list[str]) -> Cost:
    """Run a command to its end; its last line of output may be a JSON object of facts."""
    environment = os.environ | {"LONGPLAY_TIMEZONE": ZONE}
    done = subprocess.run([*LAUNCH, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    said, _, told = done.stdout.strip().rpartition("\n")
    status, cpu, peak, seconds = json.loads(told)
    if status:
        raise BenchFailed(f"{' '.join(command)} ended with {status}: {said[-500:]}")
    return Cost(cpu, peak, seconds, _facts(said))


def _facts(said: str) -> dict[str, Any]:
    last = said.strip().rpartition("\n")[2]
    return json.loads(last) if last.startswith("{") else {}


def interleaved(jobs: Mapping[str, Job], rounds: int) -> dict[str, Cost]:
    """Run every job once, then every job again, so that a noisy minute meets all of them; the median of each."""
    costs: dict[str, list[Cost]] = {name: [] for name in jobs}
    for number in range(rounds):
        for name, job in jobs.items():
            costs[name].append(job())
            _tell(f"{number + 1}/{rounds}  {name:40} {costs[name][-1].cpu:8.2f} s CPU  {costs[name][-1].peak / 1e6:7.0f} MB")
    return {name: _middle(of) for name, of in costs.items()}


def _middle(costs: list[Cost]) -> Cost:
    numbers = [name for name, value in costs[0].facts.items() if isinstance(value, int | float)]
    return Cost(
        median(cost.cpu for cost in costs),
        round(median(cost.peak for cost in costs)),
        median(cost.seconds for cost in costs),
        costs[-1].facts | {name: median(cost.facts[name] for cost in costs) for name in numbers},
    )


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder for one run; it is gone afterwards."""
    WORK.mkdir(parents=True, exist_ok=True)
    folder = Path(mkdtemp(dir=WORK))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def into_scratch(command: Callable[[Path], list[str]]) -> Job:
    """Make a job of a command that writes into an empty folder."""

    def job() -> Cost:
        with scratch() as folder:
            return measured(command(folder))

    return job
