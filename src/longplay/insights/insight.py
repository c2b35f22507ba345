"""One answer, and what is concluded from numbers."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct

Row = dict[str, Any]
Ask = Callable[[str], list[Row]]  # SQL in which `$user` is the listener, to rows

WEEKDAYS: Final = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
TO_KNOW_MORE: Final = "`longplay enrich` asks for the rest."


class Insight(Struct, frozen=True):
    """What one sentence says, to which question, and the numbers in it (shares from 0 to 1, times in ms)."""

    question: str
    says: str
    numbers: Row


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
