"""What is skipped."""

from collections.abc import Iterator
from typing import Final

from longplay.insights.insight import Ask, Insight, Row, ends
from longplay.thresholds import CLOSE, ENOUGH_PLAYS, OF_THE_HOURS
from longplay.wording import clock, percent

RATES: Final = """
select dimension, bucket, bucket_order, plays, skips, skip_rate
from rpt_skip_behaviour
where user_id = $user and dimension in ('hour', 'newness')
order by dimension, bucket_order
"""


def answer(ask: Ask) -> Iterator[Insight]:
    """Tell how much is skipped, whether the new more than the old, and at which hour most."""
    rows = ask(RATES)
    hours = [row for row in rows if row["dimension"] == "hour"]
    yield overall(hours)
    yield from new_beside_old([row for row in rows if row["dimension"] == "newness" and row["plays"] >= ENOUGH_PLAYS])
    enough = max(ENOUGH_PLAYS, OF_THE_HOURS * sum(row["plays"] for row in hours))
    yield from by_hour([row for row in hours if row["plays"] >= enough])


def overall(hours: list[Row]) -> Insight:
    """Tell the share of judged plays that were skipped; what nobody can judge is left out."""
    plays, skips = sum(row["plays"] for row in hours), sum(row["skips"] for row in hours)
    numbers = {"plays": plays, "skips": skips, "skip_rate": skips / plays if plays else None}
    if plays < ENOUGH_PLAYS:
        return Insight("skips", "Too few plays tell whether they were skipped.", numbers)
    return Insight("skips", f"You skip {percent(skips / plays)} of what starts: {skips:,} of {plays:,} plays.", numbers)


def new_beside_old(rows: list[Row]) -> Iterator[Insight]:
    """Compare first plays of a song with plays of those known longest."""
    if not rows[1:]:
        return
    new, old = rows[0]["skip_rate"], rows[-1]["skip_rate"]
    numbers = {row["bucket"]: row["skip_rate"] for row in rows}
    if abs(new - old) < CLOSE:
        says = f"New songs fare like old ones: {percent(new)} and {percent(old)} are skipped."
    else:
        fate = "harder" if new > old else "easier"
        says = f"New songs have it {fate}: {percent(new)} of first plays are skipped, {percent(old)} of those of old friends."
    yield Insight("skips", says, numbers)


def by_hour(hours: list[Row]) -> Iterator[Insight]:
    """Name the hours with most and fewest skips, where they are apart."""
    found = ends(hours, "skip_rate")
    if found is None:
        return
    most, least = found
    if most["skip_rate"] - least["skip_rate"] >= 2 * CLOSE:
        rates = {most["bucket"]: most["skip_rate"], least["bucket"]: least["skip_rate"]}
        says = (
            f"You skip most at {clock(most['bucket_order'])} ({percent(most['skip_rate'])}), "
            f"least at {clock(least['bucket_order'])} ({percent(least['skip_rate'])})."
        )
        yield Insight("skips", says, rates)
