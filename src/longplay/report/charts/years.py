"""The charts of years and days: calendars, two periods side by side, and what is known of each day."""

from typing import Any

import altair as alt

from longplay.report.charts.grammar import INVISIBLE, hours, names, rows, shares, sized, time_axis, tips
from longplay.report.look import Look

COVERED = ("both", "archive", "api", "account", "partial", "gap")
_STEP = 15  # pixels of a day


def calendar(look: Look) -> Any:
    """Draw `rows` (week, row, plays) as a calendar: a column a week, seven rows a year."""
    colour = alt.Color("plays:Q", scale=alt.Scale(type="sqrt", range=list(look.heat), domainMin=0), legend=None)
    return _weeks(look, colour, tips(when="Day", said="Plays"))


def coverage(look: Look) -> Any:
    """Draw `rows` (week, row, coverage) as a calendar of what tells of each day."""
    colours = [look.accent, look.rest_strong, look.heat[1], look.new_track, look.muted, look.new_artist]
    colour = alt.Color("coverage:N", scale=alt.Scale(domain=list(COVERED), range=colours), legend=None)
    return _weeks(look, colour, tips(when="Day", said="Told by"))


def _weeks(look: Look, colour: alt.Color, said: list[alt.Tooltip]) -> Any:
    """Lay days out: the rows are numbered through all years, each year's first bears its name."""
    name = "timeFormat(datetime(2023, floor(datum.value / 4.345), 1), '%b')"
    month = f"datum.value % 4.345 < 1 && datum.value < 52 ? (width < 500 ? substring({name}, 0, 1) : {name}) : ''"
    x = alt.X(
        "week:O",
        scale=alt.Scale(domain=list(range(54)), paddingInner=0.14, paddingOuter=0),
        axis=alt.Axis(labelAngle=0, labelExpr=month, orient="top", labelAlign="left", labelOverlap=False),
    )
    year = "datum.value % 8 == 3 ? toString(floor(datum.value / 8)) : ''"
    y = alt.Y(
        "row:O", scale=alt.Scale(paddingInner=0.14, paddingOuter=0, reverse=False), sort="ascending",
        axis=alt.Axis(labelExpr=year, labelOverlap=False, labelFontWeight=600),
    )  # fmt: skip
    chart = rows().mark_rect(cornerRadius=2).encode(x=x, y=y, color=colour, tooltip=said)
    return sized(chart, look, height=8 * _STEP)


def versus(look: Look) -> Any:
    """Draw `rows` (day, kind, hours) as two lines that add up, and `ends` as their names."""
    kinds = ["now", "then"]
    axis = alt.Axis(grid=False, labelExpr="'day ' + format(datum.value, ',d')", labelFlush=True)
    x = alt.X("day:Q", scale=alt.Scale(nice=False, domainMin=1), axis=axis)
    y = hours("hours")
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[look.accent, look.muted]), legend=None)
    base = rows().encode(x=x, y=y, color=colour)
    lines = base.mark_line(strokeWidth=2.6, strokeJoin="round")
    near = base.mark_rule(clip=True, opacity=INVISIBLE, strokeWidth=6).encode(
        y=alt.value(0), y2=alt.value("height"), tooltip=tips(when="", said="", other="")
    )
    dy = alt.expr("datum.isAbove ? -13 : 26")
    said = names(rows("ends").encode(x=x, y=y, color=colour), "label", look, align="right", dx=-4, dy=dy, limit=260)
    return sized(alt.layer(lines, near, said), look, height=240)


def movers(look: Look) -> Any:
    """Draw `rows` (label, value in points, said) as bars to both sides of nothing."""
    axis = alt.Axis(labelColor=look.ink, labelFontSize=13, labelLimit=alt.expr("containerSize()[0] < 400 ? 140 : 220"))
    y = alt.Y("label:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.34))
    base = rows().encode(y=y, tooltip=tips(name="", said="", note=""))
    x = alt.X("value:Q", axis=None)
    colour = alt.condition("datum.value > 0", alt.value(look.accent), alt.value(look.rest_strong))
    bars = base.mark_bar(cornerRadius=3).encode(x=x, color=colour)
    room = base.mark_point(opacity=0).encode(x="reach:Q")
    said = base.mark_text(
        color=look.muted, align=alt.expr("datum.value > 0 ? 'left' : 'right'"), dx=alt.expr("datum.value > 0 ? 6 : -6")
    ).encode(x=x, text="short:N")
    return sized(alt.layer(room, bars, said), look, height=12 * 22)


def enriched(look: Look) -> Any:
    """Draw `rows` (date, kind, value as a share) as two lines, and `ends` as their names."""
    kinds = ["genres", "sound"]
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[look.accent, look.muted]), legend=None)
    base = rows().encode(x=time_axis(), y=shares("value", most=1), color=colour)
    lines = base.mark_line(strokeWidth=2.6, strokeJoin="round")
    dots = base.mark_point(filled=True, size=200, opacity=INVISIBLE).encode(tooltip=tips(when="", said="", note=""))
    ends = rows("ends").encode(x=time_axis(), y=shares("value", most=1), color=colour)
    said = names(ends, "label", look, align="right", dx=-4, dy=alt.expr("datum.isAbove ? -13 : 17"))
    return sized(alt.layer(lines, dots, said), look, height=210)


def rank_over_years(look: Look) -> Any:
    """Draw `rows` (label, rank, plays) as a line of places, the first at the top, and the place above each."""
    x = alt.X("label:O", axis=alt.Axis(labelAngle=0, grid=False))
    y = alt.Y("rank:Q", scale=alt.Scale(type="log", reverse=True, nice=False, padding=14), axis=None)
    base = rows().encode(x=x, y=y, tooltip=tips(name="", said="Plays", note=""))
    line = base.mark_line(color=look.accent, strokeWidth=2.6)
    dot = base.mark_point(filled=True, size=90, color=look.accent, opacity=1, stroke=look.card, strokeWidth=2)
    place = base.mark_text(dy=-15, fontWeight=600, color=look.ink).encode(text="place:N")
    return sized(alt.layer(line, dot, place), look, height=210)
