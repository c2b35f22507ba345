"""How often an app may ask: a number of calls in thirty seconds, and a quota for each bucket of endpoints in a day.

Both roll. What is asked while blocked is answered with the seconds that are left, and noted.
"""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from msgspec import Struct

from longplay.simulator.web.apps import App
from longplay.simulator.web.clock import Clock

RATE_SPAN: Final = timedelta(seconds=30)
QUOTA_SPAN: Final = timedelta(hours=24)
EVERYTHING: Final = "everything"


class Refusal(Struct, frozen=True):
    """Too many calls."""

    seconds: int
    is_quota: bool
    was_told: bool  # a call made although an earlier answer had said to wait


class Limits:
    """Counts calls by the clock. Nothing is limited until told."""

    def __init__(self, clock: Clock) -> None:
        """Count by this clock."""
        self._clock = clock
        self.calls_in_30_s: int | None = None
        self.calls_a_day: dict[str, int] = {}
        self.tells_seconds = True  # with `Retry-After`
        self.tells_in_json = True  # else in bare words
        self._recent: dict[tuple[str, str], deque[datetime]] = defaultdict(deque)
        self._blocks: dict[tuple[str, str], tuple[datetime, bool]] = {}
        self._told: set[tuple[str, str]] = set()

    def block(self, app: App, bucket: str, until: datetime, *, is_quota: bool = True) -> None:
        """Let an app (a developer's quota, or all calls of one app) wait until an instant, whatever it did."""
        self._blocks[self._whose(app, bucket, is_quota=is_quota)] = until, is_quota

    def refusal(self, app: App, bucket: str) -> Refusal | None:
        """Count a call, or refuse it."""
        rate, quota = self._whose(app, EVERYTHING, is_quota=False), self._whose(app, bucket, is_quota=True)
        for key, is_quota in ((rate, False), (quota, True)):
            refused = self._blocked(key) or self._exceeded(key, is_quota=is_quota)
            if refused:
                return refused
        for key in (rate, quota):
            self._recent[key].append(self._clock())
        return None

    def _blocked(self, key: tuple[str, str]) -> Refusal | None:
        until, is_quota = self._blocks.get(key, (None, False))
        if until is None or until <= self._clock():
            self._blocks.pop(key, None)
            self._told.discard(key)
            return None
        was_told = key in self._told
        self._told.add(key)
        return Refusal(ceil((until - self._clock()).total_seconds()), is_quota, was_told)

    def _exceeded(self, key: tuple[str, str], *, is_quota: bool) -> Refusal | None:
        most = self.calls_a_day.get(key[1]) if is_quota else self.calls_in_30_s
        if most is None:
            return None
        span, recent = QUOTA_SPAN if is_quota else RATE_SPAN, self._recent[key]
        while recent and recent[0] <= self._clock() - span:
            recent.popleft()
        if len(recent) < most:
            return None
        self._blocks[key] = recent[0] + span, is_quota
        return self._blocked(key)

    @staticmethod
    def _whose(app: App, bucket: str, *, is_quota: bool) -> tuple[str, str]:
        return (app.developer, bucket) if is_quota else (app.client_id, EVERYTHING)
