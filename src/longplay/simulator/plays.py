"""One play as it truly was, beside what Spotify would write about it."""

from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from longplay.simulator.catalogue import Chapter, Episode, Track, What

SKIPPING_ENDS: Final = frozenset({"fwdbtn", "backbtn", "endplay"})
SECONDS_SINCE: Final = datetime(2022, 10, 14, tzinfo=UTC)  # `offline_timestamp` was milliseconds until then

Key = tuple[datetime, str | None, int]


class Play(Struct, frozen=True, gc=False):
    """One listening. Plays of one listener never overlap between `started_at` and `ended_at`."""

    started_at: datetime
    ended_at: datetime
    reported_at: datetime  # Spotify's `ts`: the end, or for an offline play the instant it was synced
    ms_played: int
    what: What | None  # none: one of the rows in which Spotify names nothing
    reason_start: str | None
    reason_end: str | None
    shuffle: bool
    offline: bool | None
    offline_timestamp: int | None  # the start in the unit of its time; rarely 0, 1 or nothing
    is_incognito: bool
    country: str | None
    platform: str | None
    is_video: bool
    repeats: int  # how many times more every archive repeats the very same row
    place: str | None = None  # from where it was played: album, library, search, autoplay, …; none where nobody knows

    @property
    def is_skipped(self) -> bool:
        """Whether the listener went on before the end."""
        return self.reason_end in SKIPPING_ENDS

    @property
    def is_late(self) -> bool:
        """Whether it was played offline and synced later."""
        return self.reported_at > self.ended_at

    @property
    def key(self) -> Key:
        """What makes it this play and no other in any archive: `ts`, what was played, and for how long."""
        return self.reported_at, self.what.uri if self.what else None, self.ms_played

    @property
    def content_type(self) -> str:
        """Track, episode, audiobook, or unknown."""
        return "unknown" if self.what is None else _CONTENT[type(self.what)]


_CONTENT: Final[dict[type, str]] = {Track: "track", Episode: "episode", Chapter: "audiobook"}


def title_and_maker(what: What | None) -> tuple[str | None, str | None]:
    """Give the two names every package has: title and artist, episode and show, book and author."""
    match what:
        case Track():
            return what.name, what.artist
        case Episode():
            return what.name, what.show
        case Chapter():
            return what.book, what.author
        case None:
            return None, None


def truth_of(plays: list[Play]) -> dict[Key, Play]:
    """Find every distinct play by its key: what a warehouse should know after reading the archives."""
    return {play.key: play for play in plays}
