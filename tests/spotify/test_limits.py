"""How often Spotify is asked, and what is done when it says that was too often."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longplay.errors import WrongCall
from longplay.spotify import errors
from longplay.spotify.quota import BUDGETS, Manners, Quota, bucket_of

from .conftest import RECENT, connection, kept, sign_in

RECENT_ON_THE_WIRE = f"/v1{RECENT}"

pytestmark = pytest.mark.usefixtures("listener")


def test_a_short_wait_is_waited_and_then_the_answer_comes(spotify, connect, waits):
    spotify.break_down("too many requests", RECENT_ON_THE_WIRE)

    assert b"Alright" in connect().spotify.get(RECENT)
    assert waits == [1.0]
    assert connect().blocks() == {}


def test_a_short_wait_holds_for_the_next_run_as_well(spotify, connect, waits):
    spotify.break_down("too many requests", RECENT_ON_THE_WIRE)
    with pytest.raises(errors.RateLimited):
        connect(tries=1).spotify.get(RECENT)

    assert b"Alright" in connect().spotify.get(RECENT)
    assert waits == [1.0]


@pytest.mark.parametrize("fault", ["too many requests, no header", "too many requests, in words"])
def test_a_limit_that_does_not_say_how_long_is_tried_again_after_a_moment(spotify, connect, fault):
    spotify.break_down(fault, RECENT_ON_THE_WIRE, times=2)

    assert b"Alright" in connect().spotify.get(RECENT)


def test_a_limit_that_never_ends_is_given_up(spotify, connect):
    spotify.break_down("too many requests", RECENT_ON_THE_WIRE, times=None)

    with pytest.raises(errors.RateLimited, match="too often"):
        connect().spotify.get(RECENT)
    assert len(spotify.calls.to(RECENT_ON_THE_WIRE)) == Manners().tries


def test_a_long_wait_is_never_slept_through_and_no_run_calls_before_it_is_over(spotify, connect, waits):
    until = spotify.blocks("player", hours=23)
    spotify.calls.forget()

    for _ in range(3):
        with pytest.raises(errors.Blocked, match="no more calls") as told:
            connect().spotify.get(RECENT)
        assert told.value.until == until
    spotify.clock.move(hours=22)
    with pytest.raises(errors.Blocked):
        connect().spotify.get(RECENT)

    assert waits == []
    assert len(spotify.calls.to(RECENT_ON_THE_WIRE)) == 1
    assert spotify.calls.made_while_blocked() == []
    spotify.clock.set(until)
    assert b"Alright" in connect().spotify.get(RECENT)


def test_a_block_is_told_with_its_end(spotify, connect):
    until = spotify.blocks("player", hours=23)
    with pytest.raises(errors.Blocked, match=f"{until:%Y-%m-%d %H:%M} UTC"):
        connect().spotify.get(RECENT)

    assert connect().blocks() == {"player": until}
    spotify.clock.set(until)
    assert connect().blocks() == {}


def test_a_block_is_of_its_bucket_only(spotify, connect):
    spotify.blocks("player", hours=23)
    with pytest.raises(errors.Blocked):
        connect().spotify.get(RECENT)

    assert connect().spotify.get("/me/top/tracks")


def test_a_block_holds_for_every_listener_of_the_app(spotify, connect):
    spotify.blocks("player", hours=23)
    with pytest.raises(errors.Blocked):
        connect().spotify.get(RECENT)
    spotify.joins("lou.example")
    spotify.signs_in("lou.example")
    sign_in(connect("lou"))
    spotify.calls.forget()

    with pytest.raises(errors.Blocked):
        connect("lou").spotify.get(RECENT)
    assert len(spotify.calls) == 0


def test_a_block_of_one_app_is_none_of_another(spotify, connect):
    spotify.blocks("player", hours=23)
    with pytest.raises(errors.Blocked):
        connect().spotify.get(RECENT)

    assert connect("other", profile="extended").blocks() == {}


def test_a_short_block_of_a_quota_is_not_waited_for_either(spotify, connect, waits):
    spotify.blocks("player", minutes=1)

    with pytest.raises(errors.Blocked):
        connect().spotify.get(RECENT)
    assert waits == []


def test_a_used_up_quota_that_does_not_say_until_when_rests_an_hour(spotify, connect):
    spotify.blocks("player", hours=5)
    spotify.limits.tells_seconds = False

    with pytest.raises(errors.Blocked) as told:
        connect().spotify.get(RECENT)
    assert told.value.until == spotify.clock() + timedelta(hours=1)


def test_how_long_is_waited_is_a_setting(spotify, connect, waits):
    spotify.limits.block(spotify.app, "everything", spotify.clock() + timedelta(seconds=40), is_quota=False)

    with pytest.raises(errors.Blocked):
        connect(patience=30).spotify.get(RECENT)
    assert waits == []


def test_a_wait_within_the_patience_is_waited(spotify, connect, waits):
    spotify.limits.block(spotify.app, "everything", spotify.clock() + timedelta(seconds=40), is_quota=False)

    assert connect(patience=50).spotify.get(RECENT)
    assert waits == [40.0]


def test_calls_are_made_at_a_pace(spotify, connect, waits):
    slow = connect(pace=0.6)
    spotify.calls.forget()
    for _ in range(5):
        slow.spotify.get(RECENT)

    apart = [(later.at - earlier.at).total_seconds() for earlier, later in pairwise(spotify.calls)]
    assert apart == [0.6] * 4
    assert sum(waits) == pytest.approx(2.4)


def test_two_runs_share_the_pace(spotify, connect, waits):
    spotify.calls.forget()
    for _ in range(3):
        connect(pace=0.6).spotify.get(RECENT)

    assert waits == [0.6, 0.6]


def test_who_has_not_called_for_a_while_does_not_wait(spotify, connect, waits):
    connect(pace=0.6).spotify.get(RECENT)
    spotify.clock.move(minutes=30)
    connect(pace=0.6).spotify.get(RECENT)

    assert waits == []


def test_a_budget_that_is_spent_ends_the_calls_of_a_bucket_for_a_day(spotify, connect):
    spotify.calls.forget()
    for _ in range(3):
        connect(budgets={"player": 3}).spotify.get(RECENT)

    with pytest.raises(errors.BudgetSpent, match="budget of a day") as told:
        connect(budgets={"player": 3}).spotify.get(RECENT)
    assert "SPOTIFY_BUDGETS" in told.value.action
    assert len(spotify.calls) == 3
    assert connect(budgets={"player": 3}).spotify.get("/me/top/tracks")
    spotify.clock.set(told.value.until)
    assert connect(budgets={"player": 3}).spotify.get(RECENT)


def test_the_calls_of_the_last_day_are_counted(spotify, connect):
    for _ in range(3):
        connect().spotify.get(RECENT)
    spotify.clock.move(hours=23)
    connect().spotify.get(RECENT)

    assert connect().calls()["player"] == 4
    spotify.clock.move(hours=2)
    assert connect().calls()["player"] == 1


def test_a_budget_for_what_does_not_exist_is_refused(connect):
    with pytest.raises(WrongCall, match="'plays'"):
        connect(budgets={"plays": 3}).blocks()


def test_polls_of_a_household_stay_within_our_own_budget():
    five_listeners_every_half_hour = 5 * 48

    assert BUDGETS["player"] > 2 * five_listeners_every_half_hour
    assert BUDGETS["accounts"] >= 5 * 24 * 2


def test_a_block_written_while_the_clock_was_ahead_ends_in_time(spotify, connect):
    spotify.blocks("player", hours=5)
    with pytest.raises(errors.Blocked):
        connect(clock=lambda: spotify.clock() + timedelta(days=400)).spotify.get(RECENT)

    with pytest.raises(errors.Blocked) as told:
        connect().spotify.get(RECENT)
    assert told.value.until == spotify.clock() + timedelta(hours=5)
    spotify.clock.move(hours=5)
    assert connect().spotify.get(RECENT)


def test_a_pace_written_while_the_clock_was_ahead_holds_nobody_up(spotify, connect, waits):
    connect(pace=0.6, clock=lambda: spotify.clock() + timedelta(days=400)).spotify.get(RECENT)
    waits.clear()
    connect(pace=0.6).spotify.get(RECENT)

    assert waits == []


def test_what_was_remembered_and_cannot_be_read_is_forgotten(connect, state):
    connect().spotify.get(RECENT)
    kept(state)["quota"].write_bytes(b"{")

    assert connect().spotify.get(RECENT)


def test_retry_after_beyond_all_measure_is_a_week_at_most(spotify, connect, waits):
    spotify.blocks("player", days=10_000)

    with pytest.raises(errors.Blocked) as told:
        connect().spotify.get(RECENT)
    assert told.value.until == spotify.clock() + timedelta(days=7)
    assert waits == []


@pytest.mark.parametrize(
    ("path", "bucket"),
    [
        ("/me/player/recently-played", "player"),
        ("/me", "me"),
        ("/me/top/artists", "me"),
        ("/me/tracks", "me"),
        ("/me/playlists", "playlists"),
        ("/playlists/37i9dQZEVX/items", "playlists"),
        ("/tracks/11dFghVXANMlKmJXsNCbNl", "tracks"),
        ("/audio-features", "tracks"),
        ("/albums/2up3OPMp9Tb4dAKM2erWXQ/tracks", "albums"),
        ("/artists", "artists"),
        ("/artists/0TnOYISbd1XYRBk9myaseg/albums", "artist-albums"),
        ("/search", "search"),
        ("/markets", "other"),
    ],
)
def test_every_endpoint_has_a_bucket(path, bucket):
    assert bucket_of(path) == bucket
    assert bucket in BUDGETS


class Notes(dict[str, bytes]):
    """A memory for arithmetic alone."""

    def read(self, name: str) -> bytes | None:
        return self.get(name)

    def write(self, name: str, content: bytes) -> None:
        self[name] = content

    def forget(self, name: str) -> None:
        self.pop(name, None)

    def lease(self, name: str):  # noqa: ARG002
        return nullcontext()


@given(st.lists(st.integers(min_value=0, max_value=30 * 3600), min_size=1, max_size=60), st.integers(min_value=1, max_value=5))
def test_no_day_ever_sees_more_calls_than_the_budget(gaps, budget):
    now = datetime(2026, 11, 23, tzinfo=UTC)
    quota = Quota(Notes(), "app", lambda: now, Manners(pace=0, budgets={"player": budget}))
    made: list[datetime] = []
    ends: list[timedelta] = []
    for gap in gaps:
        now += timedelta(seconds=gap)
        try:
            quota.take("player")
        except errors.BudgetSpent as spent:
            ends.append(spent.until - now)
        else:
            made.append(now)

    assert all(timedelta() < end <= timedelta(hours=24) for end in ends)
    for call in made:
        assert sum(call - timedelta(hours=23) < other <= call for other in made) <= budget


def test_a_connection_needs_no_network_to_tell_what_it_knows(spotify, state, waits):
    spotify.calls.forget()
    known = connection(spotify, state, waits)

    assert (known.blocks(), known.profile_known(), known.remarks()) == ({}, None, [])
    assert len(spotify.calls) == 0
