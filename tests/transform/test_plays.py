"""What is true of plays whatever archives a listener brings, in whatever order."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.transform.warehouse import Warehouse

NOON = datetime(2024, 5, 4, 12)
SONGS = [("Weak", "Wet"), ("Alright", "Kendrick Lamar"), ("Lisztomania", "Phoenix")]
Rows = list[dict[str, Any]]

# A build costs some 50 ms however many rows it has: each example holds several listeners, each a case of its own.
LISTENERS = st.sampled_from(["me", "you", "she", "he"])
many_cases = settings(
    max_examples=8 if settings().max_examples <= 100 else 150,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


# Few songs, few lengths and few seconds, so that rows collide.
PLAYS = st.lists(
    st.tuples(LISTENERS, st.integers(0, 240), st.sampled_from([0, 29_000, 200_000]), st.integers(-1, 2)),
    min_size=8,
    max_size=40,
)


@st.composite
def archive_rows(draw: st.DrawFn, archive: str, shared: Sequence[tuple[str, int, int, int]] = ()) -> Rows:
    """Make up an archive that tells, among others, of the shared plays."""
    layout = draw(st.sampled_from(["extended-2020", "extended-2023", "extended-2025"]))
    plays = [*shared, *draw(PLAYS)]
    return [archive_row(archive, layout, number, *play) for number, play in enumerate(plays)]


@st.composite
def two_archives_of_the_same_plays(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Make up two archives that tell some plays both, either of them the newer."""
    shared = draw(PLAYS)
    return draw(archive_rows("a", shared)), draw(archive_rows("b", shared))


def archive_row(archive: str, layout: str, number: int, user: str, seconds: int, ms_played: int, song: int) -> dict[str, Any]:
    """One row of an archive; song -1 names nothing."""
    title, artist = SONGS[song] if song >= 0 else (None, None)
    return {
        "user_id": user,
        "archive": archive,
        "layout": layout,
        "member": "history",
        "row_number": number,
        "reported_at": NOON + timedelta(seconds=seconds - seconds % 20),
        "ms_played": ms_played,
        "track_name": title,
        "artist_name": artist,
        "track_uri": f"spotify:track:{title}" if title and layout != "extended-2020" else None,
        "platform": f"{archive}/{number}",
        "offline_at": NOON - timedelta(hours=3) if seconds % 3 == 0 else None,
    }


@st.composite
def account_rows(draw: st.DrawFn) -> Rows:
    """Make up account data for the same minutes."""
    plays = draw(
        st.lists(
            st.tuples(LISTENERS, st.integers(-1, 5), st.sampled_from([0, 29_000, 200_000]), st.integers(0, 2)),
            min_size=8,
            max_size=40,
        )
    )
    return [
        {
            "user_id": user, "archive": "account", "layout": "account", "member": "history", "row_number": number,
            "reported_at": NOON + timedelta(minutes=minute), "ms_played": ms_played, "content_type": "track",
            "track_name": SONGS[song][0], "artist_name": SONGS[song][1],
        }
        for number, (user, minute, ms_played, song) in enumerate(plays)
    ]  # fmt: skip


def natural_key(row: dict[str, Any]) -> tuple[Any, ...]:
    """What makes a play this play."""
    return row["user_id"], row["reported_at"], row["ms_played"], row["track_name"]


two_archives = two_archives_of_the_same_plays()


def built(warehouse: Warehouse, archives: Rows, account: Rows = []) -> list[tuple[Any, ...]]:  # noqa: B006 - never changed
    """Return the plays that these rows make."""
    warehouse.clear()
    warehouse.receive("streaming_history", archives)
    warehouse.receive("account_history", account)
    warehouse.build()
    return warehouse.plays()


