"""Whose the home is, who may look in, and whether its owner may write."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from longplay.doctor.finding import Finding, counted, trouble
from longplay.home import Home

FOLDER, FILE = 0o700, 0o600

_SAID = {
    "foreign": ("belongs to somebody else", "belong to somebody else"),
    "open": ("can be read by others", "can be read by others"),
    "closed": ("cannot be read and written by you", "cannot be read and written by you"),
}


def permissions(home: Home) -> Iterator[Finding]:
    """Find what has another owner or other modes than 0700 and 0600, and a home that takes nothing in."""
    faulty: dict[str, list[Path]] = {}
    for path in private_paths(home):
        for fault in faults(path):
            faulty.setdefault(fault, []).append(path)
    for fault, paths in faulty.items():
        one, many = _SAID[fault]
        said = f"{paths[0]} {one}." if len(paths) == 1 else f"{counted(paths, '', 'files and folders')} {many}."
        yield trouble("permissions", said, _action(fault, home))
    if not faulty and not may(home.folder, os.R_OK | os.W_OK | os.X_OK):
        yield trouble("permissions", f"{home.folder} cannot be written.", "Look whether its disk is mounted for reading only.")


def mend(home: Home) -> list[Path]:
    """Give everything that is ours the modes it should have; returns what was changed."""
    mended = []
    for path in private_paths(home):
        if {"open", "closed"} & faults(path) and "foreign" not in faults(path):
            path.chmod(FOLDER if path.is_dir() else FILE)
            mended.append(path)
    return mended


def private_paths(home: Home) -> Iterator[Path]:
    """List everything that only the owner should see, a folder before what is in it."""
    yield home.folder
    if not may(home.folder, os.R_OK | os.X_OK):
        return
    for path in (home.state, home.warehouse, home.wal, home.page):
        if path.exists():
            yield path
    yield from _below(home.lake)


def _below(path: Path) -> Iterator[Path]:
    if path.is_symlink() or not path.exists():
        return
    yield path
    if path.is_dir() and may(path, os.R_OK | os.X_OK):
        for child in sorted(path.iterdir()):
            yield from _below(child)


def may(path: Path, what: int) -> bool:
    """Say whether this process may read, write or enter a path."""
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def faults(path: Path) -> set[str]:
    """Say what is wrong with one file or folder: foreign, open, closed."""
    if os.name != "posix":
        return set()  # modes and owners say nothing there
    info = path.stat()
    wanted = FOLDER if stat.S_ISDIR(info.st_mode) else FILE
    found = {
        "foreign": info.st_uid != os.geteuid(),
        "open": bool(info.st_mode & 0o077),
        "closed": info.st_mode & wanted != wanted,
    }
    return {fault for fault, holds in found.items() if holds}


def _action(fault: str, home: Home) -> str:
    if fault == "foreign":
        return f"Take it over: sudo chown -R \"$(id -un)\" '{home.folder}'."
    return "Run `longplay doctor --fix`."
