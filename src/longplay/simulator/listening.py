"""How one session goes: what plays, for how long, and which button ends it.

The weights are shares measured on real accounts, and how a play starts follows from how the one before it ended.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from msgspec.structs import replace

from longplay.simulator.catalogue import Episode, Song, What
from longplay.simulator.devices import platform
from longplay.simulator.dice import Dice, happens
from longplay.simulator.habits import Session
from longplay.simulator.plays import SECONDS_SINCE, Play
from longplay.simulator.taste import Taste

Reason = str | None

_HEARD: Final = 30_000
_VIDEOS_SINCE: Final = datetime(2022, 10, 1, tzinfo=UTC)
_SYNC_WITHIN: Final = 20 * 86_400
_OFFLINE_UNKNOWN: Final = frozenset({2023, 2024})
# When Spotify left the names out of some rows.
_NAMELESS: Final = (
    (datetime(2022, 10, 14, tzinfo=UTC), datetime(2023, 3, 1, tzinfo=UTC)),
    (datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 8, 1, tzinfo=UTC)),
)


# How a play ends in the middle of a session, skip runs apart, and how the session ends.
_ENDS: Final = Dice[Reason]({
    "trackdone": 640, "fwdbtn": 140, "endplay": 160, "backbtn": 24, "unknown": 8.6, "remote": 6, None: 5,
    "trackerror": 2, "clickrow": 0.6, "": 0.3,
})  # fmt: skip
_LAST_ENDS: Final = Dice[Reason]({"logout": 62, "unexpected-exit-while-paused": 29, "endplay": 7, "unexpected-exit": 2})
_REPEATS: Final = Dice({0: 9962, 1: 36, 2: 2})  # exact repetitions in every archive
_FIRST_STARTS: Final = Dice[Reason]({"appload": 44, "clickrow": 34, "playbtn": 19, "remote": 3})
_STARTS_AFTER: Final[dict[Reason, Dice[Reason]]] = {
    "trackdone": Dice[Reason](
        {"trackdone": 976, "fwdbtn": 7, "clickrow": 9, "playbtn": 5, "persisted": 0.5, "switched-to-video": 0.5}
    ),
    "fwdbtn": Dice[Reason]({"fwdbtn": 955, "trackdone": 26, "clickrow": 15, "backbtn": 2, "nextbtn": 0.5}),
    "backbtn": Dice[Reason]({"backbtn": 95, "fwdbtn": 4, "clickrow": 1}),
    "remote": Dice[Reason]({"remote": 80, "trackdone": 20}),
    "trackerror": Dice[Reason]({"trackerror": 90, "fwdbtn": 10}),
}
_STARTS: Final = Dice[Reason]({
    "clickrow": 62, "playbtn": 12.5, "trackdone": 10, "fwdbtn": 7, "remote": 4, "unknown": 3.4, "popup": 0.3,
    "click-row": 0.3, "clickside": 0.2, "endplay": 0.2, "": 0.2,
})  # fmt: skip
_PICKED: Final = frozenset({"clickrow", "click-row", "playbtn"})
# How often a play with this end lasted no time at all, or less than half a minute.
_ZERO: Final[dict[Reason, float]] = {"fwdbtn": 0.075, "endplay": 0.05, "backbtn": 0.09, "trackerror": 0.8, "unknown": 0.2}
_SHORT: Final[dict[Reason, float]] = {"fwdbtn": 0.77, "endplay": 0.52, "backbtn": 0.93, "logout": 0.32, "trackdone": 0.02}


def listen(rng: Random, taste: Taste, session: Session, at: int) -> list[Play]:
    """Go through the plays of a session that begins in that second; at least one."""
    plays = list(_Listening(rng, taste, session, at).plays())
    return _synced(rng, plays) if session.is_offline else plays


class _Listening:
    """A session as it goes: the clock, and how the last play ended."""

    def __init__(self, rng: Random, taste: Taste, session: Session, at: int) -> None:
        self._rng, self._taste, self._session = rng, taste, session
        self._clock = at
        self._before: Song | What | None = None
        self._shuffle = session.mood == "favourites" and happens(rng, 0.6)

    def plays(self) -> Iterator[Play]:
        offers = self._taste.session(self._session.mood, self._clock)
        offer = next(offers)
        start = _FIRST_STARTS.throw(self._rng)
        end: Reason = None
        for left in reversed(range(self._session.plays)):
            end = self._ending(end, is_last=not left)
            yield self._play(offer, start, end)
            start = _STARTS_AFTER.get(end, _STARTS).throw(self._rng)
            if end != "backbtn" or happens(self._rng, 0.5):
                offer = next(offers)

    def _ending(self, before: Reason, *, is_last: bool) -> Reason:
        if is_last:
            return _LAST_ENDS.throw(self._rng)
        if before == "fwdbtn" and happens(self._rng, self._session.skips_next):
            return "fwdbtn"
        return _ENDS.throw(self._rng)

    def _play(self, offer: Song | What, start: Reason, end: Reason) -> Play:
        rng, session = self._rng, self._session
        what = offer.release(rng) if isinstance(offer, Song) else offer
        ms = _ms_played(rng, what.length_ms, end)
        # A play ends with a whole second, for `ts` knows no parts of one.
        self._clock += _pause(rng, start) - (-ms // 1000)
        if isinstance(offer, Song) and ms >= _HEARD:
            self._taste.like(offer, self._clock)
        at = datetime.fromtimestamp(self._clock, UTC)
        return Play(
            started_at=at - timedelta(milliseconds=ms),
            ended_at=at,
            reported_at=at,
            ms_played=ms,
            what=None if _names_nothing(rng, at) else what,
            reason_start=start,
            reason_end=end,
            shuffle=self._shuffle,
            offline=None if at.year in _OFFLINE_UNKNOWN and happens(rng, 0.3) else session.is_offline,
            offline_timestamp=_offline_timestamp(rng, self._clock * 1000 - ms, at, is_sure=session.is_offline),
            is_incognito=session.is_incognito,
            country=rng.choice(("ZZ", None)) if happens(rng, 0.0006) else session.country,
            platform=platform(session.device, at),
            is_video=at >= _VIDEOS_SINCE and happens(rng, 0.9 if isinstance(what, Episode) and what.is_video else 0.003),
            repeats=_REPEATS.throw(rng),
            place=self._place(offer, start),
        )

    def _place(self, offer: Song | What, start: Reason) -> str | None:
        """Who searches finds what they pick, nothing else; what comes by itself when an album is over is Spotify's choice."""
        place, before, self._before = self._session.place, self._before, offer
        if place == "search" and start not in _PICKED:
            return None
        return "autoplay" if place == "album" and start == "trackdone" and not _is_same_album(before, offer) else place


