"""What the page asks of the models beside the plays: little tables, most of them by month.

Whatever is more than a count, a sum or a rank is computed there and nowhere else; the page adds up months and shows shares.
A table that is not there (older models, a page to publish) has nothing to say, and what needs it is not shown.
"""

# ruff: noqa: S608  the pieces put together are ours; what is not comes in as a parameter

from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

import duckdb

from longplay.report import queries
from longplay.report.spelling import deflated

EPOCH: Final = date(1970, 1, 1)
LINKED_ARTISTS: Final = 400  # so many carry their address at Spotify
SHOWS: Final = 40

# Shown under "Show the SQL" of the figure of that name; all take `$user`.
SHOWN: Final = {
    "channels": """
select month, channel, discoveries
from marts.rpt_discovery_channels
where user_id = $user and entity_type = 'recording'
order by month, channel
""",
    "stayed": """
select cast(date_trunc('month', first_heard_on) as date) as month, entity_type,
       count(stuck_30) as judged_30, count(*) filter (where stuck_30) as stuck_30,
       count(stuck_90) as judged_90, count(*) filter (where stuck_90) as stuck_90,
       count(stuck_365) as judged_365, count(*) filter (where stuck_365) as stuck_365
from intermediate.int_discovery_events
where user_id = $user and not is_within_first_90_days and first_heard_at is not null
group by all
order by month, entity_type
""",
    "returned": """
select month, rediscovered_artists as artists, rediscovered_tracks as songs
from marts.rpt_discovery_analysis
where user_id = $user
order by month
""",
    "genres": """
select period_start as month, is_unfinished, family, cast(round(counted_ms) as bigint) as ms
from marts.rpt_genre_evolution
where user_id = $user and period = 'month' and counted_ms > 0
order by month, family
""",
    "ranks": """
select year(period_start) as year, family, rank, share_of_known as share, coverage, is_unfinished
from marts.rpt_genre_evolution
where user_id = $user and period = 'year' and rank is not null and family <> 'other'
order by year, rank, family
""",
    "variety": """
select period_start as month, is_unfinished, artists, effective_artists, artists_in_30_plays, drift
from marts.rpt_artist_diversity
where user_id = $user and period = 'month'
order by month
""",
    "mood": """
select cast(bucket || '-01' as date) as month, counted_ms, known_ms, valence, energy
from marts.rpt_mood
where user_id = $user and dimension = 'month'
order by month
""",
    "mood-hours": """
select bucket_order as hour, counted_ms, known_ms, valence, energy
from marts.rpt_mood
where user_id = $user and dimension = 'hour'
order by hour
""",
    "skip-newness": """
select bucket, plays, skips
from marts.rpt_skip_behaviour
where user_id = $user and dimension = 'newness'
order by bucket_order
""",
    "survival": """
select period, seconds, at_risk, still_playing_share as share
from marts.rpt_skip_survival
where user_id = $user and still_playing_share is not null
order by period, seconds
""",
    "sessions": """
select cast(date_trunc('month', local_started_at) as date) as month,
       case when music_ms < 300000 then 0 when music_ms < 900000 then 1 when music_ms < 1800000 then 2
            when music_ms < 3600000 then 3 when music_ms < 7200000 then 4 when music_ms < 14400000 then 5 else 6 end as length,
       count(*) as sessions, cast(sum(music_ms) as bigint) as ms, max(music_ms) as longest_ms
from intermediate.int_listening_sessions
where user_id = $user and music_plays > 0
group by all
order by month, length
""",
    "platforms": f"""
with {queries.MUSIC.strip()}
select cast(date_trunc('month', local_started_at) as date) as month,
       case when platform ilike '%ios%' or platform ilike '%iphone%' or platform ilike '%ipad%' then 'iPhone and iPad'
            when platform ilike '%android%' then 'Android' when platform ilike '%windows%' then 'Windows'
            when platform ilike '%os x%' or platform ilike '%osx%' or platform ilike '%macos%' then 'Mac'
            when platform ilike '%web%' then 'web player' when platform ilike '%linux%' then 'Linux'
            when platform ilike '%cast%' then 'Chromecast' when platform ilike '%sonos%' then 'Sonos'
            when platform ilike '%partner%' or platform ilike '%tv%' then 'TV and speakers'
            when platform = 'not_applicable' then 'unknown' else coalesce(platform, 'unknown') end as platform,
       count(*) filter (where is_counted) as plays, cast(sum(ms_played) as bigint) as ms
from music
group by all
order by month, platform
""",
    "spoken": """
select period_start as month, is_unfinished, podcast_ms, audiobook_ms
from marts.rpt_listening_trends
where user_id = $user and period = 'month'
order by month
""",
    "coverage": """
with told as (
    select date, coverage,
           row_number() over (order by date) - row_number() over (partition by coverage order by date) as stretch
    from marts.fct_daily_listening
    where user_id = $user
)
select min(date) as first, cast(count(*) as int) as days, coverage
from told
group by coverage, stretch
order by first
""",
    "enriched": """
select cast(bucket || '-01' as date) as month, mood.counted_ms, known_ms, genres.coverage as with_genres
from marts.rpt_mood as mood
left join (
    select distinct user_id, period_start, coverage from marts.rpt_genre_evolution where period = 'month'
) as genres on genres.user_id = mood.user_id and genres.period_start = cast(bucket || '-01' as date)
where mood.user_id = $user and dimension = 'month'
order by month
""",
}

