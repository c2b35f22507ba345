"""What the models were last built from and with: whether they are current, and whether the next build may be an increment."""

from importlib.metadata import version

import msgspec
from msgspec import Struct

from longplay.warehouse.engine import Connection
from longplay.warehouse.overview import has_table

NAME = "built"  # of the note in a home's state
MAKERS = ("longplay", "dbt-core", "dbt-duckdb", "duckdb")


class Built(Struct, frozen=True):
    """The record of one build for people: the zone of its local times, who made it in which version."""

    time_zone: str
    versions: dict[str, str]


def installed_versions() -> dict[str, str]:
    """Give the version of everything that has a hand in the tables."""
    return {name: version(name) for name in MAKERS}


def record(time_zone: str) -> bytes:
    """Write down a build that has just been made."""
    return msgspec.json.encode(Built(time_zone, installed_versions()))


def read(noted: bytes | None) -> Built | None:
    """Read a record; None where there is none that can be read."""
    try:
        return msgspec.json.decode(noted or b"", type=Built)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def is_current(connection: Connection) -> bool:
    """Say whether the models were built from what the landing tables hold now."""
    if not (has_table(connection, "marts", "fct_plays") and has_table(connection, "lake", "built")):
        return False
    before = built_from(connection)
    return before is not None and before[0] >= last_load(connection)


def built_from(connection: Connection) -> tuple[int, str] | None:
    """Give the last load the models know of, and the fingerprint of all else; None where they have to be built as a whole."""
    return connection.execute("select load_number, fingerprint from lake.built").fetchone()


def last_load(connection: Connection) -> int:
    """Give the number of the last load that changed a table."""
    row = connection.execute(
        "select greatest((select coalesce(max(load_number), 0) from lake.loaded_files), "
        "(select coalesce(max(load_number), 0) from lake.touches))"
    ).fetchone()
    return int(row[0]) if row else 0


def forget_built(connection: Connection) -> None:
    """Make the next build a whole one, whatever becomes of this one."""
    connection.execute("delete from lake.built")


def note_built(connection: Connection, load_number: int, fingerprint: str) -> None:
    """Remember what the models have just been built from."""
    connection.begin()
    connection.execute("delete from lake.built")
    connection.execute("insert into lake.built values (?, ?)", [load_number, fingerprint])
    connection.commit()
