"""What mood somebody listens to."""

from collections.abc import Iterator
from typing import Final

from longplay.insights.insight import TO_KNOW_MORE, Ask, Insight, Row, ends
from longplay.thresholds import AN_HOUR, CLOSE, KNOWN, MIDDLE, OF_THE_HOURS
from longplay.wording import clock, percent

MOOD: Final = """
select dimension, bucket, bucket_order, known_ms, coverage, valence, energy
from rpt_mood
where user_id = $user and dimension in ('all', 'hour') and counted_ms > 0
order by dimension, bucket_order
"""


def answer(ask: Ask) -> Iterator[Insight]:
    """Tell how cheerful and how intense the music is, and when it is most and least so."""
    rows = ask(MOOD)
    whole = next((row for row in rows if row["dimension"] == "all"), {"coverage": 0.0, "valence": None, "energy": None})
    yield overall(whole)
    if (whole["coverage"] or 0.0) >= KNOWN:
        enough = max(AN_HOUR, OF_THE_HOURS * whole["known_ms"])
        yield from by_hour([row for row in rows if row["dimension"] == "hour" and row["known_ms"] >= enough])


def overall(row: Row) -> Insight:
    """Tell on which side of the middle the listening lies, or that it lies there."""
    coverage = row["coverage"] or 0.0
    numbers = {"coverage": coverage, "valence": row["valence"], "energy": row["energy"]}
    if not coverage:
        return Insight("mood", "Spotify's archives do not tell how a song sounds; `longplay enrich` asks others.", numbers)
    if coverage < KNOWN or row["valence"] is None or row["energy"] is None:
        says = f"How it sounds is known of {percent(coverage)} of your listening: too little to tell. {TO_KNOW_MORE}"
        return Insight("mood", says, numbers)
    valence, energy = _side(row["valence"], "cheerful", "sombre"), _side(row["energy"], "intense", "calm")
    sides = [side for side in (valence, energy) if side]
    how = f"rather {' and '.join(sides)}" if sides else "in the middle, neither cheerful nor sombre, neither intense nor calm"
    says = (
        f"Your music is {how}: valence {row['valence']:.2f}, energy {row['energy']:.2f}, known for {percent(coverage)} of it."
    )
    return Insight("mood", says, numbers)


def by_hour(rows: list[Row]) -> Iterator[Insight]:
    """Name the most and the least intense hour, where they are apart."""
    found = ends(rows, "energy")
    if found is None:
        return
    most, least = found
    numbers = {
        "most": most["bucket_order"],
        "energy_most": most["energy"],
        "least": least["bucket_order"],
        "energy_least": least["energy"],
    }
    if most["energy"] - least["energy"] < CLOSE:
        yield Insight("mood", "Energy hardly changes with the hour.", numbers)
        return
    says = (
        f"Most intense at {clock(most['bucket_order'])} ({most['energy']:.2f}), "
        f"calmest at {clock(least['bucket_order'])} ({least['energy']:.2f})."
    )
    yield Insight("mood", says, numbers)


def _side(value: float, above: str, below: str) -> str | None:
    return None if abs(value - MIDDLE) < CLOSE else above if value > MIDDLE else below
