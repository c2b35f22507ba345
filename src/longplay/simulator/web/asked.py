"""What an endpoint is told about a call, and how it answers: objects, pages, or an error."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from msgspec import Struct

from longplay.simulator.web.calls import Call
from longplay.simulator.web.discography import AlbumFacts, ArtistFacts, Discography, TrackFacts
from longplay.simulator.web.ids import is_base62
from longplay.simulator.web.objects import RESTRICTED, Json, Objects
from longplay.simulator.web.people import Listener

DEFAULT_LIMIT: Final = 20
MOST: Final = 50
_MOST_OFFSET: Final = 100_000

T = TypeVar("T")


class ApiError(Exception):
    """An error as the Web API tells it; without a message it says only the status."""

    def __init__(self, status: int, message: str | None) -> None:
        """Keep status and words."""
        super().__init__(message)
        self.status = status
        self.message = message


class Asked(Struct):
    """One call of the Web API, with all that an answer may depend on."""

    listener: Listener
    profile: str
    objects: Objects
    known: Discography
    now: datetime
    origin: str  # of the simulator, for the links of pages
    path: str
    query: Mapping[str, str]
    at: Mapping[str, str]  # the parts of the path
    call: Call

    @property
    def is_restricted(self) -> bool:
        """Whether the app is what anybody gets who registers one today."""
        return self.profile == RESTRICTED

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """Read a number from the query."""
        try:
            value = int(self.query.get(name, default))
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ApiError(400, f"Invalid {name}")
        return value

    def limit(self, default: int = DEFAULT_LIMIT, most: int = MOST) -> int:
        """Read how many items a page shall have."""
        return self.number("limit", default, 1, most)

    def link(self, path: str | None = None, **query: str | int) -> str:
        """Write an address of the simulator's."""
        return f"{self.origin}{path or self.path}?{urlencode(query)}"

    def page(self, items: Sequence[T], write: Callable[[T], Any], *, default: int = DEFAULT_LIMIT, most: int = MOST) -> Json:
        """Cut out and write the page that was asked for; the links keep the rest of the query."""
        limit, offset = self.limit(default, most), self.number("offset", 0, 0, _MOST_OFFSET)
        rest = {name: value for name, value in self.query.items() if name not in {"limit", "offset"}}

        def link(to: int) -> str:
            return self.link(**rest, offset=to, limit=limit)

        return {
            "href": link(offset),
            "items": [write(item) for item in items[offset : offset + limit]],
            "limit": limit,
            "next": link(offset + limit) if offset + limit < len(items) else None,
            "offset": offset,
            "previous": link(max(0, offset - limit)) if offset else None,
            "total": len(items),
        }

    def track(self) -> TrackFacts:
        """Find the track that the path names."""
        return _found(self.known.tracks, self.at["id"])

    def album(self) -> AlbumFacts:
        """Find the album that the path names."""
        return _found(self.known.albums, self.at["id"])

    def artist(self) -> ArtistFacts:
        """Find the artist that the path names."""
        return _found(self.known.artists, self.at["id"])

    def several(self, known: Mapping[str, T], most: int) -> list[T | None]:
        """Find what the query names, nothing for what is unknown."""
        ids = [one for one in self.query.get("ids", "").split(",") if one]
        if not ids or not all(map(is_base62, ids)):
            raise ApiError(400, "Invalid base62 id")
        if len(ids) > most:
            raise ApiError(400, "Too many ids requested")
        return [known.get(one) for one in ids]


def _found(known: Mapping[str, T], item_id: str) -> T:
    if not is_base62(item_id):
        raise ApiError(400, "Invalid base62 id")
    if item_id not in known:
        raise ApiError(404, "Resource not found")
    return known[item_id]
