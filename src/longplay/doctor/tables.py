"""Whether the warehouse can be opened, holds what the lake holds, and was built from it with what is installed."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
from msgspec import Struct

from longplay.doctor.finding import Finding, counted, note, trouble
from longplay.errors import WarehouseBusy, WarehouseError
from longplay.exports.layouts import missing_chunks
from longplay.home import Home
from longplay.lake.layout import Processed
from longplay.lake.state import read_note
from longplay.lake.store import Lake
from longplay.lake.tables import LANDING
from longplay.warehouse import built, duck
from longplay.warehouse.overview import has_table

_BUILD = "Run `longplay build`."
_COLUMNS = "select table_name, column_name, data_type from information_schema.columns where table_schema = 'lake'"
_OF_LOADING = {"source_file": "VARCHAR", "load_number": "BIGINT"}

# An archive with a gap in its numbered files matters while no complete one of the listener reaches as far on both sides.
_INCOMPLETE = """
with archives as (
    select
        user_id, archive, list(member order by member) as members, bool_and(is_complete) as is_complete,
        min(first_at) as first_at, max(last_at) as last_at, max(layout) = 'account' as is_account
    from lake.archives group by user_id, archive
)
select user_id, archive, members from archives as gappy
where not is_complete and not exists (
    from archives as other
    where other.is_complete and other.user_id = gappy.user_id and other.is_account = gappy.is_account
        and other.first_at <= gappy.first_at and other.last_at >= gappy.last_at
)
order by user_id, archive
"""
_UNKNOWN = """
select distinct user_id, archive, trim(field) as field
from (select user_id, archive, unnest(string_split(unknown_fields, ',')) as field from lake.archives)
where trim(field) <> '' order by all
"""


class Warehouse(Struct, frozen=True):
    """A home's tables, as the one who looks at them needs them."""

    home: Home
    time_zone: str
    is_worked_on: bool

    def findings(self) -> Iterator[Finding]:
        """Look at everything that can be seen with the file open for reading only."""
        there = Lake(self.home.lake)
        lake = {found.key for found in there.loadable()}
        if not self.home.warehouse.exists():
            if lake:
                yield trouble("warehouse", "There is no warehouse; the lake holds everything it is built from.", _BUILD)
            return
        try:
            with duck.opened(self.home.warehouse, patience=0, read_only=True) as connection:
                if _is_cut_off(connection, self.home.warehouse):
                    yield self._damaged()
                else:
                    yield from self._within(connection, lake)
        except WarehouseBusy as error:
            if not self.is_worked_on:
                yield trouble("warehouse", f"Another program holds the warehouse{_who(error)}.", "Close it.")
        except (WarehouseError, duckdb.Error):
            yield self._damaged()

    def _damaged(self) -> Finding:
        return trouble(
            "warehouse",
            f"{self.home.warehouse} cannot be opened, or is damaged.",
            "If its permissions are right, delete it and run `longplay build`: the lake holds everything it is built from.",
        )

    def _within(self, connection: duckdb.DuckDBPyConnection, lake: set[str]) -> Iterator[Finding]:
        if not has_table(connection, "lake", "loaded_files"):
            yield trouble("warehouse", "The warehouse has no landing tables.", _BUILD)
            return
        yield from _shapes(connection)
        yield from _files(connection, lake)
        yield from self._models(connection)
        if has_table(connection, "lake", "archives"):
            yield from _gaps(connection)
            yield from _unknown_fields(connection)

    def _models(self, connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
        record = built.read(read_note(self.home.state, built.NAME))
        if not has_table(connection, "marts", "fct_plays"):
            yield trouble("models", "The models were never built.", _BUILD)
        elif not built.is_current(connection):
            yield trouble("models", "The models are older than what was brought in.", _BUILD)
        if record is None:
            return
        if record.time_zone != self.time_zone:
            said = f"The models tell the local times of {record.time_zone}; the time zone is {self.time_zone} now."
            yield trouble("time zone", said, _BUILD)
        for name, installed in built.installed_versions().items():
            if (before := record.versions.get(name)) != installed:
                said = f"The models were built with {name} {before or '(unknown)'}; {installed} is installed."
                yield note("versions", said, "The next `longplay build` uses it.")


def _is_cut_off(connection: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Say whether the file is shorter than what it holds; DuckDB opens it all the same, and counts blocks it gave back."""
    row = connection.execute("select used_blocks * block_size from pragma_database_size()").fetchone()
    return row is not None and path.stat().st_size < row[0]


def _shapes(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """Compare the landing tables with their shape in `lake/tables.py`; one that is missing is made by the next load."""
    there: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.execute(_COLUMNS).fetchall():
        there.setdefault(table, {})[column] = kind
    other = [table for table, columns in LANDING.items() if table in there and there[table] != columns | _OF_LOADING]
    if other:
        yield trouble(
            "warehouse",
            f"{counted(other, 'landing table has', 'landing tables have')} not the columns this Longplay knows.",
            "Delete the warehouse file and run `longplay build`: the lake holds everything it is built from.",
        )


def _files(connection: duckdb.DuckDBPyConnection, lake: set[str]) -> Iterator[Finding]:
    loaded = {key for (key,) in connection.execute("select source_file from lake.loaded_files").fetchall()}
    if absent := _archives(lake - loaded):
        yield trouble("warehouse", f"{counted(absent, 'archive', 'archives')} of the lake not loaded yet.", _BUILD)
    if gone := _archives(loaded - lake):
        yield trouble(
            "warehouse",
            f"{counted(gone, 'archive', 'archives')} in the tables that the lake no longer holds.",
            "If the lake lies on a disk that is not there, bring that back; else run `longplay build`, which takes them out.",
        )


def _archives(keys: set[str]) -> list[str]:
    """Name the archives that some objects belong to, and whose pages others are; choices are everybody's."""
    objects = [Processed.parse(key) for key in keys]
    return sorted({f"{found.archive[:8] if found.archive else 'pages'} of {found.user}" for found in objects if found.user})


def _gaps(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    for user, archive, members in connection.execute(_INCOMPLETE).fetchall():
        missing = missing_chunks(members)
        what = f"is missing {', '.join(missing)}" if missing else "holds a file that is no list of plays"
        yield trouble(
            "completeness",
            f"Archive {archive[:8]} of {user} {what}; the plays in it are not here.",
            "Look for it in your downloads, or ask Spotify for the archive again, and import it whole.",
        )


def _unknown_fields(connection: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    rows = connection.execute(_UNKNOWN).fetchall()
    if rows:
        fields = sorted({field for *_, field in rows})
        archives = len({row[:2] for row in rows})
        yield note(
            "fields",
            f"Fields Longplay does not know, in {archives} {'archive' if archives == 1 else 'archives'}: {', '.join(fields)}.",
            "Their values were left out; a newer Longplay may read them.",
        )


def _who(error: WarehouseBusy) -> str:
    found = re.search(r"PID (\d+)", str(error.__cause__))
    return f" (process {found[1]})" if found else ""
