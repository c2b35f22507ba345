"""Every artist, recording, album and entry of the page gets a number, in the order of their first plays.

What is heard together has numbers near each other, which deflate well. An entry is a recording of an artist on an album: all
that the page tells apart. The plays are read twice, once for their names and once for themselves; the rest is numbers.
"""

# ruff: noqa: S608  the pieces put together are ours; what is not comes in as a parameter

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

from longplay.report.queries import LINKED, MUSIC, NO_ARTIST

USUAL_LENGTH, NEAR_LENGTH = 32, 64  # bits of `flags`: as long as plays of this entry mostly are, or less than `NEAR` shorter
NEAR: Final = 1024  # milliseconds
HALF_AWAY: Final = 15_000  # milliseconds after which a play most likely ends in the next minute

_SPELLINGS: Final = f"""
with {MUSIC}
select recording_key, artist_key, album_name, track_name, artist_name, spotify_uri,
       count(*) as plays, min(local_started_at) as first_at
from music
group by all
"""

_ARTISTS: Final = """
with spelled as (
    select artist_key, artist_name, sum(plays) as plays, min(first_at) as first_at
    from spellings
    where artist_key is not null
    group by all
),
named as (
    select artist_key, artist_name, min(first_at) over (partition by artist_key) as first_at
    from spelled
    qualify row_number() over (partition by artist_key order by plays desc, artist_name) = 1
)
select artist_key, artist_name, row_number() over (order by first_at, artist_key) - 1 as artist from named
"""

_RECORDINGS: Final = """
with spelled as (
    select recording_key, artist_key, track_name, spotify_uri, sum(plays) as plays, min(first_at) as first_at
    from spellings
    where recording_key is not null
    group by all
),
named as (
    select recording_key, artist_key, track_name, spotify_uri,
           sum(plays) over (partition by recording_key) as plays,
           min(first_at) over (partition by recording_key) as first_at
    from spelled
    qualify row_number() over (partition by recording_key order by spelled.plays desc, track_name, spotify_uri, artist_key) = 1
)
select recording_key, artist_key, track_name, spotify_uri,
       row_number() over (order by plays desc, recording_key) as place,
       row_number() over (order by first_at, recording_key) - 1 as recording
from named
"""

_ALBUMS: Final = """
select artist_key, album_name, row_number() over (order by min(first_at), artist_key, album_name) - 1 as album
from spellings
where album_name is not null
group by artist_key, album_name
"""

_ENTRIES: Final = """
with entries as (
    select recording_key, artist_key, album_name, min(first_at) as first_at
    from spellings
    group by all
)
select entries.recording_key, entries.artist_key, entries.album_name,
       row_number() over (order by first_at, entries.recording_key, entries.artist_key, entries.album_name) - 1 as entry,
       coalesce(recording, -1) as recording, coalesce(artist, -1) as artist, coalesce(album, -1) as album
from entries
left join recordings on recordings.recording_key = entries.recording_key
left join artists on artists.artist_key = entries.artist_key
left join albums on albums.artist_key is not distinct from entries.artist_key and albums.album_name = entries.album_name
"""

_NUMBERED: Final = f"""
with {MUSIC}
select entry, recording, artist, started_at, local_started_at, is_counted, is_skipped,
       greatest(0, least(ms_played, 4294967295)) as ms_played
from music
join entries
  on entries.recording_key is not distinct from music.recording_key
 and entries.artist_key is not distinct from music.artist_key
 and entries.album_name is not distinct from music.album_name
"""

_LENGTHS: Final = """
select entry, ms_played as length_ms
from numbered
group by entry, ms_played
qualify row_number() over (partition by entry order by count(*) desc, ms_played desc) = 1
"""

_TABLES: Final = {
    "spellings": _SPELLINGS,
    "artists": _ARTISTS,
    "recordings": _RECORDINGS,
    "albums": _ALBUMS,
    "entries": _ENTRIES,
    "numbered": _NUMBERED,
    "lengths": _LENGTHS,
}

