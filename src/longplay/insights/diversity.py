"""How diverse the artists are."""

from collections.abc import Iterator
from typing import Final

from longplay.insights.insight import Ask, Insight, Row, change
from longplay.thresholds import CLOSE, ENOUGH_MONTHS, ENOUGH_PLAYS
from longplay.wording import count, percent

ALL_TIME: Final = """
select artist_plays, artists, effective_artists, top_ten_share
from rpt_artist_diversity
where user_id = $user and period = 'all'
"""

# Rarefied, so that quiet months compare with loud ones: the last twelve whole months beside the twelve before.
YEARS: Final = """
with months as (
    select *, row_number() over (order by period_start desc) as age
    from rpt_artist_diversity
    where user_id = $user and period = 'month' and not is_unfinished
)
select avg(case when age <= 12 then artists_in_30_plays end) as lately,
       avg(case when age > 12 then artists_in_30_plays end) as before,
       count(case when age <= 12 then artists_in_30_plays end) as months,
       count(case when age > 12 then artists_in_30_plays end) as months_before
from months
where age <= 24
"""


def answer(ask: Ask) -> Iterator[Insight]:
    """Tell how many artists it is in truth, whether it gets wider."""
    yield from map(overall, ask(ALL_TIME))
    yield from map(wider, ask(YEARS))


def overall(row: Row) -> Insight:
    """Tell the effective number of artists beside the plain one."""
    if row["artist_plays"] < ENOUGH_PLAYS:
        return Insight("diversity", "Too few plays to say how diverse your artists are.", row)
    equal = count(row["effective_artists"], "artist")
    says = (
        f"You played {count(row['artists'], 'artist')}, as varied as {equal} played equally; "
        f"the ten you play most are {percent(row['top_ten_share'])} of it."
    )
    return Insight("diversity", says, row)


def wider(row: Row) -> Insight:
    """Compare how many artists thirty plays hold, in the last twelve whole months and the twelve before."""
    if min(row["months"], row["months_before"]) < ENOUGH_MONTHS:
        return Insight("diversity", "Too few whole months to say whether it gets wider or narrower.", row)
    grown = change(row["lately"], row["before"])
    how = "as many as" if abs(grown) < CLOSE else f"{'more' if grown > 0 else 'fewer'} than the {row['before']:.0f} of"
    says = f"Thirty of your plays hold {row['lately']:.0f} artists, {how} the year before."
    return Insight("diversity", says, row | {"change": grown})
