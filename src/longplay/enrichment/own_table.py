"""A table of the listener's own that says how tracks sound, such as a public data set: no call is made.

It reaches the lake like an answer, of which this reads the rows.
"""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Final

import msgspec
from msgspec import Raw, Struct

from longplay.enrichment.provider import Record
from longplay.enrichment.records import Sound, Unreadable, Wanted, each

TABLE: Final = "table"
_ROWS: Final = 20_000  # in one answer


class _Rows(Struct):
    rows: list[Raw]


class OwnTable:
    """Tells how tracks sound by a table of the listener's own, such as a public data set."""

    dataset: ClassVar[str] = "own_features"
    source: ClassVar[str] = TABLE

    @staticmethod
    def read(asked: Sequence[Wanted], answer: Raw | None) -> Iterator[Record]:
        """Give a sound for each row; of a track that is told twice the first."""
        del asked
        seen: set[str] = set()
        for sound in each(msgspec.json.decode(answer, type=_Rows).rows if answer else [], Sound):
            if isinstance(sound, Unreadable):
                yield sound
            elif sound.track_id not in seen:
                seen.add(sound.track_id)
                yield sound


def own_answers(sounds: Sequence[Sound]) -> Iterator[bytes]:
    """Spell rows as answers of a handy size."""
    for start in range(0, len(sounds), _ROWS):
        yield msgspec.json.encode({"rows": sounds[start : start + _ROWS]})
