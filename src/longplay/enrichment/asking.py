"""Other sources, and how they are asked: one line for each, at its own pace, within a budget of its own."""

import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Final

import httpx2
import msgspec
from msgspec import Struct

from longplay.spotify.answers import cut_off, of_any, told
from longplay.spotify.errors import NotAvailable, NotThere, SpotifyError
from longplay.spotify.line import Line, Question
from longplay.spotify.memory import Memory
from longplay.spotify.quota import Clock, Manners, Quota
from longplay.spotify.secret import Secret

AGENT: Final = f"Longplay/{version('longplay')} (one listener's own statistics)"
SETTING: Final = "ENRICH_BUDGETS"
Query = Mapping[str, str | int | Sequence[str] | Secret]
Reader = Callable[[bytes], SpotifyError | None]


class Source(Struct, frozen=True):
    """Somebody who knows more; `name` is how tables spell it and how its bucket is called."""

    name: str
    title: str
    origin: str
    pace: float  # seconds from one call to the next
    budget: int  # calls a day
    receives: str


RECCOBEATS: Final = Source("reccobeats", "ReccoBeats", "https://api.reccobeats.com", 0.5, 400, "ids of tracks")
MUSICBRAINZ: Final = Source(
    "musicbrainz", "MusicBrainz", "https://musicbrainz.org", 1.0, 1000, "ids of artists, or their names with a title of each"
)
LASTFM: Final = Source("lastfm", "Last.fm", "https://ws.audioscrobbler.com", 0.25, 1000, "names of artists")
SOURCES: Final = {source.name: source for source in (RECCOBEATS, MUSICBRAINZ, LASTFM)}


class Door:
    """One source, to be asked. Every call may raise a `SpotifyError` that names the source; `Blocked` means none was made."""

    def __init__(  # noqa: PLR0913
        self,
        source: Source,
        memory: Memory,
        clock: Clock,
        *,
        origin: str = "",
        budgets: Mapping[str, int] | None = None,
        pace: float | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Know where it is and how often it may be asked."""
        self.source = source
        self._origin = origin or source.origin
        manners = Manners(
            pace=source.pace if pace is None else pace,
            budgets={name: calls for name, calls in (budgets or {}).items() if name == source.name},
            sleep=sleep,
            who=source.title,
            allowed={source.name: source.budget},
            setting=SETTING,
            agent=AGENT,
        )
        self.quota = Quota(memory, source.name, clock, manners)
        self._line = Line(self.quota, clock, manners)

    def get(self, path: str, query: Query, reads: Reader) -> bytes:
        """Give a good answer as it was sent; what is none, `reads` says or the status tells."""

        def judge(answer: httpx2.Response) -> SpotifyError | None:
            return reads(answer.content) if answer.is_success else self._problem(answer)

        return self._line.ask(self.source.name, judge, Question("GET", f"{self._origin}{path}", query))

    def shaped(self, kind: type) -> Reader:
        """Tell answers that have a shape from what only looks like an answer."""

        def reads(body: bytes) -> SpotifyError | None:
            try:
                msgspec.json.decode(body, type=kind)
            except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                return cut_off(self.source.title)
            return None

        return reads

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _problem(self, answer: httpx2.Response) -> SpotifyError:
        who = self.source.title
        match answer.status_code:
            case HTTPStatus.NOT_FOUND:
                return NotThere(f"{who} does not have what was asked for.", "Nothing is to be done.")
            case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN:
                return NotAvailable(f"{who} does not want to be asked by us.", "Look for a newer Longplay.")
            case _:
                return of_any(answer, told(answer.content), who)
