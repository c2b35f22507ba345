"""What is asked for, how often, and what is written down of it."""

import gzip
from datetime import timedelta

import pytest

from longplay.errors import HomeBusy
from longplay.spotify import errors

RECENT = "/v1/me/player/recently-played"


def test_a_poll_costs_one_call_and_at_most_one_refresh(spotify, polled):
    polled.poll()
    assert [call.path for call in spotify.calls] == [RECENT]

    spotify.calls.forget()
    spotify.clock.move(hours=3)
    polled.poll()
    assert [call.path for call in spotify.calls] == ["/api/token", RECENT]
    assert "limit=50" in list(spotify.calls)[1].query


def test_an_idle_day_of_48_polls_writes_no_raw_object(spotify, polled):
    polled.poll()
    before = polled.raw()

    for _ in range(48):
        spotify.clock.move(minutes=30)
        assert polled.poll().keys == []

    assert polled.raw() == before
    assert len(before) == 1


def test_a_listener_who_never_played_writes_nothing(spotify, home_with):
    home = home_with("restricted_dev").signs_in()

    assert home.poll().keys == []
    assert home.raw() == []
    assert home.known().polled_at == spotify.clock()


def test_the_body_is_kept_as_it_came_with_the_instant_it_was_fetched(spotify, polled):
    spotify.clock.move(minutes=7)
    (key,) = polled.poll().keys
    content = polled.lake.read(key)

    assert key.startswith("raw/api/recently_played/user=me/date=2026-11-23/20261123T074000Z-")
    assert int.from_bytes(content[4:8], "little") == spotify.clock().timestamp()
    assert gzip.decompress(content) == polled.connect().spotify.get("/me/player/recently-played", limit=50)
    polled.load()
    assert polled.rows("select distinct fetched_at from recently_played") == [(spotify.clock().replace(tzinfo=None),)]


def test_a_play_that_is_listed_late_is_found_all_the_same(spotify, polled):
    spotify.has_played("Breezeblocks", at="07:50", listed_at=spotify.clock() + timedelta(hours=5))
    spotify.has_played("Clair de Lune", at="07:55")
    polled.poll()
    assert polled.titles() == ["Alright", "Clair de Lune"]

    spotify.clock.move(hours=6)
    polled.poll()

    assert polled.titles() == ["Alright", "Breezeblocks", "Clair de Lune"]


def test_fifty_plays_that_are_all_new_are_all_kept(spotify, polled):
    polled.poll()
    for minute in range(50):
        spotify.has_played(f"Song {minute}", at=spotify.clock() + timedelta(minutes=4 * minute + 4))
    spotify.clock.move(hours=4)
    polled.poll()

    assert len(polled.titles()) == 51


def test_no_account_name_gets_into_the_lake(spotify, polled):
    spotify.listener.lists(
        [type(one)(one.play, one.played_at, one.listed_at, one.gone_at, f"spotify:user:{spotify.listener.name}:collection")
         for one in spotify.listener.listings[:1]]
    )  # fmt: skip
    polled.poll(daily=True)

    told = str(polled.bodies())
    assert "spotify:user:-:collection" in told
    assert spotify.listener.name not in told


def test_top_items_come_once_a_day_even_if_the_daily_run_is_early(spotify, polled):
    polled.poll(daily=True)
    assert len(polled.raw("top_")) == 6
    spotify.calls.forget()
    polled.poll(daily=True)
    assert [call.path for call in spotify.calls] == [RECENT]

    spotify.clock.move(hours=23, minutes=58)
    polled.poll(daily=True)

    assert len(polled.raw("top_")) == 12
    polled.load()
    assert polled.rows("select count(*), count(distinct time_range) from top_items where item_type = 'artist'")[0][1] == 3


def test_the_account_itself_is_never_kept(polled):
    polled.poll(daily=True)

    assert polled.raw("/me/") == []
    assert "display_name" not in str(polled.bodies())


@pytest.fixture
def library(spotify, polled):
    """A listener with 180 saved tracks, on four pages; a day later there are three more."""
    plays = [spotify.has_played(f"Song {n}", at=spotify.clock() - timedelta(hours=n + 1)) for n in range(180)]
    spotify.listener.saved = [(play.ended_at, play.what) for play in plays]
    return polled


def saved_again(spotify, titles) -> None:
    for title in titles:
        play = spotify.has_played(title, at=spotify.clock() - timedelta(minutes=len(title)))
        spotify.listener.saved.append((play.ended_at, play.what))


def test_saved_tracks_are_followed_to_the_first_known_and_every_week_to_the_end(spotify, library):
    asked = []
    for _ in range(9):
        spotify.calls.forget()
        library.poll(daily=True)
        asked.append(len(spotify.calls.to("/v1/me/tracks")))
        spotify.clock.move(days=1)

    assert asked == [4, 1, 1, 1, 1, 1, 1, 4, 1]


def test_what_was_saved_since_is_found_on_the_next_day(spotify, library):
    library.poll(daily=True)
    spotify.clock.move(days=1)
    saved_again(spotify, ["New one", "Another new one"])
    library.poll(daily=True)
    library.load()

    assert library.rows("select count(distinct track_uri) from saved_tracks") == [(182,)]
    assert library.rows(
        "select count(*) from saved_tracks where archive is null and added_at is not null and fetched_at is null"
    ) == [(0,)]


