"""How often we may ask: what Spotify said, and what we allow ourselves.

Spotify counts calls in buckets of endpoints. For each client id we remember beyond the end of a run until when a bucket is
blocked, how many calls of it the last 24 hours saw, and the instant before which the next call should not be made. Every run
looks there before it calls, so a block costs no call at all.
"""

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from msgspec import Struct, field

from longplay.errors import WrongCall
from longplay.spotify.errors import SPOTIFY, Blocked, BudgetSpent, RateLimited
from longplay.spotify.memory import Memory, remember, remembered

log = structlog.get_logger()

Clock = Callable[[], datetime]

# Calls a day that we allow ourselves. Spotify's own numbers are secret; these lie below what was seen to end in a block.
BUDGETS: Final[dict[str, int]] = {
    "accounts": 400,
    "player": 1000,
    "me": 1000,
    "tracks": 400,
    "albums": 400,
    "artists": 400,
    "artist-albums": 60,
    "playlists": 200,
    "search": 400,
    "other": 100,
}
_BUCKETS: Final = (
    (re.compile(r"^/me/player"), "player"),
    (re.compile(r"^/(me/playlists|playlists/)"), "playlists"),
    (re.compile(r"^/me(/|$)"), "me"),
    (re.compile(r"^/artists/[^/]+/albums$"), "artist-albums"),
    (re.compile(r"^/artists(/|$)"), "artists"),
    (re.compile(r"^/albums(/|$)"), "albums"),
    (re.compile(r"^/(tracks|audio-features|audio-analysis)(/|$)"), "tracks"),
    (re.compile(r"^/search$"), "search"),
)
_UNSAID: Final = timedelta(hours=1)  # a used-up quota that does not say until when
_LONGEST: Final = timedelta(days=7)
_HOUR: Final = timedelta(hours=1)
_DAY_HOURS: Final = 24


class Manners(Struct, frozen=True):
    """How we ask."""

    pace: float = 0.6  # seconds from one call to the next
    patience: float = 120.0  # seconds; when Spotify asks us to wait longer, we do not wait but come back another time
    budgets: Mapping[str, int] = {}  # calls a day of a bucket, where other than `BUDGETS`
    tries: int = 4  # for one answer
    timeout: float = 30.0  # seconds without a byte
    who: str = SPOTIFY  # whom we ask
    allowed: Mapping[str, int] = field(default_factory=lambda: BUDGETS)  # the buckets there are
    setting: str = "SPOTIFY_BUDGETS"  # where a person can allow more
    agent: str = "longplay"  # who we say we are
    sleep: Callable[[float], None] = time.sleep


def bucket_of(path: str) -> str:
    """Name the bucket of an endpoint.

    >>> bucket_of("/me/player/recently-played"), bucket_of("/artists/6XyY86QOPPrYVGvF9ch6wz/albums"), bucket_of("/markets")
    ('player', 'artist-albums', 'other')
    """
    return next((bucket for pattern, bucket in _BUCKETS if pattern.match(path)), "other")


def short(client_id: str) -> str:
    """Give a name for a client id that may stand in a file's name, whatever somebody has pasted.

    >>> short("0123456789abcdef")
    '9f9f5111f7b2'
    """
    return hashlib.sha256(client_id.encode()).hexdigest()[:12]


class Block(Struct):
    """Spotify said at an instant how long to wait."""

    said_at: datetime
    until: datetime


class Remembered(Struct):
    """What is known of one client id."""

    blocks: dict[str, Block] = field(default_factory=dict)
    calls: dict[str, dict[int, int]] = field(default_factory=dict)  # by bucket and hour since 1970
    asked_at: datetime | None = None
    free_at: datetime | None = None  # no call of any bucket before


