"""The way of a play, in order: import or process, load, build, report; and what one asks about it on the way.

Stages know nothing of who runs them. Each may be repeated: what is there already is not done twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import duckdb
import structlog
from msgspec import Struct, convert

from longplay.building import Builder, building_of
from longplay.choosing import keep_choices
from longplay.enriching import Shares
from longplay.enrichment.own_table import OwnTable, own_answers
from longplay.enrichment.records import Need, Sound, Wanted, wrapped
from longplay.errors import LongplayError, WarehouseError, WrongCall
from longplay.exports.duck import reader
from longplay.home import Home
from longplay.importing import ImportedArchive, Progress, import_archive, quiet, summed_up
from longplay.insights import ASKED, insights
from longplay.insights.insight import Insight
from longplay.lake import arriving
from longplay.lake.layout import Processed
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.moving.manifest import Manifest, is_demo_export, is_export
from longplay.moving.pack import Source, write_export
from longplay.moving.unpack import archives_in, take_over
from longplay.processing import ProcessedPages, process_pages
from longplay.report.queries import DRAWN
from longplay.sums import ArchiveSum, Import, Refused
from longplay.warehouse import ask, built, load, missing, overview, own_table, transform
from longplay.warehouse.engine import Connection, Warehouse
from longplay.warehouse.known import known_plays
from longplay.warehouse.laptop import Laptop
from longplay.warehouse.layers import Layer
from longplay.warehouse.meanings import meanings

log = structlog.get_logger()

# Works that are noted in the state while they last.
_FORGET = "forget"

_MOST_TRANSACTIONS = 50  # of one load: each waits for the disk, and thousands of tiny archives may wait for the first


class Stages(Struct, frozen=True):
    """Everything a stage needs, wired once."""

    home: Home
    lake: Lake
    state: State
    user: str
    time_zone: str
    warehouse: Warehouse | None = None  # none: the file in the home

    # import

    def import_archives(self, groups: Sequence[Sequence[Path]], now: datetime, progress: Progress = quiet) -> Import:
        """Bring in archives, each given as the paths that make it up; one that cannot be read does not stop the others."""
        done = Import([], [])
        with self.alone():
            for paths in groups:
                try:
                    done += self._take_over(paths[0], progress) if is_export(paths[0]) else self._import(paths, now, progress)
                except LongplayError as error:
                    done += Import([], [Refused(str(paths[0]), error.message, error.action)])
        return done

    def _import(self, paths: Sequence[Path], now: datetime, progress: Progress) -> Import:
        return Import([self._summed(import_archive(paths, self.user, self.lake, now, progress))], [])

    def _take_over(self, folder: Path, progress: Progress) -> Import:
        """Bring in what another home exported: every archive of all its listeners."""
        manifest = take_over(folder, self.lake, progress)
        if manifest.is_demo:
            self.state.mark_demo()
        with self.lake.staged() as spill, reader(spill) as duck:
            whole = [summed_up(str(folder), user, name, self.lake, duck) for user, name in archives_in(manifest)]
        sums = [self._summed(archive) for archive in sorted(whole, key=attrgetter("user", "layout", "archive"))]
        return Import(sums, [], list(_about_zones(manifest.time_zone, self.time_zone)))

    def _summed(self, archive: ImportedArchive) -> ArchiveSum:
        """Load an archive of the lake, if it is not loaded yet, and complete its sum."""
        with self.laptop() as connection:
            held = {(file.user_id, file.archive) for file in load.loaded_files(connection)}
            is_known = (archive.user, archive.archive) in held
            if not is_known:
                self._load_together(connection, [Processed.parse(key) for key in archive.processed_keys])
            distinct = archive.total("distinct")
            known = distinct if is_known else min(distinct, known_plays(connection, archive.user, archive.archive))
        log.info("imported", archive=archive.archive, read=archive.total("read"), known=known)
        return ArchiveSum.of(archive, known)

    def holds_listening(self) -> bool:
        """Say whether anything was ever brought in, for any listener."""
        return not self.lake.is_empty()

    def refuse_mixing(self, groups: Sequence[Sequence[Path]]) -> None:
        """Raise `WrongCall` where invented and real listening would meet in one home."""
        kinds = {is_demo_export(paths[0]) for paths in groups}
        if self.state.is_demo or self.holds_listening():
            kinds.add(self.state.is_demo)
        if len(kinds) > 1:
            raise WrongCall(
                "This home holds an invented listener; your own listening does not belong there."
                if self.state.is_demo
                else "Real and invented listening do not belong into one home.",
                "Give another one with --home.",
            )

    def forget(self, archive: str) -> int:
        """Undo one import, named by the beginning of its hash; returns how many objects of the lake are gone."""
        with self.alone():
            found = sorted({row["archive"] for row in self.imports() if row["archive"].startswith(archive)})
            if len(found) != 1 or not archive:
                raise WrongCall(
                    f"{len(found) or 'No'} imported archives begin with {archive!r}.", "See `longplay imports` for their names."
                )
            self.state.begin(building_of(self._elsewhere))  # the models speak of it until they are built anew
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
        with self.laptop(read_only=True) as connection:
            return overview.imports(connection, self.user)

    # process

    def process(self) -> ProcessedPages:
        """Give meaning to every page that was fetched, of every listener."""
        with self.alone():
            return process_pages(self.lake)

    # enrich

    def lacking(self, need: Need, source: str, now: datetime, most: int) -> list[Wanted]:
        """Give what a source may be asked for next about this listener's music, the longest heard first."""
        with self.laptop(read_only=True) as connection:
            return convert(missing.missing(connection, missing.Search(self.user, need, source, now, most)), list[Wanted])

    def shares(self) -> Shares:
        """Tell of how much of this listener's music is known how it sounds, and of which genres it is."""
        with self.laptop(read_only=True) as connection:
            return convert(missing.shares(connection, self.user), Shares)

    def take_table(self, path: Path, now: datetime) -> tuple[int, int]:
        """Take in a table that says how tracks sound; returns how many rows it has, and how many tracks of the listener's."""
        with self.laptop(read_only=True) as connection:
            rows, found = own_table.read(connection, path, self.user)
        with self.alone():
            for answer in own_answers(convert(found, list[Sound])):
                body = wrapped([], answer)
                key = arriving.content_key(OwnTable.dataset, self.user, now, body)
                self.lake.receive(arriving.packed(body, now), key, self.user)
            process_pages(self.lake)
            self._load()
        return rows, len(found)

    # load

    def load(self) -> tuple[int, int]:
        """Make the landing tables hold what the lake holds; returns how many files came and how many went."""
        with self.alone():
            return self._load()

    def _load(self) -> tuple[int, int]:
        keep_choices(self.home.choices, self.lake)
        there = {found.key: found for found in self.lake.loadable()}
        with self.tables.opened() as connection:
            held = {file.source_file: file for file in load.loaded_files(connection)}
            gone = [file for key, file in held.items() if key not in there]
            if gone:
                with load.transaction(connection) as number:
                    load.unload(connection, gone, number)
                self.lake.let_go(file.source_file for file in gone)
            new = [there[key] for key in there.keys() - held.keys()]
            for objects in _transactions(new):
                self._load_together(connection, objects)
        return len(new), len(gone)

    def _load_together(self, connection: Connection, objects: Sequence[Processed]) -> None:
        self.lake.bring(found.key for found in objects)
        with load.transaction(connection) as number:
            load.load_files(connection, objects, self.lake.folder, number, self.tables.fill)

    # build

    def build(
        self,
        on_node: Callable[[str], None] = lambda _: None,
        *,
        tests: bool = False,
        rules: bool = True,
        whole: bool = False,
        layer: Layer | None = None,
    ) -> list[transform.Node]:
        """Load what is new, then bring every model up to date (or build it anew if `whole`); test data and `rules` if asked to.

        With `layer` only that one: the first begins a build, the others go on with it, the last ends it. Raises `WrongCall` for
        one before whose turn it is.
        """
        run_dbt = partial(
            transform.build, self.tables.target, self.home.dbt_of(self.tables.target.name), time_zone=self.time_zone
        )
        with self.alone():
            builder = Builder(self.state, self.tables.opened, self._load, run_dbt, self.time_zone, self._elsewhere)
            return builder.build(on_node, tests=tests, rules=rules, whole=whole, layer=layer)

    def is_built(self) -> bool:
        """Say whether the marts exist, and no build of them was stopped on its way."""
        if not self.tables.exists() or building_of(self._elsewhere) in self.state.begun:
            return False
        with self.tables.opened(read_only=True) as connection:
            return overview.has_table(connection, "marts", "fct_plays")

    def is_current(self) -> bool:
        """Say whether the models say what the landing tables hold."""
        if not self.tables.exists():
            return False
        with self.tables.opened(read_only=True) as connection:
            return built.is_current(connection)

    # look

    def report(self, notice: str | None = None) -> Path:
        """Draw the page from the marts, with a line at its top if there is something to say; returns where it is."""
        with self.state.alone(), self.tables.at_hand(self.user, DRAWN) as connection:
            return self._drawn(connection, self.user, self.home.page, notice)

    def reports(self, notice: str | None = None) -> dict[str, Path]:
        """Draw a page for everybody who listened here, each linked to the others'; returns where they are, by name."""
        with self.state.alone(), self.laptop(read_only=True) as connection:
            form = self.home.page_of("{}").name
            return {
                name: self._drawn(connection, name, self.home.page_of(name), notice, form)
                for name in overview.listeners(connection)
            }

    def _drawn(self, connection: duckdb.DuckDBPyConnection, user: str, page: Path, notice: str | None, form: str = "") -> Path:
        from longplay.besides import beside  # noqa: PLC0415  who draws nothing need not wait for what draws
        from longplay.report.page import draw_page  # noqa: PLC0415

        told = beside(connection, self.home.dbt_of(self.tables.target.name), user, form)
        return draw_page(connection, user, page, is_demo=self.state.is_demo, notice=notice, beside=told)

    def export(self, target: Path, now: datetime, progress: Progress = quiet) -> Manifest:
        """Write everything of this home, every listener's, into a folder; raises `MoveError` where that is not possible."""
        with self.state.alone(), self.laptop(read_only=True) as connection:
            source = Source(
                home=self.home.folder, lake=self.lake, connection=connection, meanings=meanings(),
                time_zone=self.time_zone, is_demo=self.state.is_demo,
            )  # fmt: skip
            return write_export(target, source, now, progress)

    def insights(self) -> list[Insight]:
        """Answer the questions about this listener from the marts; raises `WrongCall` where nothing is built."""
        if not self.is_built():
            raise self._unbuilt()
        with self.tables.at_hand(self.user, ASKED) as connection:
            return insights(connection, self.user)

    def _unbuilt(self) -> WrongCall:
        if self.holds_listening():
            return WrongCall("What was brought in is not built yet, or its build was stopped.", "Run `longplay build`.")
        return WrongCall(
            "Nothing is built yet.", "Run `longplay import` with the archive Spotify sent you, then `longplay build`."
        )

    def query(self, sql: str) -> list[dict[str, Any]]:
        """Answer one question; every model has its bare name. Raises `WrongCall` where it asks a model that is not built."""
        try:
            with self.tables.opened(read_only=True) as connection:
                return ask.answers(connection, sql)
        except WarehouseError as error:
            if isinstance(error.__cause__, duckdb.CatalogException) and not self.is_built():
                raise self._unbuilt() from error
            raise

    def status(self) -> dict[str, Any]:
        """Tell where things stand for this listener."""
        facts: dict[str, Any] = {
            "home": str(self.home.folder), "user": self.user, "is_demo": self.state.is_demo, "time_zone": self.time_zone,
            "page": str(self.home.page) if self.home.page.exists() else None,
        }  # fmt: skip
        if not self.tables.exists():
            return facts | overview.NOTHING
        with self.tables.opened(read_only=True) as connection:
            return facts | overview.status(connection, self.user)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the home for ourselves, rid of what killed runs left."""
        with self.state.alone():
            self.lake.sweep()
            self._forget_begun()
            yield

    def laptop(self, *, read_only: bool = False) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """Yield a connection to the tables of this home, whatever else is built elsewhere."""
        return self._laptop.opened(read_only=read_only)

    @property
    def _laptop(self) -> Laptop:
        return Laptop(self.home.warehouse, self.state.patience)

    @property
    def tables(self) -> Warehouse:
        """The warehouse that is loaded, built and asked."""
        return self.warehouse or self._laptop

    @property
    def _elsewhere(self) -> str | None:
        """Name the warehouse, if it is another than the home's."""
        return self.warehouse.target.name if self.warehouse else None


