"""What is true of plays that archives and polls tell, in whatever order these come and go."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from tests.transform.warehouse import Warehouse

NOON = datetime(2024, 5, 4, 12)
SONGS = [("Weak", "Wet"), ("Alright", "Kendrick Lamar"), ("Lisztomania", "Phoenix")]
LISTENERS = ["me", "you", "she", "he", "they", "it", "we", "ye"]  # each is a case of its own: a build costs as much for one
Rows = list[dict[str, Any]]

many_cases = settings(
    max_examples=12 if settings().max_examples <= 100 else 250,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


class Truth(Struct, frozen=True):
    """One play as it was, and how each source tells it."""

    user: str
    song: int
    ended_at: datetime
    ms_played: int
    polled_at: datetime  # what the list says
    reported_at: datetime  # what an archive says

    @property
    def names(self) -> dict[str, str]:
        title, artist = SONGS[self.song] if self.song < len(SONGS) else (f"Flight {self.song}", "Wet")
        return {"track_name": title, "artist_name": artist, "track_uri": f"spotify:track:{title.replace(' ', '_')}"}


@st.composite
def logs(draw: st.DrawFn) -> list[Truth]:
    """Make up what each listener heard one after another, of few songs, so that a song often follows itself."""
    plays = []
    for user in LISTENERS:
        at = NOON
        heard = st.tuples(st.integers(0, 2), st.integers(35, 90), st.integers(0, 400), st.integers(-2_000, 2_000))
        for song, seconds, pause, jitter in draw(st.lists(heard, min_size=1, max_size=12)):
            at += timedelta(seconds=seconds + pause)
            plays.append(Truth(user, song, at, seconds * 1000, at + timedelta(milliseconds=jitter), at))
    return plays


def archive_of(name: str, plays: Iterable[Truth], layout: str = "extended-2025") -> Rows:
    """Tell plays as an archive does."""
    return [
        {
            "user_id": play.user, "archive": name, "layout": layout, "member": "history", "row_number": number,
            "reported_at": play.reported_at, "ms_played": play.ms_played, "reason_end": "trackdone",
            **play.names, **({"track_uri": None} if layout == "extended-2020" else {}),
        }
        for number, play in enumerate(plays)
    ]  # fmt: skip


def account_of(plays: Iterable[Truth]) -> Rows:
    """Tell plays as account data does."""
    return [
        {
            "user_id": play.user, "archive": "account", "layout": "account", "member": "history", "row_number": number,
            "reported_at": play.ended_at.replace(second=0, microsecond=0), "ms_played": play.ms_played, "content_type": "track",
            "track_name": play.names["track_name"], "artist_name": play.names["artist_name"],
        }
        for number, play in enumerate(plays)
    ]  # fmt: skip


def page_of(name: str, plays: Sequence[Truth]) -> Rows:
    """Tell plays as a page of the Web API does."""
    return [
        {
            "user_id": play.user, "played_at": play.polled_at, "position": number, "duration_ms": 200_000, "page": name,
            "fetched_at": NOON + timedelta(days=30), "context_type": "album", **play.names,
        }
        for number, play in enumerate(plays)
    ]  # fmt: skip


def built(warehouse: Warehouse, archives: Rows = [], pages: Rows = [], account: Rows = []) -> list[tuple[Any, ...]]:  # noqa: B006 - never changed
    """Return the plays that these rows make."""
    warehouse.clear()
    warehouse.receive("account_history", account)
    warehouse.receive("streaming_history", archives)
    warehouse.receive("recently_played", pages)
    warehouse.build()
    return warehouse.plays()


def told(warehouse: Warehouse) -> Counter[tuple[Any, ...]]:
    """Count the plays by listener, address, time played and sources."""
    return Counter(warehouse.ask("select user_id, spotify_uri, ended_at, ms_played, sources from marts.fct_plays"))


def as_archived(play: Truth, sources: str) -> tuple[Any, ...]:
    return play.user, play.names["track_uri"], play.ended_at, play.ms_played, sources


PART = st.sets(st.integers(0, 12 * len(LISTENERS)))


@many_cases
@given(log=logs(), polled=PART, forgotten=PART, until=st.integers(0, 12), random=st.randoms(use_true_random=False))
def test_a_play_in_both_sources_is_one_row_and_songs_close_together_stay_apart(
    warehouse: Warehouse, log: list[Truth], polled: set[int], forgotten: set[int], until: int, random: Random
) -> None:
    """An archive holds all there was up to its end; the list misses some; a page may be forgotten again."""
    seen = [play for number, play in enumerate(log) if number in polled]
    held = [play for play in seen if log.index(play) not in forgotten]
    archived = [play for user in LISTENERS for play in [one for one in log if one.user == user][:until]]
    pages = page_of("p", held) + page_of("q", held[::2])
    random.shuffle(pages)

    built(warehouse, archive_of("a", archived), pages)

    got = told(warehouse)
    both = {as_archived(play, "api+archive" if play in held else "archive") for play in archived}
    alone = Counter((play.user, play.names["track_uri"], play.polled_at) for play in held if play not in archived)
    assert {row for row in got if row[4] != "api"} == both
    assert Counter(row[:3] for row in got.elements() if row[4] == "api") == alone
    assert max(got.values(), default=1) == 1


@many_cases
@given(log=logs(), polled=PART, random=st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(warehouse: Warehouse, log: list[Truth], polled: set[int], random: Random) -> None:
    pages = page_of("p", [play for number, play in enumerate(log) if number in polled])
    archives = archive_of("a", log[::2]) + archive_of("b", log[::3], "extended-2020")
    account = account_of(log[::5])
    once = built(warehouse, archives, pages, account)

    for rows in (pages, archives, account):
        random.shuffle(rows)

    assert built(warehouse, archives, pages, account) == once


@many_cases
@given(log=logs(), polled=PART)
def test_an_archive_without_addresses_is_met_by_names(warehouse: Warehouse, log: list[Truth], polled: set[int]) -> None:
    held = [play for number, play in enumerate(log) if number in polled]

    built(warehouse, archive_of("a", log, "extended-2020"), page_of("p", held))

    sources = Counter(row[4] for row in told(warehouse).elements())
    assert sources == Counter({"api+archive": len(held), "archive": len(log) - len(held)}) + Counter()


@many_cases
@given(log=logs(), polled=PART)
def test_account_data_and_polls_tell_a_play_once(warehouse: Warehouse, log: list[Truth], polled: set[int]) -> None:
    apart = [
        play
        for number, play in enumerate(log)
        if number == 0 or play.ended_at - log[number - 1].ended_at > timedelta(minutes=4)
    ]
    held = [play for play in apart if log.index(play) in polled]

    built(warehouse, pages=page_of("p", held), account=account_of(apart))

    rows = warehouse.ask("select user_id, ms_played, ms_played_source, sources from marts.fct_plays")
    expected = [(p.user, p.ms_played, "reported", "account+api" if p in held else "account") for p in apart]
    assert sorted(rows) == sorted(expected)


@many_cases
@given(
    log=logs(), minutes=st.integers(10, 600), late=st.integers(1, 70), songs=st.lists(st.integers(3, 6), min_size=1, max_size=4)
)
def test_an_offline_batch_that_came_days_late_meets_its_polled_plays(
    warehouse: Warehouse, log: list[Truth], minutes: int, late: int, songs: list[int]
) -> None:
    """The list tells a flight's plays under their own time, the archive when it was synced."""
    flight = [
        Truth(user, song, at + timedelta(hours=late), 100_000, at, at + timedelta(hours=late))
        for user in LISTENERS
        for at, song in zip(
            (NOON + timedelta(minutes=minutes + 4 * number) for number in range(len(songs))), songs, strict=True
        )
    ]
    plays = [*log, *flight]

    built(warehouse, archive_of("a", plays), page_of("p", plays))

    pairs = warehouse.ask(
        "select matches.user_id, archive.spotify_uri, played_at, archive_reported_at "
        "from intermediate.int_play_matches as matches "
        "inner join staging.stg_spotify__listening_history as archive on archive.play_id = archive_play_id"
    )
    assert sorted(pairs) == sorted((p.user, p.names["track_uri"], p.polled_at, p.reported_at) for p in plays)


@many_cases
@given(log=logs(), polled=PART)
def test_what_was_only_polled_never_takes_the_time_of_another_play(
    warehouse: Warehouse, log: list[Truth], polled: set[int]
) -> None:
    held = [play for number, play in enumerate(log) if number in polled]

    built(warehouse, pages=page_of("p", held))

    plays = sorted(warehouse.ask("select user_id, ended_at, started_at, ms_played, is_counted from marts.fct_plays"))
    assert len(plays) == len(held)
    assert all(ms <= 200_000 and is_counted == (ms >= 30_000) for *_, ms, is_counted in plays)
    assert all(after[2] >= before[1] for before, after in pairwise(plays) if before[0] == after[0])
