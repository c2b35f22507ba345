"""Runs of a tool on an archive, in fresh processes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from zipfile import ZipFile

LAUNCH: Final = Path(__file__).with_name("launch.py")


class Given(NamedTuple):
    """An archive as it comes, and unpacked for those who want files."""

    zip: Path
    folder: Path


class Cost(NamedTuple):
    """CPU is user and system seconds, peak bytes of the largest process; `status` is the first that was not 0."""

    status: int
    cpu: float
    peak: int


def unpacked(archive: Path, folder: Path) -> Given:
    """Unpack an archive beside what is made of it."""
    with ZipFile(archive) as opened:
        opened.extractall(folder)
    return Given(archive, folder)


def measured(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> Cost:
    """Run commands one after the other, each to its end, also after one that failed."""
    told = {key: value for key, value in os.environ.items() if not key.startswith("LONGPLAY_")} | dict(environment)
    costs = []
    for command in commands:
        launched = [sys.executable, "-I", "-S", str(LAUNCH), *command]
        done = subprocess.run(launched, check=True, capture_output=True, env=told)
        costs.append(Cost(*json.loads(done.stdout)))
    failed = [cost.status for cost in costs if cost.status]
    return Cost(failed[0] if failed else 0, sum(cost.cpu for cost in costs), max(cost.peak for cost in costs))


def interleaved(jobs: Mapping[str, Callable[[Path], Cost]], rounds: int) -> dict[str, Cost]:
    """Do every job once in an empty folder, then every job again, so that a noisy minute meets all; the median of each."""
    costs: dict[str, list[Cost]] = {name: [] for name in jobs}
    for _ in range(rounds):
        for name, job in jobs.items():
            with TemporaryDirectory() as folder:
                costs[name].append(job(Path(folder)))
    return {name: _middle(of) for name, of in costs.items()}


def _middle(costs: Sequence[Cost]) -> Cost:
    return Cost(costs[-1].status, median(cost.cpu for cost in costs), round(median(cost.peak for cost in costs)))