def _is_same_album(one: Song | What | None, other: Song | What) -> bool:
    if not isinstance(one, Song) or not isinstance(other, Song):
        return False
    return one.artist is other.artist and one.releases[0].album == other.releases[0].album


def _synced(rng: Random, plays: list[Play]) -> list[Play]:
    """Report the same plays as Spotify learned of them: all in the second the device was online again."""
    lag = min(_SYNC_WITHIN, int(rng.lognormvariate(7.5, 1.7)))
    online = plays[-1].ended_at + timedelta(seconds=lag)
    return [replace(play, reported_at=online) for play in plays]


def _ms_played(rng: Random, length: int, end: Reason) -> int:
    dice = rng.random()
    zero = _ZERO.get(end, 0)
    if dice < zero:
        return 0
    if dice < zero + _SHORT.get(end, 0.25):
        return min(length, _moment(rng))
    if end == "trackdone":
        return length - (rng.randint(0, 900) if happens(rng, 0.3) else 0)
    return rng.randint(min(_HEARD, length), length)


def _moment(rng: Random) -> int:
    """Less than half a minute: mostly the second or two it takes to reach the button."""
    return rng.randint(8_000, 29_999) if happens(rng, 0.22) else 300 + min(29_000, int(rng.expovariate(1 / 1_900)))


def _pause(rng: Random, start: Reason) -> int:
    """Whole seconds of silence before a play: none when music goes on by itself, some to look for the next."""
    if start in {"clickrow", "playbtn", "remote", "appload"}:
        return int(rng.lognormvariate(2, 1.2))
    return happens(rng, 0.1)


def _names_nothing(rng: Random, at: datetime) -> bool:
    is_bad_time = any(since <= at < until for since, until in _NAMELESS)
    return happens(rng, 0.02 if is_bad_time else 0.0008)


def _offline_timestamp(rng: Random, start_ms: int, at: datetime, *, is_sure: bool) -> int | None:
    """Write the start in the unit of its time. Where a late play depends on it, it is always there."""
    if not is_sure and happens(rng, 0.03):
        return rng.choice((0, 1, None))
    return start_ms // 1000 if at >= SECONDS_SINCE else start_ms
