"""The charts of mood and habits: how it sounds, what is skipped, what was not music."""

from typing import Any

import altair as alt

from longplay.report.charts.grammar import INVISIBLE, genre_colours, hours, names, rows, shares, sized, time_axis, tips
from longplay.report.look import Look

UNIT = [0, 1]


def mood(look: Look) -> Any:
    """Draw `rows` (valence, energy, plays, place) as dots, `corners` (valence, energy, label), and `you` as a ring."""
    span = alt.Scale(domain=UNIT, nice=False)
    x = alt.X("valence:Q", scale=span, axis=_halves())
    y = alt.Y("energy:Q", scale=span, axis=_halves())
    size = alt.Size("plays:Q", scale=alt.Scale(type="sqrt", rangeMin=18, rangeMax=420), legend=None)
    said = tips(name="Track", artist="Artist", said="Plays", family="Genre")
    dots = (
        rows()
        .mark_circle(opacity=0.66)
        .encode(x=x, y=y, size=size, color=genre_colours(look), tooltip=said)
    )  # fmt: skip
    corner = names(
        rows("corners").encode(x=x, y=y), "label", look, color=look.muted, fontSize=12,
        align=alt.expr("datum.valence < 0.5 ? 'left' : 'right'"), dx=alt.expr("datum.valence < 0.5 ? 6 : -6"),
        dy=alt.expr("datum.energy < 0.5 ? -10 : 12"),
    )  # fmt: skip
    you = rows("you").encode(x=x, y=y)
    halo = you.mark_point(size=420, stroke=look.card, strokeWidth=7, opacity=1)
    ring = you.mark_point(size=420, stroke=look.ink, strokeWidth=3, opacity=1)
    you_said = names(you.transform_calculate(label="'you'"), "label", look, color=look.ink, fontSize=14, dx=18, align="left")
    return sized(alt.layer(dots, corner, halo, ring, you_said), look, height=340)


def _halves() -> alt.Axis:
    return alt.Axis(values=[0, 0.5, 1], labels=False)


def mood_by_hour(look: Look) -> Any:
    """Draw `rows` (hour, kind, value) as two lines, their names at `named`, and at least as much of the scale as `reach`."""
    x = alt.X("hour:Q", scale=alt.Scale(domain=[0, 23], nice=False), axis=_clock())
    y = alt.Y("value:Q", scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=4, format=".2f"))
    colour = alt.Color("kind:N", scale=alt.Scale(domain=["energy", "valence"], range=[look.accent, look.muted]), legend=None)
    base = rows().encode(x=x, y=y, color=colour)
    lines = base.mark_line(strokeWidth=2.6, interpolate="monotone", strokeCap="round")
    dots = base.mark_point(filled=True, size=300, opacity=INVISIBLE).encode(tooltip=tips(name="", said="", note=""))
    said = names(
        rows("named").encode(x=x, y=y, color=colour), "kind", look, align="center", dy=alt.expr("datum.isAbove ? -15 : 17")
    )
    room = rows("reach").mark_point(opacity=0).encode(y=y)  # so that a small change looks small
    return sized(alt.layer(room, lines, dots, said), look, height=300)


def _clock() -> alt.Axis:
    return alt.Axis(values=[0, 3, 6, 9, 12, 15, 18, 21], grid=False, labelExpr="datum.value + ':00'")


def survival(look: Look) -> Any:
    """Draw `rows` (seconds, share) as a curve of who is still playing, and `half` (seconds, share, label) as a mark on it."""
    x = alt.X("seconds:Q", scale=alt.Scale(domain=[0, 180], nice=False), axis=_seconds())
    y = shares("share", most=1)
    base = rows().encode(x=x, y=y)
    area = base.mark_area(color=look.accent, opacity=0.13, interpolate="step-after", line=False)
    line = base.mark_line(color=look.accent, strokeWidth=2.6, interpolate="step-after")
    near = base.mark_rule(clip=True, opacity=INVISIBLE, strokeWidth=14).encode(
        y=alt.value(0), y2=alt.value("height"), tooltip=tips(name="After", said="Still playing", note="")
    )
    mark = rows("marks").encode(x=x, y=y)
    dot = mark.mark_point(filled=True, size=56, color=look.accent, opacity=1, stroke=look.card, strokeWidth=2)
    label = mark.mark_text(align="left", dx=8, dy=-12, fontWeight=600, color=look.ink).encode(text="label:N")
    return sized(alt.layer(area, line, near, dot, label), look, height=210)


def _seconds() -> alt.Axis:
    apart = {"labelFlush": True, "labelOverlap": True, "labelSeparation": 8}
    return alt.Axis(values=[0, 30, 60, 90, 120, 150, 180], grid=False, labelExpr="datum.value + ' s'", **apart)


def spoken(look: Look) -> Any:
    """Draw `rows` (date, end, kind, low, high) as hours of podcasts and audiobooks a month, on top of each other."""
    kinds = ["podcast", "audiobook"]
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[look.accent, look.rest_strong]), legend=None)
    bars = rows().mark_rect(stroke=look.card, strokeWidth=1, cornerRadius=1.5)
    said = tips(when="When", said="")
    return sized(
        bars.encode(x=time_axis(), x2="end:T", y=hours("low"), y2="high:Q", color=colour, tooltip=said), look, height=210
    )
