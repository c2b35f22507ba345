"""The simulated Spotify's clock, which its owner may move."""

from collections.abc import Callable
from datetime import datetime, timedelta

MONTHS = 12


class Clock:
    """Stands still at an instant until it is moved; given a clock that runs, runs beside it."""

    def __init__(self, now: datetime | Callable[[], datetime]) -> None:
        """Begin at an instant, or follow another clock."""
        self._ticks = now if callable(now) else lambda: now
        self._moved = timedelta()

    def __call__(self) -> datetime:
        """Tell the time, in UTC."""
        return self._ticks() + self._moved

    def move(self, by: timedelta | None = None, **units: float) -> datetime:
        """Let time pass, `move(timedelta(minutes=30))` or `move(minutes=30)`; tells what time it is then."""
        self._moved += (by or timedelta()) + timedelta(**units)
        return self()

    def set(self, to: datetime) -> datetime:
        """Go to an instant, forwards or back."""
        return self.move(to - self())


def months_later(start: datetime, months: int) -> datetime:
    """Count calendar months; a month too short ends with its last day.

    >>> from datetime import UTC
    >>> months_later(datetime(2026, 8, 31, 9, tzinfo=UTC), 6).isoformat()
    '2027-02-28T09:00:00+00:00'
    """
    years, month = divmod(start.month - 1 + months, MONTHS)
    first = start.replace(year=start.year + years, month=month + 1, day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    return first + min(timedelta(days=start.day - 1), after - first - timedelta(days=1))
