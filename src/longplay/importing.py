"""Bringing one archive into the lake: raw rows, typed rows, and what could not be read.

Every object has a name made from content and appears whole. The object that holds the archive's sum is written last: an archive
without it is not there yet, and importing it again goes on where it stopped.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb
import msgspec
from msgspec import Struct, structs

from longplay.errors import NoMemory
from longplay.exports.archive import Archive, Part, archive_of, recognised
from longplay.exports.counting import count_plays
from longplay.exports.duck import Reader, literal, reader
from longplay.exports.layouts import HISTORY, Kind, Recognised, missing_chunks
from longplay.exports.raw import write_raw
from longplay.exports.typed import TABLE, Origin, write_rejected, write_typed
from longplay.lake import layout
from longplay.lake.store import Lake
from longplay.lake.tables import LANDING

_RAW: Final = "raw.parquet"  # one name for all, so that the same is asked of each and DuckDB need not parse it anew

Progress = Callable[[str, int, int], None]  # which file, how many are done, of how many


def quiet(name: str, done: int, total: int) -> None:
    """Say nothing."""


class FileSum(Struct, frozen=True):
    """One file's share: `read = distinct + repeated + rejected`."""

    name: str
    read: int
    distinct: int
    repeated: int
    rejected: int


class ImportedArchive(Struct, frozen=True):
    """An archive that is whole in the lake. `first` and `last` are UTC."""

    path: str
    user: str
    archive: str
    layout: str
    first: datetime | None
    last: datetime | None
    files: list[FileSum]
    processed_keys: list[str]
    missing: list[str]
    unreadable: list[str]
    unknown_fields: list[str]
    reasons: dict[str, int]

    def total(self, field: str) -> int:
        """Add one figure up over the files."""
        return sum(getattr(file, field) for file in self.files)


class _Read(Struct, frozen=True):
    """A member that was read to its end. Its raw rows wait until all are read, for only then the archive has a name."""

    part: Part
    raw: Path
    rows: int


class _Counted(Struct):
    """What is known of one history file before the archive is counted as a whole."""

    part: Part
    raw: Path
    typed: Path
    read: int
    rejected: int


def import_archive(paths: Sequence[Path], user: str, lake: Lake, now: datetime, progress: Progress = quiet) -> ImportedArchive:
    """Bring one archive into the lake and tell its sum; one that is there already is only summed up.

    `now` is what a row's time is held against. Raises an `ExportError` for what is no archive and a `LakeError` where the lake
    cannot be written; the lake then holds nothing half-written.
    """
    found = recognised(paths)
    try:
        with lake.staged() as folder, reader(folder) as duck:
            read = list(_read(found, duck, folder, progress))
            archive = archive_of(paths, [each.part for each in read])
            if not lake.has(layout.whole_key(user, archive.name)):
                _Import(archive=archive, user=user, lake=lake, now=now, duck=duck, folder=folder).run(read, progress)
            told = summed_up(archive.path, user, archive.name, lake, duck)
    except duckdb.Error as error:
        raise _lake_error(lake, error) from error
    return structs.replace(told, unreadable=[part.what.member.name for part in archive.history if not part.what.is_list])


def _read(found: Sequence[Recognised], duck: Reader, folder: Path, progress: Progress) -> Iterator[_Read]:
    """Read every member once: its rows are written while its content is hashed."""
    for number, what in enumerate(found):
        progress(what.member.name, number, len(found))
        if what.is_list:
            rows, digest = write_raw(duck, what, folder / _RAW)
            yield _Read(Part(what, digest), (folder / _RAW).rename(folder / f"{number}.parquet"), rows)
        else:
            yield _Read(Part(what, what.member.digest()), Path(), 0)


