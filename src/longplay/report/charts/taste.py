"""The charts of what is new and of genres: where colour means something."""

from typing import Any

import altair as alt

from longplay.report.charts.grammar import FAINT, INVISIBLE, genre_colours, rows, shares, sized, time_axis, tips
from longplay.report.look import LIGHT, Look

KINDS = ("rest", "new track", "new artist")


def newness(look: Look) -> Any:
    """Draw `rows` (date, end, kind, low, high, unfinished) as shares on each other; `tips` (date, end) tell all three."""
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(KINDS), range=[look.rest, look.new_track, look.new_artist]), legend=None
    )
    opacity = alt.condition("datum.unfinished", alt.value(FAINT), alt.value(1))
    bars = rows().mark_rect(stroke=look.card, strokeWidth=0.7)
    columns = bars.encode(x=time_axis(), x2="end:T", y=shares("low", most=1), y2="high:Q", color=colour, opacity=opacity)
    near = (
        rows("tips")
        .mark_rect(opacity=INVISIBLE)
        .encode(
            x=time_axis(), x2="end:T", y=alt.value(0), y2=alt.value("height"),
            tooltip=tips(when="When", artist="New artist", track="New track", rest="Heard before", note=""),
        )
    )  # fmt: skip
    return sized(alt.layer(columns, near), look, height=240)


def stream(look: Look) -> Any:
    """Draw `rows` (date, family, place, low, high) as a stream, thicker where more, and `labels` (date, middle, family)."""
    x = time_axis()
    y = alt.Y("low:Q", axis=None, scale=alt.Scale(zero=False, nice=False))
    areas = (
        rows()
        .mark_area(interpolate="monotone", stroke=look.card, strokeWidth=1.2)
        .encode(x=x, y=y, y2="high:Q", color=genre_colours(look), detail="family:N", tooltip=tips(family="Genre", said=""))
    )
    named = rows("labels").encode(x=x, y=alt.Y("middle:Q"), text="family:N")
    look_of = {"fontSize": 14, "fontWeight": 600, "limit": 150, "align": alt.expr("datum.align")}
    rim = named.mark_text(strokeWidth=4, strokeJoin="round", **look_of).encode(stroke=_as_stroke(look))
    ink = alt.condition("datum.isDark", alt.value(LIGHT.ink), alt.value(LIGHT.card))
    label = named.mark_text(**look_of).encode(color=ink)
    return sized(alt.layer(areas, rim, label), look, height=320)


def _as_stroke(look: Look) -> alt.Stroke:
    """Rim a name in the colour of its own genre, so that it can be read where it is wider than the stream."""
    return alt.Stroke("place:O", scale=alt.Scale(domain=list(range(len(look.genres))), range=list(look.genres)), legend=None)


def ranks(look: Look) -> Any:
    """Draw `rows` (year, family, place, rank) as lines that cross, and `ends` (year, family, rank) as their names."""
    x = alt.X("year:O", axis=alt.Axis(labelAngle=0, grid=False), scale=alt.Scale(padding=0.1))
    y = alt.Y("rank:Q", scale=alt.Scale(reverse=True, zero=False, domain=[0.6, 7.4]), axis=_ranks())
    base = rows().encode(x=x, y=y, color=genre_colours(look), detail="family:N")
    lines = base.mark_line(strokeWidth=3, interpolate="monotone", strokeCap="round")
    dots = base.mark_point(filled=True, size=150, opacity=1, stroke=look.card, strokeWidth=2).encode(
        tooltip=tips(family="Genre", when="Year", said="")
    )
    names = (
        rows("ends").mark_text(align="left", dx=12, color=look.ink, fontWeight=600, limit=110).encode(x=x, y=y, text="family:N")
    )
    return sized(alt.layer(lines, dots, names), look, height=300, right=14)


def _ranks() -> alt.Axis:
    return alt.Axis(values=[1, 2, 3, 4, 5, 6, 7], grid=False, format="d")
