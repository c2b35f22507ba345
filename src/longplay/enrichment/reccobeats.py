"""ReccoBeats, which knows how most recordings sound: 40 ids a call; it leaves out what it does not know, and keeps no order."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import msgspec
from msgspec import Raw, Struct

from longplay.enrichment.provider import Outside, Record
from longplay.enrichment.records import Features, Need, Sound, Unreadable, Wanted, each
from longplay.enrichment.sounds import not_told, sound_of


class _Content(Struct):
    content: list[Raw]


class _Recording(Features, frozen=True, kw_only=True):
    href: str  # of the track at Spotify


class ReccoBeats(Outside):
    """Tells how tracks sound."""

    dataset: ClassVar[str] = "reccobeats_features"
    source: ClassVar[str] = "reccobeats"
    need: ClassVar[Need] = Need.FEATURES
    batch: ClassVar[int] = 40

    def ask(self, items: Sequence[Wanted]) -> bytes:
        """Ask for up to 40 tracks."""
        ids = ",".join(item.track_id or "" for item in items)
        return self._door.get("/v1/audio-features", {"ids": ids}, self._door.shaped(_Content))

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give a sound for each track, by the address it names."""
        content = msgspec.json.decode(answer, type=_Content).content if answer else []
        sounds: dict[str, Sound] = {}
        for one in each(content, _Recording):
            if isinstance(one, Unreadable):
                yield one
            else:
                track_id = one.href.rpartition("/")[2].partition("?")[0]
                sounds.setdefault(track_id, sound_of(track_id, one))
        yield from not_told(asked, sounds)
