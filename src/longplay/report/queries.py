"""What the page asks of the marts, and the queries it shows beside its figures.

All of them take `$user`; those that are shown also take the first and the last day. The page leaves incognito plays out, and
rows of the account data that an archive covers: both are in the tables, neither is somebody's listening twice.
"""

# ruff: noqa: S608  the pieces put together are ours; what is not comes in as a parameter

from typing import Final

DRAWN: Final = ("marts.fct_plays", "marts.fct_daily_listening")

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
       count(distinct artist_key) filter (where is_counted) as artists,
       avg(cast(is_skipped as int)) as skipped
from marts.fct_plays
{_RANGE}
"""

# Shown under "Show the SQL" of the figure of that name.
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
group by artist_key  -- recording_key for tracks; artist_key, album_name for albums
order by plays desc
limit 12
""",
}
