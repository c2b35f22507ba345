"""A lake and two warehouses, for stories about what a build changes: real files, the real loading, the statements of dbt."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb

from longplay.choices.rows import choice_rows
from longplay.choices.shape import Choices
from longplay.lake import layout
from longplay.lake.layout import Processed
from longplay.lake.tables import LANDING
from longplay.warehouse import built, load
from tests.transform.warehouse import ExecutedProject, Row, Warehouse, insert

ONLY_OF_ONE_BUILD = {
    "int_touched_days",
    "int_touched_months",
    "int_changed_spans",
}  # what a build had to look at, gone with the next


class InventedHome:
    """One warehouse is brought up to date from build to build, another over the same landing tables is built anew each time."""

    def __init__(self, project: ExecutedProject, folder: Path) -> None:
        self.folder = folder
        self.numbers = count()
        self.connection = duckdb.connect()
        self.kept, self.anew = (self._warehouse(project, name) for name in ("kept", "anew"))
        for (table,) in self.anew.ask(
            "select table_name from duckdb_tables() where database_name = 'anew' and schema_name = 'lake'"
        ):
            if table != "built":
                self.anew.connection.execute(f"drop table lake.{table}")
                self.anew.connection.execute(f"create view lake.{table} as from kept.lake.{table}")

    def _warehouse(self, project: ExecutedProject, name: str) -> Warehouse:
        self.connection.execute(f"attach ':memory:' as {name}")
        cursor = self.connection.cursor()
        cursor.execute(f"use {name}")
        return Warehouse(project, cursor)

    def load(self, user: str, archive: str, rows_of: Mapping[str, Sequence[Row]]) -> None:
        """Bring in one archive: its rows for each landing table."""
        self._load(
            {
                layout.processed_key(table, user, archive, f"{table}-{next(self.numbers)}"): rows
                for table, rows in rows_of.items()
            }
        )

    def poll(self, user: str, page: str, rows_of: Mapping[str, Sequence[Row]]) -> None:
        """Bring in one page of the Web API: its rows for each landing table."""
        self._load({layout.page_key(table, user, page): rows for table, rows in rows_of.items()})

    def choose(self, choices: Choices) -> None:
        """Let this hold from now on."""
        version = f"{next(self.numbers):06}"
        self._load({layout.choices_key(version): choice_rows(choices, version, datetime(2026, 11, 23))})

    def _load(self, rows_of: Mapping[str, Sequence[Row]]) -> None:
        files = [self._file(key, rows) for key, rows in rows_of.items() if rows]
        with load.transaction(self.kept.connection) as number:
            load.load_files(self.kept.connection, files, self.folder, number)

    def forget(self, user: str, what: str) -> None:
        """Take one archive or page out again."""
        held = load.loaded_files(self.kept.connection)
        gone = [f for f in held if f.user_id == user and what in {f.archive, Path(f.source_file).stem}]
        with load.transaction(self.kept.connection) as number:
            load.unload(self.kept.connection, gone, number)

    def build(self) -> None:
        """Bring the one up to date, and build the other anew."""
        connection = self.kept.connection
        self.kept.build(None, whole=built.built_from(connection) is None)
        built.note_built(connection, built.last_load(connection), "the same")
        self.anew.build(None)

    def differences(self) -> dict[str, tuple[int, int]]:
        """Name each model in which both differ: how many rows only the one has, and how many only the other."""
        found = {}
        for model in self.kept.project.models:
            if model.name not in ONLY_OF_ONE_BUILD:
                kept, anew = (f"from {name}.{model.schema}.{model.name}" for name in ("kept", "anew"))
                only = [f"(select count(*) from ({mine} except all {theirs}))" for mine, theirs in ((kept, anew), (anew, kept))]
                counts = f"select {', '.join(only)}"
                found[model.name] = self.connection.execute(counts).fetchall()[0]
        return {name: counts for name, counts in found.items() if any(counts)}

    def _file(self, key: str, rows: Sequence[Row]) -> Processed:
        path, file = self.folder / key, Processed.parse(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        columns = ", ".join(f"{name} {kind}" for name, kind in LANDING[file.table].items())
        self.connection.execute(f"create or replace temporary table received ({columns})")
        insert(self.connection, "received", list(rows))
        self.connection.execute(f"copy received to '{path}' (format parquet)")
        return file