def test_a_listing_that_a_block_ends_half_way_goes_on_another_day(spotify, library):
    library.budgets = {"me": 1 + 9 + 2}  # signing in took one, the rankings take nine
    first = library.poll(daily=True)
    assert len(library.raw("saved_tracks")) == 2
    assert len(first.blocked) == 1
    assert first.problem is None

    library.budgets = {}
    spotify.clock.move(days=1)
    saved_again(spotify, ["New one"])
    library.poll(daily=True)
    library.load()

    assert library.rows("select count(distinct track_uri) from saved_tracks") == [(181,)]
    assert library.known().goes_on == {}


def test_while_a_bucket_is_blocked_nothing_of_it_is_asked_and_what_is_free_goes_on(spotify, polled):
    spotify.blocks("player", hours=24)
    told = polled.poll(daily=True)
    assert "player" in told.blocked[0]
    assert told.problem is None
    assert len(polled.raw("top_")) == 6

    for _ in range(47):
        spotify.clock.move(minutes=30)
        polled.poll()
    assert spotify.calls.made_while_blocked() == []
    assert len(spotify.calls.to(RECENT)) == 1

    spotify.clock.move(hours=1)
    assert len(polled.poll().keys) == 1


def test_an_end_of_the_consent_is_told_and_stays_told_until_somebody_signs_in(spotify, polled):
    spotify.revokes()
    spotify.clock.move(hours=2)

    assert isinstance(polled.poll().problem, errors.NotAuthorized)
    assert "longplay login" in (polled.fetching.notice("me") or "")
    spotify.calls.forget()
    assert isinstance(polled.poll().problem, errors.NotAuthorized)
    assert len(spotify.calls) == 0

    spotify.clock.move(minutes=1)
    polled.signs_in()
    assert polled.fetching.notice("me") is None
    assert polled.poll().problem is None
    assert polled.fetching.notice("me") is None


def test_an_app_that_was_closed_is_told_on_the_page_until_it_is_open_again(spotify, polled):
    spotify.app.owner_has_premium = False
    polled.poll()
    assert "Premium" in (polled.fetching.notice("me") or "")

    spotify.app.owner_has_premium = True
    polled.poll()
    assert polled.fetching.notice("me") is None


@pytest.mark.parametrize("fault", ["network gone", "cut off", "not JSON", "server error", "empty error"])
def test_after_a_bad_moment_the_next_poll_continues(spotify, polled, fault):
    spotify.break_down(fault, RECENT, times=4)
    assert isinstance(polled.poll().problem, errors.SpotifyDown)
    assert polled.raw() == []

    spotify.faults.heal()
    assert polled.poll().problem is None
    assert polled.titles() == ["Alright"]


def test_two_polls_of_one_listener_do_not_meet(polled):
    polled.state.patience = 0.05
    with polled.state.lease("fetch-me"), pytest.raises(HomeBusy):
        polled.poll()


def test_what_a_killed_poll_left_goes_with_the_next(polled):
    part = polled.lake.folder / ".arriving" / "me"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")

    polled.poll()

    assert not part.exists()
    assert polled.titles() == ["Alright"]


def test_processing_again_changes_nothing_and_what_is_not_whole_is_done_again(polled):
    polled.poll(daily=True)
    polled.load()
    objects = {key: polled.lake.read(key) for key in polled.lake.keys("processed/")}
    assert polled.stages.process().pages == 0
    assert polled.load() == (0, 0)

    for key in polled.lake.keys("processed/v1/pages/"):
        polled.lake.local_path(key).unlink()
    assert list(polled.lake.whole_pages()) == []
    polled.stages.process()

    assert {key: polled.lake.read(key) for key in polled.lake.keys("processed/")} == objects


def test_a_damaged_object_costs_that_page(polled):
    (key,) = polled.poll().keys
    path = polled.lake.local_path(key)
    path.write_bytes(path.read_bytes()[:200])

    assert polled.stages.process().rejected == 1
    polled.load()
    assert polled.rows("select items, rejected from pages") == [(0, 1)]


def test_items_that_cannot_be_read_are_kept_aside_and_the_others_loaded(spotify, polled):
    spotify.has_played("No track", at="07:45", kind="nameless")
    spotify.has_played("A local file", at="07:46", kind="local")
    spotify.has_played("An episode", at="07:47", kind="episode")
    polled.poll()

    assert polled.titles() == ["Alright", "A local file", "An episode"]
    assert polled.rows("select items, rejected from pages") == [(4, 1)]
    assert len(list(polled.lake.keys("rejected/v1/recently_played/user=me/"))) == 1


def test_forgetting_what_was_polled_leaves_other_listeners_alone(spotify, polled):
    spotify.joins("lou.example")
    spotify.has_played("Breezeblocks", at="07:50", who="lou.example")
    spotify.signs_in("lou.example")
    polled.signs_in("lou")
    polled.poll()
    polled.poll("lou")
    assert polled.titles() == ["Alright", "Breezeblocks"]
    assert polled.fetching.listeners() == ["lou", "me"]

    assert polled.fetching.forget("me") == 6
    assert polled.titles() == ["Breezeblocks"]
    assert {row[0] for row in polled.rows("select distinct user_id from recently_played union select user_id from pages")} == {
        "lou"
    }


def test_a_load_touches_the_days_of_each_page_and_none_between(spotify, polled):
    polled.poll()
    spotify.clock.move(days=150)
    spotify.listener.plays_more([])
    for minute in range(50):
        spotify.has_played(f"Song {minute}", at=spotify.clock() - timedelta(minutes=4 * minute))
    polled.poll()
    polled.load()

    days = polled.rows("select distinct strftime(day, '%Y-%m') from touches")
    assert {month for (month,) in days} == {"2026-11", "2027-04"}
