"""From raw rows to typed ones, in SQL: what a field means, and why a row cannot be read.

A bad value is never fatal: everything is tried, and a row without a readable time or length is rejected with the reason.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from msgspec import Struct

from longplay.exports.duck import Reader, literal
from longplay.exports.layouts import AUDIOBOOK, EXTENDED, LIBRARY, MUSIC, PLAYLISTS, PODCAST, SEARCHES, Kind

FIRST_DAY: Final = "timestamp '2006-01-01'"  # Spotify was founded that year
MARGIN: Final = timedelta(hours=48)  # clocks are wrong, but not by more


class Origin(Struct, frozen=True):
    """Whose rows these are, of what kind, and where they stand."""

    kind: Kind
    user: str
    archive: str
    layout: str
    member: str


TABLE: Final[dict[Kind, str]] = {
    EXTENDED: "streaming_history",
    MUSIC: "account_history",
    PODCAST: "account_history",
    AUDIOBOOK: "account_history",
    LIBRARY: "saved_tracks",
    PLAYLISTS: "playlists",
    SEARCHES: "searches",
}


def write_typed(reader: Reader, origin: Origin, raw: Path, typed: Path, now: datetime) -> int:
    """Write the readable rows with the columns of their landing table; returns how many there are."""
    kind = origin.kind
    source = f"read_parquet({literal(raw)})"
    rows = f"({_with_reason(kind, source, now)})" if kind in _TIME else source
    readable = "where reason is null" if kind in _TIME else ""
    told = [origin.member] if kind in _TIME else []
    return reader.write(f"select {_origin(origin)}, {_COLUMNS[kind]} from {rows} {readable}", typed, told)  # noqa: S608


def write_rejected(reader: Reader, kind: Kind, raw: Mapping[Path, str], rejected: Path, now: datetime) -> int:
    """Write the rows that cannot be read, their known fields as text, each with its reason; returns how many there are.

    `raw` names the member of each file of raw rows. One question for all of them costs far less than one for each.
    """
    fields = ", ".join('ms_played_text as "ms_played"' if field == "ms_played" else f'"{field}"' for field in kind.fields)
    files, members = (f"[{', '.join(map(literal, names))}]" for names in (raw.keys(), raw.values()))
    return reader.write(
        f"select map({files}, {members})[filename] as member, row_number, reason, {fields} "  # noqa: S608  fields of the allow-list
        f"from ({_with_reason(kind, f'read_parquet({files}, filename = true)', now)}) where reason is not null",
        rejected,
    )


def _with_reason(kind: Kind, source: str, now: datetime) -> str:
    time, length = _TIME[kind]
    nothing = ", ".join("ms_played_text" if field == "ms_played" else f'"{field}"' for field in kind.fields)
    latest = literal((now + MARGIN).replace(tzinfo=None).isoformat(sep=" "))
    return f"""
        select *, case
            when problem is not null then problem
            when reported_at is null then if(coalesce({nothing}) is null, 'no known field in it', 'no readable time')
            when reported_at < {FIRST_DAY} then 'a time before 2006'
            when reported_at > timestamp {latest} then 'a time to come'
            when length is null then 'no readable time played'
            when length < 0 then 'a negative time played'
            when ms_played is null and not isnan(length) and abs(length) >= 9.2e18
                then 'a time played beyond 64 bits'
            when ms_played is null then 'no readable time played'
            when ms_played > epoch_ms(reported_at) - epoch_ms({FIRST_DAY}) then 'a time played that began before 2006'
        end as reason
        from (
            select {_TEXTS[kind]}, {time} as reported_at, try_cast({length} as double) as length,
                case when length = floor(length) then try_cast({length} as bigint) end as ms_played
            from {source}
        )
    """  # noqa: S608  every name is ours


def _origin(origin: Origin) -> str:
    known = f"{literal(origin.user)} as user_id, {literal(origin.archive)} as archive"
    if origin.kind not in _TIME:
        return known
    return f"{known}, {literal(origin.layout)} as layout, ?::varchar as member, row_number"


def _account(content_type: str, maker: str, title: str) -> str:
    return f"reported_at, ms_played, '{content_type}' as content_type, {maker} as artist_name, {title} as track_name"


# `ts` is the end of a play in UTC; a whole second as a rule, always with its day.
_TS: Final = r"""
    case
        when length(ts) = 20 and ends_with(ts, 'Z') then try_cast(ts as timestamp)
        when regexp_matches(ts, '^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d')
            then try_cast(try_cast(ts as timestamptz) as timestamp)
    end
"""
_END_TIME: Final = r"case when regexp_matches(endTime, '^\d{4}-\d\d-\d\d \d\d:\d\d') then try_cast(endTime as timestamp) end"
_TIME: Final[dict[Kind, tuple[str, str]]] = {
    EXTENDED: (_TS, "ms_played_text"),
    MUSIC: (_END_TIME, "msPlayed"),
    PODCAST: (_END_TIME, "msPlayed"),
    AUDIOBOOK: (_END_TIME, "msPlayed"),
}

# The raw column `ms_played` is text; it makes room for the number of that name.
_TEXTS: Final[dict[Kind, str]] = {
    EXTENDED: "* rename (ms_played as ms_played_text)",
    MUSIC: "*",
    PODCAST: "*",
    AUDIOBOOK: "*",
}

# `offline_timestamp` is milliseconds, then seconds, both in one file: decided value by value. 0 and 1 say nothing.
_OFFLINE_AT: Final = """
    case
        when try_cast(offline_timestamp as bigint) between 1136073600000 and 32503680000000
            then epoch_ms(try_cast(offline_timestamp as bigint))
        when try_cast(offline_timestamp as bigint) between 1136073600 and 32503680000
            then epoch_ms(try_cast(offline_timestamp as bigint) * 1000)
    end
"""

_COLUMNS: Final[dict[Kind, str]] = {
    EXTENDED: f"""
        reported_at, ms_played, platform, nullif(conn_country, '') as country,
        master_metadata_track_name as track_name, master_metadata_album_artist_name as artist_name,
        master_metadata_album_album_name as album_name, spotify_track_uri as track_uri,
        episode_name, episode_show_name as show_name, spotify_episode_uri as episode_uri,
        audiobook_title, audiobook_uri, audiobook_chapter_title as chapter_title, audiobook_chapter_uri as chapter_uri,
        reason_start, reason_end, try_cast(shuffle as boolean) as shuffle, try_cast(skipped as boolean) as skipped,
        try_cast(offline as boolean) as offline, {_OFFLINE_AT} as offline_at,
        try_cast(incognito_mode as boolean) as incognito_mode
    """,
    MUSIC: _account("track", "artistName", "trackName"),
    PODCAST: _account("episode", "podcastName", "episodeName"),
    AUDIOBOOK: _account("audiobook", "authorName", "audiobookName"),
    LIBRARY: """
        uri as track_uri, track as track_name, artist as artist_name, album as album_name,
        null::timestamp as added_at, null::timestamp as fetched_at
    """,
    PLAYLISTS: """
        playlist as playlist_name, try_cast(modified as date) as modified_on, try_cast(position as bigint) as position,
        trackUri as track_uri, trackName as track_name, artistName as artist_name, albumName as album_name,
        try_cast(added as date) as added_on
    """,
    SEARCHES: "try_cast(replace(replace(time, '[UTC]', ''), 'Z', '') as timestamp) as searched_at, uri",
}
