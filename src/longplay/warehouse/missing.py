"""What of a listener's music nobody has told yet, in order of listening time; and how much of it is told.

The landing tables say what was asked, so nothing is asked twice. What a source did not have it is asked for again after a
while. Private plays are not asked about, and count nowhere here.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import duckdb
from msgspec import Struct

from longplay.warehouse.ask import answers

ASK_AGAIN: Final = timedelta(days=90)


def _named(column: str) -> str:
    """Spell a name as the models compare names."""
    return f"trim(lower(regexp_replace({column}, '[[:space:]]+', ' ', 'g')))"


# What was heard, who is known, and who was asked since an instant. `$source` is who would be asked now.
_KNOWN: Final = rf"""
with plays as (
    select
        case when regexp_full_match(spotify_uri, 'spotify:track:[0-9A-Za-z]{{22}}') then track_key end as track_id,
        {_named("artist_name")} as artist, artist_name, track_name, sum(ms_played)::bigint as ms
    from marts.fct_plays
    where user_id = $user and content_type = 'track' and ms_played > 0
      and not is_incognito and not is_covered and not is_excluded
    group by all
),
track_sounds as (
    select
        track_id, bool_or(valence is not null or energy is not null) as is_known,
        max(fetched_at) filter (source = $source) as asked_at
    from lake.audio_features group by track_id
),
tracks_told as (
    select track_id, bool_or(track_name is not null) as is_known, max(fetched_at) as asked_at
    from lake.tracks where track_id is not null group by track_id
),
tracks as (
    select
        track_id, any_value(artist) as artist, sum(ms)::bigint as ms,
        coalesce(any_value(track_sounds.is_known), false) as is_sounding, any_value(track_sounds.asked_at) as sound_asked_at,
        coalesce(any_value(tracks_told.is_known), false) as is_told, any_value(tracks_told.asked_at) as told_asked_at
    from plays left join track_sounds using (track_id) left join tracks_told using (track_id)
    where track_id is not null group by track_id
),
ids as (
    select {_named("artist_name")} as artist, case when count(distinct artist_id) = 1 then min(artist_id) end as artist_id
    from lake.artists where artist_name is not null and artist_id is not null group by 1
),
genres as (
    select
        {_named("artist_name")} as artist, bool_or(genre is not null) as is_known,
        max(fetched_at) filter (source = $source) as asked_at
    from lake.artist_genres group by 1
    union all
    select {_named("artist_name")}, bool_or(genres <> '[]'), max(fetched_at) filter ($source = 'spotify' and genres is not null)
    from lake.artists where artist_name is not null group by 1
),
matches as (
    select
        {_named("artist_name")} as artist,
        arg_max(source_id, fetched_at) filter (source_id is not null) as source_id,
        arg_max(evidence, fetched_at) filter (source_id is not null) as evidence,
        max(fetched_at) filter (evidence = 'spotify address') as address_asked_at,
        max(fetched_at) filter (evidence = 'name and title') as name_asked_at
    from lake.artist_matches where source = $source group by 1
),
artists as (
    select
        artist, arg_max(artist_name, ms) as artist_name, sum(ms)::bigint as ms,
        first(track_name order by regexp_matches(track_name, '[(\[]| - '), ms desc, track_name)
            filter (track_name is not null) as title
    from plays where artist is not null and artist <> 'various artists' group by artist
),
artists_known as (
    select
        artists.*, ids.artist_id, matches.source_id, matches.evidence, matches.address_asked_at, matches.name_asked_at,
        artist in (select artist from genres where is_known) as is_told,
        (select max(asked_at) from genres where genres.artist = artists.artist) as genres_asked_at
    from artists left join ids using (artist) left join matches using (artist)
)
"""  # noqa: S608  ours

_ARTISTS: Final = "select artist_name, artist_id, title, source_id, evidence from artists_known where not is_told and "
_UNFOUND: Final = "source_id is null and "
_BY_LISTENING: Final = " order by ms desc, artist limit $most"

# For each need, by its name in `longplay.enrichment.records`: whom to ask about next. One track tells the id of an artist, so
# of those whose id is unknown the track heard most comes before all others.
_ASKED: Final = {
    "features": "select track_id from tracks where not is_sounding and not coalesce(sound_asked_at > $since, false)"
    " order by ms desc, track_id limit $most",
    "tracks": "select track_id from tracks left join ids using (artist)"
    " where not is_told and not coalesce(told_asked_at > $since, false)"
    " order by artist_id is not null or row_number() over (partition by artist order by ms desc, track_id) > 1,"
    " ms desc, track_id limit $most",
    "genres_by_id": f"{_ARTISTS} artist_id is not null and not coalesce(genres_asked_at > $since, false) {_BY_LISTENING}",
    "genres_by_name": f"{_ARTISTS} not coalesce(genres_asked_at > $since, false) {_BY_LISTENING}",
    "addresses": f"{_ARTISTS} {_UNFOUND} artist_id is not null and not coalesce(address_asked_at > $since, false)"
    f" {_BY_LISTENING}",
    "names": f"{_ARTISTS} {_UNFOUND} title is not null and not coalesce(name_asked_at > $since, false)"
    f" and (artist_id is null or address_asked_at is not null) {_BY_LISTENING}",
    "genres_of_matches": f"{_ARTISTS} source_id is not null and not coalesce(genres_asked_at > $since, false) {_BY_LISTENING}",
}

_SHARES: Final = f"""{_KNOWN}
select
    (select coalesce(sum(ms), 0) from plays)::bigint as ms,
    (select coalesce(sum(ms), 0) from tracks where is_sounding)::bigint as ms_with_features,
    (select coalesce(sum(ms), 0) from artists_known where is_told)::bigint as ms_with_genres
"""  # noqa: S608


class Search(Struct, frozen=True):
    """Whose music lacks what, whom we would ask, when (UTC), and for how many items at most."""

    user: str
    need: str
    source: str
    now: datetime
    most: int


def missing(connection: duckdb.DuckDBPyConnection, search: Search) -> list[dict[str, Any]]:
    """Give what may be asked for next, the longest heard first: fields of `longplay.enrichment.records.Wanted`."""
    since = search.now.replace(tzinfo=None) - ASK_AGAIN
    values = {"user": search.user, "source": search.source, "since": since, "most": search.most}
    return answers(connection, f"{_KNOWN} {_ASKED[search.need]}", values)


def shares(connection: duckdb.DuckDBPyConnection, user: str) -> dict[str, int]:
    """Tell how much of a listener's music is told: fields of `longplay.enriching.Shares`."""
    return answers(connection, _SHARES, {"user": user, "source": ""})[0]