# Not shown below a chart: what names need, and what is under the hood. Those with numbers read the tables of `numbering`.
CARRIED: Final = {
    "families": """
select artist, family
from artists
join (
    select artist_key, family
    from intermediate.int_artist_families
    qualify row_number() over (partition by artist_key order by weight desc, family) = 1
) as families using (artist_key)
order by artist
""",
    "sounds": """
select recording, round(valence, 2) as valence, round(energy, 2) as energy
from recordings
join (
    select recording_key, avg(valence) as valence, avg(energy) as energy
    from marts.dim_tracks
    where valence is not null and energy is not null
    group by recording_key
) as sounds using (recording_key)
where place <= $linked
order by recording
""",
    "found-artists": """
select artist as id, channel
from artists
join intermediate.int_discovery_events on entity_key = artist_key
where user_id = $user and entity_type = 'artist' and channel <> 'unknown'
order by artist
""",
    "found-tracks": """
select recording as id, channel
from recordings
join intermediate.int_discovery_events on entity_key = recording_key
where user_id = $user and entity_type = 'recording' and channel <> 'unknown'
order by recording
""",
    "artist-links": f"""
with {queries.MUSIC.strip()},
loved as (select artist_key from music where is_counted group by all order by count(*) desc, artist_key limit {LINKED_ARTISTS})
select artist as id, artist_id as link
from artists
semi join loved using (artist_key)
join marts.dim_artists using (artist_key)
where is_current and artist_id is not null
order by artist
""",
    "returns": """
select artist, cast(silent_since as date) as silent, rediscovered_on as day
from intermediate.int_rediscoveries
join artists on artist_key = entity_key
where user_id = $user and entity_type = 'artist'
order by day, artist
""",
    "shows": f"""
with spoken as (
    select artist_name as title, content_type as kind, cast(date_trunc('month', local_started_at) as date) as month, ms_played
    from marts.fct_plays
    where user_id = $user and content_type in ('episode', 'audiobook') and not is_incognito and not is_excluded
      and artist_name is not null
),
loved as (select title from spoken group by title order by sum(ms_played) desc, title limit {SHOWS})
select title, kind, month, count(*) as plays, cast(sum(ms_played) as bigint) as ms
from spoken
semi join loved using (title)
group by all
order by month, title, kind
""",
    "imports": """
select archive, max(layout) as layout, count(*) as files, sum(read) as read, sum(distinct_rows) as distinct_rows,
       sum(repeated) as repeated, sum(rejected) as rejected, min(first_at) as first_at, max(last_at) as last_at,
       bool_and(is_complete) as is_complete
from lake.archives
where user_id = $user
group by archive
order by first_at, archive
""",
    "polled": """
select dataset, count(*) as pages, sum(items) as items, sum(rejected) as rejected, max(fetched_at) as newest_at
from lake.pages
where user_id = $user
group by dataset
order by dataset
""",
    "recall": """
select month, listable_plays, listed_plays, recall, gaps, open_gaps, gap_hours
from marts.rpt_completeness
where user_id = $user and (listable_plays > 0 or gaps > 0)
order by month
""",
    "freshness": """
select max(started_at) as newest_play, max(local_started_at) as newest_local, count(*) as plays
from marts.fct_plays
where user_id = $user
""",
    "tables": """
select schema_name as layer, table_name as name, estimated_size as rows
from duckdb_tables()
where database_name = current_database() and schema_name in ('lake', 'staging', 'intermediate', 'marts')
union all
select schema_name, view_name, null
from duckdb_views()
where database_name = current_database() and schema_name in ('lake', 'staging', 'intermediate', 'marts')
order by layer, name
""",
}


def packed_reports(connection: duckdb.DuckDBPyConnection, user: str, **more: Any) -> str:
    """Give all little tables of a listener as deflated JSON: for each its names and columns; days count from 1970.

    Inside of `longplay.report.numbering.numbered`, whose numbers stand for names. `more` goes along as it is.
    """
    told = {name: _columns(connection, sql, user) for name, sql in (SHOWN | CARRIED).items()}
    return deflated({"tables": {name: columns for name, columns in told.items() if columns}, **more})


def _columns(connection: duckdb.DuckDBPyConnection, sql: str, user: str) -> dict[str, list[Any]]:
    values = {"user": user, "linked": queries.LINKED}
    try:
        asked = connection.execute(sql, {name: value for name, value in values.items() if f"${name}" in sql})
    except duckdb.CatalogException:
        return {}
    names, rows = [column[0] for column in asked.description or ()], asked.fetchall()
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return dict(_told(name, [_plain(value) for value in column]) for name, column in zip(names, columns, strict=True))


def _told(name: str, column: list[Any]) -> tuple[str, list[Any]]:
    """Tell numbers that only rise by their steps, which are alike.

    >>> _told("month", [19358, 19358, 19389])
    ('+month', [19358, 0, 31])
    """
    if not all(type(value) is int for value in column) or any(after < before for before, after in pairwise(column)):
        return name, column
    return f"+{name}", [*column[:1], *(after - before for before, after in pairwise(column))]


def _plain(value: Any) -> Any:
    """Spell what JSON cannot: a day as its number, an instant in UTC as text."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return (value - EPOCH).days
    return float(value) if isinstance(value, Decimal) else value
