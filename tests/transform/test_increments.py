"""After any sequence of imports, polls and forgets, in any order, an increment leaves the same tables as building them anew."""

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from longplay.choices.shape import Choices, read_choices
from tests.transform.home import InventedHome
from tests.transform.warehouse import ExecutedProject

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


# What the listeners may choose: rules that go by a track's length, which comes late, and zones that move a play to another day.
CHOICES = [read_choices(text) for text in (
    "",
    """
    play_rule = "lastfm"
    [[exclude]]
    track = "Weak"
    [[zone]]
    zone = "America/New_York"
    [[zone]]
    since = 2024-02-01
    zone = "Australia/Sydney"
    """,
    """
    [[exclude]]
    hours = "23-1"
    since = 2024-02-01
    until = 2024-03-01
    [listener.you]
    play_rule = "finished"
    exclude = [{artist = "kendrick lamar"}]
    zone = [{zone = "Pacific/Kiritimati"}]
    [listener.she]
    play_rule = "listenbrainz"
    """,
)]  # fmt: skip

# In every round each listener does one thing, and a build follows: an example is as many sequences as there are listeners.
# Now and then they choose before it.
Deed = tuple[Literal["import", "forget"], str]
Round = tuple[Choices | None, tuple[Deed, ...]]
ROUNDS: st.SearchStrategy[list[Round]] = st.lists(st.tuples(
    st.sampled_from([None, None, None, *CHOICES]),
    st.tuples(*[st.tuples(st.sampled_from(["import", "import", "forget"]), st.sampled_from("abcdpqr"))] * len(LISTENERS)),
), min_size=2, max_size=6)  # fmt: skip


