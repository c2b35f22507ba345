"""A poll that nobody watches: what it brought, and whether a person has to be told of a trouble, or of its end.

A trouble is told once when it begins and once when it is over, however many polls lie in between.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final

from msgspec import Struct, field

from longplay.errors import LongplayError
from longplay.fetching import Fetched, Fetching
from longplay.lake.state import Notes
from longplay.spotify import errors
from longplay.spotify.errors import NotAuthorized, SpotifyDown
from longplay.spotify.memory import remember, remembered

SHORT: Final = timedelta(minutes=10)  # that somebody outside can wait for us
_A_MOMENT: Final = 60  # seconds, where Spotify does not say how many
_CONSENT: Final = "consent"
_DOWN: Final = "down"
_LATE: Final = timedelta(days=3)
_BEGINNING: Final = date(2006, 1, 1)  # of all listening
_MOST_KEYS: Final = 200


class RateLimited(LongplayError):
    """Spotify asks for a few minutes; the message is JSON, for whoever waits: `seconds`, and why."""

    def __init__(self, seconds: int, why: str) -> None:
        """Keep how long to wait."""
        super().__init__(json.dumps({"seconds": seconds, "why": why}))
        self.seconds = seconds


class Trouble(Struct, frozen=True):
    """What keeps a listener's plays from being asked for, until when (UTC; none: until a person acts), whether to tell it."""

    until: datetime | None
    why: str
    tell: bool


class Poll(Struct, frozen=True):
    """What one poll brought: keys of raw pages to process, new plays, a trouble, or that one is over."""

    keys: list[str]
    plays: int
    is_gap: bool
    trouble: Trouble | None
    is_healed: bool


class Standing(Struct, frozen=True):
    """Where polling stands: none is what is not known."""

    newest_play_age: timedelta | None
    consent_left: timedelta | None
    budget_used: float  # the share of a day's calls, of the bucket that was asked most


class _Told(Struct):
    """The troubles of which a person was told, by what is troubled, and until when (UTC)."""

    troubles: dict[str, datetime | None] = field(default_factory=dict)


def poll(fetching: Fetching, user: str, *, is_daily: bool = False, gives_up: bool = False) -> Poll:
    """Fetch for a listener, and add the pages that wait to be processed.

    Raises `RateLimited` for a wait of up to ten minutes, and unless it `gives_up` `SpotifyDown`: both may be tried again.
    """
    fetched, now = fetching.fetch(user, is_daily=is_daily), fetching.clock()
    troubles = _troubles(fetched, now, gives_up=gives_up)
    is_new, is_healed = _noted(fetching.state, user, troubles, now)
    why = " ".join(dict.fromkeys([*fetched.blocked, *([str(fetched.problem)] if fetched.problem else [])]))
    ends = [until for until in troubles.values() if until]
    since = _BEGINNING if is_daily else (now - _LATE).date()
    waiting = [page.key for page in fetching.lake.waiting_pages(user, since)]
    return Poll(
        keys=list(dict.fromkeys([*fetched.keys, *waiting]))[:_MOST_KEYS],
        plays=fetched.plays,
        is_gap=fetched.is_gap,
        trouble=Trouble(max(ends, default=None), why, is_new) if troubles else None,
        is_healed=is_healed,
    )


def standing(fetching: Fetching, user: str) -> Standing:
    """Tell where polling stands for a listener, without a call."""
    connection, now = fetching.connect(user), fetching.clock()
    newest, consent = fetching.remembered(user).newest_at, connection.consent()
    used = (calls / connection.quota.budget(bucket) for bucket, calls in connection.calls().items())
    return Standing(now - newest if newest else None, consent.left(now) if consent else None, max(used, default=0.0))


def _troubles(fetched: Fetched, now: datetime, *, gives_up: bool) -> Mapping[str, datetime | None]:
    """Tell troubles that last from those which another try may heal: these are raised."""
    problem = fetched.problem
    if isinstance(problem, errors.RateLimited):
        raise RateLimited(ceil(problem.retry_after or _A_MOMENT), problem.message)
    if isinstance(problem, NotAuthorized):
        return {_CONSENT: None, **fetched.until}
    if isinstance(problem, SpotifyDown) and gives_up:
        return {_DOWN: None, **fetched.until}
    if problem:
        raise problem
    wait = max((until - now for until in fetched.until.values()), default=timedelta())
    if timedelta() < wait <= SHORT:
        raise RateLimited(ceil(wait.total_seconds()), fetched.blocked[0])
    return dict(fetched.until)


def _noted(notes: Notes, user: str, troubles: Mapping[str, datetime | None], now: datetime) -> tuple[bool, bool]:
    """Remember of which troubles a person knows; tells whether one is new, and whether all that were told are over."""
    name = f"troubles-{user}"
    if not troubles and notes.read(name) is None:
        return False, False
    with notes.lease(name):
        told = (remembered(notes, name, _Told) or _Told()).troubles
        lasting = {what: until for what, until in told.items() if until and until > now}
        known = {**lasting, **troubles}
        if known:
            remember(notes, name, _Told(known))
        else:
            notes.forget(name)
    return not set(troubles) <= set(told), bool(told) and not known
