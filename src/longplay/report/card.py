"""The card of a year, to keep or to show: the year's record, what was listened to most, a few numbers. One SVG in two shapes.

As a picture file its colours are those of a theme and its names are what this machine can draw; inside of the page its colours
are the page's own and its names are as they are.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from longplay.report import lettering
from longplay.report.lettering import BOLD, HEADLINE, PLAIN, clean, cut, escaped, width, wrapped
from longplay.report.look import DARK, Look, in_variables
from longplay.report.record import RIM, icon, record
from longplay.report.spelling import deflated
from longplay.report.years import OTHER, UNKNOWN, Named, Year
from longplay.wording import count, hours, listed

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
NAMELESS: Final = "Without a name"


@dataclass(frozen=True)
class Shape:
    """Where things stand on a card, in pixels from the top left."""

    wide: int
    high: int
    headline_size: int
    headline_room: int
    headline_y: int
    record_x: int
    record_y: int
    record_radius: int
    numbers_y: int
    numbers_room: int
    lists_y: int
    legend_y: int


EDGE: Final = 72
PORTRAIT: Final = Shape(1080, 1350, 86, 936, 182, 540, 606, 312, 1302, 760, 1022, 966)
SQUARE: Final = Shape(1080, 1080, 70, 440, 178, 758, 330, 258, 446, 400, 724, 660)
SHAPES: Final = {"portrait": PORTRAIT, "square": SQUARE}
COLUMNS: Final = (EDGE, 556)
COLUMN, INDENT = 452, 34  # pixels
ROW, SMALL, LIST, NUMBERS = 42, 24, 29, 27  # pixels: from line to line of a list, and sizes of letters
LEGEND_GAP: Final = 30
TITLE_Y, FOOT = 92, 48  # pixels from the upper and from the lower edge


@dataclass(frozen=True)
class Letters:
    """How a text is set."""

    font: str
    size: int
    colour: str


@dataclass(frozen=True)
class Sheet:
    """A card on its way: what it tells, in which shape and colours, and how a name can be written on it."""

    year: Year
    shape: Shape
    look: Look
    spell: Callable[[str], str]
    has_record: bool = True


def card(year: Year, shape: Shape, look: Look, *, is_demo: bool = False, spell: Callable[[str], str] = clean) -> str:
    """Draw the card of a year as SVG; `spell` says how a name can be written where it will be looked at."""
    return _drawn(Sheet(year, shape, look, spell), is_demo=is_demo)


def _drawn(sheet: Sheet, *, is_demo: bool) -> str:
    year, shape, look = sheet.year, sheet.shape, sheet.look
    parts = (
        f'<rect width="{shape.wide}" height="{shape.high}" fill="{look.page}"/>',
        *_title(sheet, is_demo=is_demo),
        *_headline(sheet),
        _record(sheet),
        *_legend(sheet),
        *_list(sheet, "Artists", year.top_artists, COLUMNS[0]),
        *_list(sheet, "Songs", year.top_songs, COLUMNS[1]),
        *_numbers(sheet),
        *_maker(sheet),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{shape.wide}" height="{shape.high}" '
        f'viewBox="0 0 {shape.wide} {shape.high}">{"".join(parts)}</svg>'
    )


def title(year: Year) -> str:
    """Name the year; one that is not over says so."""
    return f"{year.year}, on record" if year.is_over else f"{year.year} so far, on record"


def headline(year: Year) -> str:
    """Say how long somebody listened, in whole units of time."""
    ms = year.ms_played
    return f"You pressed play for {hours(ms) if ms >= HOUR_MS else count(ms // MINUTE_MS, 'minute')}."


def _title(sheet: Sheet, *, is_demo: bool) -> Iterator[str]:
    said = title(sheet.year)
    yield _text(EDGE, TITLE_Y, said, Letters(BOLD, LIST, sheet.look.accent))
    if is_demo:
        yield _text(EDGE + width(said, BOLD, LIST) + 22, TITLE_Y, "Demo data", Letters(PLAIN, LIST, sheet.look.muted))


def _headline(sheet: Sheet) -> Iterator[str]:
    shape, size = sheet.shape, sheet.shape.headline_size
    said = re.sub(r"(\d) (hour|minute)", "\\1\u00a0\\2", headline(sheet.year))
    for number, line in enumerate(wrapped(said, HEADLINE, size, shape.headline_room)):
        yield _text(EDGE, shape.headline_y + number * size * 1.02, line, Letters(HEADLINE, size, sheet.look.ink))


def _record(sheet: Sheet) -> str:
    shape, days = sheet.shape, sheet.year.days
    place = f"translate({shape.record_x} {shape.record_y}) scale({shape.record_radius / RIM:.4f})"
    disc = record(days, colours(sheet.year, sheet.look), sheet.look) if sheet.has_record else ""
    return f'<g transform="{place}">{disc}</g>'


def colours(year: Year, look: Look) -> list[str]:
    """Give the colour of each segment of a year's record."""
    if not year.is_by_genre:
        return [look.rest_strong, look.new_track, look.new_artist]
    *families, _, _ = year.segments
    return [*look.genres[: len(families)], look.genres[-1], look.rest]


