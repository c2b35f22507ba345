"""Telling which of the paths somebody names belong together."""

from collections.abc import Sequence
from pathlib import Path


def archives_among(paths: Sequence[Path]) -> list[list[Path]]:
    """Group paths into archives: each ZIP and each folder is one, a folder of ZIPs several, loose JSON files together one."""
    loose = [path for path in paths if path.suffix.lower() == ".json" and not path.is_dir()]
    groups = [group for path in paths if path not in loose for group in _archives_at(path.expanduser())]
    return [*groups, loose] if loose else groups


def _archives_at(path: Path) -> list[list[Path]]:
    zips = sorted(path.glob("*.zip")) if path.is_dir() else []
    return [[inner] for inner in zips] or [[path]]
