"""The shape of every landing table: the one place that spells their columns and types.

`process` writes Parquet files of these columns, in this order; `load` creates the tables from them in the schema `lake` and
adds `source_file` (the key of the processed object a row came from) and `load_number` (which load brought it; increments go
by it). All instants are UTC without a zone, all lengths milliseconds.
"""

from types import MappingProxyType
from typing import Final

LANDING: Final = MappingProxyType(
    {
        # One row for each readable row of an extended streaming history; exact repeats are still in it.
        "streaming_history": {
            "user_id": "VARCHAR",  # our name for a listener, never Spotify's
            "archive": "VARCHAR",  # the hash that names the archive
            "layout": "VARCHAR",  # extended-2020, -2023, -2024, -2025: sorts by age
            "member": "VARCHAR",  # file name inside the archive, without folders
            "row_number": "BIGINT",  # from 0, in the file
            "reported_at": "TIMESTAMP",  # `ts`: when Spotify says the play ended
            "ms_played": "BIGINT",
            "platform": "VARCHAR",  # cleaned of anything that looks like a device's id
            "country": "VARCHAR",
            "track_name": "VARCHAR",
            "artist_name": "VARCHAR",  # the album's artist
            "album_name": "VARCHAR",
            "track_uri": "VARCHAR",
            "episode_name": "VARCHAR",
            "show_name": "VARCHAR",
            "episode_uri": "VARCHAR",
            "audiobook_title": "VARCHAR",
            "audiobook_uri": "VARCHAR",
            "chapter_title": "VARCHAR",
            "chapter_uri": "VARCHAR",
            "reason_start": "VARCHAR",
            "reason_end": "VARCHAR",
            "shuffle": "BOOLEAN",
            "skipped": "BOOLEAN",
            "offline": "BOOLEAN",
            "offline_at": "TIMESTAMP",  # `offline_timestamp`, seconds or milliseconds made one; 0 and 1 are null
            "incognito_mode": "BOOLEAN",
        },
        # One row for each readable row of the account data's history: minutes and names only.
        "account_history": {
            "user_id": "VARCHAR",
            "archive": "VARCHAR",
            "layout": "VARCHAR",  # account
            "member": "VARCHAR",
            "row_number": "BIGINT",
            "reported_at": "TIMESTAMP",  # `endTime`: a whole minute
            "ms_played": "BIGINT",
            "content_type": "VARCHAR",  # track, episode, audiobook
            "artist_name": "VARCHAR",  # artist, podcast or author
            "track_name": "VARCHAR",  # track, episode or book
        },
        # One row for each track in the library of one archive.
        "saved_tracks": {
            "user_id": "VARCHAR",
            "archive": "VARCHAR",
            "track_uri": "VARCHAR",
            "track_name": "VARCHAR",
            "artist_name": "VARCHAR",
            "album_name": "VARCHAR",
        },
        # One row for each entry of each playlist of one archive.
        "playlists": {
            "user_id": "VARCHAR",
            "archive": "VARCHAR",
            "playlist_name": "VARCHAR",
            "modified_on": "DATE",
            "position": "BIGINT",
            "track_uri": "VARCHAR",
            "track_name": "VARCHAR",
            "artist_name": "VARCHAR",
            "album_name": "VARCHAR",
            "added_on": "DATE",
        },
        # One row for each result somebody touched in a search; the words of the search are never kept.
        "searches": {
            "user_id": "VARCHAR",
            "archive": "VARCHAR",
            "searched_at": "TIMESTAMP",
            "uri": "VARCHAR",
        },
        # One row for each observation of an artist.
        "artists": {
            "artist_id": "VARCHAR",
            "artist_name": "VARCHAR",
            "genres": "VARCHAR",  # a JSON list; null where Spotify left it out
            "popularity": "BIGINT",
            "followers": "BIGINT",
            "fetched_at": "TIMESTAMP",
        },
        # One row for each member of each archive: its share of the import's sum.
        "archives": {
            "user_id": "VARCHAR",
            "archive": "VARCHAR",
            "layout": "VARCHAR",
            "member": "VARCHAR",
            "read": "BIGINT",
            "distinct_rows": "BIGINT",
            "repeated": "BIGINT",
            "rejected": "BIGINT",
            "first_at": "TIMESTAMP",
            "last_at": "TIMESTAMP",
            "is_complete": "BOOLEAN",  # false where chunks of the archive's numbered series are missing
            "unknown_fields": "VARCHAR",  # names only, comma separated
        },
    }
)
