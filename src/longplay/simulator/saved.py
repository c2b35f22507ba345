"""What the listener saves: a song that was heard a dozen times. The archive's library and the Web API tell the same."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from longplay.simulator.catalogue import Track
from longplay.simulator.plays import Play

TIMES: Final = 12
_HEARD_MS: Final = 30_000


def saved_tracks(plays: Iterable[Play]) -> Iterator[tuple[datetime, Track]]:
    """Yield every track that was saved, with the instant, in the order of the log."""
    heard: Counter[Track] = Counter()
    for play in plays:
        if isinstance(play.what, Track) and play.ms_played >= _HEARD_MS:
            heard[play.what] += 1
            if heard[play.what] == TIMES:
                yield play.ended_at, play.what
