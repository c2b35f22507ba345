"""All there is to play: invented artists with their albums, podcasts and audiobooks.

A catalogue grows as it is explored, so a short log costs little and a long one never runs dry.
"""

from collections.abc import Iterator
from itertools import count
from random import Random

from msgspec import Struct

from longplay.simulator.dice import happens
from longplay.simulator.names import album_name, artist_name, book_name, episode_name, show_name, song_name, spotify_id


class Track(Struct, frozen=True, gc=False):
    """One release of a song: Spotify gives each a URI of its own."""

    uri: str
    name: str
    artist: str
    album: str
    length_ms: int


class Episode(Struct, frozen=True, gc=False):
    """One episode of a podcast."""

    uri: str
    name: str
    show: str
    length_ms: int
    is_video: bool


class Chapter(Struct, frozen=True, gc=False):
    """One chapter of an audiobook. Spotify writes it as an episode of a show."""

    uri: str
    name: str
    book: str
    book_uri: str
    author: str
    length_ms: int


What = Track | Episode | Chapter


class Artist(Struct, eq=False):
    """Somebody with albums, of which more appear over the years."""

    name: str
    albums: list[list["Song"]]
    unheard: list["Song"]


class Song(Struct, frozen=True, eq=False):
    """One recording, with every release of it; the first is the usual one."""

    artist: Artist
    releases: tuple[Track, ...]

    def release(self, rng: Random) -> Track:
        """Pick the release that plays this time."""
        if len(self.releases) == 1 or happens(rng, 0.6):
            return self.releases[0]
        return rng.choice(self.releases)


class Catalogue:
    """Invents what is asked for next; the same dice give the same catalogue."""

    def __init__(self, rng: Random) -> None:
        """Begin with some podcasts and books, and no artist yet."""
        self._rng = rng
        self._names: set[str] = set()
        self.podcasts = [self._podcast() for _ in range(12)]
        self.books = [self._book() for _ in range(6)]

    def new_artist(self) -> Artist:
        """Invent somebody nobody has heard of yet, with a first album."""
        artist = Artist(self._unused_name(), [], [])
        self.new_album(artist)
        return artist

    def new_album(self, artist: Artist) -> list[Song]:
        """Bring out an album more, sometimes a single."""
        rng = self._rng
        tracks = 1 if happens(rng, 0.3) else rng.randint(6, 13)
        title = album_name(rng)
        album = [self._song(artist, title if tracks > 1 else None) for _ in range(tracks)]
        artist.albums.append(album)
        artist.unheard.extend(album)
        return album

    def _song(self, artist: Artist, album: str | None) -> Song:
        rng = self._rng
        name = song_name(rng)
        length = max(31_000, round(rng.lognormvariate(12.24, 0.28)))
        albums = [album or name, *self._other_releases(name)]
        return Song(artist, tuple(Track(f"spotify:track:{spotify_id(rng)}", name, artist.name, a, length) for a in albums))

    def _other_releases(self, name: str) -> list[str]:
        """Albums that hold the song as well: the single before the album, the collection after it."""
        if happens(self._rng, 0.74):
            return []
        return self._rng.choice(([name], ["The Collection"], [name, "The Collection"]))

    def _unused_name(self) -> str:
        name = artist_name(self._rng)
        while name in self._names:  # single names run out some day, duets do not
            name = f"{artist_name(self._rng)} & {artist_name(self._rng)}"
        self._names.add(name)
        return name

    def _podcast(self) -> Iterator[Episode]:
        rng = self._rng
        show, is_video, usual = show_name(rng), happens(rng, 0.25), rng.uniform(20, 70) * 60_000
        for number in count(1):
            length = round(usual * rng.uniform(0.6, 1.5))
            yield Episode(f"spotify:episode:{spotify_id(rng)}", episode_name(rng, number), show, length, is_video)

    def _book(self) -> Iterator[Chapter]:
        rng = self._rng
        while True:
            title, author, uri = book_name(rng), artist_name(rng), f"spotify:show:{spotify_id(rng)}"
            for number in range(1, rng.randint(12, 40)):
                length = round(rng.uniform(8, 45) * 60_000)
                yield Chapter(f"spotify:episode:{spotify_id(rng)}", f"Chapter {number}", title, uri, author, length)
