"""Fetching: what is due is asked for and kept as Spotify sent it. Needs no database.

A poll asks for the recent plays, always for all fifty: the list is often late, so what was seen last is no mark to go by. It
costs one call. Everything else has a cadence and is asked for by the daily run.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

import msgspec
import structlog
from msgspec import Struct, field

from longplay.enrichment.providers import OF_OTHERS
from longplay.lake import arriving
from longplay.lake.state import Notes
from longplay.lake.store import Lake
from longplay.pages.datasets import DATASETS, Dataset
from longplay.spotify.connection import Connection
from longplay.spotify.errors import Blocked, NotAuthorized, NotAvailable, SpotifyError
from longplay.spotify.memory import remember, remembered
from longplay.spotify.quota import Clock
from longplay.spotify.records import Page

log = structlog.get_logger()

LIMIT: Final = 50  # the most that Spotify shows at once


class Remembered(Struct):
    """What is known of one listener's fetching, between runs. All instants are UTC."""

    polled_at: datetime | None = None  # when recent plays were last answered
    newest_at: datetime | None = None  # the newest play that was ever shown
    done_at: dict[str, datetime] = field(default_factory=dict)  # when a dataset was last fetched
    full_at: dict[str, datetime] = field(default_factory=dict)  # when a listing was last followed to its end
    known: dict[str, list[str]] = field(default_factory=dict)  # the newest entries of a listing
    goes_on: dict[str, int] = field(default_factory=dict)  # where in a listing a walk was broken off
    problem: str | None = None  # why a person has to look


class Fetched(Struct):
    """What one fetch brought: new raw objects, what may not be asked for yet, what else to know, and what stopped it."""

    user: str
    keys: list[str] = field(default_factory=list)
    blocked: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    problem: SpotifyError | None = None
    plays: int = 0  # that no poll had shown before
    is_gap: bool = False  # between the plays that were known and these, others may be missing
    until: dict[str, datetime] = field(default_factory=dict)  # which buckets may not be asked for, and until when (UTC)


class Fetching(Struct, frozen=True):
    """Fetches for the listeners of one home."""

    lake: Lake
    state: Notes
    connect: Callable[[str], Connection]
    clock: Clock

    def listeners(self) -> list[str]:
        """Name those who have signed in, also where the consent is over."""
        return self.state.names("tokens-")

    def fetch(self, user: str, *, is_daily: bool = False) -> Fetched:
        """Ask for recent plays, and with `is_daily` for all that is due. What came is kept, whatever happens then."""
        connection = self.connect(user)
        fetched = Fetched(user)
        try:
            with self.state.lease(f"fetch-{user}"):
                _Fetch(self.lake, self.state, connection, self.clock, fetched).run(is_daily=is_daily)
            fetched.remarks = connection.remarks()
        finally:
            connection.close()
        return fetched

    def remembered(self, user: str) -> Remembered:
        """Tell what is known of a listener's fetching."""
        return remembered(self.state, f"fetch-{user}", Remembered) or Remembered()

    def forget(self, user: str) -> int:
        """Take out of the lake all that Spotify told for a listener, not what others did; returns how many objects are gone."""
        with self.state.lease(f"fetch-{user}"):
            gone = self.lake.forget_pages(user, spared=OF_OTHERS)
            self.state.forget(f"fetch-{user}")
        return gone

    def notice(self, user: str) -> str | None:
        """Say what a person should know at first sight: a consent that is over or will be, an app that is closed."""
        consent = self.connect(user).consent()
        return consent and (consent.warning(self.clock()) or self.remembered(user).problem)


