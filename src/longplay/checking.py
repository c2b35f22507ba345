"""Checking that what is told is fresh and complete: polls, what came of them, gaps between them, and the consent they need.

It looks at each listener who has signed in. Who only brings in archives is not expected to have anything new.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from msgspec import Struct

from longplay.doctor.finding import Finding, note, trouble
from longplay.spotify.errors import LOGIN

Query = Callable[[str], list[dict[str, Any]]]

_LOADED: Final = "select user_id, max(played_at) as newest_at from recently_played group by user_id"
_GAPS: Final = "select user_id, from_at, until_at from int_polling_gaps where not is_filled order by user_id, from_at"
_OVER: Final = 3  # how urgent a consent is that has ended


class Limits(Struct, frozen=True):
    """What is still fresh, and still complete."""

    poll_hours: float  # since the last poll that was answered
    play_days: float  # since the newest play
    gap_hours: float  # in which plays may be missing, of those that ended within `since_days`
    since_days: float


class Polled(Struct, frozen=True):
    """What is known of a listener's polls. All instants are UTC."""

    user: str
    polled_at: datetime | None
    newest_at: datetime | None  # the newest play that Spotify has shown
    warning: str | None = None  # about the consent, or an app that is closed
    urgency: int = 0  # of the consent's end: 3 is over


def check(polled: Iterable[Polled], query: Query, limits: Limits, now: datetime, *, is_current: bool) -> list[Finding]:
    """Find everything that is stale or incomplete; what needs a person comes first."""
    listeners = list(polled)
    found = [] if is_current else [trouble("models", "The models do not tell what was loaded.", "Run `longplay build`.")]
    loaded = {row["user_id"]: _instant(row["newest_at"]) for row in query(_LOADED)}
    gaps = [(row["user_id"], _instant(row["from_at"]), _instant(row["until_at"])) for row in query(_GAPS)]
    for listener in listeners:
        found += _consent(listener)
        found += _poll(listener, limits, now)
        found += _play(listener, loaded.get(listener.user), limits, now)
        found += _gaps(listener, [gap[1:] for gap in gaps if gap[0] == listener.user], limits, now)
    if not listeners:
        found.append(note("polls", "Nobody has signed in, so nothing new is expected."))
    return sorted(found, key=lambda finding: finding.is_note)


def _consent(listener: Polled) -> Iterator[Finding]:
    if listener.warning:
        is_note = 0 < listener.urgency < _OVER
        yield Finding("consent", f"{listener.user}: {listener.warning}", "", is_note)


def _poll(listener: Polled, limits: Limits, now: datetime) -> Iterator[Finding]:
    """Find that nothing was asked for, or nothing was answered, for too long."""
    if listener.polled_at is None:
        yield trouble("polls", f"{listener.user}: no poll was answered yet.", "Run `longplay fetch`.")
    elif now - listener.polled_at > timedelta(hours=limits.poll_hours):
        yield trouble(
            "polls",
            f"{listener.user}: the last poll was answered {_ago(listener.polled_at, now)}.",
            "Run `longplay fetch`; it says what hinders it.",
        )


def _play(listener: Polled, loaded: datetime | None, limits: Limits, now: datetime) -> Iterator[Finding]:
    """Find plays that were fetched and are not in the warehouse, and a silence that may be no silence."""
    newest = listener.newest_at
    if newest is None:
        return
    if loaded is None or newest - loaded > timedelta(hours=limits.poll_hours):
        yield trouble(
            "plays",
            f"{listener.user}: Spotify has shown a play of {_day(newest)}; the newest in the warehouse is of {_day(loaded)}.",
            "Run `longplay process` and `longplay build`.",
        )
    if now - newest > timedelta(days=limits.play_days):
        yield trouble(
            "plays",
            f"{listener.user}: the newest play is from {_ago(newest, now)}.",
            f"If {listener.user} did listen since, look at the account's privacy settings, or sign in again. {LOGIN}",
        )


def _gaps(listener: Polled, gaps: Iterable[tuple[datetime, datetime]], limits: Limits, now: datetime) -> Iterator[Finding]:
    """Find too many hours between polls that no archive fills."""
    since = now - timedelta(days=limits.since_days)
    open_gaps = [gap for gap in gaps if gap[1] >= since]
    hours = sum((until - begin).total_seconds() for begin, until in open_gaps) / 3600
    if open_gaps:
        message = (
            f"{listener.user}: plays are missing in {hours:,.1f} hours between polls, "
            f"from {open_gaps[0][0]:%Y-%m-%d %H:%M} to {open_gaps[-1][1]:%Y-%m-%d %H:%M} UTC."
        )
        action = "Poll more often, every 30 minutes; an archive from Spotify brings them back."
        yield Finding("gaps", message, action, hours <= limits.gap_hours)


def _instant(told: str) -> datetime:
    instant = datetime.fromisoformat(told)
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _day(instant: datetime | None) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC" if instant else "no day at all"


def _ago(instant: datetime, now: datetime) -> str:
    """Say how long ago something was.

    >>> _ago(datetime(2026, 11, 23, 8), datetime(2026, 11, 25, 7)), _ago(datetime(2026, 11, 23), datetime(2026, 11, 26))
    ('47 hours ago', '3 days ago')
    """
    hours = (now - instant) / timedelta(hours=1)
    return f"{hours:,.0f} hours ago" if hours < 48 else f"{hours / 24:,.0f} days ago"  # noqa: PLR2004 - two days