def walk(home: InventedHome, brought: dict[tuple[str, str], dict[str, Rows]], rounds: list[Round]) -> None:
    """Go the rounds, and hold the tables that were kept against those built anew after each of them."""
    held: set[tuple[str, str]] = set()
    home.build()
    for choices, deeds in rounds:
        if choices:
            home.choose(choices)
        for user, (deed, archive) in zip(LISTENERS, deeds, strict=True):
            what = user, archive
            if deed == "import" and what not in held:
                (home.poll if archive in "pqr" else home.load)(user, archive, brought[what])
                held.add(what)
            elif deed == "forget" and what in held:
                home.forget(user, archive)
                held.remove(what)
        home.build()
        assert home.differences() == {}, (choices, deeds)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(
    max_examples=14 if settings().max_examples <= 100 else 400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[phase for phase in Phase if phase is not Phase.shrink],  # a smaller example takes minutes to find
)
@given(brought=archives(), rounds=ROUNDS)
def test_an_increment_equals_building_anew(
    project: ExecutedProject, brought: dict[tuple[str, str], dict[str, Rows]], rounds: list[Round]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        walk(InventedHome(project, Path(folder)), brought, rounds)


# An older archive after a newer one: the first listen moves back, and so do the day's new artists.
NEWER = extended("me", "a", "extended-2025", [(4, 0, 200_000, 0, None), (4, 10, 200_000, 2, None)], renamed=False)
OLDER = extended("me", "b", "extended-2023", [(0, 0, 200_000, 0, None), (4, 0, 200_000, 0, None)], renamed=False)

LONG_AGO = extended("me", "d", "extended-2023", [(0, 0, 200_000, 0, None)], renamed=False)
LONG_AGO["streaming_history"][0]["reported_at"] -= timedelta(days=900)
LATE = extended("me", "e", "extended-2025", [(4, 20, 60_000, 0, 30), (4, 20, 60_000, 5, 30)], renamed=False)
# Two songs of one album in a row, and what another archive says was played between them.
IN_A_ROW = extended("me", "a", "extended-2025", [(4, 0, 60_000, 0, None), (4, 2, 60_000, 5, None)], renamed=False)
HOW_BODY_WAS_FOUND = """
select channel from intermediate.int_discovery_events
inner join intermediate.int_recordings on recording_key = entity_key
where track_name = 'Body'
"""
BETWEEN = extended("me", "b", "extended-2025", [(4, 1, 29_000, 2, None)], renamed=False)


def first_listens(home: InventedHome) -> list[tuple[Any, ...]]:
    """Return the days with new artists, and how many."""
    return home.kept.ask("select date, new_artists from marts.fct_daily_listening where new_artists > 0 order by date")


def test_an_older_archive_moves_a_first_listen_back(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    home.load("me", "a", NEWER)
    home.build()
    before = first_listens(home)

    home.load("me", "b", OLDER)
    home.build()

    assert before == [(date(2024, 7, 15), 2)]
    assert first_listens(home) == [(date(2024, 1, 31), 1), (date(2024, 7, 15), 1)]
    assert home.differences() == {}


def test_what_is_looked_up_later_tells_of_the_plays_before(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    home.load("me", "a", NEWER)
    home.build()
    moods = "select coverage, valence from marts.rpt_mood where dimension = 'month'"
    genres = "select family, share, coverage from marts.rpt_genre_evolution where period = 'month' order by family"
    before = home.kept.ask(moods), home.kept.ask(genres)

    told = {"fetched_at": datetime(2024, 8, 1)}
    features: Rows = [{"track_id": "w", "source": "table", "valence": 0.25, "energy": 0.5} | told]
    artists: Rows = [
        {"artist_name": "Kendrick Lamar", "source": "musicbrainz", "genre": "Conscious Hip-Hop", "votes": 1} | told
    ]
    home.poll("me", "looked_up", {"audio_features": features, "artist_genres": artists})
    home.build()

    assert before == ([(0.0, None)], [("unknown", 1.0, 0.0)])
    assert home.kept.ask(moods) == [(0.5, 0.25)]
    assert home.kept.ask(genres) == [("hip hop", 0.5, 0.5), ("unknown", 0.5, 0.5)]
    assert home.differences() == {}


def test_what_is_known_to_have_played_between_decides_how_a_song_was_found(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    found = []
    for deed in (lambda: home.load("me", "a", IN_A_ROW), lambda: home.load("me", "b", BETWEEN), lambda: home.forget("me", "b")):
        deed()
        home.build()
        assert home.differences() == {}
        found += home.kept.ask(HOW_BODY_WAS_FOUND)

    assert found == [("album",), ("unknown",), ("album",)]


@pytest.mark.parametrize(
    ("model", "forgotten", "order"),
    [
        ("int_first_listens", "delete from", [NEWER, OLDER]),
        ("int_daily_plays", "insert into", [NEWER, OLDER]),
        ("int_monthly_tracks", "insert into", [NEWER, OLDER]),
        ("int_hourly_tracks", "insert into", [NEWER, OLDER]),
        ("int_discovery_evidence", "insert into", [NEWER, OLDER]),
        ("int_rediscoveries", "insert into", [LONG_AGO, NEWER]),
        ("stg_spotify__listening_history", "delete from", [OLDER, NEWER]),
        ("int_late_plays", "insert into", [NEWER, LATE]),
        ("int_plays_placed", "insert into", [NEWER, LATE]),
    ],
)
def test_an_increment_that_forgets_something_is_found(
    project: ExecutedProject, tmp_path: Path, model: str, forgotten: str, order: list[dict[str, Rows]]
) -> None:
    faulty = [
        replace(each, increment=[s for s in each.increment if not s.startswith(forgotten)]) if each.name == model else each
        for each in project.models
    ]
    home = InventedHome(replace(project, models=faulty), tmp_path)

    for archive in order:
        home.load("me", archive["archives"][0]["archive"], archive)
        home.build()

    assert home.differences() != {}


# The same source tells of the same music twice, the second time otherwise.
TOLD = datetime(2025, 2, 1)
LATER = {"fetched_at": TOLD + timedelta(days=1)}
FIRST_TOLD = {
    "audio_features": [{"track_id": "w", "source": "reccobeats", "valence": 0.1, "fetched_at": TOLD}],
    "artist_genres": [{"artist_name": "Wet", "source": "musicbrainz", "genre": "pop", "fetched_at": TOLD}],
}
TOLD_AGAIN = {
    "audio_features": [{"track_id": "w", "source": "spotify", "valence": 0.2} | LATER],
    "artists": [{"artist_id": "wet", "artist_name": "WET", "genres": '["soul","folk"]'} | LATER],
}


@pytest.mark.parametrize("model", ["stg_enrichment__audio_features", "stg_enrichment__artist_genres"])
@pytest.mark.parametrize("forgotten", ["delete from", "insert into", None])
def test_what_is_told_again_takes_the_place_of_what_was_told(
    project: ExecutedProject, tmp_path: Path, model: str, forgotten: str | None
) -> None:
    faulty = [
        replace(each, increment=[s for s in each.increment if not (forgotten and s.startswith(forgotten))])
        if each.name == model
        else each
        for each in project.models
    ]
    home = InventedHome(replace(project, models=faulty), tmp_path)

    for name, told in (("p", FIRST_TOLD), ("q", TOLD_AGAIN)):
        home.poll("me", name, told | {"pages": [{"user_id": "me", "page": name, "fetched_at": TOLD}]})
        home.build()

    genres = home.anew.ask("select genre, weight, source from staging.stg_enrichment__artist_genres order by 1")
    assert genres == [("folk", 0.5, "spotify"), ("soul", 0.5, "spotify")]
    assert (model in home.differences()) == bool(forgotten)


def heard_at(instants: Sequence[datetime]) -> list[Play]:
    """Give plays of one song that ended then, as minutes after a moment."""
    return [(0, int((at - MOMENTS[0]).total_seconds() // 60), 200_000, 2, None) for at in instants]


def test_one_more_play_pairs_others_anew_weeks_before_it(project: ExecutedProject, tmp_path: Path) -> None:
    """Each play is nearer to the next than to the one before, so the last decides, two by two, who is left for whom."""
    ends = [datetime(2024, 3, 2) - timedelta(hours=sum(range(62, 62 + steps))) for steps in reversed(range(9))]
    home = InventedHome(project, tmp_path)
    home.load("me", "a", extended("me", "a", "extended-2025", heard_at([*ends[:-1:2], datetime(2024, 3, 20)]), renamed=False))
    home.poll("me", "p", page("me", "p", [(play, 0) for play in heard_at(ends[1::2])]))
    home.build()
    archived = "select archive_reported_at from intermediate.int_play_matches order by 1"
    before = home.kept.ask(archived)

    home.load("me", "b", extended("me", "b", "extended-2025", heard_at(ends[-1:]), renamed=False))
    home.build()

    assert before == [(end,) for end in ends[:-1:2]]
    assert home.kept.ask(archived) == [(end,) for end in ends[2::2]]
    assert home.differences() == {}


# A play of a hundred seconds, and a poll that tells, later and of other listening, that its track is three minutes long.
HALF_HEARD = extended("me", "a", "extended-2025", [(4, 0, 100_000, 2, None)], renamed=False)
TOLD_LATER = page("me", "r", [((5, 0, 200_000, 2, None), 0)])


def counted(home: InventedHome) -> list[tuple[Any, ...]]:
    """Return how many of the archive's plays count, and how many are left out."""
    return home.kept.ask("select count_if(is_counted), count_if(is_excluded) from marts.fct_plays where sources = 'archive'")


def test_a_length_that_is_told_late_decides_whether_an_old_play_counts(project: ExecutedProject, tmp_path: Path) -> None:
    late = TOLD_LATER | {"tracks": [row | {"duration_ms": 240_000} for row in TOLD_LATER["tracks"]]}
    home = InventedHome(project, tmp_path)
    home.choose(read_choices('play_rule = "lastfm"'))
    home.load("me", "a", HALF_HEARD)
    home.build()
    before = counted(home)

    home.poll("me", "r", late)
    home.build()

    assert (before, counted(home)) == ([(1, 0)], [(0, 0)])
    assert home.differences() == {}


def test_choices_that_change_hold_for_plays_of_any_time(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    home.load("me", "a", NEWER)
    home.build()
    before = counted(home)

    home.choose(read_choices('[[exclude]]\nartist = "KENDRICK  LAMAR"'))
    home.build()
    left_out = counted(home)
    home.choose(read_choices(""))
    home.build()

    assert (before, left_out, counted(home)) == ([(2, 0)], [(1, 1)], [(2, 0)])
    assert home.differences() == {}
