"""Which plays Spotify's list of recent plays shows, from when on, and under which instant.

The list speaks of music that was heard to the end or for half a minute, outside private sessions, and holds fifty plays in all.
How reliable it is are figures measured on real accounts.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from random import Random
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from longplay.simulator.catalogue import Track
from longplay.simulator.dice import happens
from longplay.simulator.plays import Play
from longplay.simulator.web.ids import number, spotify_id

HEARD_MS: Final = 30_000
FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
_WRONG_CLOCKS: Final = 0.8  # of the devices that were offline


class Manners(Struct, frozen=True):
    """How often something is not as it should be, as shares of the plays that belong into the list."""

    late: float = 0.0  # listed minutes to days after the end
    never: float = 0.0  # never listed; the page is one shorter for each
    vanishes: float = 0.0  # taken out again later
    twice: float = 0.0  # listed twice
    jitter_ms: int = 0  # how far `played_at` is from the archive's `ts`, mostly
    far_jitter: float = 0.0  # how often it is two to four seconds away instead
    own_time: float = 0.0  # of offline batches: listed under the time of the device, not of the sync
    at_start: float = 0.0  # listed under the instant they began, as by some clients of old
    device_error: timedelta = timedelta()  # how wrong the clock of such a device is at most


EXACT: Final = Manners()
MEASURED: Final = Manners(
    late=0.036,  # and what was synced under its own time: 5.9 % together
    never=0.012,
    vanishes=0.001,
    twice=0.001,
    jitter_ms=900,
    far_jitter=0.006,
    own_time=0.45,
    device_error=timedelta(hours=2),
)


class Listing(Struct, frozen=True, eq=False):
    """A play as the list shows it."""

    play: Play
    played_at: datetime  # whole milliseconds
    listed_at: datetime
    gone_at: datetime
    context: str | None  # a URI
    kind: str = "track"  # or local, episode, nameless
    times: int = 1


def belongs(play: Play) -> bool:
    """Tell whether the list would show a play if all went well.

    Half a minute, or the end of the track: a play of two seconds that was dragged to the end is listed.
    """
    if not isinstance(play.what, Track) or play.is_incognito:
        return False
    return play.ms_played >= HEARD_MS or (play.reason_end == "trackdone" and play.ms_played > 0)


def listings(plays: Iterable[Play], manners: Manners, username: str) -> list[Listing]:
    """List the plays of a log in the order of `played_at`; with the same manners it comes out the same."""
    belonging = sorted(filter(belongs, plays), key=attrgetter("reported_at", "started_at"))
    shown = [
        listing
        for _, batch in groupby(belonging, key=attrgetter("reported_at"))
        for listing in _batch(list(batch), manners, username)
    ]
    return _each_instant_once(sorted(shown, key=attrgetter("played_at")))


def _batch(plays: Sequence[Play], manners: Manners, username: str) -> Iterator[Listing]:
    """List what Spotify heard of in one second: a single play, or all of an offline session."""
    at = plays[0].reported_at
    rng = Random(number("batch", at.timestamp()))  # noqa: S311 - dice, no secrets
    keeps_own_time = any(play.is_late for play in plays) and happens(rng, manners.own_time)
    wrong = manners.device_error * rng.uniform(-1, 1) if happens(rng, _WRONG_CLOCKS) else timedelta()
    for place, play in enumerate(plays):
        end = play.started_at if happens(rng, manners.at_start) else play.ended_at + wrong if keeps_own_time else at
        yield _listing(play, min(end, at) + timedelta(milliseconds=7 * place), manners, username)


def _listing(play: Play, said: datetime, manners: Manners, username: str) -> Listing:
    what = play.what.uri if play.what else ""
    rng = Random(number("listing", play.reported_at.timestamp(), what, play.ms_played))  # noqa: S311 - dice, no secrets
    played_at = _in_milliseconds(said + _jitter(rng, manners))
    listed_at = max(played_at, play.reported_at + _lag(rng, manners))
    gone_at = FOREVER
    if happens(rng, manners.never):
        gone_at = listed_at
    elif happens(rng, manners.vanishes):
        gone_at = listed_at + timedelta(hours=rng.uniform(0, 20))
    times = 1 + happens(rng, manners.twice)
    return Listing(play, played_at, listed_at, gone_at, context_of(play, username), times=times)


def _lag(rng: Random, manners: Manners) -> timedelta:
    """Mostly none; else an hour as a median, and more than a day for one in fifty."""
    if not happens(rng, manners.late):
        return timedelta()
    return timedelta(hours=rng.lognormvariate(0, 1.55))


def _jitter(rng: Random, manners: Manners) -> timedelta:
    if happens(rng, manners.far_jitter):
        return timedelta(milliseconds=rng.choice((-1, 1)) * rng.randint(2000, 4000))
    return timedelta(milliseconds=rng.randint(-manners.jitter_ms, manners.jitter_ms))


def _in_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _each_instant_once(shown: list[Listing]) -> list[Listing]:
    """Move a play by milliseconds where two would share an instant."""
    seen: set[datetime] = set()
    for place, listing in enumerate(shown):
        at = listing.played_at
        while at in seen:
            at += timedelta(milliseconds=1)
        seen.add(at)
        if at != listing.played_at:
            shown[place] = replace(listing, played_at=at)
    return sorted(shown, key=attrgetter("played_at"))


# How Spotify writes where something was played from, with the prefixes of its own playlists.
_CONTEXTS: Final = {
    "library": "spotify:user:{user}:collection",
    "album": "spotify:album:{album}",
    "artist_page": "spotify:artist:{artist}",
    "personal_playlist": "spotify:playlist:37i9dQZEVX{short}",
    "mix_or_radio": "spotify:playlist:37i9dQZF1E{short}",
    "editorial_playlist": "spotify:playlist:37i9dQZF1D{short}",
    "playlist": "spotify:playlist:{own}",
}


def context_of(play: Play, username: str) -> str | None:
    """Say from where it was played; nothing for searches, queues and whatever else Spotify does not tell."""
    what = play.what
    if not isinstance(what, Track) or play.place not in _CONTEXTS:
        return None
    day = play.started_at.toordinal()
    return _CONTEXTS[play.place].format(
        user=username,
        album=spotify_id("album", what.artist, what.album),
        artist=spotify_id("artist", what.artist),
        short=spotify_id("mix", day % 17)[:12],
        own=spotify_id("playlist", day % 9),
    )