def _lake_error(lake: Lake, error: duckdb.Error) -> Exception:
    """Tell a disk that is full or closed, or too little memory, from a fault of ours, which stays what it is."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return NoMemory()
    if not isinstance(error, duckdb.IOException):
        return error
    number = re.search(r'"errno":"(\d+)"', str(error))
    return lake.refusal(os.strerror(int(number[1])) if number else str(error).splitlines()[0])


class _Import(Struct, kw_only=True):
    """One archive on its way into the lake."""

    archive: Archive
    user: str
    lake: Lake
    now: datetime
    duck: Reader
    folder: Path

    def run(self, read: Sequence[_Read], progress: Progress) -> None:
        """Write every object, the sum last."""
        progress("the sum", len(read), len(read))
        counted = [self._counted(each) for each in read if each.part in self.archive.parts]
        history = [each for each in counted if each.part.what.kind in HISTORY]
        for kind in HISTORY:
            self._write_rejected(kind, [each for each in history if each.part.what.kind is kind and each.rejected])
        self._write_sum(history)

    def _counted(self, read: _Read) -> _Counted:
        part, what, user, name = read.part, read.part.what, self.user, self.archive.name
        if not what.is_list:
            return _Counted(part, Path(), Path(), 0, 0)
        raw, typed = read.raw.rename(self.folder / _RAW), self.folder / "typed.parquet"
        origin = Origin(what.kind, user, name, what.layout or self.archive.layout, what.member.name)
        readable = write_typed(self.duck, origin, raw, typed, self.now)
        stem = layout.stem(what.member.name, part.digest)
        raw_key, key = layout.raw_export_key(user, name, stem), layout.processed_key(TABLE[what.kind], user, name, stem)
        self.lake.keep(raw, raw_key)
        self.lake.keep(typed, key)
        return _Counted(part, self.lake.local_path(raw_key), self.lake.local_path(key), read.rows, read.rows - readable)

    def _write_rejected(self, kind: Kind, faulty: Sequence[_Counted]) -> None:
        if faulty:
            rejected = self.folder / "rejected.parquet"
            write_rejected(self.duck, kind, {each.raw: each.part.what.member.name for each in faulty}, rejected, self.now)
            self.lake.keep(rejected, layout.rejected_key(self.user, self.archive.name, kind.name))

    def _write_sum(self, counted: Sequence[_Counted]) -> None:
        distinct: dict[Path, int] = {}
        for table in ("streaming_history", "account_history"):
            told = [each for each in counted if each.part.what.is_list and TABLE[each.part.what.kind] == table]
            distinct |= count_plays(self.duck, table, {each.typed: each.read - each.rejected for each in told})
        lines = self.folder / "sum.jsonl"
        rows = (self._sum_row(each, distinct.get(each.typed, 0)) for each in counted)
        lines.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
        columns = ", ".join(f"{name}: {literal(kind)}" for name, kind in LANDING[layout.WHOLE].items())
        self.duck.write(
            f"select * from read_json({literal(lines)}, columns = {{{columns}}}, format = 'newline_delimited')",  # noqa: S608
            self.folder / "sum.parquet",
        )
        self.lake.keep(self.folder / "sum.parquet", layout.whole_key(self.user, self.archive.name))

    def _sum_row(self, each: _Counted, distinct: int) -> dict[str, object]:
        first, last = self._span(each.typed) if each.part.what.is_list else (None, None)
        return {
            "user_id": self.user,
            "archive": self.archive.name,
            "layout": self.archive.layout,
            "member": each.part.what.member.name,
            "read": each.read,
            "distinct_rows": distinct,
            "repeated": each.read - each.rejected - distinct,
            "rejected": each.rejected,
            "first_at": first,
            "last_at": last,
            "is_complete": not self.archive.missing and all(part.what.is_list for part in self.archive.history),
            "unknown_fields": ", ".join(sorted(each.part.what.unknown)) or None,
        }

    def _span(self, typed: Path) -> tuple[str | None, str | None]:
        query = f"select min(reported_at)::varchar, max(reported_at)::varchar from read_parquet({literal(typed)})"  # noqa: S608
        return self.duck.connection.execute(query).fetchone() or (None, None)


def summed_up(path: str, user: str, archive: str, lake: Lake, duck: Reader) -> ImportedArchive:
    """Read the sum of an archive that is whole from the lake; `path` is where it came from."""
    rows = duck.connection.execute(
        "select member, read, distinct_rows, repeated, rejected, first_at, last_at, unknown_fields, layout "
        "from read_parquet(?)",
        [str(lake.local_path(layout.whole_key(user, archive)))],
    ).fetchall()
    whole = [found.key for found in lake.whole_archives() if (found.user, found.archive) == (user, archive)]
    return ImportedArchive(
        path=path,
        user=user,
        archive=archive,
        layout=max(row[8] for row in rows),
        first=min((row[5] for row in rows if row[5]), default=None),
        last=max((row[6] for row in rows if row[6]), default=None),
        files=[FileSum(*row[:5]) for row in rows],
        processed_keys=sorted(whole),
        missing=missing_chunks(row[0] for row in rows),
        unreadable=[],
        unknown_fields=sorted({name for row in rows for name in (row[7] or "").split(", ") if name}),
        reasons=_reasons(user, archive, lake, duck),
    )


def _reasons(user: str, archive: str, lake: Lake, duck: Reader) -> dict[str, int]:
    """Count the rejected rows of an archive by their reasons, the most frequent first."""
    found: Counter[str] = Counter()
    for key in lake.keys(layout.rejected_key(user, archive, "").rpartition("/")[0] + "/"):
        query = f"select reason, count(*) from read_parquet({literal(lake.local_path(key))}) group by reason"  # noqa: S608
        found.update(dict(duck.connection.execute(query).fetchall()))
    return dict(found.most_common())
