"""What is asked about, and what answers hold: the words that all providers share."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Raw, Struct

T = TypeVar("T")
_NULL: Final = b"null"

MEASURES: Final = (
    "acousticness", "danceability", "energy", "instrumentalness", "liveness", "loudness", "speechiness", "tempo", "valence",
)  # fmt: skip


class Need(StrEnum):
    """What may be missing. Each names what has to be known of an item before somebody can be asked about it."""

    FEATURES = "features"  # how a track sounds, by its id
    TRACKS = "tracks"  # what Spotify knows of a track, by its id: above all who its artists are
    GENRES_BY_ID = "genres_by_id"  # an artist's genres, by the id at Spotify
    GENRES_BY_NAME = "genres_by_name"  # the same, by name alone
    ADDRESSES = "addresses"  # who an artist is at another source, by the id at Spotify
    NAMES = "names"  # the same, by name and one of the titles the listener knows
    GENRES_OF_MATCHES = "genres_of_matches"  # the genres of an artist who was found there


class Wanted(Struct, frozen=True, omit_defaults=True):
    """A track, or an artist with what is known of them."""

    track_id: str | None = None
    artist_name: str | None = None  # as the listening spells it
    artist_id: str | None = None  # at Spotify
    title: str | None = None  # one of the artist's that the listener plays
    source_id: str | None = None  # at the source that is asked
    evidence: str | None = None  # by what the artist was found there


class Lookup(Struct, frozen=True):
    """An answer as it was sent, with what was asked: without that one could not tell what is not there."""

    asked: list[Wanted]
    answer: Raw  # null where nothing is there

    @property
    def said(self) -> Raw | None:
        """The answer, if there is one."""
        return None if bytes(self.answer) == _NULL else self.answer


def wrapped(asked: Sequence[Wanted], answer: bytes | None) -> bytes:
    """Put an answer beside its question; no answer means that nothing is there."""
    return msgspec.json.encode(Lookup(list(asked), Raw(answer or _NULL)))


class Features(Struct, frozen=True, kw_only=True):
    """How a track sounds, in the words that Spotify gave and others took over; each may be missing."""

    acousticness: float | None = None
    danceability: float | None = None
    energy: float | None = None
    instrumentalness: float | None = None
    liveness: float | None = None
    loudness: float | None = None
    speechiness: float | None = None
    tempo: float | None = None
    valence: float | None = None
    key: int | None = None
    mode: int | None = None


class Sound(Features, frozen=True):
    """How a track sounds; nothing at all where the source does not have it."""

    track_id: str


class Genre(Struct, frozen=True):
    """One genre of an artist; without a genre the source tells none."""

    artist_name: str
    artist_id: str | None
    genre: str | None = None
    votes: int | None = None
    evidence: str | None = None


class Match(Struct, frozen=True):
    """Who an artist is at another source; without a `source_id` they were not found by this evidence."""

    artist_name: str
    artist_id: str | None
    evidence: str
    source_id: str | None = None


class Unreadable(Struct, frozen=True):
    """A part of an answer that is not what it should be; the reason holds none of its values."""

    position: int
    reason: str


def each(parts: Sequence[Raw], kind: type[T]) -> Iterator[T | Unreadable]:
    """Decode each part of an answer by itself, so that a bad one costs that part."""
    for position, part in enumerate(parts):
        try:
            yield msgspec.json.decode(part, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            yield Unreadable(position, str(error)[:200])


def genres_of(asked: Wanted, told: Sequence[tuple[str, int | None]], evidence: str | None = None) -> Iterator[Genre]:
    """Give what was told of one artist, or that nothing was."""
    name, artist_id, evidence = asked.artist_name or "", asked.artist_id, evidence or asked.evidence
    for genre, votes in told:
        yield Genre(name, artist_id, genre, votes, evidence)
    if not told:
        yield Genre(name, artist_id, evidence=evidence)


def named(value: Any) -> str:
    """Spell a name so that two spellings of one name are equal.

    >>> named("Don’t  Stop") == named("DON'T STOP")
    True
    """
    return " ".join(str(value).replace("’", "'").casefold().split())
