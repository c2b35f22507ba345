"""The words numbers are told in, alike on the command line, in the insights and on the page."""

from collections.abc import Sequence
from typing import Final

_NEXT_TO_NOTHING: Final = 0.005


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


def listed(parts: Sequence[str]) -> str:
    """Join parts of a sentence.

    >>> listed(["rock", "jazz", "soul"]), listed(["rock"])
    ('rock, jazz and soul', 'rock')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if parts[1:] else parts[0]
