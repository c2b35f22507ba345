"""Forms that more than one question takes: a ranking, columns over time, a curve, counts by something."""

from collections.abc import Callable
from typing import Any

import altair as alt

from longplay.report.charts.grammar import FAINT, INVISIBLE, amounts, rows, shares, sized, time_axis, tips
from longplay.report.look import Look

Draw = Callable[[Look], Any]
_ROW, _BAR = 22, 15  # pixels
_DETAIL = {"name": "Name", "artist": "Artist", "plays": "Plays", "hours": "Hours", "note": ""}


def ranking(most: int) -> Draw:
    """Draw `rows` (label, value, reach, said, rank) as bars in the order of the rows, the first in the accent."""

    def draw(look: Look) -> Any:
        limit = alt.expr("containerSize()[0] < 400 ? 150 : 200")
        axis = alt.Axis(labelColor=look.ink, labelFontSize=13, labelLimit=limit, labelPadding=10)
        base = rows().encode(
            y=alt.Y("label:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.34, paddingOuter=0.1)),
            x=alt.X("value:Q", axis=None, scale=alt.Scale(zero=True, nice=False)),
            tooltip=tips(**_DETAIL),
        )
        room = base.mark_point(opacity=0).encode(x="reach:Q")  # so that the number behind the longest bar has its place
        first = alt.condition("datum.rank == 1", alt.value(look.accent), alt.value(look.rest))
        bars = base.mark_bar(cornerRadiusEnd=4, size=_BAR).encode(color=first)
        values = base.mark_text(align="left", dx=7, color=look.muted).encode(text="said:N")
        return sized(alt.layer(room, bars, values), look, height=most * _ROW)

    return draw


def columns(what: str) -> Draw:
    """Draw `rows` (date, end, value, unfinished) as columns over time; what is not over yet is faint."""

    def draw(look: Look) -> Any:
        opacity = alt.condition("datum.unfinished", alt.value(FAINT), alt.value(1))
        base = rows().encode(x=time_axis(), x2="end:T", tooltip=tips(when="When", said=what, note=""))
        bars = base.mark_rect(color=look.accent, stroke=look.card, strokeWidth=1, cornerRadius=1.5)
        near = base.mark_rect(opacity=INVISIBLE).encode(y=alt.value(0), y2=alt.value("height"))
        return sized(alt.layer(bars.encode(y=amounts("value"), y2=alt.datum(0), opacity=opacity), near), look, height=210)

    return draw


def curve(what: str) -> Draw:
    """Draw `rows` (date, value, average, unfinished) as a light and a bold line."""

    def draw(look: Look) -> Any:
        base = rows().encode(x=time_axis(), y=amounts("value"))
        light = base.mark_line(color=look.accent, opacity=0.42, strokeWidth=1)
        bold = base.mark_line(color=look.accent, strokeWidth=2.6, strokeJoin="round", strokeCap="round").encode(y="average:Q")
        open_ = base.mark_point(color=look.accent, fill=look.card, size=42).encode(opacity=_if_unfinished())
        near = base.mark_rule(clip=True, opacity=INVISIBLE, strokeWidth=_wide()).encode(
            y=alt.value(0), y2=alt.value("height"), tooltip=tips(when="When", said=what, usual="12-month average", note="")
        )
        return sized(alt.layer(light, bold, open_, near), look, height=210)

    return draw


def _if_unfinished() -> Any:
    return alt.condition("datum.unfinished", alt.value(1), alt.value(0))


def _wide() -> Any:
    return alt.expr("max(2, width / max(1, length(data('rows'))))")


def counts_by(what: str) -> Draw:
    """Draw `rows` (label, value, rank) as columns in the order of the rows."""
    return lambda look: _by(look, amounts("value"), what)


def shares_by(what: str) -> Draw:
    """Draw `rows` (label, value as a share, rank) as columns in the order of the rows; of rank 3 are those that say little."""
    return lambda look: _by(look, shares("value"), what)


def _by(look: Look, y: alt.Y, what: str) -> Any:
    words = "width < 420 ? split(datum.label, ' ') : datum.label"  # below each other where there is little room
    label = alt.Axis(labelAngle=0, labelOverlap=True, labelSeparation=4, labelExpr=words, grid=False)
    x = alt.X("label:N", sort=None, axis=label, scale=alt.Scale(paddingInner=0.22, paddingOuter=0.1))
    base = rows().encode(x=x, tooltip=tips(name="", said=what, note=""))
    first = alt.condition("datum.rank == 1", alt.value(look.accent), alt.value(look.rest))
    few = alt.condition("datum.rank > 2", alt.value(FAINT), alt.value(1))
    bars = base.mark_bar(cornerRadiusEnd=4).encode(y=y, color=first, opacity=few)
    return sized(bars, look, height=210)


def pairs(first: str, second: str) -> Draw:
    """Draw `rows` (label, kind, value as a share, said) as two columns side by side with their value above."""

    def draw(look: Look) -> Any:
        x = alt.X("label:N", sort=None, axis=alt.Axis(labelAngle=0, grid=False), scale=alt.Scale(paddingInner=0.32))
        kinds = [first, second]
        offset = alt.XOffset("kind:N", scale=alt.Scale(domain=kinds, paddingInner=0.12))
        colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[look.accent, look.rest_strong]), legend=None)
        base = rows().encode(x=x, xOffset=offset, y=shares("value"), tooltip=tips(name="", said="Stayed", note=""))
        bars = base.mark_bar(cornerRadiusEnd=4).encode(color=colour)
        said = base.mark_text(dy=-9, color=look.ink, fontWeight=600).encode(text="said:N")
        return sized(alt.layer(bars, said), look, height=210)

    return draw
