"""Spotify itself, as far as it still tells the app: single tracks and artists, and how tracks sound."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec
from msgspec import Raw, Struct, structs

from longplay.enrichment.provider import Provider, Record
from longplay.enrichment.records import Features, Need, Sound, Unreadable, Wanted, each, genres_of
from longplay.enrichment.sounds import not_told, sound_of
from longplay.spotify.connection import Connection
from longplay.spotify.errors import NotThere
from longplay.spotify.records import Track, WholeArtist


class _Spotify(Provider):
    source: ClassVar[str] = "spotify"
    batch: ClassVar[int] = 1
    title = "Spotify"
    receives = "ids of tracks and artists"

    def __init__(self, connection: Connection) -> None:
        """Know by whose consent to ask."""
        self._connection = connection
        self.quota = connection.quota

    def _one(self, path: str) -> bytes | None:
        try:
            return self._connection.spotify.get(path)
        except NotThere:
            return None


class _Sounds(Struct):
    audio_features: list[Raw]


class _TrackSound(Features, frozen=True, kw_only=True):
    id: str


class SpotifyFeatures(_Spotify):
    """Tells how tracks sound, to apps that were there before."""

    dataset: ClassVar[str] = "spotify_features"
    need: ClassVar[Need] = Need.FEATURES
    batch: ClassVar[int] = 100
    bucket = "tracks"

    def ask(self, items: Sequence[Wanted]) -> bytes:
        """Ask for up to 100 tracks."""
        return self._connection.spotify.get("/audio-features", ids=",".join(item.track_id or "" for item in items))

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give a sound for each track; Spotify says null where it has none."""
        sounds: dict[str, Sound] = {}
        told = msgspec.json.decode(answer, type=_Sounds).audio_features if answer else []
        for one in each([part for part in told if bytes(part) != b"null"], _TrackSound):
            if isinstance(one, Unreadable):
                yield one
            else:
                sounds[one.id] = sound_of(one.id, one)
        yield from not_told(asked, sounds)


class SpotifyTracks(_Spotify):
    """Tells what a track is: its artists' ids, its length, its ISRC."""

    dataset: ClassVar[str] = "spotify_tracks"
    need: ClassVar[Need] = Need.TRACKS
    bucket = "tracks"

    def ask(self, items: Sequence[Wanted]) -> bytes | None:
        """Ask for one track."""
        return self._one(f"/tracks/{items[0].track_id}")

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give the track under the id that was asked for; one that has gone has nothing but that."""
        (item,) = asked
        track = Track()
        for told in each([answer] if answer else [], Track):
            if isinstance(told, Unreadable):
                yield told
            else:
                track = told
        yield structs.replace(track, id=item.track_id, uri=f"spotify:track:{item.track_id}")


class SpotifyArtists(_Spotify):
    """Tells an artist's genres, where Spotify still has any."""

    dataset: ClassVar[str] = "spotify_artists"
    need: ClassVar[Need] = Need.GENRES_BY_ID
    bucket = "artists"

    def ask(self, items: Sequence[Wanted]) -> bytes | None:
        """Ask for one artist."""
        return self._one(f"/artists/{items[0].artist_id}")

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give the artist and the genres, or that there are none."""
        (item,) = asked
        artist = WholeArtist()
        for told in each([answer] if answer else [], WholeArtist):
            if isinstance(told, Unreadable):
                yield told
            else:
                artist = told
        if artist.id:
            yield artist
        yield from genres_of(item, [(genre, None) for genre in artist.genres or ()], "spotify id")
