"""Opening the warehouse of a laptop: one DuckDB file, for one writer at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from longplay.errors import LongplayError, NoMemory, WarehouseBusy, WarehouseError

_PAUSE = 0.2  # seconds between two tries at a file that somebody else holds


@contextmanager
def opened(path: Path, *, patience: float, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that speaks UTC; raises `WarehouseBusy` when another process keeps the file past our patience."""
    connection = _connect(path, patience, read_only=read_only)
    try:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")  # it would draw into what we print
        yield connection
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException, duckdb.OutOfMemoryException) as error:
        raise refusal(str(error)) from error
    finally:
        with suppress(duckdb.Error):  # a full disk cannot be told anything at the end either
            connection.close()
        if not read_only and path.exists():
            path.chmod(0o600)


@contextmanager
def beside(path: Path, name: str, *, patience: float) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection in whose memory tables can be made, and which sees the warehouse under `name`, to read only."""
    with opened(path, patience=patience, read_only=True):
        pass  # waits where somebody else holds it, and says what is wrong
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        quoted = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS {name} (READ_ONLY)")
        yield connection


def _create(path: Path) -> None:
    """Put an empty warehouse in place in one step: DuckDB refuses a file that a killed run had not begun to fill."""
    staged = path.with_name(f".{path.name}.unfinished")
    for left in (staged, staged.with_name(f"{staged.name}.wal")):
        left.unlink(missing_ok=True)
    duckdb.connect(str(staged)).close()
    staged.chmod(0o600)
    staged.replace(path)


def refusal(why: str) -> LongplayError:
    """Put into words that DuckDB finds no room, in memory or on the disk; `why` is what it said."""
    if "Out of Memory" in why:
        return NoMemory()
    return WarehouseError(
        f"The warehouse cannot be written: {why.splitlines()[0].rstrip('.')}.",
        "Make room on the disk or mend its permissions, then run it again: nothing is lost.",
    )


def _connect(path: Path, patience: float, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    if read_only and not path.exists():
        raise WarehouseError("There is no warehouse yet.", "Run `longplay import` with the archive Spotify sent you.")
    deadline = time.monotonic() + patience
    while True:
        try:
            if not path.exists():
                _create(path)
            return duckdb.connect(str(path), read_only=read_only)
        except duckdb.OutOfMemoryException as error:
            raise NoMemory from error
        except duckdb.IOException as error:
            if "lock" not in str(error).lower():
                raise WarehouseError(
                    f"{path} cannot be opened.", "Check its permissions and the disk; it can be deleted and built anew."
                ) from error
            if time.monotonic() > deadline:
                raise WarehouseBusy("The warehouse is in use.", "Wait until the other run is done, then try again.") from error
            time.sleep(_PAUSE)
