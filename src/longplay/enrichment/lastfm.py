"""Last.fm, which knows what listeners call artists, by name. It wants a key, and tells its errors with status 200."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import msgspec
from msgspec import Raw, Struct

from longplay.enrichment.asking import Door
from longplay.enrichment.provider import Outside, Record
from longplay.enrichment.records import Need, Unreadable, Wanted, each, genres_of
from longplay.enrichment.tags import genres_among
from longplay.spotify.answers import cut_off
from longplay.spotify.errors import NotAvailable, NotThere, RateLimited, SpotifyDown, SpotifyError
from longplay.spotify.secret import Secret

_LEAST: Final = 10  # of 100, which is what the first tag has
_UNKNOWN: Final = 6
_TOO_OFTEN: Final = 29
_OUT_OF_ORDER: Final = frozenset({8, 11, 16})
_WAIT: Final = 60.0  # seconds; it does not say how long


class _Tag(Struct):
    name: str
    count: int | None = None


class _Tags(Struct):
    tag: list[Raw]


class _Answer(Struct):
    toptags: _Tags | None = None
    error: int | None = None


class LastFm(Outside):
    """Tells what listeners call an artist."""

    dataset: ClassVar[str] = "lastfm_genres"
    source: ClassVar[str] = "lastfm"
    need: ClassVar[Need] = Need.GENRES_BY_NAME
    batch: ClassVar[int] = 1

    def __init__(self, door: Door, key: Secret) -> None:
        """Know whom to ask, and the key."""
        super().__init__(door)
        self._key = key

    def ask(self, items: Sequence[Wanted]) -> bytes | None:
        """Ask for one artist."""
        (item,) = items
        asked = {"method": "artist.gettoptags", "artist": item.artist_name or "", "autocorrect": "1", "format": "json"}
        try:
            return self._door.get("/2.0/", {**asked, "api_key": self._key}, self._problem)
        except NotThere:
            return None

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give the tags that can be genres."""
        (item,) = asked
        told = msgspec.json.decode(answer, type=_Answer).toptags if answer else None
        tags: list[tuple[str, int | None]] = []
        for tag in each(told.tag if told else [], _Tag):
            if isinstance(tag, Unreadable):
                yield tag
            else:
                tags.append((tag.name, tag.count))
        yield from genres_of(item, genres_among(tags, _LEAST), "name")

    def _problem(self, body: bytes) -> SpotifyError | None:
        who = self.title
        try:
            said = msgspec.json.decode(body, type=_Answer)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return cut_off(who)
        if said.error is None:
            return None if said.toptags else cut_off(who)
        if said.error == _UNKNOWN:
            return NotThere(f"{who} does not know this artist.", "Nothing is to be done.")
        if said.error == _TOO_OFTEN:
            return RateLimited(_WAIT, who=who)
        if said.error in _OUT_OF_ORDER:
            return SpotifyDown(f"{who} is out of order (its error {said.error}).", "The next run tries again.")
        return NotAvailable(
            f"{who} does not accept the key (its error {said.error}).", "Compare LASTFM_API_KEY with your account's."
        )