class Quota:
    """Lets a call through, makes it wait a moment, or refuses it."""

    def __init__(self, memory: Memory, client_id: str, clock: Clock, manners: Manners) -> None:
        """Remember for a client id; raises `WrongCall` for a budget of a bucket that does not exist."""
        if unknown := set(manners.budgets) - set(manners.allowed):
            raise WrongCall(f"No bucket is called {min(unknown)!r}.", f"{manners.setting} knows {', '.join(manners.allowed)}.")
        self._memory = memory
        self._name = f"quota-{short(client_id)}"
        self._clock = clock
        self._budgets = {**manners.allowed, **manners.budgets}
        self._pace = timedelta(seconds=manners.pace)
        self._patience = timedelta(seconds=manners.patience)
        self._sleep = manners.sleep
        self._who, self._setting = manners.who, manners.setting

    def take(self, bucket: str) -> None:
        """Count a call and wait for its turn; raises `Blocked` or `BudgetSpent`, and then nothing may be called."""
        with self._memory.lease(self._name):
            now, known = self._clock(), self._known()
            if _forgive_a_wrong_clock(known, now):
                self._keep(known)
            self._check(bucket, known, now)
            wait = max(timedelta(), min((known.free_at or now) - now, self._patience))
            known.asked_at, known.free_at = now, now + wait + self._pace
            hours = known.calls.setdefault(bucket, {})
            hours[_hour(now)] = hours.get(_hour(now), 0) + 1
            self._keep(known)
        if wait:
            self._sleep(wait.total_seconds())

    def limited(self, bucket: str, problem: RateLimited) -> None:
        """Write down what Spotify said: a short wait for whoever calls next; raises `Blocked` where it is a long one."""
        with self._memory.lease(self._name):
            now, known = self._clock(), self._known()
            wait = _wait(problem)
            if wait is None:
                return
            if not problem.is_quota and wait <= self._patience:
                known.asked_at, known.free_at = now, now + wait
                self._keep(known)
                return
            known.blocks[bucket] = Block(now, now + wait)
            self._keep(known)
        log.info("blocked", bucket=bucket, until=(now + wait).isoformat(), is_quota=problem.is_quota)
        raise Blocked(bucket, now + wait, self._who)

    def blocks(self) -> dict[str, datetime]:
        """Tell which buckets are blocked, and until when (UTC)."""
        now = self._clock()
        return {bucket: block.until for bucket, block in self._known().blocks.items() if block.until > now}

    def calls(self) -> dict[str, int]:
        """Tell how many calls the last 24 hours saw in each bucket."""
        now = self._clock()
        return {bucket: sum(_recent(hours, now).values()) for bucket, hours in self._known().calls.items()}

    def budget(self, bucket: str) -> int:
        """Tell how many calls of a bucket a day has."""
        return self._budgets[bucket]

    def _check(self, bucket: str, known: Remembered, now: datetime) -> None:
        known.blocks = {name: block for name, block in known.blocks.items() if block.until > now}
        if bucket in known.blocks:
            raise Blocked(bucket, known.blocks[bucket].until, self._who)
        hours = known.calls[bucket] = _recent(known.calls.get(bucket, {}), now)
        if sum(hours.values()) >= self._budgets[bucket]:
            first = min(hours, default=_hour(now))
            raise BudgetSpent(bucket, datetime.fromtimestamp(0, UTC) + (first + _DAY_HOURS) * _HOUR, self._setting)

    def _known(self) -> Remembered:
        return remembered(self._memory, self._name, Remembered) or Remembered()

    def _keep(self, known: Remembered) -> None:
        remember(self._memory, self._name, known)


def _wait(problem: RateLimited) -> timedelta | None:
    """Read how long to wait; none, if Spotify did not say and a moment may do."""
    if problem.retry_after is None:
        return _UNSAID if problem.is_quota else None
    return timedelta(seconds=min(problem.retry_after, _LONGEST.total_seconds()))


def _forgive_a_wrong_clock(known: Remembered, now: datetime) -> bool:
    """Where the clock was ahead when something was written, let it hold from now on, else it would for years; tell if so."""
    ahead = {bucket: block for bucket, block in known.blocks.items() if block.said_at > now}
    known.blocks |= {bucket: Block(now, now + (block.until - block.said_at)) for bucket, block in ahead.items()}
    is_ahead = known.asked_at is not None and known.asked_at > now
    if is_ahead:
        known.asked_at, known.free_at = now, None
    return bool(ahead) or is_ahead


def _recent(hours: Mapping[int, int], now: datetime) -> dict[int, int]:
    """Keep the hours that begin in the last 24; what lies ahead was written by a clock that was wrong."""
    last = _hour(now)
    return {hour: calls for hour, calls in hours.items() if last - _DAY_HOURS < hour <= last}


def _hour(instant: datetime) -> int:
    return int(instant.timestamp()) // 3600
