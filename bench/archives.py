"""The archives that are measured: made when they are first asked for, in a process of their own, and kept."""

from pathlib import Path
from typing import Final

from bench.measuring import measured
from bench.places import ARCHIVES, peer, step

LAYOUT: Final = "extended-2025"
SEED: Final = 11


def archive(plays: int, fault: str = "none", *, layout: str = LAYOUT, seed: int = SEED) -> Path:
    """Give the archive of so many plays."""
    path = ARCHIVES / f"{plays}-{seed}-{layout}-{fault}.zip"
    if not path.exists():
        measured(step("archive", path, plays, seed, layout, fault))
    return path


def columns(plays: int) -> Path:
    """Give the known columns of that archive, as the floor wants them."""
    path = ARCHIVES / f"{plays}-{SEED}-{LAYOUT}.arrow"
    if not path.exists():
        staged = path.with_suffix(".part")
        measured(peer("peers/columns.py", archive(plays), staged))
        staged.rename(path)
    return path


def grown(history: int, stretch: int, *, seed: int = SEED) -> Path:
    """Give the folder of a history's base and of what comes later; see `bench.invented`."""
    folder = ARCHIVES / f"grown-{history}-{stretch}-{seed}-{LAYOUT}"
    if not (folder / "base.zip").exists():
        measured(step("grown", folder, history, stretch, LAYOUT, seed))
    return folder