class MusicOf(Struct, frozen=True):
    """A listener's music, as enriching looks at it."""

    stages: Stages
    clock: Callable[[], datetime]

    def take_in(self) -> None:
        """Process and load what came."""
        self.stages.process()
        self.stages.load()

    def missing(self, need: Need, source: str, most: int) -> list[Wanted]:
        """Give what a source may be asked for next."""
        return self.stages.lacking(need, source, self.clock(), most)

    def answered(self, need: Need, source: str, items: Sequence[Wanted]) -> None:
        """Leave it to the tables to know."""

    def shares(self) -> Shares:
        """Tell how much is told."""
        return self.stages.shares()


def _about_zones(there: str, here: str) -> Iterator[str]:
    if there != here:
        yield (
            f"Local times were told in the zone {there} where this was exported; here it is {here}. "
            f"Set LONGPLAY_TIMEZONE={there} for the same days and hours."
        )


def _transactions(new: Iterable[Processed]) -> Iterator[list[Processed]]:
    """Split objects into what one transaction loads: an archive, all pages of a listener, or several such where many wait."""
    wholes = [list(objects) for _, objects in groupby(sorted(new, key=_belongs_to), key=_belongs_to)]
    several = max(1, -(-len(wholes) // _MOST_TRANSACTIONS))
    for first in range(0, len(wholes), several):
        yield list(chain.from_iterable(wholes[first : first + several]))


def _belongs_to(processed: Processed) -> tuple[str, str]:
    """Name what is loaded together: one archive, or all pages of a listener."""
    return processed.user, processed.archive or ""
