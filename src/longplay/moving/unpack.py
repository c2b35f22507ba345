"""Bringing an export into a home: every object is copied aside, compared with the list, and only then given its name.

What makes an archive whole comes last, as in an import. An object that the lake holds already stays as it is.
"""

from collections.abc import Callable
from hashlib import file_digest
from pathlib import Path
from shutil import copyfile

import duckdb

from longplay.errors import MoveError
from longplay.lake import layout
from longplay.lake.store import Lake
from longplay.moving.manifest import LAKE, Manifest, Object, damaged, read_manifest
from longplay.warehouse.objects import fault_of

Progress = Callable[[str, int, int], None]  # which object, how many are done, of how many


def take_over(folder: Path, lake: Lake, progress: Progress) -> Manifest:
    """Bring every object of an export into the lake; returns what was in it.

    Raises `MoveError` where anything is missing, changed or not what a lake holds; nothing has been brought in then.
    """
    manifest = read_manifest(folder)
    _refuse_names(folder, manifest)
    with lake.staged() as staging, duckdb.connect() as connection:
        copies: list[tuple[Path, str]] = []
        for number, each in enumerate(manifest.objects):
            progress(each.key.rpartition("/")[2], number, len(manifest.objects))
            copy = staging / f"{number}"
            _copy(folder, each, copy)
            if fault := fault_of(connection, each.key, copy):
                raise damaged(folder, f"{each.key}: {fault}")
            copies.append((copy, each.key))
        for copy, key in sorted(copies, key=lambda pair: layout.makes_whole(pair[1]) or layout.ends_page(pair[1])):
            lake.keep(copy, key)
    return manifest


def archives_in(manifest: Manifest) -> list[tuple[str, str]]:
    """List the archives that are whole in an export, each as listener and name."""
    found = (layout.archive_of(each.key) for each in manifest.objects if layout.makes_whole(each.key))
    return sorted((user, archive) for user, archive, _ in filter(None, found))


def _refuse_names(folder: Path, manifest: Manifest) -> None:
    if manifest.processed_version != layout.VERSION:
        raise MoveError(
            f"{folder} holds rows of version {manifest.processed_version}; this Longplay reads version {layout.VERSION}.",
            "Bring both homes to the same version of Longplay, and export again.",
        )
    for each in manifest.objects:
        if not layout.is_key(each.key):
            raise damaged(folder, "it lists a file that does not belong into a lake")


def _copy(folder: Path, each: Object, copy: Path) -> None:
    """Copy one object and compare what has arrived."""
    source = folder / LAKE / each.key
    if not source.is_file():
        raise damaged(folder, f"{LAKE}/{each.key} is missing")
    copyfile(source, copy)
    with copy.open("rb") as content:
        if file_digest(content, "sha256").hexdigest() != each.sha256:
            raise damaged(folder, f"{LAKE}/{each.key} has changed")
