"""When and where somebody listens: days loud and silent, travels, hours of the day, sessions.

The figures are those of real accounts: a median of 25 plays on an active day, 126 at the 95th percentile.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import cos, exp, log, pi
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from longplay.simulator.devices import some_device
from longplay.simulator.dice import Dice, happens

MEDIAN_PLAYS: Final = 27
_SPREAD: Final = 0.96
_MOST_PLAYS: Final = 900
_MARATHONS: Final = 0.0012  # of days; nearly all of it skipped
_SESSION_PLAYS: Final = 24
_SILENT_DAYS: Final = 0.1
_OFFLINE_SESSIONS: Final = 0.085
_PODCAST_SESSIONS: Final = 0.1
_AUDIOBOOK_SESSIONS: Final = 0.004
_AUDIOBOOKS_SINCE: Final = date(2022, 11, 1)

_MUSIC: Final = Dice({"favourites": 62, "discovery": 18, "album": 20})
# From where music is played in each mood: what Spotify calls the context. Nobody knows of a queue.
_PLACES: Final = {
    "favourites": Dice[str | None]({"library": 30, "playlist": 34, "artist_page": 6, "search": 12, None: 18}),
    "discovery": Dice[str | None]({"personal_playlist": 34, "mix_or_radio": 26, "editorial_playlist": 18, None: 22}),
    "album": Dice[str | None]({"album": 1}),
}

_WEEKDAYS: Final = (1.0, 1.0, 1.05, 1.05, 1.2, 0.95, 0.8)  # Monday first
# How likely a session begins in each local hour.
_WORKDAY_HOURS: Final = (1, 0.4, 0.2, 0.1, 0.1, 0.5, 3, 9, 9, 5, 4, 4, 5, 4, 4, 5, 8, 9, 7, 6, 6, 6, 4, 2)
_WEEKEND_HOURS: Final = (3, 2, 1, 0.5, 0.2, 0.1, 0.3, 1, 3, 5, 7, 7, 7, 6, 6, 6, 6, 6, 7, 7, 8, 8, 7, 5)


class Place(Struct, frozen=True):
    """A country and the zone its clocks show where the listener is."""

    country: str
    zone: str


class Day(Struct, frozen=True):
    """One local day of listening."""

    on: date
    place: Place
    plays: int
    is_private: bool  # part of an incognito stretch


class Session(Struct, frozen=True):
    """A stretch of listening without a longer pause."""

    starts_at: int  # seconds since 1970
    plays: int
    mood: str  # favourites, discovery, album, podcast, audiobook
    place: str | None  # album, library, playlist, …: from where music is played, where that is known
    device: str
    country: str
    skips_next: float  # how likely a skip follows a skip
    is_offline: bool
    is_incognito: bool


HOME: Final = Place("NO", "Europe/Oslo")
ABROAD: Final = (
    Place("JP", "Asia/Tokyo"),
    Place("IT", "Europe/Rome"),
    Place("US", "America/Los_Angeles"),
    Place("GB", "Europe/London"),
    Place("IN", "Asia/Kolkata"),
    Place("PT", "Europe/Lisbon"),
    Place("ZA", "Africa/Johannesburg"),
    Place("AU", "Australia/Sydney"),
)


def days_of(rng: Random, start: date, end: date, *, home: Place = HOME, loudness: float = 1.0) -> Iterator[Day]:
    """Yield every day with listening from start to end, travels and silences as they fall."""
    places = _whereabouts(rng, start, end, home)
    private = _stretches(rng, (start, end), each_year=2.2, days=(1, 7))
    silent = _stretches(rng, (start, end), each_year=1.2, days=(2, 9)) | _silent_month(rng, start, end)
    for number in range((end - start).days):
        on = start + timedelta(days=number)
        plays = _plays_on(rng, on, loudness)
        if on in silent or happens(rng, _SILENT_DAYS):
            continue
        yield Day(on, places.get(on, home), plays, on in private)


def sessions_of(rng: Random, day: Day) -> Iterator[Session]:
    """Divide a day into sessions, in order."""
    sizes = list(_session_sizes(rng, day.plays))
    hours = _WEEKEND_HOURS if day.on.weekday() >= 5 else _WORKDAY_HOURS  # noqa: PLR2004 - Saturday
    midnight = datetime.combine(day.on, time(), ZoneInfo(day.place.zone)).astimezone(UTC)
    starts = sorted(rng.choices(range(24), hours, k=len(sizes)))
    for size, hour in zip(sizes, starts, strict=True):
        at = int(midnight.timestamp()) + hour * 3600 + rng.randrange(3600)
        yield _session(rng, day, at, size)


def _session(rng: Random, day: Day, at: int, size: int) -> Session:
    mood = _mood(rng, day.on)
    return Session(
        starts_at=at,
        plays=rng.randint(1, 3) if mood in {"podcast", "audiobook"} else size,
        mood=mood,
        place=_place(mood, at),
        device=some_device(rng),
        country=day.place.country,
        skips_next=_skips_next(rng, day.plays),
        is_offline=happens(rng, _OFFLINE_SESSIONS),
        is_incognito=happens(rng, 0.7 if day.is_private else 0.004),
    )


def _mood(rng: Random, on: date) -> str:
    dice = rng.random()
    if dice < _AUDIOBOOK_SESSIONS:
        return "audiobook" if on >= _AUDIOBOOKS_SINCE else "album"
    if dice < _AUDIOBOOK_SESSIONS + _PODCAST_SESSIONS:
        return "podcast"
    return _MUSIC.throw(rng)


def _place(mood: str, at: int) -> str | None:
    """Choose with dice of its own, so that nothing else depends on the choice."""
    return _PLACES[mood].throw(Random(at)) if mood in _PLACES else None  # noqa: S311 - dice, no secrets


def _skips_next(rng: Random, plays: int) -> float:
    """Patient and impatient sessions; hundreds of plays fit into a day only if most are skipped."""
    if plays > 200:  # noqa: PLR2004 - about ten hours of whole songs
        return 0.93
    return rng.choice((0.15, 0.45, 0.6, 0.8))


def _session_sizes(rng: Random, plays: int) -> Iterator[int]:
    while plays > 0:
        size = min(plays, 1 + int(rng.expovariate(1 / _SESSION_PLAYS)))
        yield size
        plays -= size


def _plays_on(rng: Random, on: date, loudness: float) -> int:
    """Draw from a log-normal with louder winters, Fridays and years."""
    if happens(rng, _MARATHONS):
        return rng.randint(300, _MOST_PLAYS)
    winter = 1 + 0.12 * cos(2 * pi * on.timetuple().tm_yday / 365)
    era = 1 + 0.15 * cos(on.year * 1.7)
    usual = MEDIAN_PLAYS * loudness * winter * era * _WEEKDAYS[on.weekday()]
    return max(1, min(_MOST_PLAYS, round(exp(rng.gauss(log(usual), _SPREAD)))))


def _whereabouts(rng: Random, start: date, end: date, home: Place) -> dict[date, Place]:
    """Plan the days abroad: a journey or two each year, of one to three weeks."""
    abroad = [place for place in ABROAD if place.country != home.country]
    return {
        day: place
        for trip in _spans(rng, (start, end), each_year=1.8, days=(5, 21))
        for place in [rng.choice(abroad)]
        for day in trip
    }


def _stretches(rng: Random, within: tuple[date, date], *, each_year: float, days: tuple[int, int]) -> set[date]:
    return {day for span in _spans(rng, within, each_year=each_year, days=days) for day in span}


def _spans(rng: Random, within: tuple[date, date], *, each_year: float, days: tuple[int, int]) -> Iterator[list[date]]:
    """Scatter stretches of so many days over the time."""
    on = within[0] + timedelta(days=int(rng.expovariate(each_year / 365)))
    while on < within[1]:
        length = rng.randint(*days)
        yield [on + timedelta(days=n) for n in range(length)]
        on += timedelta(days=length + int(rng.expovariate(each_year / 365)))


def _silent_month(rng: Random, start: date, end: date) -> set[date]:
    """Pick a month without any music, if there is a year to place it in."""
    days = (end - start).days
    if days < 365:  # noqa: PLR2004 - a year
        return set()
    first = (start + timedelta(days=rng.randrange(60, days - 60))).replace(day=1)
    return {day for n in range(31) if (day := first + timedelta(days=n)).month == first.month}
