"""What the page asks of the marts, and the queries it shows beside its figures.

All of them take `$user`; those that are shown also take the first and the last day. The page leaves incognito plays out, and
rows of the account data that an archive covers: both are in the tables, neither is somebody's listening twice.
"""

# ruff: noqa: S608  the pieces put together are ours; what is not comes in as a parameter

from typing import Final

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

# One entry for each recording on each album. Frequent ones come first, so that most plays have a small number.
ENTRIES: Final = """
entries as (
    select recording_key, artist_key, album_name,
           row_number() over (order by count(*) desc, recording_key, artist_key, album_name) - 1 as entry
    from music
    group by recording_key, artist_key, album_name
),
lengths as (
    select entry, ms_played as length_ms
    from music join entries
      on music.recording_key is not distinct from entries.recording_key
     and music.artist_key is not distinct from entries.artist_key
     and music.album_name is not distinct from entries.album_name
    group by entry, ms_played
    qualify row_number() over (partition by entry order by count(*) desc, ms_played desc) = 1
)"""

DICTIONARY: Final = f"""
with {MUSIC}, {ENTRIES},
names as (
    select recording_key, track_name, spotify_uri
    from music
    group by recording_key, track_name, spotify_uri
    qualify row_number() over (partition by recording_key order by count(*) desc, track_name, spotify_uri) = 1
),
artists as (
    select artist_key, artist_name
    from music
    group by artist_key, artist_name
    qualify row_number() over (partition by artist_key order by count(*) desc, artist_name) = 1
)
select entries.recording_key, names.track_name, names.spotify_uri, entries.artist_key, artists.artist_name,
       entries.album_name, lengths.length_ms
from entries
join lengths using (entry)
left join names on entries.recording_key = names.recording_key
left join artists on entries.artist_key = artists.artist_key
order by entry
"""

# A first time is the first counted play of the whole history, in the order of real time; the page is in local time.
PLAYS: Final = f"""
with {MUSIC}, {ENTRIES},
marked as (
    select *,
           is_counted and artist_key is not null
               and row_number() over (partition by artist_key, is_counted order by started_at, play_id) = 1 as is_new_artist,
           is_counted and recording_key is not null
               and row_number() over (partition by recording_key, is_counted order by started_at, play_id) = 1 as is_new_track
    from music
),
minutes as (
    select marked.*, entries.entry, lengths.length_ms,
           cast(floor(epoch(local_started_at) / 60) as bigint) as minute
    from marked
    join entries
      on marked.recording_key is not distinct from entries.recording_key
     and marked.artist_key is not distinct from entries.artist_key
     and marked.album_name is not distinct from entries.album_name
    join lengths using (entry)
)
select minute - coalesce(lag(minute) over (order by local_started_at, play_id), 0) as minutes_since,
       entry,
       ms_played,
       cast(is_counted as int) + 2 * cast(coalesce(is_skipped, false) as int) + 4 * cast(is_skipped is not null as int)
           + 8 * cast(is_new_artist as int) + 16 * cast(is_new_track as int)
           + 32 * cast(ms_played = length_ms as int) as flags
from minutes
order by local_started_at, play_id
"""

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
