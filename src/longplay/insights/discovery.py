"""How music is found, and whether it stays."""

from collections.abc import Iterator
from typing import Final

from longplay.insights.insight import Ask, Insight, Row
from longplay.thresholds import CLOSE
from longplay.thresholds import ENOUGH_DISCOVERIES as ENOUGH
from longplay.wording import count, listed, percent

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

CHANNELS: Final = """
select channel, count(*) as songs
from int_discovery_events
where user_id = $user and entity_type = 'recording' and not is_within_first_90_days and channel is not null
group by channel
order by songs desc, channel
"""

# The last year is that of the listening, not of the calendar on the wall.
RETURNED: Final = """
with last_day as (select max(date) as day from fct_daily_listening where user_id = $user)
select count(*) as artists
from int_discovery_events, last_day
where user_id = $user and entity_type = 'artist' and last_rediscovered_at > last_day.day - 365
"""

WORDS: Final = {
    "personal_playlist": "Spotify's personal playlists",
    "mix_or_radio": "Spotify's mixes and radio",
    "editorial_playlist": "Spotify's editorial playlists",
    "playlist": "playlists of people",
    "album": "albums",
    "artist_page": "pages of artists",
    "library": "your library",
    "search": "searches",
    "autoplay": "what goes on after an album",
}
POLLS_KNOW: Final = "Polls say from where you play (`longplay login`)."


def answer(ask: Ask) -> Iterator[Insight]:
    """Tell what was new in a year, how it was found, how much of it stays, and what comes back."""
    yield lately({row["entity_type"]: row["discovered"] for row in ask(LATELY)})
    yield from channels({row["channel"]: row["songs"] for row in ask(CHANNELS)})
    yield stayed(ask(STUCK)[0])
    yield from map(returned, ask(RETURNED))


def lately(discovered: dict[str, int]) -> Insight:
    """Count what was heard for the first time in the last year; the first 90 days of a history are no discoveries."""
    artists, songs = discovered.get("artist", 0), discovered.get("recording", 0)
    numbers = {"artists": artists, "songs": songs}
    if not artists and not songs:
        return Insight("discovery", "Nothing in the last year was new to you.", numbers)
    says = f"In the last year you heard {count(artists, 'artist')} and {count(songs, 'song')} for the first time."
    return Insight("discovery", says, numbers)


def channels(songs: dict[str, int]) -> Iterator[Insight]:
    """Tell the ways on which songs were found, as far as there is evidence; silence is none."""
    known = {channel: number for channel, number in songs.items() if channel != "unknown"}
    total, told = sum(songs.values()), sum(known.values())
    if not total:
        return
    if told < ENOUGH:
        says = f"How you found a song is known of {told:,} of {total:,}: too few to tell. {POLLS_KNOW}"
        yield Insight("discovery", says, {"known": told, "songs": total})
        return
    most = [f"{WORDS[channel]} ({percent(number / told)})" for channel, number in known.items() if number >= CLOSE * told]
    says = f"Where it is known how you found a song ({percent(told / total)} of them), it was mostly by {listed(most[:3])}."
    yield Insight("discovery", says, {"known": told, "songs": total} | known)


def returned(row: Row) -> Insight:
    """Count the artists that came back in the last year after a silence of a year or more."""
    if not row["artists"]:
        return Insight("discovery", "Nobody came back in the last year after a year of silence.", row)
    return Insight(
        "discovery", f"{count(row['artists'], 'artist')} came back in the last year after a year of silence or more.", row
    )


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