def _legend(sheet: Sheet) -> Iterator[str]:
    """Name the colours in one line, from the inside out: of many genres those most played."""
    y, x = sheet.shape.legend_y, float(EDGE)
    for name, colour in _named_colours(sheet):
        yield f'<rect x="{x:.0f}" y="{y - 16}" width="16" height="16" rx="4" fill="{colour}"/>'
        yield _text(x + 24, y, name, Letters(PLAIN, SMALL, sheet.look.muted))
        x += _legend_width(name)


def _named_colours(sheet: Sheet) -> list[tuple[str, str]]:
    """Give the segments there are, the smallest genres left out where all would not stand in a line."""
    year = sheet.year
    sums = [sum(part) for part in zip(*year.days.parts, strict=True)]
    shown = [each for each in zip(year.segments, colours(year, sheet.look), sums, strict=True) if each[2]]
    while sum(_legend_width(name) for name, *_ in shown) - LEGEND_GAP > sheet.shape.wide - 2 * EDGE:
        shown.remove(min((each for each in shown if each[0] not in {OTHER, UNKNOWN}), key=lambda each: each[2]))
    return [(name[:1].upper() + name[1:], colour) for name, colour, _ in shown]


def _legend_width(name: str) -> float:
    return 24 + width(name, PLAIN, SMALL) + LEGEND_GAP


def _list(sheet: Sheet, called: str, named: Sequence[Named], x: int) -> Iterator[str]:
    look = sheet.look
    yield _text(x, sheet.shape.lists_y, called, Letters(PLAIN, SMALL, look.muted))
    for place, each in enumerate(named, start=1):
        y = sheet.shape.lists_y + 6 + place * ROW
        yield _text(x, y, f"{place}", Letters(BOLD, LIST, look.accent))
        name = cut(sheet.spell(each.name) or NAMELESS, BOLD, LIST, COLUMN - INDENT)
        yield _text(x + INDENT, y, name, Letters(BOLD, LIST, look.ink))


def _numbers(sheet: Sheet) -> Iterator[str]:
    """Tell how many there were, in as many lines as they need."""
    year, shape = sheet.year, sheet.shape
    new = f" ({year.new_artists:,} new)" if year.new_artists else ""
    said = [count(year.plays, "play"), count(year.artists, "artist") + new, count(year.songs, "song")]
    for number, line in enumerate(_joined(said, shape.numbers_room)):
        yield _text(EDGE, shape.numbers_y + number * NUMBERS * 1.4, line, Letters(PLAIN, NUMBERS, sheet.look.muted))


def _joined(said: Sequence[str], room: float) -> list[str]:
    """Join facts by commas into lines."""
    lines: list[str] = []
    for fact in said:
        longer = f"{lines[-1]}, {fact}" if lines else fact
        if lines and width(longer, PLAIN, NUMBERS) <= room:
            lines[-1] = longer
        else:
            lines.append(fact)
    return lines


def _maker(sheet: Sheet) -> Iterator[str]:
    """Sign the card."""
    look, y = sheet.look, sheet.shape.high - FOOT
    x = sheet.shape.wide - EDGE - width("Longplay", HEADLINE, NUMBERS)
    yield _text(x, y, "Longplay", Letters(HEADLINE, NUMBERS, look.ink))
    yield (
        f'<g transform="translate({x - 30:.0f} {y - 9})"><circle r="15" fill="{look.ink}"/><circle r="6" fill="{look.accent}"/>'
        f'<circle r="1.8" fill="{look.page}"/></g>'
    )


def _text(x: float, y: float, text: str, letters: Letters) -> str:
    family, weight = letters.font.rsplit(" ", 1)
    spacing = f' letter-spacing="{lettering.TIGHT * letters.size:.2f}"' if letters.font == HEADLINE else ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-family="{family}" font-weight="{weight}" font-size="{letters.size}" '
        f'fill="{letters.colour}"{spacing}>{escaped(text)}</text>'
    )


def packed_cards(found: Mapping[int, Year], *, is_demo: bool) -> str:
    """Give the cards of years, in the page's own colours, as deflated JSON that needs no escaping.

    The record is left out: the page draws it from the plays it has, into the first group of a card.
    """
    return deflated({year: _bare_cards(facts, is_demo=is_demo) for year, facts in found.items()})


def _bare_cards(year: Year, *, is_demo: bool) -> dict[str, str]:
    sheets = {name: Sheet(year, shape, in_variables(), clean, has_record=False) for name, shape in SHAPES.items()}
    return {name: _drawn(sheet, is_demo=is_demo) for name, sheet in sheets.items()} | {"says": told(year)}


def favicon(found: Mapping[int, Year]) -> str:
    """Draw the record of the newest year as small as it gets, for both themes alike."""
    newest = found[max(found)]
    return icon(newest.days, colours(newest, DARK), DARK)


def told(year: Year) -> str:
    """Say what is on a card, for those who listen to a page."""
    most = [clean(named.name) for named in year.top_artists if named.name]
    numbers = f"{count(year.plays, 'play')} of {count(year.songs, 'song')} by {count(year.artists, 'artist')}"
    return f"{title(year)}. {headline(year)} {numbers}{f', most of all {listed(most)}' if most else ''}."
