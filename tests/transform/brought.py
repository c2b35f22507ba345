"""What listeners could bring in: archives, account data and pages of the Web API, which tell many of the same plays."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

Rows = list[dict[str, Any]]

# Plays gather where rules meet: the ends of months, one of them the shortest, one with a change of clocks; and in a row of days
# so close that a pair of a poll and an archive's play may decide the next, from month to month.
MOMENTS = [datetime(2024, 1, 31, 23, 40), datetime(2024, 2, 29, 23, 30), datetime(2024, 3, 1, 10), datetime(2024, 3, 31, 0, 50),
           datetime(2024, 7, 15, 12), datetime(2025, 1, 1, 0, 5),
           *(datetime(2024, 1, 20, 8) + days * timedelta(days=2, hours=17) for days in range(16))]  # fmt: skip
# One address has two names, another shares its name with a third: names decide what is one recording.
SONGS = [("Weak", "Wet", "w"), ("Weak - Remastered 2011", "Wet", "w2"), ("Alright", "Kendrick Lamar", "a"),
         ("Compiled", "Various Artists", "v"), (None, None, None), ("Body", "Wet", "b")]  # fmt: skip
GENRES = {"w": '["Pop","soul"]', "w2": "[]", "a": None, "v": '["pop"]', "b": None}  # what Spotify tells of their genres
ARTISTS = {
    "w": None,
    "w2": '["Wet","Kendrick Lamar"]',
    "a": '["Kendrick Lamar"]',
    "v": '["Wet"]',
    "b": None,
}  # and of its artists
# Three of a kind tell where a play came from: reasons, shuffled or not, and from where Spotify says it was played.
STARTS = ["trackdone", "trackdone", "trackdone", "clickrow", "fwdbtn", None]
SHUFFLES = [False, False, True, None]
CONTEXTS = [
    None,
    "spotify:album:al",
    "spotify:playlist:37i9dQZEVXcXmpl0000001",
    "spotify:user:-:collection",
    "spotify:playlist:own",
]
LAYOUTS = ["extended-2020", "extended-2023", "extended-2025"]
LISTENERS = ["me", "you", "she", "he", "they", "it"]

Play = tuple[int, int, int, int, int | None]  # moment, minutes after it, milliseconds, song, hours offline before
PLAY: st.SearchStrategy[Play] = st.tuples(
    st.integers(0, len(MOMENTS) - 1), st.integers(0, 40), st.sampled_from([0, 29_000, 60_000, 200_000, 40_000_000]),
    st.integers(0, len(SONGS) - 1), st.sampled_from([None, None, None, 1, 30, 400]),
)  # fmt: skip


def reported_at(play: Play) -> datetime:
    """Return when Spotify says the play ended."""
    return MOMENTS[play[0]] + timedelta(minutes=play[1])


def extended(user: str, archive: str, layout: str, plays: Sequence[Play], *, renamed: bool) -> dict[str, Rows]:
    """Tell plays as an extended archive does, of which an old one has no addresses, and a new one other names."""
    rows = []
    for number, play in enumerate(plays):
        title, artist, uri = SONGS[play[3]]
        if renamed and uri == "w2":
            title = "Weak (Live)"
        rows.append({
            "user_id": user, "archive": archive, "layout": layout, "member": "history", "row_number": number,
            "reported_at": reported_at(play), "ms_played": play[2], "track_name": title, "artist_name": artist,
            "track_uri": f"spotify:track:{uri}" if uri and layout != "extended-2020" else None, "platform": archive,
            "offline_at": reported_at(play) - timedelta(hours=play[4]) if play[4] else None,
            "country": "JP" if play[1] == 7 else None,
            "reason_start": STARTS[play[1] % len(STARTS)], "reason_end": "fwdbtn" if play[1] % 3 == 1 else "trackdone",
            "album_name": artist, "shuffle": SHUFFLES[play[1] // 4 % len(SHUFFLES)], "incognito_mode": play[1] == 9,
        })  # fmt: skip
    return {"streaming_history": rows, "archives": [told_of(user, archive, layout, rows)]}


def account(user: str, archive: str, plays: Sequence[Play]) -> dict[str, Rows]:
    """Tell plays as account data does: the minute, and names."""
    rows: Rows = [
        {
            "user_id": user, "archive": archive, "layout": "account", "member": "history", "row_number": number,
            "reported_at": reported_at(play), "ms_played": play[2], "content_type": "track",
            "track_name": SONGS[play[3]][0] or "Unknown Track", "artist_name": SONGS[play[3]][1] or "Unknown Artist",
        }
        for number, play in enumerate(plays)
    ]  # fmt: skip
    return {
        "account_history": rows, "archives": [told_of(user, archive, "account", rows)],
        "playlists": [listed(user, archive, number, play) for number, play in enumerate(plays)],
        "searches": [searched(user, archive, play) for play in plays],
    }  # fmt: skip


def listed(user: str, archive: str, number: int, play: Play) -> dict[str, Any]:
    """Put what was played on a playlist, some days before or after."""
    title, artist, uri = SONGS[play[3]]
    return {
        "user_id": user, "archive": archive, "playlist_name": "Run", "position": number, "track_uri": f"spotify:track:{uri}",
        "track_name": title, "artist_name": artist, "added_on": (reported_at(play) - timedelta(days=play[1] - 4)).date(),
    }  # fmt: skip


def searched(user: str, archive: str, play: Play) -> dict[str, Any]:
    """Search for what was played, some minutes before or after."""
    _, artist, uri = SONGS[play[3]]
    at = reported_at(play) - timedelta(milliseconds=play[2], minutes=play[1] - 4)
    return {
        "user_id": user, "archive": archive, "searched_at": at,
        "uri": f"spotify:artist:{artist}" if play[1] % 2 else f"spotify:track:{uri}",
    }  # fmt: skip


# How far the list's instant is from the archive's: to the second, hardly, an hour, days.
Poll = tuple[Play, int]
POLL: st.SearchStrategy[Poll] = st.tuples(PLAY, st.sampled_from([0, 0, 0, 1, -29, 31, -45, 3600, -200_000, 250_000]))


def page(user: str, name: str, polls: Sequence[Poll]) -> dict[str, Rows]:
    """Tell plays as a page of the Web API does; what names nothing is not on it."""
    fetched_at = datetime(2025, 2, 1 + ord(name) % 4)
    rows: Rows = [
        {
            "user_id": user, "played_at": reported_at(play) + timedelta(seconds=late, milliseconds=play[1]), "position": number,
            "track_id": SONGS[play[3]][2], "track_uri": f"spotify:track:{SONGS[play[3]][2]}", "track_name": SONGS[play[3]][0],
            "artist_id": "", "artist_name": SONGS[play[3]][1], "album_id": "al", "duration_ms": play[2] or None,
            "isrc": name, "context_uri": CONTEXTS[(number + ord(name)) % len(CONTEXTS)], "page": name, "fetched_at": fetched_at,
        }
        for number, (play, late) in enumerate(polls) if SONGS[play[3]][2]
    ]  # fmt: skip
    instants = [row["played_at"] for row in rows]
    told = {
        "user_id": user, "dataset": "recently_played", "page": name, "items": len(polls), "rejected": 0,
        "fetched_at": fetched_at,
        "first_at": min(instants, default=None), "last_at": max(instants, default=None),
    }  # fmt: skip
    return {"recently_played": rows, **(music(rows, name) | looked_up(rows) if name == "r" else {}), "pages": [told]}


def music(plays: Rows, name: str) -> dict[str, Rows]:
    """Tell what a page knows of the music on it. Whoever forgets that builds anew, so only one page does."""
    artists: Rows = [
        {
            "artist_id": row["artist_name"], "artist_name": row["artist_name"], "followers": ord(name),
            "genres": GENRES[row["track_id"]],
        }
        for row in plays
    ]  # fmt: skip
    tracks: Rows = [
        {key: row[key] for key in ("track_id", "track_uri", "track_name", "duration_ms", "isrc")}
        | {"artist_names": ARTISTS[row["track_id"]]}
        for row in plays
    ]
    albums: Rows = [{"album_id": row["album_id"], "album_name": name} for row in plays]
    saved: Rows = [{key: row[key] for key in ("user_id", "track_uri", "track_name", "artist_name")} for row in plays]
    ranked: Rows = [
        {"user_id": row["user_id"], "item_type": "track", "time_range": "long_term", "rank": number, "item_id": row["track_id"]}
        for number, row in enumerate(plays)
    ]
    seen = {"fetched_at": plays[0]["fetched_at"]} if plays else {}
    kinds = {"artists": artists, "tracks": tracks, "albums": albums, "saved_tracks": saved, "top_items": ranked}
    return {table: [row | seen for row in rows] for table, rows in kinds.items()}


def looked_up(plays: Rows) -> dict[str, Rows]:
    """Tell what others know of the music on a page: for each listener another source, which knows some and not others."""
    features, genres = [], []
    for row in plays:
        number = LISTENERS.index(row["user_id"])
        when = {"fetched_at": row["fetched_at"] + timedelta(hours=number // 2)}
        known = 0.1 * number if (number + len(row["track_name"])) % 4 else None
        sound = {"valence": known, "energy": 0.3 if number % 2 else known}
        source = ("reccobeats", "spotify", "table")[number % 3]
        features.append({"track_id": row["track_id"], "source": source} | sound | when)
        genre = {"genre": "Rock" if known is not None else None, "votes": number}
        genres += [
            {"artist_name": row["artist_name"], "source": ("lastfm", "musicbrainz")[number % 2]} | when | told
            for told in (genre, {"genre": "folk", "votes": 2})[: 1 + number % 3]
        ]
    return {"audio_features": features, "artist_genres": genres}


def told_of(user: str, archive: str, layout: str, rows: Rows) -> dict[str, Any]:
    """Return what an import notes of an archive."""
    instants = [row["reported_at"] for row in rows]
    return {
        "user_id": user, "archive": archive, "layout": layout, "member": "history", "first_at": min(instants),
        "last_at": max(instants), "is_complete": archive != "d",
    }  # fmt: skip


@st.composite
def archives(draw: st.DrawFn) -> dict[tuple[str, str], dict[str, Rows]]:
    """Make up what each listener could bring: archives, account data and pages, which tell many of the same plays."""
    found = {}
    for user in LISTENERS:
        shared = draw(st.lists(PLAY, min_size=1, max_size=9))
        for name in "abd":
            plays = [*draw(st.sets(st.sampled_from(shared))), *draw(st.lists(PLAY, max_size=4))] or shared[:1]
            found[user, name] = extended(user, name, draw(st.sampled_from(LAYOUTS)), plays, renamed=draw(st.booleans()))
        plays = [*draw(st.sets(st.sampled_from(shared))), *draw(st.lists(PLAY, max_size=3))] or shared[:1]
        found[user, "c"] = account(user, "c", plays)
        for name in "pqr":
            late = draw(st.lists(st.sampled_from([0, 0, 1, -29, 31, 3600, -200_000, 250_000]), min_size=12, max_size=12))
            shown = [*zip(draw(st.sets(st.sampled_from(shared))), late, strict=False), *draw(st.lists(POLL, max_size=3))]
            found[user, name] = page(user, name, shown)
    return found


# An older archive after a newer one: the first listen moves back, and so do the day's new artists.
NEWER = extended("me", "a", "extended-2025", [(4, 0, 200_000, 0, None), (4, 10, 200_000, 2, None)], renamed=False)
OLDER = extended("me", "b", "extended-2023", [(0, 0, 200_000, 0, None), (4, 0, 200_000, 0, None)], renamed=False)
