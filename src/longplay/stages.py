"""The way of a play, in order: import, load, build, report; and what one asks about it on the way.

Stages know nothing of who runs them. Each may be repeated: what is there already is not done twice.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import structlog
from msgspec import Struct

from longplay.errors import LongplayError, WrongCall
from longplay.home import Home
from longplay.importing import Progress, import_archive, quiet
from longplay.lake.layout import Processed
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.report.page import draw_page
from longplay.sums import ArchiveSum, Import, Refused
from longplay.warehouse import ask, duck, load, overview, transform
from longplay.warehouse.known import known_plays

log = structlog.get_logger()

# Works that are noted in the state while they last.
_BUILD = "build"
_FORGET = "forget"


class Stages(Struct, frozen=True):
    """Everything a stage needs, wired once."""

    home: Home
    lake: Lake
    state: State
    user: str
    time_zone: str

    # import

    def import_archives(self, groups: Sequence[Sequence[Path]], now: datetime, progress: Progress = quiet) -> Import:
        """Bring in archives, each given as the paths that make it up; one that cannot be read does not stop the others."""
        done: list[ArchiveSum] = []
        refused: list[Refused] = []
        with self._alone():
            for paths in groups:
                try:
                    done.append(self._import(paths, now, progress))
                except LongplayError as error:
                    refused.append(Refused(str(paths[0]), error.message, error.action))
        return Import(done, refused)

    def _import(self, paths: Sequence[Path], now: datetime, progress: Progress) -> ArchiveSum:
        archive = import_archive(paths, self.user, self.lake, now, progress)
        with self._warehouse() as connection:
            held = {(file.user_id, file.archive) for file in load.loaded_files(connection)}
            is_known = (self.user, archive.archive) in held
            if not is_known:
                self._load_archive(connection, [Processed.parse(key) for key in archive.processed_keys])
            distinct = archive.total("distinct")
            known = distinct if is_known else min(distinct, known_plays(connection, self.user, archive.archive))
        log.info("imported", archive=archive.archive, read=archive.total("read"), known=known)
        return ArchiveSum.of(archive, known)

    def forget(self, archive: str) -> int:
        """Undo one import, named by the beginning of its hash; returns how many objects of the lake are gone."""
        with self._alone():
            found = sorted({row["archive"] for row in self.imports() if row["archive"].startswith(archive)})
            if len(found) != 1 or not archive:
                raise WrongCall(
                    f"{len(found) or 'No'} imported archives begin with {archive!r}.", "See `longplay imports` for their names."
                )
            self.state.begin(_BUILD)  # the models speak of it until they are built anew
            self.state.begin(f"{_FORGET} {self.user} {found[0]}")
            gone = self._forget_begun()
            self._load()
        return gone

    def _forget_begun(self) -> int:
        """Take the archives out of the lake that were to be forgotten; returns how many objects are gone."""
        gone = 0
        for work in self.state.begun:
            if work.startswith(_FORGET):
                gone += self.lake.forget(*work.split(" ")[1:])
                self.state.end(work)
        return gone

    def imports(self) -> list[dict[str, Any]]:
        """List what was brought in for this listener, a row for each archive."""
        if not self.home.warehouse.exists():
            return []
        with self._warehouse(read_only=True) as connection:
            return overview.imports(connection, self.user)

    # load

    def load(self) -> tuple[int, int]:
        """Make the landing tables hold what the lake holds; returns how many files came and how many went."""
        with self._alone():
            return self._load()

    def _load(self) -> tuple[int, int]:
        there = {processed.key: processed for processed in self.lake.whole_archives()}
        with self._warehouse() as connection:
            held = {file.source_file: file for file in load.loaded_files(connection)}
            gone = [file for key, file in held.items() if key not in there]
            if gone:
                with load.transaction(connection):
                    load.unload(connection, gone)
            new = sorted(there.keys() - held.keys())
            for _, keys in groupby(new, key=lambda key: (there[key].user, there[key].archive)):
                self._load_archive(connection, [there[key] for key in keys])
        return len(new), len(gone)

    def _load_archive(self, connection: duckdb.DuckDBPyConnection, objects: Sequence[Processed]) -> None:
        with load.transaction(connection) as number:
            load.load_archive(
                connection, [(processed, str(self.lake.local_path(processed.key))) for processed in objects], number
            )

    # build

    def build(self, on_node: Callable[[str], None] = lambda _: None, *, tests: bool = False) -> list[transform.Node]:
        """Load what is new, then build every model, and test data and rules if asked to."""
        with self._alone():
            self.state.begin(_BUILD)
            self._load()
            nodes = transform.build(self.home.warehouse, self.home.dbt, time_zone=self.time_zone, on_node=on_node, tests=tests)
            self.state.end(_BUILD)
        log.info("built", nodes=len(nodes))
        return nodes

    def is_built(self) -> bool:
        """Say whether the marts exist, and no build of them was stopped on its way."""
        if not self.home.warehouse.exists() or _BUILD in self.state.begun:
            return False
        with self._warehouse(read_only=True) as connection:
            return overview.has_table(connection, "marts", "fct_plays")

    # look

    def report(self) -> Path:
        """Draw the page from the marts; returns where it is."""
        with self.state.alone(), self._warehouse(read_only=True) as connection:
            return draw_page(connection, self.user, self.home.page, is_demo=self.state.is_demo)

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Answer one question; every model has its bare name."""
        with self._warehouse(read_only=True) as connection:
            return ask.answers(connection, sql)

    def status(self) -> dict[str, Any]:
        """Tell where things stand for this listener."""
        facts: dict[str, Any] = {
            "home": str(self.home.folder), "user": self.user, "is_demo": self.state.is_demo, "time_zone": self.time_zone,
            "page": str(self.home.page) if self.home.page.exists() else None,
        }  # fmt: skip
        if not self.home.warehouse.exists():
            return facts | overview.NOTHING
        with self._warehouse(read_only=True) as connection:
            return facts | overview.status(connection, self.user)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the home for ourselves, rid of what killed runs left."""
        with self.state.alone():
            self.lake.sweep()
            self._forget_begun()
            yield

    @contextmanager
    def _warehouse(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        with duck.opened(self.home.warehouse, patience=self.state.patience, read_only=read_only) as connection:
            if not read_only:
                load.create_tables(connection)
            yield connection
