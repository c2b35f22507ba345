"""Loading: the landing tables hold what the processed lake holds, each file exactly once.

An archive is loaded in one transaction, rows and the record of its files together, so an import that was killed leaves none of
it. What has gone from the lake goes from the tables as well; that is how an import is undone. Each load notes the days whose
plays it touched, so that a build can go by them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import duckdb
from msgspec import Struct

from longplay.lake.layout import Processed
from longplay.lake.tables import LANDING
from longplay.warehouse.engine import Connection

# What every row of a landing table has besides: the processed object it came from, and which load brought it.
ORIGIN: Final = {"source_file": "VARCHAR", "load_number": "BIGINT"}

# What loading itself remembers. `touches`: the days of a listener in which a load brought or took plays.
MEMORY: Final = {
    "loaded_files": {
        "source_file": "VARCHAR",
        "landing_table": "VARCHAR",
        "user_id": "VARCHAR",
        "archive": "VARCHAR",
        "load_number": "BIGINT",
        "row_count": "BIGINT",
    },
    "touches": {"user_id": "VARCHAR", "day": "DATE", "load_number": "BIGINT"},
    "built": {"load_number": "BIGINT", "fingerprint": "VARCHAR"},
}

# The days that hold plays of pages and archives; and those of what else is known in an archive's time, which it may be complete
# without.
_DAYS_OF_PLAYS = """
with those as (
    select user_id, min(first_at) as first_at, max(last_at) as last_at
    from lake.archives where {which} group by user_id, archive
),
others as (
    select user_id, reported_at from lake.account_history union all select user_id, played_at from lake.recently_played
)
select user_id, cast(reported_at as date) as day from lake.streaming_history where {which}
union
select user_id, cast(reported_at as date) from lake.account_history where {which}
union
select user_id, cast(played_at as date) from lake.recently_played where {which}
union
select others.user_id, cast(others.reported_at as date)
from others
inner join those on those.user_id = others.user_id
    and others.reported_at between those.first_at - interval '4 days' and those.last_at + interval '4 days'
"""

# The tables of music rather than of listeners. A build sees what has arrived in them, but nothing marks what has gone.
_OF_MUSIC = frozenset({"artists", "tracks", "albums", "audio_features", "artist_genres"})

# What the listeners choose changes plays of any time, so the models are built as a whole after it.
_OF_CHOICE = "choices"

_AT_ONCE: Final = 1000  # values in one list

_NEXT_NUMBER = """
select greatest(
    (select coalesce(max(load_number), 0) from lake.loaded_files),
    (select coalesce(max(load_number), 0) from lake.touches),
    (select coalesce(max(load_number), 0) from lake.built)
) + 1
"""


Fill = Callable[[Any, str, Sequence[Processed], Path, int], None]


class LoadedFile(Struct, frozen=True):
    """One processed object that the tables hold."""

    source_file: str
    landing_table: str
    user_id: str
    archive: str | None  # none for a page of the Web API


def tables() -> dict[str, dict[str, str]]:
    """Give the columns of every table of the schema `lake`, and their types as DuckDB calls them."""
    return {table: {**columns, **ORIGIN} for table, columns in LANDING.items()} | MEMORY


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the schema `lake` with all its tables, where they are missing."""
    connection.execute("create schema if not exists lake")
    for table, columns in tables().items():
        spelled = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        key = ", primary key (source_file)" if table == "loaded_files" else ""
        connection.execute(f"create table if not exists lake.{table} ({spelled}{key})")
    _add_columns(connection)


