"""The way of a play as a user takes it, command by command: each can be stopped anywhere and done again.

Every command starts from a copy of the home as the one before left it, so a stopped command never pays for those before it.
"""

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import duckdb
from msgspec import Struct

from tests.command import COMMAND, called
from tests.crash import gate
from tests.crash.gate import Answer, Change, Ended
from tests.transform.home import ONLY_OF_ONE_BUILD

OF_DBT: Final = "state/dbt/"  # notes that dbt can make anew
SCHEMAS: Final = ("lake", "staging", "intermediate", "marts")
_OF_A_LOAD: Final = {"source_file", "load_number"}  # say how a row came, not what it says


class Found(Struct, frozen=True):
    """What a home holds: every table as a multiset of rows, every object of the lake, and the names of all other files."""

    tables: dict[str, Counter[str]]
    lake: dict[str, str]
    files: list[str]

    def differs(self, other: "Found") -> str:
        """Say where another home holds something else; an empty sentence where it does not."""
        parts = [*self._unequal(self.tables, other.tables), *self._unequal(self.lake, other.lake)]
        return ", ".join(parts) or ("" if self.files == other.files else f"files {self.files} and {other.files}")

    @staticmethod
    def _unequal(mine: dict, theirs: dict) -> list[str]:
        return [name for name in sorted(mine.keys() | theirs.keys()) if mine.get(name) != theirs.get(name)]


class Step(Struct, frozen=True):
    """One command: the home before it, what it changed on its way and said at its end, and what was found after it."""

    name: str
    arguments: tuple[str, ...]
    before: Path
    changes: list[Change]
    said: dict[str, Any]
    after: Found

    def points(self) -> list[int]:
        """Number the changes before which to stop.

        Waiting for the disk changes no file, so stopping before it and before what follows is one. dbt writes its own notes in
        hundreds of pieces: the first two of a row leave an empty file and a half one, and so do all others.
        """
        changes = [change for change in self.changes if change.alters]
        rows = [0] * len(changes)
        for number in range(1, len(changes)):
            rows[number] = rows[number - 1] + 1 if changes[number] == changes[number - 1] else 0
        return [number for number, row in enumerate(rows) if row <= 1 or not changes[number].file.startswith(OF_DBT)]

    def one_of_each_kind(self, wanted: Collection[tuple[str, str]] = ()) -> list[int]:
        """Choose from the points the middle one of each kind of change in each place, or of those wanted only."""
        changes = [change for change in self.changes if change.alters]
        kinds: dict[tuple[str, str], list[int]] = {}
        for number in self.points():
            kind = (changes[number].kind, changes[number].place)
            if kind in wanted or (not wanted and kind[0] in {"write", "open", "rename", "unlink"}):
                kinds.setdefault(kind, []).append(number)
        return sorted(numbers[len(numbers) // 2] for numbers in kinds.values())


class Home:
    """One home in a folder, and commands run on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def like(cls, other: Path, beside: Path) -> "Home":
        """Give a new home that holds what another one holds."""
        home = cls(beside / uuid4().hex[:8] / "home")
        home.folder.parent.mkdir()
        if other.exists():
            shutil.copytree(other, home.folder)
        return home

    def command(self, *arguments: str) -> list[str]:
        """Spell a command on this home."""
        return [*COMMAND, "--home", str(self.folder), *arguments]

    def watched(self, answer: Answer, *arguments: str) -> Ended:
        """Run a command that is asked about each of its changes."""
        log = self.folder.parent / "log"
        return gate.watched(self.command(*arguments), self.folder, answer, environment(), log=log)

    def plain(self, *arguments: str, **more: str) -> Ended:
        """Run a command of ours as a user does, one at a time."""
        done = called(self.command(*arguments)[1:], self.folder.parent, environment() | more)
        return Ended(done.returncode, done.stdout, done.stderr)

    def run(self, command: Sequence[str], **more: str) -> Ended:
        """Run any command beside the home."""
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            env=environment() | more,
            cwd=self.folder.parent,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def found(self) -> Found:
        """Look at everything there is."""
        lake = self.folder / "lake"
        objects = {path: path.relative_to(lake).as_posix() for path in _files(lake)}
        others = [path.relative_to(self.folder).as_posix() for path in _files(self.folder) if path not in objects]
        return Found(
            tables=dict(_tables(self.folder / "warehouse.duckdb")),
            lake={key: sha256(path.read_bytes()).hexdigest() for path, key in objects.items()},
            files=[name for name in others if not name.startswith(OF_DBT)],
        )

    def gone(self) -> None:
        """Take the home away."""
        shutil.rmtree(self.folder.parent)


def environment() -> dict[str, str]:
    """Give the surroundings of a command: nothing of the user's own settings."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("LONGPLAY_")}
    return plain | {"LONGPLAY_TIMEZONE": "UTC", "COLUMNS": "160"}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _tables(warehouse: Path) -> Iterator[tuple[str, Counter[str]]]:
    if not warehouse.exists():
        return
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        columns = connection.execute(
            "select table_schema, table_name, column_name from information_schema.columns order by all"
        ).fetchall()
        for schema, table in sorted({(schema, table) for schema, table, _ in columns if schema in SCHEMAS}):
            if table in ONLY_OF_ONE_BUILD:
                continue
            names = [column for *of, column in columns if of == [schema, table] and column not in _OF_A_LOAD]
            rows = connection.execute(f"select {', '.join(names)} from {schema}.{table}").fetchall()
            yield f"{schema}.{table}", Counter(map(repr, rows))


def walked(home: Home, name: str, arguments: Sequence[str], beside: Path) -> Step:
    """Do one command undisturbed, and write down what it changes."""
    before = beside / uuid4().hex[:8]
    if home.folder.exists():
        shutil.copytree(home.folder, before)
    changes: list[Change] = []

    def noted(change: Change) -> int:
        changes.append(change)
        return gate.GO_ON

    done = home.watched(noted, *arguments, "--json")
    assert done.status == 0, done
    return Step(name, tuple(arguments), before, changes, json.loads(done.out), home.found())