@many_cases
@given(archives=two_archives, account=account_rows(), random=st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(
    warehouse: Warehouse, archives: Sequence[Rows], account: Rows, random: Random
) -> None:
    rows = [*archives[0], *archives[1]]
    once = built(warehouse, rows, account)

    random.shuffle(rows)

    assert built(warehouse, rows, account[::-1]) == once


@many_cases
@given(archive=archive_rows("a"))
def test_a_play_in_two_archives_is_one(warehouse: Warehouse, archive: Rows) -> None:
    built(warehouse, archive)
    once = warehouse.plays("play_id", "started_at", "track_key", "is_counted")

    built(warehouse, archive + [row | {"archive": "again"} for row in archive])

    assert warehouse.plays("play_id", "started_at", "track_key", "is_counted") == once


@many_cases
@given(archives=two_archives)
def test_every_distinct_play_is_there_once(warehouse: Warehouse, archives: Sequence[Rows]) -> None:
    rows = [*archives[0], *archives[1]]

    plays = built(warehouse, rows)

    assert len({play[0] for play in plays}) == len(plays)
    assert len(plays) == len({natural_key(row) for row in rows})


@many_cases
@given(archives=two_archives)
def test_the_newest_archive_tells_of_a_play(warehouse: Warehouse, archives: Sequence[Rows]) -> None:
    rows = [*archives[0], *archives[1]]
    age: dict[tuple[str, str], datetime] = {}
    for row in rows:
        copy = row["user_id"], row["archive"]
        age[copy] = max(age.get(copy, row["reported_at"]), row["reported_at"])
    told: dict[tuple[Any, ...], str] = {}
    for row in sorted(
        rows, key=lambda row: (age[row["user_id"], row["archive"]], row["layout"], row["archive"], -row["row_number"])
    ):
        told[natural_key(row)] = row["platform"]

    built(warehouse, rows)

    assert warehouse.plays("platform") == sorted((platform,) for platform in told.values())


@many_cases
@given(archive=archive_rows("a"), account=account_rows())
def test_the_sum_of_account_data_adds_up(warehouse: Warehouse, archive: Rows, account: Rows) -> None:
    alone = len(built(warehouse, archive))
    distinct = len({natural_key(row) for row in account})

    plays = built(warehouse, archive, account)

    sources = Counter(source for (source,) in warehouse.plays("sources"))
    assert sources["account+archive"] + sources["account"] == distinct
    assert sources["archive"] + sources["account+archive"] == alone
    assert len({play[0] for play in plays}) == len(plays)


@many_cases
@given(archive=archive_rows("a"), account=account_rows())
def test_no_row_is_matched_twice_and_none_could_still_be(warehouse: Warehouse, archive: Rows, account: Rows) -> None:
    built(warehouse, archive, account)

    pairs = warehouse.ask("select account_play_id, archive_play_id from intermediate.int_account_matches")
    told = [account for account, _ in pairs]
    matches = [archive for _, archive in pairs if archive]
    left = Counter(warehouse.ask("select user_id, track_name, ms_played from marts.fct_plays where sources = 'archive'"))
    alone = Counter(warehouse.ask("select user_id, track_name, ms_played from marts.fct_plays where sources = 'account'"))

    assert len(set(told)) == len(told)
    assert len(set(matches)) == len(matches)
    assert not left & alone  # everything happens on one day


@many_cases
@given(archives=two_archives)
def test_a_play_never_starts_before_its_device_says_nor_ends_after_its_report(
    warehouse: Warehouse, archives: Sequence[Rows]
) -> None:
    built(warehouse, [*archives[0], *archives[1]])

    placed: list[tuple[Any, ...]] = warehouse.plays("started_at", "ended_at", "reported_at", "ms_played")

    assert all(ended - started == timedelta(milliseconds=ms) and ended <= reported for started, ended, reported, ms in placed)
    assert all(started >= NOON - timedelta(hours=3) for started, *_ in placed)


def test_an_archive_with_uris_and_one_without_agree_in_either_order(warehouse: Warehouse) -> None:
    new = archive_row("new", "extended-2025", 0, "me", 0, 200_000, 0)
    old = archive_row("old", "extended-2020", 0, "me", 0, 200_000, 0)
    later: Callable[[str], dict[str, Any]] = lambda archive: archive_row(archive, "extended-2023", 9, "me", 200, 29_000, 1)  # noqa: E731

    for newest in ("new", "old"):
        built(warehouse, [old, new, later(newest)])

        assert ("spotify:track:Weak", newest + "/0") in warehouse.plays("spotify_uri", "platform")
