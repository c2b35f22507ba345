"""DuckDB reading members straight out of an archive, unpacked as they are read."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any, Final

import duckdb
from fsspec import AbstractFileSystem

from longplay.exports.members import Member

PROTOCOL: Final = "member"
MEMORY: Final = "256MB"


class MemberFiles(AbstractFileSystem):
    """A file system of the one member that is being read; DuckDB asks it for nothing but its content."""

    protocol = PROTOCOL
    cachable = False

    def __init__(self) -> None:
        """Hold no member yet."""
        super().__init__()
        self.member: Member | None = None

    def _held(self) -> Member:
        if self.member is None:
            raise FileNotFoundError
        return self.member

    def glob(self, path: str, maxdepth: int | None = None, **_: Any) -> list[str]:
        """Take a name as it is, brackets and stars too."""
        del maxdepth
        return [path]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Tell the size of the unpacked content."""
        return {"name": path, "size": self._held().size, "type": "file"}

    def exists(self, path: str, **_: Any) -> bool:
        """Say that the member is there."""
        return bool(path) and self.member is not None

    def modified(self, path: str) -> Any:
        """Members have no date of their own."""
        raise NotImplementedError(path)

    def open(self, path: str, mode: str = "rb", **_: Any) -> RawIOBase:  # type: ignore[override]
        """Open the content for reading."""
        if mode != "rb":
            raise PermissionError(path)
        return self._held().opened()


class Reader:
    """A DuckDB in memory that reads archives and writes Parquet."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, files: MemberFiles) -> None:
        """Use a connection that knows the file system of members."""
        self.connection = connection
        self._files = files

    @contextmanager
    def reading(self, member: Member) -> Iterator[str]:
        """Yield the address at which SQL finds the member's content."""
        self._files.member = member
        try:
            yield f"{PROTOCOL}://content.json"
        finally:
            self._files.member = None

    def write(self, select: str, path: Path) -> int:
        """Write the rows of a question as Parquet; returns how many."""
        row = self.connection.execute(
            f"copy ({select}) to {literal(path)} (format parquet, compression zstd, compression_level 1, row_group_size 120000)"
        ).fetchone()
        return int(row[0]) if row else 0

    def rows(self, path: Path) -> int:
        """Count the rows of a Parquet file."""
        row = self.connection.execute("select num_rows from parquet_file_metadata(?)", [str(path)]).fetchone()
        return int(row[0]) if row else 0


@contextmanager
def reader(spill: Path) -> Iterator[Reader]:
    """Yield a reader with little memory, which spills into the given folder."""
    with duckdb.connect(config={"memory_limit": MEMORY, "threads": 2, "temp_directory": str(spill)}) as connection:
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
