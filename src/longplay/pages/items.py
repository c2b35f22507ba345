"""One item of a page to the rows it holds: a play, a saved track, a place in a ranking, and the music each speaks of."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Raw, Struct

from longplay.spotify.records import Album, Artist, Named, Play, Saved, Track, WholeArtist

Row = dict[str, Any]
Rows = Iterator[tuple[str, Row]]  # which landing table, and its columns
T = TypeVar("T")

FIRST_DAY: Final = datetime(2006, 1, 1, tzinfo=UTC)  # Spotify was founded that year
MARGIN: Final = timedelta(hours=48)  # clocks are wrong, but not by more
EPISODE: Final = "episode"


class NotReadable(Exception):
    """An item cannot be read, for a reason that holds none of its values."""

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class Seen(Struct, frozen=True):
    """Whose page it is, of what, its name, and when it was fetched (UTC)."""

    user: str
    dataset: str
    page: str
    fetched_at: datetime

    @property
    def at(self) -> datetime:
        """The instant as tables hold it."""
        return self.fetched_at.replace(tzinfo=None)


class Item(Struct, frozen=True):
    """An item as it was sent, and where it stands: `position` on its page, which begins at `offset` of the listing."""

    raw: Raw
    seen: Seen
    position: int
    offset: int


def play_rows(item: Item) -> Rows:
    """Read one play. Episodes are plays as well, though of no track."""
    play, seen = _decoded(item.raw, Play), item.seen
    track = _named(play.track)
    maker = _maker(track)
    yield (
        "recently_played",
        {
            "user_id": seen.user,
            "played_at": _credible(play.played_at, seen.fetched_at),
            "position": item.position,
            **_of_track(track),
            "track_id": None if _is_episode(track) else track.id,
            "artist_id": maker.id,
            "artist_name": maker.name,
            "context_type": play.context.type if play.context else None,
            "context_uri": play.context.uri if play.context else None,
            "page": seen.page,
            "fetched_at": seen.at,
        },
    )
    yield from music_rows(track, seen.at)


def saved_rows(item: Item) -> Rows:
    """Read one saved track."""
    saved, seen = _decoded(item.raw, Saved), item.seen
    track = _named(saved.track)
    yield (
        "saved_tracks",
        {
            "user_id": seen.user,
            "track_uri": track.uri,
            "track_name": track.name,
            "artist_name": _maker(track).name,
            "album_name": track.album.name if track.album else None,
            "added_at": _utc(saved.added_at).replace(tzinfo=None),
            "fetched_at": seen.at,
        },
    )
    yield from music_rows(track, seen.at)


def top_track_rows(item: Item) -> Rows:
    """Read one place in a ranking of tracks."""
    track = _named(_decoded(item.raw, Track))
    yield _place(item, track, _maker(track).name)
    yield from music_rows(track, item.seen.at)


def top_artist_rows(item: Item) -> Rows:
    """Read one place in a ranking of artists."""
    artist = _named(_decoded(item.raw, WholeArtist))
    yield _place(item, artist, None)
    yield from artist_rows(artist, item.seen.at)


def _place(item: Item, what: Named, artist_name: str | None) -> tuple[str, Row]:
    _, kind, span = item.seen.dataset.split("_", 2)
    return (
        "top_items",
        {
            "user_id": item.seen.user,
            "item_type": kind.removesuffix("s"),
            "time_range": span,
            "rank": item.offset + item.position + 1,
            "item_id": what.id,
            "item_uri": what.uri,
            "name": what.name,
            "artist_name": artist_name,
            "page": item.seen.page,
            "fetched_at": item.seen.at,
        },
    )


# The music an item speaks of


def music_rows(track: Track, at: datetime) -> Rows:
    """Tell the track, its album and their artists; nothing of what is no track, or has no id."""
    if _is_episode(track):
        return
    if track.uri:
        yield "tracks", _of_track(track) | {"popularity": track.popularity, "fetched_at": at}
    if track.album and track.album.id:
        yield "albums", _of_album(track.album) | {"fetched_at": at}
    for artist in (*(track.artists or ()), *((track.album.artists if track.album else None) or ())):
        yield from artist_rows(artist, at)


def _of_track(track: Track) -> Row:
    album = track.album or Album()
    return {
        "track_id": track.id,
        "track_uri": track.uri,
        "track_name": track.name,
        "artist_ids": _ids(track.artists),
        "artist_names": _names(track.artists),
        "album_id": album.id,
        "album_name": album.name,
        "duration_ms": track.duration_ms,
        "explicit": track.explicit,
        "isrc": track.external_ids.isrc if track.external_ids else None,
        "is_local": bool(track.is_local),
    }


def _of_album(album: Album) -> Row:
    return {
        "album_id": album.id,
        "album_uri": album.uri,
        "album_name": album.name,
        "album_type": album.album_type,
        "artist_ids": _ids(album.artists),
        "artist_names": _names(album.artists),
        "release_date": album.release_date,
        "total_tracks": album.total_tracks,
        "upc": album.external_ids.upc if album.external_ids else None,
    }


def artist_rows(artist: Artist, at: datetime) -> Rows:
    """Tell an artist that has an id. Inside of tracks Spotify leaves genres out, which is no list without any."""
    if not artist.id:
        return
    followers = artist.followers if isinstance(artist, WholeArtist) else None
    yield (
        "artists",
        {
            "artist_id": artist.id,
            "artist_name": artist.name,
            "genres": None if artist.genres is None else _json(artist.genres),
            "popularity": artist.popularity,
            "followers": followers.total if followers else None,
            "fetched_at": at,
        },
    )


def _maker(track: Track) -> Artist:
    """Give the album's first artist, as archives name it; without an album's, the track's first."""
    of_album = (track.album.artists if track.album else None) or ()
    return next((artist for artist in (*of_album, *(track.artists or ())) if artist.name), Artist())


def _is_episode(track: Track) -> bool:
    return track.type == EPISODE


def _ids(artists: Sequence[Artist] | None) -> str:
    return _json([artist.id for artist in artists or ()])


def _names(artists: Sequence[Artist] | None) -> str:
    return _json([artist.name for artist in artists or ()])


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


# What an item must have


def _decoded(raw: Raw, kind: type[T]) -> T:
    """Read an item into what it should be; what msgspec says of it names fields and types, no values."""
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        reason = "no track" if "got `null` - at `$.track`" in str(error) else str(error)
        raise NotReadable(reason) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotReadable("not JSON") from None


N = TypeVar("N", bound=Named)


def _named(what: N) -> N:
    if not (what.uri or what.name):
        raise NotReadable("neither name nor address")
    return what


def _credible(at: datetime, fetched_at: datetime) -> datetime:
    """Give the instant as tables hold it."""
    at = _utc(at)
    if at < FIRST_DAY:
        raise NotReadable("a time before 2006")
    if at > fetched_at + MARGIN:
        raise NotReadable("a time to come")
    return at.replace(tzinfo=None)


def _utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except OverflowError:
        raise NotReadable("no readable time") from None
