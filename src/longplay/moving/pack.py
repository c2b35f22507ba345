"""Writing an export: beside its folder first, then moved there, so it is whole or not there at all."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path

import duckdb
from msgspec import Struct

from longplay.errors import MoveError
from longplay.lake import layout
from longplay.lake.store import Lake
from longplay.moving.manifest import LAKE, NAME, README, Manifest, Object, is_export, read_manifest, written
from longplay.moving.readme import Meanings, readme
from longplay.moving.tables import write_tables

Progress = Callable[[str, int, int], None]  # what is being written, how much is done, of how much


class Source(Struct, frozen=True):
    """The home that is written down, and what is to be said about it."""

    home: Path
    lake: Lake
    connection: duckdb.DuckDBPyConnection
    meanings: Meanings
    time_zone: str
    is_demo: bool


def write_export(target: Path, source: Source, now: datetime, progress: Progress) -> Manifest:
    """Write a home into a folder; returns what is in it. Raises `MoveError`; the folder is then as it was before."""
    target = target.expanduser().resolve()
    _refuse_place(target, source.home.resolve())
    try:
        with _replaced(target) as folder:
            objects = list(_copies(source.lake, folder / LAKE, progress))
            progress("the tables", len(objects), len(objects))
            manifest = Manifest(
                longplay=version("longplay"), processed_version=layout.VERSION, exported_at=now, is_demo=source.is_demo,
                time_zone=source.time_zone, tables=write_tables(source.connection, folder), objects=objects,
            )  # fmt: skip
            _write(folder / README, readme(manifest, source.meanings).encode())
            _write(folder / NAME, written(manifest))
            return manifest
    except OSError as error:
        raise _unwritable(target, error.strerror or str(error)) from error
    except duckdb.IOException as error:
        raise _unwritable(target, str(error).splitlines()[0]) from error


@contextmanager
def _replaced(target: Path) -> Iterator[Path]:
    """Yield a folder beside the target that takes its place in the end; an earlier export is taken away only then."""
    unfinished, before = (target.with_name(f".{target.name}.{word}") for word in ("unfinished", "before"))
    if before.exists() and not target.exists():
        before.rename(target)  # somebody was killed between the two moves below
    _refuse_strangers(target)
    shutil.rmtree(before, ignore_errors=True)
    shutil.rmtree(unfinished, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished.mkdir(mode=0o700)
    try:
        yield unfinished
        if target.exists():
            target.rename(before)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        if target.exists():
            shutil.rmtree(before, ignore_errors=True)


def _refuse_place(target: Path, home: Path) -> None:
    """Refuse a folder that cannot be put in another's place."""
    if target.is_relative_to(home) or home.is_relative_to(target):
        raise MoveError(f"{target} belongs to the home {home}.", "Give a folder outside of it.")
    if Path.cwd().is_relative_to(target):
        raise MoveError("You are standing in that folder.", "Go elsewhere, or give a new folder inside it.")


def _refuse_strangers(target: Path) -> None:
    """Refuse a folder in which something would be lost."""
    if target.exists() and (stranger := _stranger(target)):
        raise MoveError(
            f"{target} holds something that no export wrote: {stranger}.", "Give an empty folder, or one that is not there."
        )


def _stranger(target: Path) -> str | None:
    """Name something in a folder that no export wrote; None where there is nothing."""
    if not target.is_dir():
        return target.name
    ours = read_manifest(target).paths() if is_export(target) else set()
    there = (path.relative_to(target).as_posix() for path in sorted(target.rglob("*")) if not path.is_dir())
    return next((path for path in there if path not in ours), None)


def _copies(lake: Lake, folder: Path, progress: Progress) -> Iterator[Object]:
    """Copy every object of the lake as it is, and tell what each holds."""
    keys = list(lake.objects())
    for number, key in enumerate(keys):
        progress(key.rpartition("/")[2], number, len(keys))
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(lake.local_path(key), path)
        path.chmod(0o600)
        with path.open("rb") as content:
            yield Object(key, path.stat().st_size, file_digest(content, "sha256").hexdigest())


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)


def _unwritable(target: Path, why: str) -> MoveError:
    return MoveError(
        f"{target} cannot be written ({why}).", "Make room there, or give another folder; what was there before is there still."
    )
