"""The list of recent plays is as short, as late and as forgetful as the real one."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from longplay.simulator.listener import invent
from longplay.simulator.web.listings import MEASURED, Manners, belongs, listings
from longplay.simulator.web.spotify import SimulatedSpotify
from tests.simulator.asking import ask, error, titles

YEAR = date(2025, 11, 1), date(2026, 11, 1)


@pytest.fixture(scope="module")
def year():
    return invent(23, *YEAR)


def recent(spotify, **query: Any):
    query.setdefault("limit", 50)
    return ask(spotify, "/me/player/recently-played", **query)


def test_the_newest_play_comes_first_and_none_comes_before_it_ends(spotify):
    for title, at in (("One", "07:40"), ("Two", "07:44"), ("Three", "08:04")):
        spotify.has_played(title, at=at)

    assert titles(recent(spotify)) == ["Two", "One"]
    spotify.clock.move(minutes=4)
    assert titles(recent(spotify)) == ["Three", "Two", "One"]


def test_a_play_says_its_end_to_the_millisecond_and_cursors_are_strings(spotify):
    spotify.has_played("One", at=datetime(2026, 11, 23, 7, 30, 0, 123_000, UTC))
    spotify.has_played("Two", at="07:44")

    page = recent(spotify).json()

    assert [item["played_at"] for item in page["items"]] == ["2026-11-23T07:44:00.000Z", "2026-11-23T07:30:00.123Z"]
    assert page["cursors"] == {"after": "1795419840000", "before": "1795419000123"}
    assert page["next"] == f"{spotify.api}/me/player/recently-played?before=1795419000123&limit=50"


def test_an_empty_list_has_no_cursors(spotify):
    page = recent(spotify).json()

    assert (page["items"], page["cursors"], page["next"], page["limit"]) == ([], None, None, 50)


def test_fifty_plays_are_all_there_is_however_one_asks(spotify):
    for number in range(60):
        spotify.has_played(f"Song {number}", at=spotify.clock() - timedelta(minutes=4 * number))

    first, following = recent(spotify, limit=30), recent(spotify)
    rest = ask(spotify, "/me/player/recently-played", limit=50, before=first.json()["cursors"]["before"])

    assert titles(first) + titles(rest) == titles(following) == [f"Song {number}" for number in range(50)]
    assert rest.json()["next"]
    assert titles(recent(spotify, before=rest.json()["cursors"]["before"])) == []


def test_after_gives_the_newest_and_does_not_walk_on(spotify):
    for number in range(5):
        spotify.has_played(f"Song {number}", at=spotify.clock() - timedelta(minutes=4 * number))
    oldest = recent(spotify).json()["cursors"]["before"]

    assert titles(recent(spotify, after=oldest, limit=2)) == ["Song 0", "Song 1"]
    assert len(titles(recent(spotify, after=oldest))) == 4
    assert error(recent(spotify, after=oldest, before=oldest))[0] == 400


def test_only_music_heard_outside_private_sessions_is_listed(spotify):
    spotify.has_played("Whole", at="07:00")
    spotify.has_played("Skipped at once", at="07:10", ms_played=4_000, reason_end="fwdbtn")
    spotify.has_played("Dragged to its end", at="07:20", ms_played=2_000)
    spotify.has_played("Nobody's business", at="07:30", private=True)

    assert titles(recent(spotify)) == ["Dragged to its end", "Whole"]


def test_a_late_play_takes_its_place_among_the_others(spotify):
    spotify.has_played("Late", at="07:30", listed_at=spotify.clock() + timedelta(hours=5))
    spotify.has_played("Early", at="07:40")
    assert titles(recent(spotify)) == ["Early"]

    spotify.clock.move(hours=5)

    assert titles(recent(spotify)) == ["Early", "Late"]


def test_an_item_may_be_a_file_an_episode_or_nothing(spotify):
    for kind, at in (("local", "07:10"), ("episode", "07:20"), ("nameless", "07:30")):
        spotify.has_played("Demo Tape", at=at, kind=kind)

    nameless, episode, local = (item["track"] for item in recent(spotify).json()["items"])

    assert nameless is None
    assert episode["type"] == "episode"
    assert (local["id"], local["is_local"]) == (None, True)
    assert local["uri"] == "spotify:local:Paper+Lanterns:Demo+Tape:Demo+Tape:200"


@pytest.mark.parametrize("limit", ["0", "51", "-1", "many", ""])
def test_a_limit_out_of_bounds_is_refused(spotify, limit):
    assert error(recent(spotify, limit=limit)) == (400, "Invalid limit")


def test_an_archive_and_the_list_tell_the_same(spotify, tmp_path, year):
    """Every entry of the list is a row of the archive, a few seconds apart at most."""
    listener = spotify.joins("alex", year)
    spotify.clock.set(datetime(2026, 10, 1, tzinfo=UTC))
    written = spotify.sends_archive(tmp_path / "archive.zip", who="alex")
    rows = {(play.reported_at, play.what and play.what.uri) for play in year if play.reported_at <= spotify.clock()}

    shown = listener.recent(spotify.clock())

    assert len(shown) == 50
    assert written.read >= len(rows)
    assert {(one.play.reported_at, one.play.what and one.play.what.uri) for one in shown} < rows


def test_the_list_is_as_unreliable_as_measured(year):
    entries = listings(year, MEASURED, "kim")

    def share(is_so):
        return 100 * sum(map(is_so, entries)) / len(entries)

    def off(entry):
        return abs((entry.played_at - entry.play.reported_at).total_seconds())

    assert len(entries) == sum(map(belongs, year))
    assert share(lambda entry: off(entry) <= 2) == pytest.approx(97.0, abs=1.2)
    assert share(lambda entry: off(entry) <= 3) == pytest.approx(97.4, abs=1.2)
    assert share(lambda entry: entry.listed_at - entry.played_at > timedelta(minutes=1)) == pytest.approx(5.9, abs=1.5)
    assert any(entry.listed_at - entry.played_at > timedelta(days=1) for entry in entries)
    assert 0 < share(lambda entry: entry.gone_at == entry.listed_at) < 3
    assert any(entry.listed_at < entry.gone_at < entry.listed_at + timedelta(days=1) for entry in entries)
    assert any(entry.times == 2 for entry in entries)


def test_no_two_entries_share_an_instant(year):
    entries = listings(year, MEASURED, "kim")

    assert Counter(entry.played_at for entry in entries).most_common(1)[0][1] == 1
    assert all(entry.played_at.microsecond % 1000 == 0 for entry in entries)


def test_some_clients_of_old_said_the_start(year):
    entries = listings(year, Manners(at_start=1.0), "kim")

    assert all(abs(entry.played_at - entry.play.started_at) < timedelta(seconds=2) for entry in entries)


def test_a_page_of_fifty_often_holds_fewer(year):
    with SimulatedSpotify(year, now=datetime(2026, 9, 1, tzinfo=UTC), manners=MEASURED) as spotify:
        lengths = []
        for _ in range(30):
            spotify.clock.move(hours=12)
            lengths.append(len(titles(recent(spotify))))

    assert max(lengths) <= 50
    assert min(lengths) < 50


def test_the_truth_is_what_whole_answers_showed(spotify):
    spotify.has_played("One", at="07:00")
    recent(spotify)
    spotify.has_played("Two", at="07:10")
    spotify.break_down("server error")
    recent(spotify)
    assert [entry.play.what.name for entry in spotify.shown()] == ["One"]

    recent(spotify)

    assert [entry.play.what.name for entry in spotify.shown()] == ["One", "Two"]


def test_the_same_question_finds_the_same_answer(year):
    def answers():
        with SimulatedSpotify(year, now=datetime(2026, 9, 1, tzinfo=UTC), manners=MEASURED) as spotify:
            return recent(spotify).json()["items"]

    assert answers() == answers()
