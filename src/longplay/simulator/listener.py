"""An invented listener: every play of many years, from a seed.

>>> from datetime import date
>>> plays = invent(7, date(2024, 1, 1), date(2024, 2, 1))
>>> plays == invent(7, date(2024, 1, 1), date(2024, 2, 1))
True
"""

from datetime import date, timedelta
from random import Random
from typing import Final

from longplay.simulator.habits import HOME, Place, days_of, sessions_of
from longplay.simulator.listening import listen
from longplay.simulator.plays import Play, title_and_maker
from longplay.simulator.taste import Taste

LAST_DAY: Final = date(2026, 7, 1)
_FIRST_DAY: Final = date(2012, 3, 1)
_PLAYS_A_DAY: Final = 31  # silent days counted too
_LOUDEST: Final = 40
_LONGEST: Final = 15 * 3600  # no session runs on forever


def invent(seed: int, start: date, end: date, *, home: Place = HOME, loudness: float = 1.0) -> list[Play]:
    """Invent every play of one listener from `start` up to `end`, in the order they were listened to."""
    rng = Random(seed)  # noqa: S311 - dice, no secrets
    taste = Taste(rng)
    plays: list[Play] = []
    free_from = 0
    for day in days_of(rng, start, end, home=home, loudness=loudness):
        for session in sessions_of(rng, day):
            begin = max(session.starts_at, free_from)
            if begin < session.starts_at + _LONGEST:
                plays += listen(rng, taste, session, begin)
                free_from = int(plays[-1].ended_at.timestamp()) + rng.randint(20, 600)
    return _tellable_apart(plays)


def listener_with(plays: int, seed: int, *, until: date = LAST_DAY, home: Place = HOME) -> list[Play]:
    """Invent a listener's last so many plays; one with a million of them is louder, for a life is only so long."""
    life = (until - _FIRST_DAY).days
    days = plays / _PLAYS_A_DAY * 1.1 + 30
    while days < life * _LOUDEST:
        start = until - timedelta(days=min(life, round(days)))
        log = invent(seed, start, until, home=home, loudness=max(1.0, days / life))
        if len(log) >= plays:
            return log[len(log) - plays :]
        days *= max(1.15, 1.1 * plays / max(1, len(log)))
    raise ValueError(f"nobody plays {plays} times until {until}")


def _tellable_apart(plays: list[Play]) -> list[Play]:
    """Leave out plays that no archive could tell from another: synced in one second, of the same name and length."""
    seen = {}
    for play in plays:
        seen.setdefault((play.reported_at, title_and_maker(play.what), play.ms_played), play)
    return list(seen.values())
