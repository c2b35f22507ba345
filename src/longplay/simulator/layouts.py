"""The rows of an extended streaming history, in each of the four layouts Spotify has used."""

from datetime import UTC, datetime
from typing import Any, Final

from longplay.simulator.catalogue import Chapter, Episode, Track
from longplay.simulator.plays import Play
from longplay.simulator.private import ADDRESSES, CITY, LATITUDE, LONGITUDE, USER_AGENT, USERNAME

Row = dict[str, Any]

# Between these `skipped` was not written; archives from 2024 on say `false` for those years, which is no evidence.
_UNSAID: Final = (datetime(2016, 3, 1, tzinfo=UTC), datetime(2022, 10, 14, tzinfo=UTC))
_SAYS_NULL: Final = frozenset({"extended-2020", "extended-2023"})

_SONG: Final = ("master_metadata_track_name", "master_metadata_album_artist_name", "master_metadata_album_album_name")
_EPISODE: Final = ("episode_name", "episode_show_name")
_BOOK: Final = ("audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title")
_HOW: Final = ("reason_start", "reason_end", "shuffle", "skipped", "offline", "offline_timestamp", "incognito_mode")
_WITH_URIS: Final = (*_SONG, "spotify_track_uri", *_EPISODE, "spotify_episode_uri")
_PERSON: Final = ("username", "platform", "ms_played", "conn_country", "ip_addr_decrypted", "user_agent_decrypted")
_SITE: Final = ("city", "region", "metro_code", "longitude", "latitude")

# The fields of a row, in the order Spotify writes them.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "extended-2020": ("ts", *_PERSON, *_SITE, *_SONG, *_EPISODE, *_HOW),
    "extended-2023": ("ts", *_PERSON, *_WITH_URIS, *_HOW),
    "extended-2024": ("ts", "platform", "ms_played", "conn_country", "ip_addr", *_WITH_URIS, *_HOW),
    "extended-2025": ("ts", "platform", "ms_played", "conn_country", "ip_addr", *_WITH_URIS, *_BOOK, *_HOW),
}


def can_hold(play: Play, layout: str) -> bool:
    """Tell whether a layout has fields for what was played: audiobooks came last."""
    return layout == "extended-2025" or not isinstance(play.what, Chapter)


def row(play: Play, layout: str) -> Row:
    """Write a play as an archive of that layout does."""
    values = _common(play, layout) | _named(play)
    return {field: values.get(field) for field in FIELDS[layout]}


def _common(play: Play, layout: str) -> Row:
    address = ADDRESSES[play.started_at.toordinal() % len(ADDRESSES)]
    return {
        "ts": f"{play.reported_at:%Y-%m-%dT%H:%M:%SZ}",
        "username": USERNAME,
        "platform": play.platform,
        "ms_played": play.ms_played,
        "conn_country": play.country,
        "ip_addr": address,
        "ip_addr_decrypted": address,
        "user_agent_decrypted": USER_AGENT if play.started_at.hour % 2 else "unknown",
        "city": CITY,
        "region": "03",
        "metro_code": "0",
        "longitude": LONGITUDE,
        "latitude": LATITUDE,
        "reason_start": play.reason_start,
        "reason_end": play.reason_end,
        "shuffle": play.shuffle,
        "skipped": _skipped(play, layout),
        "offline": play.offline,
        "offline_timestamp": play.offline_timestamp,
        "incognito_mode": play.is_incognito,
    }


def _skipped(play: Play, layout: str) -> bool | None:
    if _UNSAID[0] <= play.ended_at < _UNSAID[1]:
        return None if layout in _SAYS_NULL else False
    return play.is_skipped


def _named(play: Play) -> Row:
    match play.what:
        case Track() as track:
            return dict(zip(_SONG, (track.name, track.artist, track.album), strict=True)) | {"spotify_track_uri": track.uri}
        case Episode() as episode:
            return dict(zip(_EPISODE, (episode.name, episode.show), strict=True)) | {"spotify_episode_uri": episode.uri}
        case Chapter() as chapter:
            return dict(zip(_BOOK, (chapter.book, chapter.book_uri, chapter.uri, chapter.name), strict=True))
        case None:
            return {}
