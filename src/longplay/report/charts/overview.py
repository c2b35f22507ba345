"""The charts of the first tab: when it was played."""

from typing import Any, cast

import altair as alt

from longplay.report.charts.grammar import INVISIBLE, WEEKDAYS, amounts, rows, sized, time_axis, tips
from longplay.report.look import Look


def plays_a_day(look: Look) -> alt.LayerChart:
    """Draw `days` (date, plays, average) as a light and a bold line, and `peak` (date, plays, label) as one labelled dot."""
    date, plays = time_axis(), amounts("plays")
    days = rows("days").encode(x=date, y=plays)
    light = days.mark_area(color=look.accent, opacity=0.13, interpolate="step", line=False)
    edge = days.mark_line(color=look.accent, opacity=0.42, strokeWidth=0.8, interpolate="step")
    bold = days.mark_line(color=look.accent, strokeWidth=2.6, strokeJoin="round", strokeCap="round").encode(y="average:Q")
    said = tips(dayName="Day", said="Plays", usual="30-day average")
    near = days.mark_rule(clip=True, opacity=INVISIBLE, strokeWidth=_rule_width()).encode(tooltip=said)
    peak = rows("peak").encode(x=date, y=plays)
    dot = peak.mark_point(filled=True, size=56, color=look.accent, opacity=1, stroke=look.card, strokeWidth=2)
    label = peak.mark_text(
        fontWeight=600,
        color=look.ink,
        dy=-2,
        dx=alt.expr("datum.late ? -10 : 10"),
        align=alt.expr("datum.late ? 'right' : 'left'"),
    ).encode(text="label:N")
    return cast("alt.LayerChart", sized(alt.layer(light, edge, bold, near, dot, label), look, height=218))


def hours_of_the_week(look: Look) -> alt.Chart:
    """Draw `hours` (weekday, hour, plays) as a heat map of the week."""
    hour = alt.X(
        "hour:O",
        axis=alt.Axis(labelAngle=0, labelExpr="datum.value % 3 == 0 ? datum.value + ':00' : ''"),
        scale=alt.Scale(paddingInner=0.1, paddingOuter=0),
    )
    weekday = alt.Y("weekday:O", sort=list(WEEKDAYS), scale=alt.Scale(paddingInner=0.1, paddingOuter=0))
    colour = alt.Color("plays:Q", scale=alt.Scale(range=list(look.heat), domainMin=0), legend=None)
    chart = rows("hours").mark_rect(cornerRadius=3)
    said = tips(when="Hour", said="Plays")
    return cast("alt.Chart", sized(chart.encode(x=hour, y=weekday, color=colour, tooltip=said), look, height=7 * 36))


def _rule_width() -> Any:
    """Make the invisible rules of the tooltips as wide as a day, and never thinner than a pixel."""
    return alt.expr("max(1, width / max(1, length(data('days'))))")
