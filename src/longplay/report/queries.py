"""What the page asks of the marts, and the queries it shows beside its figures.

All of them take `$user`; those that are shown also take the first and the last day. The page leaves incognito plays out, and
rows of the account data that an archive covers: both are in the tables, neither is somebody's listening twice.
"""

# ruff: noqa: S608  the pieces put together are ours; what is not comes in as a parameter

from typing import Final

LINKED: Final = (
    1500  # so many recordings carry the address of their track and how they sound; a list of top tracks needs no more
)
# Every table that the page reads.
DRAWN: Final = (
    "lake.archives",
    "lake.pages",
    "intermediate.int_artist_families",
    "intermediate.int_discovery_events",
    "intermediate.int_listening_sessions",
    "intermediate.int_rediscoveries",
    "marts.dim_artists",
    "marts.dim_date",
    "marts.dim_tracks",
    "marts.fct_daily_listening",
    "marts.fct_plays",
    "marts.rpt_artist_diversity",
    "marts.rpt_completeness",
    "marts.rpt_discovery_analysis",
    "marts.rpt_discovery_channels",
    "marts.rpt_genre_evolution",
    "marts.rpt_listening_trends",
    "marts.rpt_mood",
    "marts.rpt_play_rules",
    "marts.rpt_skip_behaviour",
    "marts.rpt_skip_survival",
)

MUSIC: Final = """
music as (
    select *
    from marts.fct_plays
    where user_id = $user
      and content_type = 'track'
      and not coalesce(is_incognito, false)
      and not coalesce(is_covered, false)
      and not coalesce(is_excluded, false)
)"""

# Which is no artist: it is counted as none, and has no place among them.
NO_ARTIST: Final = "coalesce(lower(artist_name) = 'various artists', false)"

SPAN: Final = """
select min(date), max(date)
from marts.fct_daily_listening
where user_id = $user
"""

_RANGE: Final = """where user_id = $user
  and content_type = 'track' and not is_incognito and not is_covered and not is_excluded
  and cast(local_started_at as date) between $first and $last"""

NUMBERS: Final = f"""
select sum(ms_played) as ms_played,
       count(*) filter (where is_counted) as plays,
       count(distinct artist_key) filter (where is_counted and not {NO_ARTIST}) as artists,
       avg(cast(is_skipped as int)) as skipped
from marts.fct_plays
{_RANGE}
"""

# Shown under "Show the SQL" of the figure of that name: what the page counts itself, of the plays it carries.
SHOWN: Final = {
    "plays": """
select date, counted_plays as plays,
       avg(counted_plays) over (order by date rows 29 preceding) as average
from marts.fct_daily_listening
where user_id = $user
qualify date between $first and $last
order by date
""",
    "hours": f"""
select isodow(local_started_at) as weekday, hour(local_started_at) as hour, count(*) as plays
from marts.fct_plays
{_RANGE}
  and is_counted
group by weekday, hour
order by weekday, hour
""",
    "top": f"""
select mode(artist_name) as artist, count(*) filter (where is_counted) as plays,
       sum(ms_played) / 3600000.0 as hours
from marts.fct_plays
{_RANGE}
  and not {NO_ARTIST}
group by artist_key  -- recording_key for tracks; artist_key, album_name for albums
order by plays desc
limit 12
""",
    "newness": f"""
with {MUSIC.strip()},
settled as (select min(date) + 90 as day from marts.fct_daily_listening where user_id = $user),
counted as (
    select cast(local_started_at as date) as date, artist_key, recording_key,
           {NO_ARTIST} as is_various,
           cast(min_by(local_started_at, started_at) over (partition by artist_key) as date) as artist_on,
           cast(min_by(local_started_at, started_at) over (partition by recording_key) as date) as track_on
    from music
    where is_counted
),
told as (
    select date, artist_key is not null and not is_various and artist_on >= day and date - artist_on < 30 as is_new_artist,
           recording_key is not null and track_on >= day and date - track_on < 30 as is_new_track
    from counted, settled
)
select date_trunc('month', date) as month,
       count(*) filter (where is_new_artist) as new_artist,
       count(*) filter (where is_new_track and not is_new_artist) as new_track,
       count(*) filter (where not is_new_track and not is_new_artist) as rest
from told
where date between $first and $last
group by month
order by month
""",
    "first-timers": """
select date_trunc('month', date) as month, sum(new_artists) as artists
from marts.fct_daily_listening, (select min(date) + 90 as settled from marts.fct_daily_listening where user_id = $user)
where user_id = $user and date >= settled and date between $first and $last
group by month
order by month
""",
    "half": f"""
with artists as (
    select date_trunc('month', local_started_at) as month, artist_key, count(*) as plays
    from marts.fct_plays
    {_RANGE.strip()}
      and is_counted and artist_key is not null and not {NO_ARTIST}
    group by all
),
running as (
    select month, plays, sum(plays) over (partition by month) as all_plays,
           sum(plays) over (partition by month order by plays desc, artist_key) as up_to_here
    from artists
)
select month, count(*) filter (where up_to_here - plays < all_plays / 2.0) as artists
from running
group by month
order by month
""",
    "skip-hours": f"""
select hour(local_started_at) as hour, count(is_skipped) as plays, count(*) filter (where is_skipped) as skips
from marts.fct_plays
{_RANGE}
group by hour
order by hour
""",
    "calendar": """
select date, counted_plays as plays
from marts.fct_daily_listening
where user_id = $user and date between $first and $last
order by date
""",
    "versus": """
select date - $first as day, sum(ms_played) over (order by date) / 3600000.0 as hours
from marts.fct_daily_listening
where user_id = $user and date between $first and $last  -- and once more for the other period
order by date
""",
    "movers": f"""
select mode(artist_name) as artist, count(*) / sum(count(*)) over () as share
from marts.fct_plays
{_RANGE}
  and is_counted
group by artist_key  -- once more for the other period; the difference is what is drawn
qualify coalesce(lower(artist), '') <> 'various artists'
order by share desc
""",
    "look-months": f"""
select date_trunc('month', local_started_at) as month, count(*) as plays
from marts.fct_plays
{_RANGE}
  and is_counted and artist_key = $key
group by month
order by month
""",
    "look-hours": f"""
select hour(local_started_at) as hour, count(*) as plays
from marts.fct_plays
{_RANGE}
  and is_counted and artist_key = $key
group by hour
order by hour
""",
    "look-ranks": f"""
with years as (
    select year(local_started_at) as year, artist_key, count(*) as plays
    from marts.fct_plays
    where user_id = $user and content_type = 'track' and is_counted
      and not is_incognito and not is_covered and not is_excluded and not {NO_ARTIST}
    group by all
)
select year, rank() over (partition by year order by plays desc) as rank, plays
from years
qualify artist_key = $key
order by year
""",
}
