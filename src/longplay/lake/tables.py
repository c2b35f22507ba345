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
        # One row for each track in the library, as one archive or one page of the Web API tells it.
        "saved_tracks": {
            "user_id": "VARCHAR",
            "archive": "VARCHAR",  # null from the Web API
            "track_uri": "VARCHAR",
            "track_name": "VARCHAR",
            "artist_name": "VARCHAR",
            "album_name": "VARCHAR",
            "added_at": "TIMESTAMP",  # null from an archive, which does not say
            "fetched_at": "TIMESTAMP",  # null from an archive
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
        # One row for each item of each page of recently played; pages overlap, so a play is on many of them.
        "recently_played": {
            "user_id": "VARCHAR",
            "played_at": "TIMESTAMP",  # the end of the play
            "position": "BIGINT",  # 0 is the newest of the page
            "track_id": "VARCHAR",  # null for files of the listener's own and for episodes
            "track_uri": "VARCHAR",
            "track_name": "VARCHAR",
            "artist_id": "VARCHAR",  # of `artist_name`
            "artist_name": "VARCHAR",  # the album's first artist, as archives have it; without one the track's first
            "artist_ids": "VARCHAR",  # a JSON list: the track's artists
            "artist_names": "VARCHAR",  # a JSON list
            "album_id": "VARCHAR",
            "album_name": "VARCHAR",
            "duration_ms": "BIGINT",  # of the track, not of the play
            "explicit": "BOOLEAN",
            "isrc": "VARCHAR",
            "is_local": "BOOLEAN",
            "context_type": "VARCHAR",
            "context_uri": "VARCHAR",  # account names in it are masked
            "page": "VARCHAR",  # the name of the page: newest play and hash
            "fetched_at": "TIMESTAMP",
        },
        # One row for each place in one of Spotify's rankings.
        "top_items": {
            "user_id": "VARCHAR",
            "item_type": "VARCHAR",  # track, artist
            "time_range": "VARCHAR",  # short_term (four weeks), medium_term (half a year), long_term (a year)
            "rank": "BIGINT",  # from 1
            "item_id": "VARCHAR",
            "item_uri": "VARCHAR",
            "name": "VARCHAR",
            "artist_name": "VARCHAR",  # null for artists
            "page": "VARCHAR",
            "fetched_at": "TIMESTAMP",
        },
        # One row for each observation of a track: once for each page that speaks of it.
        "tracks": {
            "track_id": "VARCHAR",  # null for files of the listener's own
            "track_uri": "VARCHAR",
            "track_name": "VARCHAR",
            "artist_ids": "VARCHAR",  # a JSON list
            "artist_names": "VARCHAR",  # a JSON list
            "album_id": "VARCHAR",
            "album_name": "VARCHAR",
            "duration_ms": "BIGINT",
            "explicit": "BOOLEAN",
            "isrc": "VARCHAR",
            "is_local": "BOOLEAN",
            "popularity": "BIGINT",  # null where the app is not told
            "fetched_at": "TIMESTAMP",
        },
        # One row for each observation of an album.
        "albums": {
            "album_id": "VARCHAR",
            "album_uri": "VARCHAR",
            "album_name": "VARCHAR",
            "album_type": "VARCHAR",  # album, single, compilation
            "artist_ids": "VARCHAR",  # a JSON list
            "artist_names": "VARCHAR",  # a JSON list
            "release_date": "VARCHAR",  # a year, a month or a day
            "total_tracks": "BIGINT",
            "upc": "VARCHAR",
            "fetched_at": "TIMESTAMP",
        },
        # One row for each look-up of how a track sounds; all values null: asked for, and the source does not have it.
        "audio_features": {
            "track_id": "VARCHAR",
            "source": "VARCHAR",  # spotify, reccobeats, table (the listener's own)
            "acousticness": "DOUBLE",  # 0 to 1, like all without a unit
            "danceability": "DOUBLE",
            "energy": "DOUBLE",
            "instrumentalness": "DOUBLE",
            "liveness": "DOUBLE",
            "loudness": "DOUBLE",  # dB, about -60 to 0
            "speechiness": "DOUBLE",
            "tempo": "DOUBLE",  # beats a minute
            "valence": "DOUBLE",
            "key": "BIGINT",  # 0 is C, 1 is C sharp and so on; null where it could not be told
            "mode": "BIGINT",  # 1 is major, 0 is minor
            "fetched_at": "TIMESTAMP",
        },
        # One row for each genre of each look-up of an artist; without a genre: asked for, and the source tells none.
        "artist_genres": {
            "artist_name": "VARCHAR",  # as the listening spells it
            "artist_id": "VARCHAR",  # null where unknown
            "source": "VARCHAR",  # spotify, musicbrainz, lastfm
            "genre": "VARCHAR",
            "votes": "BIGINT",  # null where the source weighs nothing
            "evidence": "VARCHAR",  # how the artist was found: spotify address, name and title, name
            "fetched_at": "TIMESTAMP",
        },
        # One row for each search for an artist at another source; without a `source_id`: not found by this evidence.
        "artist_matches": {
            "artist_name": "VARCHAR",  # as the listening spells it
            "artist_id": "VARCHAR",  # at Spotify; null where unknown
            "source": "VARCHAR",  # musicbrainz
            "source_id": "VARCHAR",
            "evidence": "VARCHAR",  # spotify address, name and title
            "fetched_at": "TIMESTAMP",
        },
        # One row for each page of the Web API.
        "pages": {
            "user_id": "VARCHAR",
            "dataset": "VARCHAR",  # recently_played, saved_tracks, top_tracks_short_term, …
            "page": "VARCHAR",  # its name
            "items": "BIGINT",  # on the page, readable or not
            "rejected": "BIGINT",  # items that could not be read; 1 of 0 where the page itself could not
            "first_at": "TIMESTAMP",  # the oldest play of a page of plays; null for others
            "last_at": "TIMESTAMP",  # the newest
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
        # One row for each thing that one version of the listeners' choices says, for each listener it names and for all others.
        "choices": {
            "user_id": "VARCHAR",  # null: everybody whom this version does not name
            "version": "VARCHAR",  # sorts by age: the newest holds
            "chosen_at": "TIMESTAMP",
            "kind": "VARCHAR",  # play_rule (one for each listener), zone, artist, track, show, hours
            "name": "VARCHAR",  # of the rule, zone, artist, track or show
            "artist_name": "VARCHAR",  # of a track, where only this artist's is meant
            "hour": "BIGINT",  # 0 to 23, local
            "since_on": "DATE",  # first day of a zone or an hour; null from the beginning
            "until_on": "DATE",  # last day; null for good
            "from_at": "TIMESTAMP",  # of a zone: its midnight of that day, UTC
            "until_at": "TIMESTAMP",  # of a zone: when the next one begins, UTC
        },
    }
)
