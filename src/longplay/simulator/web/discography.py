"""What Spotify knows of the music in a play log: artists, albums and tracks with their ids, dates, lengths and codes.

Ids and lengths of tracks are those of the archives; what archives do not tell follows from the names.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from msgspec import Struct, field

from longplay.simulator.catalogue import Track
from longplay.simulator.web.ids import chance, number, spotify_id

COLLECTION: Final = "The Collection"
_FIRST_RELEASE: Final = date(1968, 1, 1)
_RELEASES_END: Final = date(2012, 1, 1)  # before anybody's first play
_GUEST: Final = " (feat. "
# Every genre, and where its sound leans: energy and cheerfulness, 0 to 1.
LEANINGS: Final = {
    "indie pop": (0.6, 0.62), "dream pop": (0.5, 0.38), "shoegaze": (0.72, 0.32), "folk": (0.32, 0.42),
    "nordic folk": (0.3, 0.3),
    "jazz": (0.35, 0.55), "ambient": (0.15, 0.2), "techno": (0.85, 0.4), "house": (0.8, 0.7), "soul": (0.5, 0.72),
    "hip hop": (0.68, 0.55), "post-punk": (0.75, 0.45), "art rock": (0.6, 0.4), "metal": (0.93, 0.25),
    "chamber pop": (0.4, 0.48), "bossa nova": (0.35, 0.75), "city pop": (0.65, 0.8), "trip hop": (0.45, 0.3),
    "singer-songwriter": (0.35, 0.4), "classical": (0.18, 0.3),
}  # fmt: skip
GENRES: Final = tuple(LEANINGS)


class ArtistFacts(Struct, eq=False):
    """Somebody with an id; the albums are those the log speaks of."""

    id: str
    name: str
    popularity: int
    genres: tuple[str, ...]
    spotify_genres: tuple[str, ...]  # what Spotify still tells of them: often nothing
    albums: "list[AlbumFacts]" = field(default_factory=list)


class AlbumFacts(Struct, eq=False):
    """An album with the tracks the log speaks of."""

    id: str
    name: str
    kind: str
    artist: ArtistFacts
    released: str
    precision: str
    upc: str
    tracks: "list[TrackFacts]" = field(default_factory=list)


class TrackFacts(Struct, eq=False):
    """One release of a song. Its releases share an ISRC."""

    id: str
    name: str
    artists: tuple[ArtistFacts, ...]
    album: AlbumFacts
    number: int
    length_ms: int
    is_explicit: bool
    isrc: str
    popularity: int


class Discography:
    """Looks facts up by id; grows as the log does."""

    def __init__(self, tracks: Iterable[Track] = ()) -> None:
        """Know these tracks."""
        self.tracks: dict[str, TrackFacts] = {}
        self.albums: dict[str, AlbumFacts] = {}
        self.artists: dict[str, ArtistFacts] = {}
        for track in tracks:
            self.add(track)

    def add(self, track: Track) -> TrackFacts:
        """Know one more; the same one twice is one."""
        track_id = track.uri.rpartition(":")[2]
        known = self.tracks.get(track_id)
        if known:
            return known
        album = self._album(track)
        facts = TrackFacts(
            id=track_id,
            name=track.name,
            artists=(album.artist, *map(self.artist, guests(track.name))),
            album=album,
            number=len(album.tracks) + 1,
            length_ms=track.length_ms,
            is_explicit=chance("explicit", track.name) < 0.12,  # noqa: PLR2004 - about an eighth
            isrc=isrc(track),
            popularity=int(chance("popularity", track_id) * 90),
        )
        album.tracks.append(facts)
        self.tracks[track_id] = facts
        return facts

    def artist(self, name: str) -> ArtistFacts:
        """Find an artist by name, or make them known."""
        artist_id = spotify_id("artist", name)
        if artist_id not in self.artists:
            genres = _genres(name)
            said = genres if chance("says genres", name) < 0.4 else ()  # noqa: PLR2004 - most say none
            self.artists[artist_id] = ArtistFacts(artist_id, name, int(chance("popularity", name) * 90), genres, said)
        return self.artists[artist_id]

    def _album(self, track: Track) -> AlbumFacts:
        album_id = spotify_id("album", track.artist, track.album)
        if album_id not in self.albums:
            artist = self.artist(track.artist)
            released, precision = _release(track.artist, track.album)
            upc = f"{number('upc', album_id) % 10**13:013d}"
            album = AlbumFacts(album_id, track.album, _kind(track), artist, released, precision, upc)
            self.albums[album_id] = album
            artist.albums.append(album)
        return self.albums[album_id]


def guests(name: str) -> list[str]:
    """Name who joins in, as titles tell.

    >>> guests("Open the Kettle (feat. Amber Quay)")
    ['Amber Quay']
    """
    _, sign, guest = name.partition(_GUEST)
    return [guest.partition(")")[0]] if sign else []


def isrc(track: Track) -> str:
    """Give the code of a recording, the same for each of its releases.

    >>> isrc(Track("spotify:track:1", "Low Tide", "Paper Lanterns", "Low Tide", 200_000))
    'QZLP54331086'
    """
    return f"QZLP5{number('isrc', track.name, track.artist, track.length_ms) % 10**7:07d}"


def _kind(track: Track) -> str:
    if track.album == COLLECTION:
        return "compilation"
    return "single" if track.album == track.name else "album"


def _release(artist: str, album: str) -> tuple[str, str]:
    """Say when it came out, and how exactly that is known."""
    on = _FIRST_RELEASE + timedelta(days=int(chance("released", artist, album) * (_RELEASES_END - _FIRST_RELEASE).days))
    return (f"{on.year}", "year") if number("precision", album) % 8 == 0 else (f"{on}", "day")


def _genres(name: str) -> tuple[str, ...]:
    first = number("genre", name) % len(GENRES)
    return tuple(GENRES[(first + step * 7) % len(GENRES)] for step in range(1 + number("genres", name) % 3))
