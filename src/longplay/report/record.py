"""The record: one spoke a day or week, its length the plays, its segments genres or how new they were.

It is the page's hero, a year's card, the favicon and the banner. The page draws its own in `record.js`, as one points at it;
this one has the same geometry and the same numbers, as plain SVG paths.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import cos, pi, sin
from typing import Final

from longplay.report.look import Look

LABEL, GROOVES, RIM = 46, 84, 198
SINGLE_DAYS: Final = 100  # so many days can be told apart
MOST_SPOKES: Final = 215
WIDTHS: Final = (7, 14, 28, 56)  # days
A_YEAR, TWO_YEARS = 400, 760  # days up to which months are marked by one letter, or every third by its name
_CROWDED: Final = 130  # spokes from which on they stand closer


@dataclass(frozen=True)
class Days:
    """What every day of a range holds: the plays of each segment, the innermost first."""

    first: date
    parts: Sequence[tuple[int, ...]]

    @property
    def last(self) -> date:
        """The last day of the range."""
        return self.first + timedelta(days=len(self.parts) - 1)


@dataclass(frozen=True)
class Spoke:
    """Some days of a range, and the plays of each segment in them."""

    first: date
    days: int
    parts: tuple[int, ...]

    @property
    def a_day(self) -> float:
        """Plays a day: what the length of a spoke says, also where the last one has fewer days."""
        return sum(self.parts) / self.days


def spokes(days: Days) -> list[Spoke]:
    """Put together so many days that a spoke can be read: single days up to a hundred, else weeks, else several."""
    width = 1 if len(days.parts) <= SINGLE_DAYS else _width(len(days.parts))
    groups = (days.parts[start : start + width] for start in range(0, len(days.parts), width))
    return [
        Spoke(days.first + timedelta(days=number * width), len(group), _summed(group)) for number, group in enumerate(groups)
    ]


def _summed(parts: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*parts, strict=True)))


def _width(days: int) -> int:
    return next((width for width in WIDTHS if days / width <= MOST_SPOKES), WIDTHS[-1])


def paths(drawn: Sequence[Spoke], label: int = GROOVES) -> list[str]:
    """Give one SVG path for each segment, around a centre at 0, 0 and within a radius of 198; empty where there is none."""
    reach = max((spoke.a_day for spoke in drawn), default=0) or 1
    turn = 2 * pi / max(1, len(drawn))
    half = turn * (0.39 if len(drawn) > _CROWDED else 0.36)
    made: list[list[str]] = [[] for _ in (drawn[0].parts if drawn else ())]
    for at, spoke in enumerate(drawn):
        inner = float(label)
        for segment, plays in enumerate(spoke.parts):
            outer = inner + (RIM - label) * plays / spoke.days / reach
            if plays:
                made[segment].append(_wedge((at + 0.5) * turn, half, inner, outer))
            inner = outer
    return ["".join(wedges) for wedges in made]


def _wedge(middle: float, half: float, inner: float, outer: float) -> str:
    """Draw a slice of a spoke between two radii."""
    begin, end = middle - half, middle + half
    large = int(2 * half > pi)  # a single day goes most of the way round
    return (
        f"M{_polar(begin, inner)}L{_polar(begin, outer)}A{outer:.1f} {outer:.1f} 0 {large} 1 {_polar(end, outer)}"
        f"L{_polar(end, inner)}A{inner:.1f} {inner:.1f} 0 {large} 0 {_polar(begin, inner)}Z"
    )


def _polar(angle: float, radius: float) -> str:
    return f"{sin(angle) * radius:.1f} {-cos(angle) * radius:.1f}"


def ticks(days: Days) -> Iterator[tuple[str, float]]:
    """Yield what is written around the label, and at which angle: years where a range is long, months where it is not."""
    span = len(days.parts)
    middle = 15 if span <= A_YEAR else 45 if span <= TWO_YEARS else 0  # of what a word stands for
    for number in range(span):
        day = days.first + timedelta(days=number)
        if day.day == 1 and (text := _tick(day, span)):
            yield text, 2 * pi * (number + middle) / span


def _tick(day: date, span: int) -> str:
    if span > TWO_YEARS:
        return f"{day.year}" if day.month == 1 else ""
    if span > A_YEAR:
        return f"{day:%b}" if day.month % 3 == 1 else ""
    return f"{day:%b}"[0]


def record(days: Days, colours: Sequence[str], look: Look) -> str:
    """Draw a record around 0, 0 within a radius of 198: grooves, a path in each colour, the label and what is around it."""
    grooves = "".join(
        f'<circle r="{radius}" fill="none" stroke="{look.line}"/>' for radius in (RIM, (RIM + GROOVES) / 2, GROOVES)
    )
    segments = "".join(
        f'<path fill="{colour}" d="{path}"/>' for colour, path in zip(colours, paths(spokes(days)), strict=True) if path
    )
    return grooves + segments + _label(look) + "".join(_around(days, look))


def _label(look: Look) -> str:
    lines = "".join(f'<circle r="{LABEL - less}" fill="none" stroke="{look.page}" stroke-opacity=".16"/>' for less in (9, 18))
    return f'<circle r="{LABEL}" fill="{look.ink}"/>{lines}<circle r="5" fill="{look.page}"/>'


def _around(days: Days, look: Look) -> Iterator[str]:
    radius = (LABEL + GROOVES) / 2
    for text, angle in ticks(days):
        x, y = _polar(angle, radius).split()
        yield (
            f'<text x="{x}" y="{y}" dy=".36em" text-anchor="middle" font-family="Figtree" font-weight="600" '
            f'font-size="13" fill="{look.muted}">{text}</text>'
        )


def icon(days: Days, colours: Sequence[str], look: Look) -> str:
    """Draw a record so small that twelve spokes are as many as can be seen: what a browser shows beside a page's name."""
    ends = [number * len(days.parts) // 12 for number in range(13)]
    groups = [Days(days.first, days.parts[begin:end]) for begin, end in pairwise(ends) if end > begin]
    drawn = [Spoke(group.first, len(group.parts), _summed(group.parts)) for group in groups]
    segments = "".join(
        f'<path fill="{colour}" d="{path}"/>' for colour, path in zip(colours, paths(drawn, label=100), strict=True) if path
    )
    label = f'<circle r="76" fill="{look.accent}"/><circle r="16" fill="{look.page}"/>'
    disc = f'<circle r="206" fill="{look.page}" stroke="{look.ink}" stroke-width="6"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-210 -210 420 420">{disc}{segments}{label}</svg>'
