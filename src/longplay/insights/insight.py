"""One answer, and the words numbers are told in."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

Row = dict[str, Any]
Ask = Callable[[str], list[Row]]  # SQL in which `$user` is the listener, to rows

WEEKDAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
CLOSE: Final = 0.05  # closer than a twentieth is the same, in shares and on scales from 0 to 1
KNOWN: Final = 0.3  # with less of the listening known, nothing is concluded from it
ENOUGH_PLAYS: Final = 50  # fewer say nothing about a habit
TO_KNOW_MORE: Final = "`longplay enrich` asks for the rest."
_NEXT_TO_NOTHING: Final = 0.005


class Insight(Struct, frozen=True):
    """What one sentence says, to which question, and the numbers in it (shares from 0 to 1, times in ms)."""

    question: str
    says: str
    numbers: Row


def percent(share: float) -> str:
    """Spell a share.

    >>> percent(0.314), percent(0.004), percent(1)
    ('31 %', 'less than 1 %', '100 %')
    """
    return "less than 1 %" if 0 < share < _NEXT_TO_NOTHING else f"{share:.0%}".replace("%", " %")


def count(number: float, one: str, many: str | None = None) -> str:
    """Spell how many there are.

    >>> count(1, "artist"), count(1234, "artist")
    ('1 artist', '1,234 artists')
    """
    return f"{number:,.0f} {one if round(number) == 1 else many or one + 's'}"


def hours(ms: float) -> str:
    """Spell a time played: whole days from two on, whole hours below.

    >>> hours(110.9 * 86_400_000), hours(30 * 3_600_000), hours(3_600_000)
    ('110 whole days', '30 hours', '1 hour')
    """
    days = int(ms // 86_400_000)
    return f"{days:,} whole days" if days > 1 else count(ms // 3_600_000, "hour")


def clock(hour: int) -> str:
    """Spell an hour of the day.

    >>> clock(8)
    '8:00'
    """
    return f"{hour}:00"


def change(now: float, before: float) -> float:
    """Give by which share something has grown (or, negative, shrunk).

    >>> change(110, 100), change(1, 0)
    (0.1, inf)
    """
    return round(now / before - 1, 12) if before else float("inf")


def ends(rows: Iterable[Row], by: str) -> tuple[Row, Row] | None:
    """Give the rows with the most and the least of something; None where there are not two.

    >>> ends([{"hour": 7, "energy": 0.4}, {"hour": 8, "energy": 0.6}], "energy")
    ({'hour': 8, 'energy': 0.6}, {'hour': 7, 'energy': 0.4})
    """
    ordered = sorted(rows, key=lambda row: -row[by])
    return (ordered[0], ordered[-1]) if ordered[1:] else None


def listed(parts: Sequence[str]) -> str:
    """Join parts of a sentence.

    >>> listed(["rock", "jazz", "soul"]), listed(["rock"])
    ('rock, jazz and soul', 'rock')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if parts[1:] else parts[0]