# What the page carries besides the plays: names as lists, in the order of their numbers; a missing name is empty.
NAMES: Final = {
    "artists": "select artist_name from artists order by artist",
    "tracks": f"""
        select track_name,
               case when place <= {LINKED} and starts_with(spotify_uri, 'spotify:track:') then substr(spotify_uri, 15)
                    else '' end
        from recordings
        order by recording
    """,
    "albums": "select album_name from albums order by album",
}
# What an entry is of, and whose a recording is if not of the artist of its first entry: 0 stands for nothing.
OF: Final = (
    "select recording + 1, artist + 1, album + 1 from entries order by entry",
    """
    select case when artists.artist is distinct from first.artist then coalesce(artists.artist, -1) + 2 else 0 end
    from recordings
    join (select recording, nullif(min_by(artist, entry), -1) as artist from entries group by all) as first using (recording)
    left join artists using (artist_key)
    order by recording
    """,
)
LENGTHS: Final = "select length_ms from lengths order by entry"


_VARIOUS: Final = f"select artist from artists where {NO_ARTIST}"


def _firsts(what: str) -> str:
    """Find the first counted play of each: of those that began at one instant, one. "Various Artists" is nobody one meets."""
    left_out = f" and artist not in ({_VARIOUS})" if what == "artist" else ""
    return f"""
        select first.rowid as nth from numbered as first
        join (
            select {what}, min(started_at) as started_at from numbered
            where is_counted and {what} >= 0{left_out} group by {what}
        ) as begins on begins.{what} = first.{what} and begins.started_at = first.started_at
        where first.is_counted
        qualify row_number() over (partition by first.{what} order by entry, ms_played, is_skipped, first.rowid) = 1
    """


# When a play began, entry, milliseconds (how much less than usual, if nearly so), flags. The minute since 1970 by the
# listener's clock is told as what it is after the play before began and was heard: 0, 1, -1, 2 … minutes are 0, 2, 1, 4 …
# Plays of one instant that differ in nothing here may come in any order. A first time is that of the whole history, in real
# time.
PLAYS: Final = f"""
with flagged as (
    select entry, local_started_at, epoch_ms(local_started_at) // 60000 as minute, ms_played, length_ms - ms_played as less_ms,
           cast(is_counted as int) + 2 * cast(coalesce(is_skipped, false) as int) + 4 * cast(is_skipped is not null as int)
               + 8 * cast(new_artists.nth is not null as int) + 16 * cast(new_tracks.nth is not null as int)
               + case when ms_played = length_ms then {USUAL_LENGTH}
                      when length_ms - ms_played between 1 and {NEAR - 1} then {NEAR_LENGTH} else 0 end as flags
    from numbered
    join lengths using (entry)
    left join ({_firsts("artist")}) as new_artists on new_artists.nth = numbered.rowid
    left join ({_firsts("recording")}) as new_tracks on new_tracks.nth = numbered.rowid
),
placed as (
    select *, row_number() over in_order as place,
           minute - coalesce(lag(minute + (ms_played + {HALF_AWAY}) // 60000) over in_order, 0) as later
    from flagged
    window in_order as (order by local_started_at, entry, ms_played, flags)
)
select case when later < 0 then -2 * later - 1 else 2 * later end as step, entry,
       case when flags & {NEAR_LENGTH} > 0 then less_ms else ms_played end as ms, flags
from placed
order by place
"""


@contextmanager
def numbered(connection: duckdb.DuckDBPyConnection, user: str) -> Iterator[None]:
    """Make the tables that `NAMES`, `LENGTHS` and `PLAYS` read, for this connection alone; they are gone afterwards."""
    try:
        for table, sql in _TABLES.items():
            connection.execute(f"create or replace temp table {table} as {sql}", {"user": user} if "$user" in sql else {})
        yield
    finally:
        for table in _TABLES:
            connection.execute(f"drop table if exists temp.{table}")
