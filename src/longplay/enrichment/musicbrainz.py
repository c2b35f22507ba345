"""MusicBrainz, which knows the genres of most artists: found by their address at Spotify, 100 a call, or by name and title.

It knows artists under ids of its own, so one call finds them and one more for each asks what they play. A name alone is no
evidence: several may have it. Only who made one of the listener's titles is who the listener plays.
"""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import msgspec
from msgspec import Raw, Struct, field

from longplay.enrichment.provider import Outside, Record
from longplay.enrichment.records import Match, Need, Unreadable, Wanted, each, genres_of, named
from longplay.enrichment.tags import genres_among
from longplay.spotify.errors import NotThere

_ARTIST: Final = "https://open.spotify.com/artist/"
_ADDRESS: Final = "spotify address"
_TITLE: Final = "name and title"
_DECORATION: Final = re.compile(r"\s+[-–]\s.*$|\s*[(\[].*$")


class _Artist(Struct):
    id: str
    name: str = ""


class _Relation(Struct, rename="kebab"):
    target_type: str = ""
    artist: _Artist | None = None


class _Url(Struct):
    resource: str
    relations: list[_Relation] = field(default_factory=list)


class _Urls(Struct):
    """Several addresses; one that is asked for alone comes bare."""

    urls: list[Raw] | None = None
    resource: str | None = None


class _Credit(Struct):
    artist: _Artist
    name: str = ""


class _Recording(Struct, rename="kebab"):
    title: str
    artist_credit: list[_Credit] = field(default_factory=list)


class _Recordings(Struct):
    recordings: list[Raw]


class _Voted(Struct):
    name: str
    count: int | None = None


class _Genres(Struct):
    id: str
    genres: list[_Voted] = field(default_factory=list)
    tags: list[_Voted] = field(default_factory=list)


class _MusicBrainz(Outside):
    source: ClassVar[str] = "musicbrainz"
    batch: ClassVar[int] = 1

    def _get(self, path: str, query: dict[str, str | list[str]], kind: type) -> bytes | None:
        try:
            return self._door.get(f"/ws/2/{path}", {**query, "fmt": "json"}, self._door.shaped(kind))
        except NotThere:
            return None


class MusicBrainzAddresses(_MusicBrainz):
    """Finds artists by their address at Spotify."""

    dataset: ClassVar[str] = "musicbrainz_addresses"
    need: ClassVar[Need] = Need.ADDRESSES
    batch: ClassVar[int] = 100

    def ask(self, items: Sequence[Wanted]) -> bytes | None:
        """Ask for up to 100 artists."""
        addresses = [f"{_ARTIST}{item.artist_id}" for item in items]
        return self._get("url", {"resource": addresses, "inc": "artist-rels"}, _Urls)

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give for each artist who that is; an address that several artists share says nothing."""
        urls = msgspec.json.decode(answer, type=_Urls) if answer else _Urls()
        alone = [answer] if answer and urls.resource else []
        found: dict[str, set[str]] = {}
        for url in each(urls.urls or alone, _Url):
            if isinstance(url, Unreadable):
                yield url
            else:
                who = {relation.artist.id for relation in url.relations if relation.artist}
                found.setdefault(url.resource.removeprefix(_ARTIST), set()).update(who)
        for item in asked:
            yield _match(item, found.get(item.artist_id or "", set()), _ADDRESS)


class MusicBrainzNames(_MusicBrainz):
    """Finds an artist by name and one of the titles that the listener plays."""

    dataset: ClassVar[str] = "musicbrainz_names"
    need: ClassVar[Need] = Need.NAMES

    def ask(self, items: Sequence[Wanted]) -> bytes | None:
        """Ask for the recordings of a title by somebody of that name."""
        (item,) = items
        query = f"recording:{_quoted(_plain(item.title or ''))} AND artist:{_quoted(item.artist_name or '')}"
        return self._get("recording", {"query": query, "limit": "25"}, _Recordings)

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give who made the title: nobody, where none of that name did, or several."""
        (item,) = asked
        who: set[str] = set()
        for recording in each(msgspec.json.decode(answer, type=_Recordings).recordings if answer else [], _Recording):
            if isinstance(recording, Unreadable):
                yield recording
            elif named(_plain(recording.title)) == named(_plain(item.title or "")):
                who |= {credit.artist.id for credit in recording.artist_credit if _is_named(credit, item)}
        yield _match(item, who, _TITLE)


class MusicBrainzGenres(_MusicBrainz):
    """Tells the genres of an artist who was found."""

    dataset: ClassVar[str] = "musicbrainz_genres"
    need: ClassVar[Need] = Need.GENRES_OF_MATCHES

    def ask(self, items: Sequence[Wanted]) -> bytes | None:
        """Ask for one artist."""
        (item,) = items
        return self._get(f"artist/{item.source_id}", {"inc": "genres tags"}, _Genres)

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give the genres with their votes; tags, where nobody voted for a genre."""
        (item,) = asked
        told = msgspec.json.decode(answer, type=_Genres) if answer else _Genres("")
        genres = [(genre.name, genre.count) for genre in told.genres]
        yield from genres_of(item, genres or genres_among((tag.name, tag.count) for tag in told.tags))


def _match(item: Wanted, who: set[str], evidence: str) -> Match:
    return Match(item.artist_name or "", item.artist_id, evidence, next(iter(who)) if len(who) == 1 else None)


def _is_named(credit: _Credit, item: Wanted) -> bool:
    return named(item.artist_name) in {named(credit.name), named(credit.artist.name)}


def _plain(title: str) -> str:
    """Leave out what labels and others add to a title.

    >>> _plain("Weak - Remastered 2011"), _plain("Low Tide (feat. Amber Quay)"), _plain("(Interlude)")
    ('Weak', 'Low Tide', '(Interlude)')
    """
    return _DECORATION.sub("", title) or title


def _quoted(words: str) -> str:
    r"""Spell words as one phrase of a search.

    >>> print(_quoted('The "Best"'))
    "The \"Best\""
    """
    return '"' + words.replace("\\", r"\\").replace('"', r"\"") + '"'
