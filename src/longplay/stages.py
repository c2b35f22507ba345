"""The way of a play, in order: import or process, load, build, report; and what one asks about it on the way.

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
from longplay.processing import ProcessedPages, process_pages
from longplay.report.page import draw_page
from longplay.sums import ArchiveSum, Import, Refused
from longplay.warehouse import ask, built, duck, load, overview, transform
from longplay.warehouse.known import known_plays

log = structlog.get_logger()


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
        with self.state.alone():
            self.lake.sweep()
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
                self._load_together(connection, [Processed.parse(key) for key in archive.processed_keys])
            distinct = archive.total("distinct")
            known = distinct if is_known else min(distinct, known_plays(connection, self.user, archive.archive))
        log.info("imported", archive=archive.archive, read=archive.total("read"), known=known)
        return ArchiveSum.of(archive, known)

    def forget(self, archive: str) -> int:
        """Undo one import, named by the beginning of its hash; returns how many objects of the lake are gone."""
        with self.state.alone():
            found = sorted({row["archive"] for row in self.imports() if row["archive"].startswith(archive)})
            if len(found) != 1 or not archive:
                raise WrongCall(
                    f"{len(found) or 'No'} imported archives begin with {archive!r}.", "See `longplay imports` for their names."
                )
            gone = self.lake.forget(self.user, found[0])
            self._load()
        return gone

    def imports(self) -> list[dict[str, Any]]:
        """List what was brought in for this listener, a row for each archive."""
        if not self.home.warehouse.exists():
            return []
        with self._warehouse(read_only=True) as connection:
            return overview.imports(connection, self.user)

    # process

    def process(self) -> ProcessedPages:
        """Give meaning to every page that was fetched, of every listener."""
        with self.state.alone():
            self.lake.sweep()
            return process_pages(self.lake)

    # load

    def load(self) -> tuple[int, int]:
        """Make the landing tables hold what the lake holds; returns how many files came and how many went."""
        with self.state.alone():
            return self._load()

    def _load(self) -> tuple[int, int]:
        there = {found.key: found for found in (*self.lake.whole_archives(), *self.lake.whole_pages())}
        with self._warehouse() as connection:
            held = {file.source_file: file for file in load.loaded_files(connection)}
            gone = [file for key, file in held.items() if key not in there]
            if gone:
                with load.transaction(connection) as number:
                    load.unload(connection, gone, number)
            new = sorted((there[key] for key in there.keys() - held.keys()), key=_belongs_to)
            for _, objects in groupby(new, key=_belongs_to):
                self._load_together(connection, list(objects))
        return len(new), len(gone)

    def _load_together(self, connection: duckdb.DuckDBPyConnection, objects: Sequence[Processed]) -> None:
        with load.transaction(connection) as number:
            load.load_files(connection, objects, self.lake.folder, number)

    # build

    def build(
        self, on_node: Callable[[str], None] = lambda _: None, *, tests: bool = False, whole: bool = False
    ) -> list[transform.Node]:
        """Load what is new, then bring every model up to date (or build it anew if `whole`), and test if asked to."""
        with self.state.alone():
            self._load()
            fingerprint = transform.fingerprint(self.time_zone)
            with self._warehouse() as connection:
                load_number, before = built.last_load(connection), built.built_from(connection)
                whole = whole or before is None or before[1] != fingerprint
                if whole:
                    built.forget_built(connection)
            nodes = transform.build(
                self.home.warehouse, self.home.dbt, time_zone=self.time_zone, whole=whole, on_node=on_node, tests=tests
            )
            with self._warehouse() as connection:
                built.note_built(connection, load_number, fingerprint)
        log.info("built", nodes=len(nodes), whole=whole)
        return nodes

    def is_built(self) -> bool:
        """Say whether the marts exist."""
        if not self.home.warehouse.exists():
            return False
        with self._warehouse(read_only=True) as connection:
            return overview.has_table(connection, "marts", "fct_plays")

    # look

    def report(self, notice: str | None = None) -> Path:
        """Draw the page from the marts, with a line at its top if there is something to say; returns where it is."""
        with self.state.alone(), self._warehouse(read_only=True) as connection:
            return draw_page(connection, self.user, self.home.page, is_demo=self.state.is_demo, notice=notice)

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
    def _warehouse(self, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        with duck.opened(self.home.warehouse, patience=self.state.patience, read_only=read_only) as connection:
            if not read_only:
                load.create_tables(connection)
            yield connection


def _belongs_to(processed: Processed) -> tuple[str, str]:
    """Name what is loaded together: one archive, or all pages of a listener."""
    return processed.user, processed.archive or ""