def _add_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Give tables that were made by an earlier version the columns they lack."""
    held = set(connection.execute("select table_name, column_name from duckdb_columns() where schema_name = 'lake'").fetchall())
    for table, columns in tables().items():
        for name, kind in columns.items():
            if (table, name) not in held:
                connection.execute(f"alter table lake.{table} add column {name} {kind}")


def loaded_files(connection: Connection) -> list[LoadedFile]:
    """List the processed objects that the tables hold."""
    rows = connection.execute("select source_file, landing_table, user_id, archive from lake.loaded_files").fetchall()
    return [LoadedFile(*row) for row in rows]


@contextmanager
def transaction(connection: Connection) -> Iterator[int]:
    """Do everything inside or nothing, under one new load number."""
    connection.begin()
    try:
        row = connection.execute(_NEXT_NUMBER).fetchone()
        yield int(row[0]) if row else 1
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def load_files(
    connection: Connection, files: Sequence[Processed], root: Path, load_number: int, fill: Fill | None = None
) -> None:
    """Load processed objects that lie below `root`, table by table, with `fill` where it is not DuckDB that holds them."""
    fill = fill or fill_table
    for table, of_table in groupby(sorted(files, key=attrgetter("table")), key=attrgetter("table")):
        fill(connection, table, list(of_table), root, load_number)
    _touch(connection, "load_number = ?", [load_number], load_number)
    if any(file.table == _OF_CHOICE for file in files):
        connection.execute("delete from lake.built")


def fill_table(connection: Any, table: str, files: Sequence[Processed], root: Path, load_number: int) -> None:
    """Bring files into one table, and note them as loaded, in DuckDB's words: one statement each for any number of files."""
    connection.execute(
        f"insert into lake.{table} by name "  # noqa: S608  names from LANDING; files of an earlier version may lack columns
        f"select * exclude (filename), filename[{len(str(root)) + 2}:] as source_file, ? as load_number "
        "from read_parquet(?, filename = true, hive_partitioning = false, union_by_name = true)",
        [load_number, [str(root / file.key) for file in files]],
    )
    keys, users, archives = zip(*((file.key, file.user, file.archive) for file in files), strict=True)
    connection.execute(
        f"""
        insert into lake.loaded_files
        select source_file, $table, user_id, archive, $load, coalesce(rows, 0)
        from (select unnest($keys) as source_file, unnest($users) as user_id, unnest($archives::varchar[]) as archive)
        left join (select source_file, count(*) as rows from lake.{table} where load_number = $load group by all)
            using (source_file)
        """,  # noqa: S608  a table of LANDING
        {"table": table, "load": load_number, "keys": list(keys), "users": list(users), "archives": list(archives)},
    )


def unload(connection: Connection, files: Sequence[LoadedFile], load_number: int) -> None:
    """Take out every row that came from these files. Where they spoke of music or choices, the next build is a whole one."""
    for which, gone in _named(files):
        _touch(connection, which, gone, load_number)
    for table, of_table in groupby(sorted(files, key=attrgetter("landing_table")), key=attrgetter("landing_table")):
        for which, gone in _named(list(of_table)):
            connection.execute(f"delete from lake.{table} where {which}", gone)  # noqa: S608  a table of LANDING
            connection.execute(f"delete from lake.loaded_files where {which}", gone)  # noqa: S608  ours
    if any(file.landing_table in {*_OF_MUSIC, _OF_CHOICE} for file in files):
        connection.execute("delete from lake.built")


def _named(files: Sequence[LoadedFile]) -> Iterator[tuple[str, list[Any]]]:
    """Give conditions that are true for the rows of these files, with their values."""
    for first in range(0, len(files), _AT_ONCE):
        values: list[Any] = [file.source_file for file in files[first : first + _AT_ONCE]]
        yield f"source_file in ({', '.join('?' for _ in values)})", values


def _touch(connection: Connection, which: str, values: list[Any], load_number: int) -> None:
    """Note every day on which a play is loaded or taken out, or is judged by an archive that comes or goes."""
    days = _DAYS_OF_PLAYS.format(which=which)
    connection.execute(
        f"insert into lake.touches (user_id, day, load_number) select user_id, day, ? from ({days}) as touched",  # noqa: S608  ours
        [load_number, *values * days.count(which)],
    )