class _Fetch(Struct, frozen=True):
    """One fetch for one listener, which nobody else does at this time."""

    lake: Lake
    state: Notes
    connection: Connection
    clock: Clock
    fetched: Fetched

    def run(self, *, is_daily: bool) -> None:
        known = remembered(self.state, self._name, Remembered) or Remembered()
        problem: SpotifyError | None = None
        for name, dataset in DATASETS.items():
            if dataset.days and not (is_daily and _is_due(known.done_at.get(name), self.clock(), dataset.days)):
                continue
            problem = self._dataset(name, dataset, known)
            if problem:
                break
        else:
            problem = self._profile() if is_daily else None
        if isinstance(problem, NotAuthorized):
            known.problem = str(problem)
        elif not (problem or self.fetched.blocked):
            known.problem = None
        remember(self.state, self._name, known)
        self.fetched.problem = problem
        log.info(
            "fetched", pages=len(self.fetched.keys), blocked=len(self.fetched.blocked), problem=problem and problem.message
        )

    @property
    def _name(self) -> str:
        return f"fetch-{self.connection.user}"

    def _dataset(self, name: str, dataset: Dataset, known: Remembered) -> SpotifyError | None:
        """Fetch one dataset; gives what makes it useless to ask for others as well."""
        try:
            self._fetch(name, dataset, known)
        except NotAvailable as closed:
            log.info("closed", dataset=name, reason=closed.message)
        except Blocked as blocked:
            if str(blocked) not in self.fetched.blocked:
                self.fetched.blocked.append(str(blocked))
                self.fetched.until[blocked.bucket] = blocked.until
            return None
        except SpotifyError as problem:
            return problem
        finally:
            remember(self.state, self._name, known)
        known.done_at[name] = self.clock()
        return None

    def _fetch(self, name: str, dataset: Dataset, known: Remembered) -> None:
        if not dataset.days:
            self._plays(name, self.connection.spotify.get(dataset.path, limit=LIMIT), known)
        elif dataset.full_days:
            self._listing(name, dataset, known)
        else:
            for page in self._pages(dataset):
                self._keep(name, page)

    def _plays(self, name: str, body: bytes, known: Remembered) -> None:
        """Keep a page of plays, unless it is empty or shows what was shown before."""
        now = self.clock()
        plays = list(_plays_on(body))
        if plays:
            self._receive(arriving.plays_key(name, self.connection.user, plays), body)
            new = [at for at, _ in plays if known.newest_at is None or at > known.newest_at]
            self.fetched.plays += len(new)
            self.fetched.is_gap = known.newest_at is not None and len(new) == LIMIT
            known.newest_at = max((at for at in (*(at for at, _ in plays), known.newest_at) if at and at <= now), default=None)
        elif _items_of(body) != []:
            self._keep(name, body)  # no play can be read, but something is there
        known.polled_at = now

    def _listing(self, name: str, dataset: Dataset, known: Remembered) -> None:
        """Follow a listing from the newest entry to the first that is known, or when it is time to its end."""
        is_full = _is_due(known.full_at.get(name), self.clock(), dataset.full_days)
        begun_at = known.goes_on.get(name)
        if begun_at is None and is_full:
            self._walk_on(name, dataset, known, 0)
        else:
            self._walk_to_known(name, dataset, known)
        if is_full and begun_at is not None:
            self._walk_on(name, dataset, known, begun_at)
        if is_full:
            known.full_at[name] = self.clock()

    def _walk_to_known(self, name: str, dataset: Dataset, known: Remembered) -> None:
        newest: list[str] | None = None
        for page in self._pages(dataset):
            entries = _entries_of(page)
            newest = entries if newest is None else newest
            self._keep(name, page)
            if not set(known.known.get(name, ())).isdisjoint(entries):
                break
        known.known[name] = newest or []

    def _walk_on(self, name: str, dataset: Dataset, known: Remembered, offset: int) -> None:
        """Walk to the end, and note at each page where it would go on."""
        for page in self._pages(dataset, offset):
            if not offset:
                known.known[name] = _entries_of(page)
            self._keep(name, page)
            offset += LIMIT
            known.goes_on[name] = offset
        known.goes_on.pop(name, None)

    def _pages(self, dataset: Dataset, offset: int = 0) -> Iterator[bytes]:
        return self.connection.spotify.pages(dataset.path, limit=LIMIT, time_range=dataset.time_range, offset=offset or None)

    def _keep(self, name: str, body: bytes) -> None:
        if body:
            self._receive(arriving.content_key(name, self.connection.user, self.clock(), arriving.masked(body)), body)

    def _receive(self, key: str, body: bytes) -> None:
        if self.lake.receive(arriving.packed(arriving.masked(body), self.clock()), key, self.connection.user):
            self.fetched.keys.append(key)

    def _profile(self) -> SpotifyError | None:
        """Find out what the app may do, where it is time to; what comes of it stops nothing but an end of the consent."""
        try:
            self.connection.profile()
        except NotAuthorized as problem:
            return problem
        except SpotifyError as problem:
            log.info("profile_unknown", reason=problem.message)
        return None


def _is_due(done_at: datetime | None, now: datetime, days: int) -> bool:
    """Tell by whole days, since a daily run begins a little earlier or later; a day that is still to come was no day.

    >>> _is_due(datetime(2026, 11, 23, 4, 0, 9), datetime(2026, 11, 24, 4, 0, 2), 1)
    True
    """
    return done_at is None or done_at > now or (now.date() - done_at.date()).days >= days


# What fetching has to know of a page


class _Track(Struct, frozen=True):
    uri: str | None = None
    name: str | None = None


class _Entry(Struct, frozen=True):
    track: _Track | None = None
    played_at: datetime | None = None
    added_at: datetime | None = None


def _items_of(body: bytes) -> list[_Entry] | None:
    """Read when and what from a page; nothing, if it cannot be read as one."""
    try:
        items = msgspec.json.decode(body, type=Page).items or [] if body else []
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return [_entry(item) for item in items]


def _entry(item: msgspec.Raw) -> _Entry:
    try:
        return msgspec.json.decode(item, type=_Entry)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Entry()


def _plays_on(body: bytes) -> Iterator[tuple[datetime, str]]:
    """Give when and what was played, of every item that says it."""
    for entry in _items_of(body) or ():
        if entry.played_at and entry.played_at.tzinfo:
            track = entry.track or _Track()
            yield entry.played_at, track.uri or track.name or ""


def _entries_of(body: bytes) -> list[str]:
    return [f"{entry.added_at} {entry.track.uri}" for entry in _items_of(body) or () if entry.added_at and entry.track]
