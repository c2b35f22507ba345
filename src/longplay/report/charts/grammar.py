"""What all charts have in common: how wide they are, how time runs, what a tip says.

A chart names its data and takes no rows: whoever draws it brings them.
"""

from typing import Any, Final

import altair as alt

from longplay.report.look import Look, chart_config

WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GRID: Final = 4  # lines across a chart, about
FAINT: Final = 0.45  # of what is not over yet
INVISIBLE: Final = 0.001  # what only catches the pointer


def sized(chart: Any, look: Look, *, height: Any, right: int = 2) -> Any:
    """Fit a chart to the width of its place; so many pixels are left at its right, where names stick out."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding", resize=True)
    padding = {"left": 2, "top": 2, "bottom": 2, "right": right}
    return chart.properties(width="container", height=height, autosize=fit, padding=padding).configure(**chart_config(look))


def tips(**titles: str) -> list[alt.Tooltip]:
    """Name the fields of a tooltip; all of them are text already."""
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in titles.items()]


def rows(name: str = "rows") -> alt.Chart:
    """Begin a chart of rows that come later."""
    return alt.Chart(alt.NamedData(name))


def names(base: alt.Chart, field: str, look: Look, **mark: Any) -> Any:
    """Write names onto a chart, with a rim in the colour of its ground, so that a line behind them does not strike them out."""
    rim = base.mark_text(fontWeight=600, stroke=look.card, strokeWidth=5, strokeJoin="round", **mark).encode(text=f"{field}:N")
    return alt.layer(rim, base.mark_text(fontWeight=600, **mark).encode(text=f"{field}:N"))


def time_axis(field: str = "date") -> alt.X:
    """Let days run to the right, in the listener's own time; a phone gets fewer ticks."""
    axis = alt.Axis(grid=False, labelFlush=True, labelOverlap=True, tickCount=ticks(70), labelExpr=date_label())
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc"), axis=axis)


def amounts(field: str) -> alt.Y:
    """Let a count rise from nothing, in whole steps: of few there are no more ticks than that, else they would be halves."""
    axis = alt.Axis(tickCount=alt.expr(f"max(1, min({GRID}, domain('y')[1]))"), format=",d")
    return alt.Y(f"{field}:Q", scale=alt.Scale(zero=True, nice=True), axis=axis)


def hours(field: str) -> alt.Y:
    """Let hours rise from nothing."""
    axis = alt.Axis(tickCount=GRID, labelExpr="format(datum.value, ',.2~f') + '\u00a0h'")
    return alt.Y(f"{field}:Q", scale=alt.Scale(zero=True, nice=True), axis=axis)


def shares(field: str, most: float | None = None) -> alt.Y:
    """Let a share rise from nothing, in percent."""
    domain = {} if most is None else {"domain": [0, most], "nice": False}
    axis = alt.Axis(tickCount=GRID, labelExpr="format(100 * datum.value, '.1~f') + '\u00a0%'")
    return alt.Y(f"{field}:Q", scale=alt.Scale(zero=True, **domain), axis=axis)


def genre_colours(look: Look, field: str = "place") -> alt.Color:
    """Give each place among the genres its colour; the last one is all others."""
    scale = alt.Scale(domain=list(range(len(look.genres))), range=list(look.genres))
    return alt.Color(f"{field}:O", scale=scale, legend=None)


def ticks(pixels: int) -> Any:
    """Ask for a tick every so many pixels, so that a phone gets fewer."""
    return alt.expr(f"max(3, floor(width / {pixels}))")


def date_label() -> str:
    """Write years where a year begins, months elsewhere, days where the ticks are days."""
    month = "utcdate(datum.value) == 1"
    january = f"{month} && utcmonth(datum.value) == 0"
    return (
        f"{january} ? utcFormat(datum.value, '%Y') : {month} ? utcFormat(datum.value, '%b') : utcFormat(datum.value, '%-d %b')"
    )
