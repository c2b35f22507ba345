"""How music is found, and whether it stays."""

from collections.abc import Iterator
from typing import Final

from longplay.insights.insight import Ask, Insight, Row, count, percent

# What a history begins with is old acquaintance, no discovery.
LATELY: Final = """
with last_day as (select max(date) as day from fct_daily_listening where user_id = $user)
select entity_type, count(*) as discovered
from int_discovery_events, last_day
where user_id = $user and not is_within_first_90_days and first_heard_on > last_day.day - 365
group by entity_type
"""

STUCK: Final = """
select count(stuck_90) as judged, count(case when stuck_90 then 1 end) as stuck_90,
       count(stuck_30) as judged_30, count(case when stuck_30 then 1 end) as stuck_30
from int_discovery_events
where user_id = $user and entity_type = 'artist' and not is_within_first_90_days and first_heard_at is not null
"""

ENOUGH: Final = 20  # discoveries before a share of them means anything


def answer(ask: Ask) -> Iterator[Insight]:
    """Tell what was new in a year, and how much of it stayed."""
    yield lately({row["entity_type"]: row["discovered"] for row in ask(LATELY)})
    yield stayed(ask(STUCK)[0])


def lately(discovered: dict[str, int]) -> Insight:
    """Count what was heard for the first time in the last year; the first 90 days of a history are no discoveries."""
    artists, songs = discovered.get("artist", 0), discovered.get("recording", 0)
    numbers = {"artists": artists, "songs": songs}
    if not artists and not songs:
        return Insight("discovery", "Nothing in the last year was new to you.", numbers)
    says = f"In the last year you heard {count(artists, 'artist')} and {count(songs, 'song')} for the first time."
    return Insight("discovery", says, numbers)


def stayed(row: Row) -> Insight:
    """Tell how many discovered artists were heard again: three counted plays on two days within 90 days."""
    if row["judged"] < ENOUGH:
        return Insight("discovery", "Too few discoveries are old enough to say how many stay.", row | {"share": None})
    share = row["stuck_90"] / row["judged"]
    says = (
        f"{percent(share)} of the artists you discover stay: {row['stuck_90']:,} of {row['judged']:,} "
        "were heard three times or more within 90 days."
    )
    return Insight("discovery", says, row | {"share": share})
