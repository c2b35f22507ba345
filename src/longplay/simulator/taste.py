"""What the listener plays next: favourites, last winter's songs, whole albums, and now and then something new.

Most plays repeat something liked lately, so favourites are few, rise and fade, and taste drifts over the years.
"""

from bisect import bisect_left
from collections.abc import Iterator
from itertools import chain, repeat
from random import Random
from typing import Final

from longplay.simulator.catalogue import Catalogue, Song, What
from longplay.simulator.dice import happens

_DEPTH: Final = 5_000  # how many liked plays back the listener's memory reaches
_YEAR: Final = 365 * 86_400
_NOVELTY: Final = {"favourites": 0.1, "discovery": 0.5, "album": 0.0}
_NEW_ARTIST: Final = 0.4


class Taste:
    """Remembers what was liked, and when."""

    def __init__(self, rng: Random) -> None:
        """Begin with a catalogue and no memories."""
        self._rng = rng
        self._catalogue = Catalogue(rng)
        self._liked: list[Song] = []
        self._liked_at: list[int] = []

    def like(self, song: Song, at: int) -> None:
        """Remember a song that was heard, not skipped."""
        self._liked.append(song)
        self._liked_at.append(at)

    def session(self, mood: str, at: int) -> Iterator[Song | What]:
        """Offer all that could play in a session, endlessly."""
        if mood == "podcast":
            return self._rng.choice(self._catalogue.podcasts)
        if mood == "audiobook":
            return self._rng.choice(self._catalogue.books)
        if mood == "album":
            return chain.from_iterable(self._album() for _ in repeat(None))
        return (self._next(_NOVELTY[mood], at) for _ in repeat(None))

    def _next(self, novelty: float, at: int) -> Song:
        dice = self._rng.random()
        if dice < novelty or len(self._liked) < 30:  # noqa: PLR2004 - nobody has favourites yet
            return self._something_new()
        if dice > 0.9:  # noqa: PLR2004 - a tenth
            return self._a_year_ago(at)
        return self._lately()

    def _lately(self) -> Song:
        """Recall something liked before, more likely the more often and the later; a hit has more releases than other songs."""
        song = self._remembered()
        return self._remembered() if len(song.releases) == 1 and happens(self._rng, 0.4) else song

    def _remembered(self) -> Song:
        back = int(min(_DEPTH, len(self._liked)) * self._rng.random() ** 2)
        return self._liked[-1 - back]

    def _a_year_ago(self, at: int) -> Song:
        """Return to what belongs to this season: liked within a fortnight of this day last year."""
        when = at - _YEAR + self._rng.randint(-14, 14) * 86_400
        index = bisect_left(self._liked_at, when)
        return self._liked[index] if 0 < index < len(self._liked) else self._lately()

    def _something_new(self) -> Song:
        rng = self._rng
        if happens(rng, _NEW_ARTIST) or not self._liked:
            artist = self._catalogue.new_artist()
        else:
            artist = self._lately().artist
            if not artist.unheard or happens(rng, 0.2):
                self._catalogue.new_album(artist)
        return artist.unheard.pop(rng.randrange(len(artist.unheard)))

    def _album(self) -> list[Song]:
        """Choose a whole album, new or known."""
        rng = self._rng
        if happens(rng, 0.12) or not self._liked:
            return self._catalogue.new_artist().albums[0]
        artist = self._lately().artist
        if happens(rng, 0.06):
            return self._catalogue.new_album(artist)
        return rng.choice(artist.albums)
