"""What the models were last built from and with, so that one can tell when they are older than the landing tables."""

from hashlib import sha256
from importlib.metadata import version

import duckdb
import msgspec
from msgspec import Struct

from longplay.warehouse.overview import has_table

NAME = "built.json"  # of the note in a home's state
MAKERS = ("longplay", "dbt-core", "dbt-duckdb", "duckdb")


class Built(Struct, frozen=True):
    """The record of one build: a hash of the files it saw, the zone of its local times, who made it in which version."""

    files: str
    time_zone: str
    versions: dict[str, str]


def installed_versions() -> dict[str, str]:
    """Give the version of everything that has a hand in the tables."""
    return {name: version(name) for name in MAKERS}


def record(connection: duckdb.DuckDBPyConnection, time_zone: str) -> bytes:
    """Write down a build that has just been made."""
    return msgspec.json.encode(Built(fingerprint(connection), time_zone, installed_versions()))


def read(noted: bytes | None) -> Built | None:
    """Read a record; None where there is none that can be read."""
    try:
        return msgspec.json.decode(noted or b"", type=Built)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def fingerprint(connection: duckdb.DuckDBPyConnection) -> str:
    """Give a hash of the names of all files that the landing tables hold."""
    whole = sha256()
    for (name,) in connection.execute("select source_file from lake.loaded_files order by 1").fetchall():
        whole.update(f"{name}\n".encode())
    return whole.hexdigest()


def is_current(connection: duckdb.DuckDBPyConnection, built: Built | None) -> bool:
    """Say whether the models were built from what the landing tables hold now."""
    return (
        has_table(connection, "marts", "fct_plays")
        and built is not None
        and built.files == fingerprint(connection)
        and not _loads_left_out(connection)
    )


def _loads_left_out(connection: duckdb.DuckDBPyConnection) -> bool:
    """Ask the models' own list of loads, where they keep one."""
    if not has_table(connection, "lake", "built"):
        return False
    query = "select 1 from lake.loaded_files where load_number not in (select load_number from lake.built) limit 1"
    return connection.execute(query).fetchone() is not None
