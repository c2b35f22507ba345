"""What the card of a year tells, asked of the marts for all years of a listener at once."""

# ruff: noqa: S608  the pieces put together are ours; what is not comes in as a parameter

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import duckdb

from longplay.report import queries
from longplay.report.record import Days

FIRST_DAYS: Final = 90  # at the start of a history everything is new, so nothing is a discovery
FAMILIES: Final = 7  # with a colour of their own
KNOWN: Final = 0.5  # of the plays: from then on the segments are genres
NEWNESS: Final = ("Heard before", "New track", "New artist")
OTHER, UNKNOWN = "Other", "Unknown"
TOP: Final = 5

# The plays are read once for all that counts by name; what comes after reads only as many rows as there are songs in years.
_SPELLED: Final = f"""
create or replace temp table year_songs as
with {queries.MUSIC}
select year(local_started_at) as year, artist_key, recording_key, artist_name, track_name,
       count(*) filter (where is_counted) as plays, sum(ms_played) as ms_played, min(started_at) as first_at
from music
group by all
"""

_NUMBERS: Final = f"""
select year, cast(sum(ms_played) as bigint), cast(sum(plays) as bigint),
       count(distinct artist_key) filter (where plays > 0 and not {queries.NO_ARTIST}),
       count(distinct recording_key) filter (where plays > 0)
from year_songs
group by year
order by year
"""

_TOP: Final = f"""
with spelled as (
    select year, {{key}} as key, {{name}} as name, artist_name, sum(plays) as plays, sum(ms_played) as ms_played,
           min(first_at) as first_at
    from year_songs
    where {{key}} is not null and not ('{{key}}' = 'artist_key' and {queries.NO_ARTIST})
    group by all
),
ranked as (
    select year, first(name order by plays desc, name) as name, first(artist_name order by plays desc, artist_name) as artist,
           sum(plays) as plays,
           row_number() over (partition by year order by sum(plays) desc, sum(ms_played) desc, min(first_at), key) as rank
    from spelled
    group by year, key
)
select year, coalesce(name, ''), coalesce(artist, ''), cast(plays as bigint)
from ranked
where rank <= {TOP} and plays > 0
order by year, rank
"""

# A play may be the first of its artist, of its song, or both: then it is a new artist's.
_NEWNESS: Final = f"""
with {queries.MUSIC},
firsts as (
    select artist_key, recording_key, bool_or({queries.NO_ARTIST}) as is_various,
           min(started_at) as first_at, arg_min(cast(local_started_at as date), started_at) as date
    from music
    where is_counted
    group by all
),
new as (
    select date,
           artist_key is not null and not is_various
               and row_number() over (of_artist order by first_at, recording_key) = 1 as artist,
           recording_key is not null and row_number() over (of_track order by first_at, artist_key) = 1 as track
    from firsts
    window of_artist as (partition by artist_key), of_track as (partition by recording_key)
    qualify date >= $settled
),
found as (
    select date, count(*) filter (where artist) as artists, count(*) filter (where track and not artist) as tracks
    from new
    group by date
),
played as (
    select cast(local_started_at as date) as date, count(*) as plays from music where is_counted group by all
)
select date, plays - coalesce(artists, 0) - coalesce(tracks, 0), coalesce(tracks, 0), coalesce(artists, 0)
from played left join found using (date)
"""

# The leading family of an artist is that of all their plays.
_GENRES: Final = f"""
with {queries.MUSIC},
families as (
    select artist_key, family
    from intermediate.int_artist_families
    qualify row_number() over (partition by artist_key order by weight desc, family) = 1
)
select cast(local_started_at as date) as date, coalesce(family, '{UNKNOWN}') as family, count(*) as plays
from music left join families using (artist_key)
where is_counted
group by all
"""

_HAS_GENRES: Final = """
select count(*) from information_schema.tables
where table_catalog = current_database() and table_schema = 'intermediate' and table_name = 'int_artist_families'
"""


@dataclass(frozen=True)
class Named:
    """An artist or a song, and how often it was played."""

    name: str
    artist: str
    plays: int


