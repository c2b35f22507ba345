"""The charts, each written once: the page draws them in the browser, the picture files come from the same specifications."""

from collections.abc import Callable
from typing import Any, Final

from longplay.report.charts import forms, habits, overview, taste, years
from longplay.report.look import Look

Spec = dict[str, Any]

CHARTS: Final[dict[str, Callable[[Look], Any]]] = {
    "plays": overview.plays_a_day,
    "hours": overview.hours_of_the_week,
    "top": forms.ranking(12),
    "newness": taste.newness,
    "first-timers": forms.columns("Artists"),
    "channels": forms.ranking(9),
    "stayed": forms.pairs("Artists", "Songs"),
    "returned": forms.columns("Artists"),
    "genres": taste.stream,
    "half": forms.curve("Artists"),
    "variety": forms.curve("As varied as"),
    "ranks": taste.ranks,
    "mood": habits.mood,
    "mood-hours": habits.mood_by_hour,
    "skip-hours": forms.shares_by("Skipped"),
    "skip-newness": forms.shares_by("Skipped"),
    "survival": habits.survival,
    "sessions": forms.counts_by("Sessions"),
    "platforms": forms.ranking(8),
    "spoken": habits.spoken,
    "calendar": years.calendar,
    "versus": years.versus,
    "movers": years.movers,
    "coverage": years.coverage,
    "enriched": years.enriched,
    "look-months": forms.columns("Plays"),
    "look-hours": forms.counts_by("Plays"),
    "look-ranks": years.rank_over_years,
}


def specifications(look: Look) -> dict[str, Spec]:
    """Give every chart of the page as a Vega-Lite specification in the colours of a theme."""
    return {name: draw(look).to_dict() for name, draw in CHARTS.items()}
