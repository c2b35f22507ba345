"""The typed half of an import alone: from the ZIP to typed Parquet, as if nobody kept raw rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import file_digest
from io import FileIO
from os import devnull
from pathlib import Path

from longplay.exports.archive import Part, archive_of, recognised
from longplay.exports.duck import Reader, Written, literal, reader
from longplay.exports.members import Heard, Member
from longplay.exports.raw import write_raw
from longplay.exports.typed import Origin, write_typed


class _NothingOdd(Written, frozen=True):
    """Raw rows that nobody wrote, so nothing in them can be seen to be odd."""

    def holds(self, column: str) -> bool:
        """Say that no row has a value there, a problem above all."""
        del column
        return False


class _Straight(Reader):
    """A reader that hands the raw rows of a member on to their typing instead of writing them."""

    _raw = ""

    @contextmanager
    def reading(self, member: Member) -> Iterator[Heard]:
        """Leave the member at hand, for it is read when its rows are typed."""
        self._files.held = member.size, Heard(member.opened())
        yield Heard(FileIO(devnull))

    def written(self, select: str, path: Path) -> Written:
        """Remember raw rows."""
        del path
        self._raw = select
        return _NothingOdd(0, {})

    def write(self, select: str, path: Path, values: Sequence[object] = ()) -> int:
        """Write typed rows out of those remembered."""
        return super().write(select.replace(f"read_parquet({literal(path.with_stem('raw'))})", f"({self._raw})"), path, values)


def write_typed_alone(path: Path, out: Path) -> int:
    """Write one Parquet file for each member; returns how many rows there are.

    Typed rows hold the name of their archive, and members are hashed as they are read: so the name is told by the ZIP's bytes.
    """
    now, rows = datetime.now(UTC), 0
    with path.open("rb") as packed:
        digest = file_digest(packed, "sha256").hexdigest()
    archive = archive_of([path], [Part(what, digest) for what in recognised([path])])
    with reader(out) as duck:
        straight = _Straight(duck.connection, duck._files)  # noqa: SLF001  the same connection
        for number, part in enumerate(archive.parts):
            write_raw(straight, part.what, out / "raw.parquet")
            origin = Origin(part.what.kind, "me", archive.name, part.what.layout, part.what.member.name)
            rows += write_typed(straight, origin, out / "raw.parquet", out / "typed.parquet", now)
            (out / "typed.parquet").rename(out / f"{number}.parquet")
    return rows
