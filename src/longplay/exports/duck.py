"""DuckDB reading members straight out of an archive, unpacked as they are read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import RawIOBase
from pathlib import Path
from typing import Any, Final

import duckdb
from fsspec import AbstractFileSystem
from msgspec import Struct

from longplay.exports.members import Heard, Member

PROTOCOL: Final = "member"
CONTENT: Final = f"{PROTOCOL}://content.json"
MEMORY: Final = "256MB"


class MemberFiles(AbstractFileSystem):
    """A file system of the one member that is being read; DuckDB opens its content once and reads it from end to end."""

    protocol = PROTOCOL
    cachable = False

    def __init__(self) -> None:
        """Hold no member yet."""
        super().__init__()
        self.held: tuple[int, Heard] | None = None  # its size and its content

    def _held(self) -> tuple[int, Heard]:
        if self.held is None:
            raise FileNotFoundError
        return self.held

    def glob(self, path: str, maxdepth: int | None = None, **_: Any) -> list[str]:
        """Take a name as it is, brackets and stars too."""
        del maxdepth
        return [path]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Tell the size of the unpacked content."""
        return {"name": path, "size": self._held()[0], "type": "file"}

    def exists(self, path: str, **_: Any) -> bool:
        """Say that the member is there."""
        return bool(path) and self.held is not None

    def modified(self, path: str) -> Any:
        """Members have no date of their own."""
        raise NotImplementedError(path)

    def open(self, path: str, mode: str = "rb", **_: Any) -> RawIOBase:  # type: ignore[override]
        """Open the content for reading."""
        if mode != "rb":
            raise PermissionError(path)
        return self._held()[1]


class Written(Struct, frozen=True):
    """What a Parquet file was given: how many rows, and facts about each column, named in quotes."""

    rows: int
    columns: dict[str, dict[str, str]]

    def holds(self, column: str) -> bool:
        """Say whether any row has a value there."""
        return int(self.columns[f'"{column}"']["null_count"]) < self.rows

    def reaches(self, column: str, first: str, beyond: str) -> bool:
        """Say whether a value may stand from the letter `first` to before `beyond`; of the ends their beginnings are known."""
        if not self.holds(column):
            return False
        facts = self.columns[f'"{column}"']
        return facts.get("min", "") < beyond and facts.get("max", beyond) >= first


class Reader:
    """A DuckDB in memory that reads archives and writes Parquet."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, files: MemberFiles) -> None:
        """Use a connection that knows the file system of members."""
        self.connection = connection
        self._files = files
        self._parsed = cache(connection.extract_statements)  # every member is asked the same; parsing costs as much as planning

    @contextmanager
    def reading(self, member: Member) -> Iterator[Heard]:
        """Hold the member's content where SQL finds it, at `CONTENT`; yields what hashes it on the way."""
        self._files.held = member.size, Heard(member.opened())
        try:
            yield self._files.held[1]
        finally:
            self._files.held = None

    def write(self, select: str, path: Path, values: Sequence[object] = ()) -> int:
        """Write the rows of a question as Parquet; returns how many there are."""
        ((rows,),) = self._copied(select, path, "", values)
        return rows

    def written(self, select: str, path: Path) -> Written:
        """Write the rows of a question as Parquet, and tell what its columns hold, which costs a few percent more."""
        ((_, rows, _, _, columns, *_),) = self._copied(select, path, ", return_stats")
        return Written(rows, columns)

    def _copied(self, select: str, path: Path, more: str, values: Sequence[object] = ()) -> list[Any]:
        options = f"format parquet, compression zstd, compression_level 1, row_group_size 120000{more}"
        (copy,) = self._parsed(f"copy ({select}) to {literal(path)} ({options})")
        return self.connection.execute(copy, values).fetchall()

    def has(self, path: Path, condition: str) -> bool:
        """Say whether a Parquet file has a row for which a condition holds."""
        asked = f"select count(*) from read_parquet({literal(path)}) where {condition}"  # noqa: S608  fields of the allow-list
        return self.connection.execute(asked).fetchall() != [(0,)]


@contextmanager
def reader(spill: Path) -> Iterator[Reader]:
    """Yield a reader with little memory, which spills into the given folder."""
    settings = {
        "memory_limit": MEMORY,
        "threads": 1,
        "temp_directory": str(spill),
        "allocator_background_threads": True,  # freed memory is kept a moment for the next rows: half as many page faults
    }
    with duckdb.connect(config=settings) as connection:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")  # it would draw into what we print
        files = MemberFiles()
        connection.register_filesystem(files)
        yield Reader(connection, files)


def literal(value: object) -> str:
    """Spell a value for SQL where it cannot be bound.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + str(value).replace("'", "''") + "'"
