"""What the fields mean: from rows as Spotify wrote them to typed rows, as expressions of DuckDB's SQL.

Nothing here knows where the rows come from or go to. A value that cannot be read is null; a row without a readable time or
time played has a reason why it is no play.
"""

from types import MappingProxyType
from typing import Final

from longplay.exports.layouts import Kind

# Milliseconds since 1970 are above this from March 1973 on, seconds not before the year 5138.
_MILLISECONDS_FROM: Final = "100000000000"


def _instant(field: str) -> str:
    return (
        f"case when ends_with({field}, 'Z') or length({field}) = 16 then try_cast({field} as timestamp) "
        f"else timezone('UTC', try_cast({field} as timestamptz)) end"
    )


_OFFLINE_NUMBER: Final = "try_cast(offline_timestamp as bigint)"
_OFFLINE_AT: Final = (
    f"case when {_OFFLINE_NUMBER} > {_MILLISECONDS_FROM} then try(epoch_ms({_OFFLINE_NUMBER})) "
    f"when {_OFFLINE_NUMBER} > 1 then try(epoch_ms({_OFFLINE_NUMBER} * 1000)) end"
)

_EXTENDED: Final = {
    "reported_at": _instant("ts"),
    "ms_played": "try_cast(ms_played as bigint)",
    "platform": "platform",
    "country": "conn_country",
    "track_name": "master_metadata_track_name",
    "artist_name": "master_metadata_album_artist_name",
    "album_name": "master_metadata_album_album_name",
    "track_uri": "spotify_track_uri",
    "episode_name": "episode_name",
    "show_name": "episode_show_name",
    "episode_uri": "spotify_episode_uri",
    "audiobook_title": "audiobook_title",
    "audiobook_uri": "audiobook_uri",
    "chapter_title": "audiobook_chapter_title",
    "chapter_uri": "audiobook_chapter_uri",
    "reason_start": "reason_start",
    "reason_end": "reason_end",
    "shuffle": "try_cast(shuffle as boolean)",
    "skipped": "try_cast(skipped as boolean)",
    "offline": "try_cast(offline as boolean)",
    "offline_at": f"case when {_OFFLINE_AT} between $earliest and $latest then {_OFFLINE_AT} end",
    "incognito_mode": "try_cast(incognito_mode as boolean)",
}


def _account(content_type: str, maker: str, title: str) -> dict[str, str]:
    return {
        "reported_at": _instant("endTime"),
        "ms_played": "try_cast(msPlayed as bigint)",
        "content_type": f"'{content_type}'",
        "artist_name": maker,
        "track_name": title,
    }


# The kind of a file: the table its rows belong to, and how to get each column from the fields.
MEANING: Final = MappingProxyType(
    {
        "extended": ("streaming_history", _EXTENDED),
        "music": ("account_history", _account("track", "artistName", "trackName")),
        "podcast": ("account_history", _account("episode", "podcastName", "episodeName")),
        "audiobook": ("account_history", _account("audiobook", "authorName", "audiobookName")),
        "library": (
            "saved_tracks",
            {"track_uri": "uri", "track_name": "track", "artist_name": "artist", "album_name": "album"},
        ),
        "playlists": (
            "playlists",
            {
                "playlist_name": "name",
                "modified_on": "try_cast(lastModifiedDate as date)",
                "position": "try_cast(position as bigint)",
                "track_uri": "trackUri",
                "track_name": "trackName",
                "artist_name": "artistName",
                "album_name": "albumName",
                "added_on": "try_cast(addedDate as date)",
            },
        ),
        "searches": ("searches", {"searched_at": _instant("searchTime"), "uri": "uri"}),
    }
)


def reason_of(kind: Kind) -> str:
    """Give the expression that says why a row is no play; null for a good one."""
    expressions = MEANING[kind.name][1]
    if "ms_played" not in expressions:
        return "fault"
    at, ms, text = expressions["reported_at"], expressions["ms_played"], kind.fields[_length_at(kind)]
    return f"""case
        when fault is not null then fault
        when {at} is null then 'no readable time'
        when {at} < $earliest then 'a time before 2006'
        when {at} > $latest then 'a time to come'
        when {text} is null then 'no time played'
        when {ms} is null and isfinite(try_cast({text} as double)) then 'a time played beyond 64 bits'
        when {ms} is null then 'a time played that is no number'
        when {ms} < 0 then 'a negative time played'
    end"""


def _length_at(kind: Kind) -> int:
    return next(at for at, field in enumerate(kind.fields) if field in {"ms_played", "msPlayed"})


# What was played, as the sum of an import compares it: the address where there is one, and the names.
URI: Final = MappingProxyType(
    {
        "streaming_history": "coalesce(track_uri, episode_uri, chapter_uri, audiobook_uri)",
        "account_history": "cast(null as varchar)",
    }
)
NAMES: Final = MappingProxyType(
    {
        "streaming_history": (
            "lower(concat_ws(chr(31), artist_name, track_name, show_name, episode_name, audiobook_title, chapter_title))"
        ),
        "account_history": "lower(concat_ws(chr(31), artist_name, track_name))",
    }
)
