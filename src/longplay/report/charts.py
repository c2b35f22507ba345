"""The charts, each written once: the page draws them in the browser, the picture files come from the same specifications.

A chart names its data and takes no rows: whoever draws it brings them.
"""

from collections.abc import Callable
from typing import Any, Final, cast

import altair as alt

from longplay.report.look import Look, chart_config

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
Spec = dict[str, Any]


def plays_a_day(look: Look) -> alt.LayerChart:
    """Draw `days` (date, plays, average) as a light and a bold line, and `peak` (date, plays, label) as one labelled dot."""
    date = alt.X(
        "date:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(grid=False, labelFlush=True, labelOverlap=True, tickCount=_ticks(70), labelExpr=_date_label()),
    )
    plays = alt.Y("plays:Q", scale=alt.Scale(zero=True, nice=True), axis=alt.Axis(tickCount=4, format=",d"))
    days = alt.Chart(alt.NamedData("days")).encode(x=date, y=plays)
    light = days.mark_area(color=look.accent, opacity=0.13, interpolate="step", line=False)
    edge = days.mark_line(color=look.accent, opacity=0.42, strokeWidth=0.8, interpolate="step")
    bold = days.mark_line(color=look.accent, strokeWidth=2.6, strokeJoin="round", strokeCap="round").encode(y="average:Q")
    tips = _tips(dayName="Day", said="Plays", usual="30-day average")
    near = days.mark_rule(clip=True, opacity=0.001, strokeWidth=_rule_width()).encode(tooltip=tips)
    peak = alt.Chart(alt.NamedData("peak")).encode(x=date, y=plays)
    dot = peak.mark_point(filled=True, size=56, color=look.accent, opacity=1, stroke=look.card, strokeWidth=2)
    label = peak.mark_text(
        fontWeight=600,
        color=look.ink,
        dy=-2,
        dx=alt.expr("datum.late ? -10 : 10"),
        align=alt.expr("datum.late ? 'right' : 'left'"),
    ).encode(text="label:N")
    return cast("alt.LayerChart", _sized(alt.layer(light, edge, bold, near, dot, label), look, height=218))


def hours_of_the_week(look: Look) -> alt.Chart:
    """Draw `hours` (weekday, hour, plays) as a heat map of the week."""
    hour = alt.X(
        "hour:O",
        axis=alt.Axis(labelAngle=0, labelExpr="datum.value % 3 == 0 ? datum.value + ':00' : ''"),
        scale=alt.Scale(paddingInner=0.1, paddingOuter=0),
    )
    weekday = alt.Y("weekday:O", sort=list(WEEKDAYS), scale=alt.Scale(paddingInner=0.1, paddingOuter=0))
    colour = alt.Color("plays:Q", scale=alt.Scale(range=list(look.heat), domainMin=0), legend=None)
    chart = alt.Chart(alt.NamedData("hours")).mark_rect(cornerRadius=3)
    tips = _tips(when="Hour", said="Plays")
    return cast("alt.Chart", _sized(chart.encode(x=hour, y=weekday, color=colour, tooltip=tips), look, height=7 * 36))


def top_twelve(look: Look) -> alt.LayerChart:
    """Draw `top` (label, value, said) as bars in the order of the rows, the first in the accent."""
    limit = alt.expr("containerSize()[0] < 400 ? 128 : 176")
    axis = alt.Axis(labelColor=look.ink, labelFontSize=13, labelLimit=limit, labelPadding=10)
    base = alt.Chart(alt.NamedData("top")).encode(
        y=alt.Y("label:N", sort=None, axis=axis, scale=alt.Scale(paddingInner=0.34, paddingOuter=0.1)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(zero=True, nice=False)),
        tooltip=_tips(name="Name", artist="Artist", plays="Plays", hours="Hours"),
    )
    room = base.mark_point(opacity=0).encode(x="reach:Q")  # so that the number behind the longest bar has its place
    bars = base.mark_bar(cornerRadiusEnd=4).encode(
        color=alt.condition("datum.rank == 1", alt.value(look.accent), alt.value(look.rest)),
    )
    values = base.mark_text(align="left", dx=7, color=look.muted).encode(text="said:N")
    return cast("alt.LayerChart", _sized(alt.layer(room, bars, values), look, height=12 * 22))


CHARTS: Final[dict[str, Callable[[Look], Any]]] = {
    "plays": plays_a_day,
    "hours": hours_of_the_week,
    "top": top_twelve,
}


def specifications(look: Look) -> dict[str, Spec]:
    """Give every chart of the page as a Vega-Lite specification in the colours of a theme."""
    return {name: draw(look).to_dict() for name, draw in CHARTS.items()}


def _sized(chart: Any, look: Look, *, height: int) -> Any:
    """Fit a chart to the width of its place."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding", resize=True)
    return chart.properties(width="container", height=height, autosize=fit, padding=2).configure(**chart_config(look))


def _tips(**titles: str) -> list[alt.Tooltip]:
    """Name the fields of a tooltip; all of them are text already."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def _ticks(pixels: int) -> Any:
    """Ask for a tick every so many pixels, so that a phone gets fewer."""
    return alt.expr(f"max(3, floor(width / {pixels}))")


def _rule_width() -> Any:
    """Make the invisible rules of the tooltips as wide as a day, and never thinner than a pixel."""
    return alt.expr("max(1, width / max(1, length(data('days'))))")


def _date_label() -> str:
    """Write years where a year begins, months elsewhere, days where the ticks are days."""
    month = "utcdate(datum.value) == 1"
    january = f"{month} && utcmonth(datum.value) == 0"
    return (
        f"{january} ? utcFormat(datum.value, '%Y') : {month} ? utcFormat(datum.value, '%b') : utcFormat(datum.value, '%-d %b')"
    )
