"""The one interface of everybody who can be asked."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import ClassVar

from msgspec import Raw

from longplay.enrichment.asking import Door
from longplay.enrichment.records import Genre, Match, Need, Sound, Unreadable, Wanted
from longplay.spotify.quota import Quota
from longplay.spotify.records import Track, WholeArtist

Record = Sound | Genre | Match | Track | WholeArtist | Unreadable


class Provider(ABC):
    """Can be asked for one need. Another one is one more class, and one more line in `longplay.enrichment.providers`."""

    dataset: ClassVar[str]  # under which its answers are kept
    source: ClassVar[str]  # as tables spell it
    need: ClassVar[Need]
    batch: ClassVar[int]  # how many items one call can ask for

    title: str  # as people spell it
    receives: str  # what it is told
    bucket: str
    quota: Quota

    @abstractmethod
    def ask(self, items: Sequence[Wanted]) -> bytes | None:
        """Give the answer as it was sent, nothing where nothing is there; one call. Raises `SpotifyError`."""

    @staticmethod
    @abstractmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give what an answer holds, for every item that was asked at least that it is not there."""

    def calls_left(self) -> int:
        """Tell how many calls the budget still allows today."""
        return max(0, self.quota.budget(self.bucket) - self.quota.calls().get(self.bucket, 0))


class Outside(Provider):
    """Somebody other than Spotify."""

    def __init__(self, door: Door) -> None:
        """Know whom to ask."""
        self._door = door
        self.title, self.receives = door.source.title, door.source.receives
        self.bucket, self.quota = door.source.name, door.quota