@dataclass(frozen=True)
class Year:
    """One year of a listener's music. `segments` names the parts of its days, the innermost first."""

    year: int
    is_over: bool
    ms_played: int
    plays: int
    artists: int
    songs: int
    new_artists: int | None  # none while everything is new
    top_artists: Sequence[Named]
    top_songs: Sequence[Named]
    segments: Sequence[str]
    days: Days

    @property
    def is_by_genre(self) -> bool:
        """Say whether the segments are genres, and not how new the plays were."""
        return tuple(self.segments) != NEWNESS


def years(connection: duckdb.DuckDBPyConnection, user: str) -> dict[int, Year]:
    """Give every year in which a listener played music, the first first; reads the marts, and genres where they are known."""
    span = connection.execute(queries.SPAN, {"user": user}).fetchone()
    first, last = span or (None, None)
    if first is None or last is None:
        return {}
    newness, genres = _newness(connection, user, first), Genres.asked(connection, user)
    connection.execute(_SPELLED, {"user": user})
    artists, songs = _top(connection, "artist_key", "artist_name"), _top(connection, "recording_key", "track_name")
    numbers = connection.execute(_NUMBERS).fetchall()
    connection.execute("drop table temp.year_songs")
    made = {}
    for year, ms_played, plays, heard, different in numbers:
        begin, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
        segments, parts = genres.of(begin, end, plays) or (NEWNESS, newness)
        new = None if begin < first + timedelta(days=FIRST_DAYS) else sum(part[2] for part in _days(newness, begin, end).parts)
        made[year] = Year(
            year, last >= date(year, 12, 31), ms_played, plays, heard, different, new,
            artists[year], songs[year], segments, _days(parts, begin, end, len(segments)),
        )  # fmt: skip
    return {year: facts for year, facts in made.items() if facts.plays}


def _days(parts: Mapping[date, tuple[int, ...]], first: date, last: date, many: int = len(NEWNESS)) -> Days:
    """Lay a range out day by day, silent ones too."""
    silent = (0,) * many
    return Days(first, [parts.get(first + timedelta(days=number), silent) for number in range((last - first).days + 1)])


def _newness(connection: duckdb.DuckDBPyConnection, user: str, first: date) -> dict[date, tuple[int, ...]]:
    asked = connection.execute(_NEWNESS, {"user": user, "settled": first + timedelta(days=FIRST_DAYS)})
    return {day: tuple(parts) for day, *parts in asked.fetchall()}


def _top(connection: duckdb.DuckDBPyConnection, key: str, name: str) -> defaultdict[int, list[Named]]:
    made: defaultdict[int, list[Named]] = defaultdict(list)
    for year, *named in connection.execute(_TOP.format(key=key, name=name)).fetchall():
        made[year].append(Named(*named))
    return made


@dataclass(frozen=True)
class Genres:
    """Plays by day and family; the families in the order of their plays in the whole history."""

    families: Sequence[str]
    days: Mapping[date, Mapping[str, int]]

    @classmethod
    def asked(cls, connection: duckdb.DuckDBPyConnection, user: str) -> "Genres":
        """Ask for the leading family of each play's artist; nothing where no genres were ever asked for."""
        if connection.execute(_HAS_GENRES).fetchall() == [(0,)]:
            return cls([], {})
        days: defaultdict[date, dict[str, int]] = defaultdict(dict)
        plays: defaultdict[str, int] = defaultdict(int)
        for day, family, count in connection.execute(_GENRES, {"user": user}).fetchall():
            days[day][family] = count
            plays[family] += count
        named = sorted(plays.keys() - {UNKNOWN, "other"}, key=lambda family: (-plays[family], family))
        return cls(named[:FAMILIES], days)

    def of(self, first: date, last: date, plays: int) -> tuple[Sequence[str], dict[date, tuple[int, ...]]] | None:
        """Give the segments of a range and their plays by day; none where genres are known of less than half of its plays."""
        parts = {day: tuple(self._parts(families)) for day, families in self.days.items() if first <= day <= last}
        if not self.families or sum(part[-1] for part in parts.values()) > (1 - KNOWN) * plays:
            return None
        return (*self.families, OTHER, UNKNOWN), parts

    def _parts(self, families: Mapping[str, int]) -> Iterator[int]:
        """Yield the plays of each segment: the large families, all others, those of which nothing is known."""
        large = [families.get(family, 0) for family in self.families]
        unknown = families.get(UNKNOWN, 0)
        yield from (*large, sum(families.values()) - sum(large) - unknown, unknown)
