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
         ("Compiled", "Various Artists", "v"), (None, None, None)]  # fmt: skip
GENRES = {"w": '["Pop","soul"]', "w2": "[]", "a": None, "v": '["pop"]'}  # what Spotify tells of their artists
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
            "reason_end": "fwdbtn" if play[1] % 3 else "trackdone", "incognito_mode": play[1] == 9,
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
    return {"account_history": rows, "archives": [told_of(user, archive, "account", rows)]}


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
            "isrc": name, "context_uri": name, "page": name, "fetched_at": fetched_at,
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
    tracks: Rows = [{key: row[key] for key in ("track_id", "track_uri", "track_name", "duration_ms", "isrc")} for row in plays]
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
        features.append(
            {"track_id": row["track_id"], "source": ("reccobeats", "spotify", "table")[number % 3], "valence": known} | when
        )
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


# In every round each listener does one thing, and a build follows: an example is as many sequences as there are listeners.
Deed = tuple[Literal["import", "forget"], str]
ROUNDS: st.SearchStrategy[list[tuple[Deed, ...]]] = st.lists(
    st.tuples(*[st.tuples(st.sampled_from(["import", "import", "forget"]), st.sampled_from("abcdpqr"))] * len(LISTENERS)),
    min_size=2, max_size=6,
)  # fmt: skip


def walk(home: InventedHome, brought: dict[tuple[str, str], dict[str, Rows]], rounds: list[tuple[Deed, ...]]) -> None:
    """Go the rounds, and hold the tables that were kept against those built anew after each of them."""
    held: set[tuple[str, str]] = set()
    home.build()
    for deeds in rounds:
        for user, (deed, archive) in zip(LISTENERS, deeds, strict=True):
            what = user, archive
            if deed == "import" and what not in held:
                (home.poll if archive in "pqr" else home.load)(user, archive, brought[what])
                held.add(what)
            elif deed == "forget" and what in held:
                home.forget(user, archive)
                held.remove(what)
        home.build()
        assert home.differences() == {}, deeds


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(
    max_examples=34 if settings().max_examples <= 100 else 400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[phase for phase in Phase if phase is not Phase.shrink],  # a smaller example takes minutes to find
)
@given(brought=archives(), rounds=ROUNDS)
def test_an_increment_equals_building_anew(
    project: ExecutedProject, brought: dict[tuple[str, str], dict[str, Rows]], rounds: list[tuple[Deed, ...]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        walk(InventedHome(project, Path(folder)), brought, rounds)


# An older archive after a newer one: the first listen moves back, and so do the day's new artists.
NEWER = extended("me", "a", "extended-2025", [(4, 0, 200_000, 0, None), (4, 10, 200_000, 2, None)], renamed=False)
OLDER = extended("me", "b", "extended-2023", [(0, 0, 200_000, 0, None), (4, 0, 200_000, 0, None)], renamed=False)


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


@pytest.mark.parametrize(
    ("model", "forgotten", "order"),
    [
        ("int_first_listens", "delete from", [NEWER, OLDER]),
        ("int_daily_plays", "insert into", [NEWER, OLDER]),
        ("stg_spotify__listening_history", "delete from", [OLDER, NEWER]),
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
