"""How listening changes over days, weeks and seasons."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from longplay.insights.insight import WEEKDAYS, Ask, Insight, Row, change
from longplay.thresholds import CLOSE, ENOUGH_PLAYS, STANDS_OUT
from longplay.wording import clock, count, hours, percent

WHOLE: Final = """
select cast(sum(ms_played) as bigint) as ms_played, cast(sum(counted_plays) as bigint) as counted_plays,
       min(date) as first_day, cast(sum(new_tracks) as bigint) as songs, cast(sum(new_artists) as bigint) as artists,
       count(*) as days, count(case when coverage = 'gap' then 1 end) as gap_days
from fct_daily_listening
where user_id = $user
having count(*) > 0
"""

# The last twelve whole months beside the twelve before: seasons cancel out.
YEARS: Final = """
with months as (
    select *, row_number() over (order by period_start desc) as age
    from rpt_listening_trends
    where user_id = $user and period = 'month' and not is_unfinished
      and days = date_diff('day', period_start, period_end)
)
select cast(sum(case when age <= 12 then ms_played end) as bigint) as ms_played,
       cast(sum(case when age > 12 then ms_played end) as bigint) as ms_before,
       cast(sum(case when age <= 12 then gap_days end) as bigint) as gap_days,
       cast(sum(case when age > 12 then gap_days end) as bigint) as gap_days_before
from months
where age <= 24
having count(*) = 24
"""

HOURS: Final = """
select weekday, hour, cast(sum(counted_plays) as bigint) as plays,
       cast(sum(sum(counted_plays)) over () as bigint) as all_plays
from int_listening_patterns
where user_id = $user
group by weekday, hour
order by plays desc, weekday, hour
limit 1
"""

SEASONS: Final = """
select season, sum(ms_played) / sum(days) as ms_a_day
from rpt_listening_trends
where user_id = $user and period = 'season' and not is_unfinished and gap_days = 0
group by season
having sum(days) >= 80
order by ms_a_day desc, season
"""

SEASONS_OF_A_YEAR: Final = 4
GAPS: Final = 18  # days in a year that no source tells of before a year is no longer compared: a twentieth


def answer(ask: Ask) -> Iterator[Insight]:
    """Tell how much, more or less than before, when, and in which season."""
    yield how_much(ask(WHOLE)[0])
    yield from map(beside_the_year_before, ask(YEARS))
    yield from map(busiest_hour, ask(HOURS))
    yield from seasons(ask(SEASONS))


def how_much(row: Row) -> Insight:
    """Tell all there is."""
    since = date.fromisoformat(row["first_day"])
    gaps = (
        f" {count(row['gap_days'], 'day')} since then {'is' if row['gap_days'] == 1 else 'are'} told by no source."
        if row["gap_days"]
        else ""
    )
    says = (
        f"You pressed play for {hours(row['ms_played'])}: {count(row['counted_plays'], 'play')} of "
        f"{count(row['songs'], 'song')} by {count(row['artists'], 'artist')} since {since.day} {since:%B %Y}.{gaps}"
    )
    return Insight("trends", says, row)


def beside_the_year_before(row: Row) -> Insight:
    """Compare the last twelve whole months with the twelve before, where both are told of."""
    numbers = row | {"change": None}
    if max(row["gap_days"], row["gap_days_before"]) > GAPS:
        return Insight("trends", "Too many days of the last two years are told by no source to compare them.", numbers)
    if not row["ms_before"]:
        return Insight("trends", f"In the last twelve whole months you listened for {hours(row['ms_played'])}.", numbers)
    grown = change(row["ms_played"], row["ms_before"])
    how = "about as much as" if abs(grown) < CLOSE else f"{percent(abs(grown))} {'more' if grown > 0 else 'less'} than"
    says = f"In the last twelve whole months you listened for {hours(row['ms_played'])}, {how} in the twelve before."
    return Insight("trends", says, row | {"change": grown})


def busiest_hour(row: Row) -> Insight:
    """Name the hour of the week that stands out, if one does."""
    share = row["plays"] / row["all_plays"] if row["all_plays"] else 0.0
    numbers = row | {"share": share}
    if row["all_plays"] < ENOUGH_PLAYS or share * 168 < STANDS_OUT:
        return Insight("trends", "No hour of the week stands out.", numbers)
    says = f"{WEEKDAYS[row['weekday'] - 1]} at {clock(row['hour'])} are your busiest hour: {count(row['plays'], 'play')}."
    return Insight("trends", says, numbers)


def seasons(rows: list[Row]) -> Iterator[Insight]:
    """Name the loudest season, once all four were heard whole."""
    if len(rows) == SEASONS_OF_A_YEAR:
        loudest, quietest = rows[0], rows[-1]
        more = change(loudest["ms_a_day"], quietest["ms_a_day"])
        numbers = {row["season"]: row["ms_a_day"] for row in rows}
        if more < 2 * CLOSE:
            yield Insight("trends", "All seasons sound alike: none has a tenth more than another.", numbers)
        else:
            says = (
                f"{loudest['season'].capitalize()} is your loudest season: {loudest['ms_a_day'] / 60_000:.0f} minutes a day, "
                f"{quietest['ms_a_day'] / 60_000:.0f} in {quietest['season']}."
            )
            yield Insight("trends", says, numbers)
