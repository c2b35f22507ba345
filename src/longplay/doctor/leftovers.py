"""What a run that was stopped has left, and whether there is room for the next one."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from longplay.doctor.finding import Finding, note, trouble
from longplay.errors import HomeBusy
from longplay.home import Home
from longplay.lake.state import LOCK, State
from longplay.lake.store import Lake

SPARE: Final = 100_000_000  # bytes that even a small home needs


def is_worked_on(home: Home) -> bool:
    """Say whether another run holds the home right now; the lock itself stays as it is."""
    lock = home.state / LOCK
    if not lock.exists():
        return False
    try:
        with FileLock(lock, timeout=0, mode=0o600):
            return False
    except Timeout:
        return True


def leftovers(home: Home) -> Iterator[Finding]:
    """Find unfinished files; none of them counts, and the next run takes them away or in."""
    try:
        if is_worked_on(home):
            yield note("running", "Another run is working on this home.", "Look again when it is done.")
            return
    except NotImplementedError:
        yield trouble(
            "lock", "The disk of this home cannot lock files, so two runs could meet.", "Move the home to a local disk."
        )
    unfinished = [path for path in Lake(home.lake).unfinished() if path.is_file()]
    if unfinished:
        yield note(
            "unfinished",
            f"A stopped import left {len(unfinished):,} unfinished files ({_size(unfinished)}); nothing of them counts.",
            "The next import takes them away, or `longplay doctor --fix`.",
        )
    if home.wal.exists() and home.wal.stat().st_size:
        yield note("unfinished", "A stopped run left the warehouse's journal.", "The next `longplay build` takes it in.")
    if home.spill.exists():
        yield note("unfinished", f"A stopped run left {home.spill.name}.", "`longplay doctor --fix` takes it away.")


def sweep(home: Home) -> bool:
    """Take unfinished files away, unless another run is at work; returns whether there were any."""
    try:
        with State(home.state, patience=0).alone():
            found = home.spill.exists() or next(Lake(home.lake).unfinished(), None) is not None
            Lake(home.lake).sweep()
            shutil.rmtree(home.spill, ignore_errors=True)
            return found
    except HomeBusy:
        return False


def disk(home: Home) -> Iterator[Finding]:
    """Find a disk that the next import or build may fill: either may write as much again as is there."""
    held = [path for path in (*home.lake.rglob("*"), home.warehouse) if path.is_file()]
    size = sum(path.stat().st_size for path in held)
    free = shutil.disk_usage(home.folder).free
    if free < max(size, SPARE):
        yield trouble(
            "disk",
            f"{free / 1e9:,.2f} GB are free beside {size / 1e9:,.2f} GB of listening.",
            "Make room: an import or a build may need as much again.",
        )


def _size(paths: list[Path]) -> str:
    return f"{sum(path.stat().st_size for path in paths) / 1e6:,.1f} MB"
