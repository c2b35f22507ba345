"""The invented listener is like the real ones that were measured."""

from collections import Counter
from datetime import date
from itertools import pairwise
from statistics import median

import pytest

from longplay.simulator.catalogue import Track
from longplay.simulator.listener import invent, listener_with
from longplay.simulator.plays import truth_of


def share(plays, is_so):
    return 100 * sum(map(is_so, plays)) / len(plays)


def test_the_same_seed_is_the_same_listener():
    month = date(2024, 3, 1), date(2024, 4, 1)

    assert invent(7, *month) == invent(7, *month)
    assert invent(7, *month) != invent(8, *month)


def test_a_listener_has_exactly_the_plays_asked_for():
    assert len(listener_with(1_000, seed=3)) == 1_000
    assert listener_with(0, seed=3) == []


def test_nobody_has_more_plays_than_a_life_is_long():
    with pytest.raises(ValueError, match="nobody plays"):
        listener_with(50_000_000, seed=3)


def test_plays_never_overlap_in_truth(years):
    assert all(one.ended_at <= following.started_at for one, following in pairwise(years))


def test_a_play_lasts_as_long_as_it_says(years):
    assert all((play.ended_at - play.started_at).total_seconds() * 1000 == pytest.approx(play.ms_played) for play in years)


def test_spotify_hears_of_a_play_at_its_end_or_later(years):
    assert all(play.reported_at >= play.ended_at for play in years)


def test_every_play_can_be_told_from_every_other(years):
    assert len(truth_of(years)) == len(years)


@pytest.mark.parametrize(
    ("reason", "real"),
    [("trackdone", 48.9), ("fwdbtn", 29.5), ("clickrow", 12.0), ("appload", 3.1), ("playbtn", 2.9), ("backbtn", 1.8)],
)
def test_plays_start_as_real_ones_do(years, reason, real):
    assert share(years, lambda play: play.reason_start == reason) == pytest.approx(real, abs=0.4 + real / 12)


@pytest.mark.parametrize(
    ("reason", "real"),
    [
        ("trackdone", 48.8),
        ("fwdbtn", 29.0),
        ("endplay", 12.5),
        ("logout", 4.0),
        ("unexpected-exit-while-paused", 1.9),
        ("backbtn", 1.8),
        ("unknown", 0.7),
        ("remote", 0.5),
        (None, 0.4),
    ],
)
def test_plays_end_as_real_ones_do(years, reason, real):
    assert share(years, lambda play: play.reason_end == reason) == pytest.approx(real, abs=0.4 + real / 12)


def test_as_many_plays_are_cut_short_as_in_reality(years):
    assert share(years, lambda play: play.ms_played < 30_000) == pytest.approx(36.9, abs=3)
    assert share(years, lambda play: play.ms_played == 0) == pytest.approx(3.3, abs=0.7)


def test_days_are_as_loud_as_real_ones(years):
    days = sorted(Counter(play.started_at.date() for play in years).values())

    assert median(days) == pytest.approx(25, abs=4)
    assert days[int(0.95 * len(days))] == pytest.approx(126, abs=20)
    assert 300 < days[-1] <= 1_000
    assert 100 * sum(plays > 50 for plays in days) / len(days) == pytest.approx(26, abs=5)


def test_some_days_and_one_whole_month_are_silent(years):
    days = {play.started_at.date() for play in years}
    months = Counter((day.year, day.month) for day in days)
    every = {
        (day.year, day.month) for day in (date.fromordinal(n) for n in range(min(days).toordinal(), max(days).toordinal()))
    }

    assert 0.05 < 1 - len(days) / (max(days) - min(days)).days < 0.25
    assert min(months[month] for month in every) <= 1  # an hour of the night before may hang over


def test_podcasts_and_audiobooks_are_rare_but_there(years):
    assert share(years, lambda play: play.content_type == "episode") == pytest.approx(1.4, abs=0.5)
    assert 1 <= sum(play.content_type == "audiobook" for play in years) <= 100
    assert 0 < share(years, lambda play: play.what is None) < 0.6


def test_offline_plays_share_the_second_they_were_synced_in(years):
    at = Counter(play.reported_at for play in years)

    assert share(years, lambda play: at[play.reported_at] > 1) == pytest.approx(13, abs=3)
    assert all(play.offline_timestamp and play.offline_timestamp > 1 for play in years if play.is_late)


def test_few_rows_are_repeated(years):
    assert share(years, lambda play: play.repeats) == pytest.approx(0.4, abs=0.15)


def test_music_is_as_varied_as_in_reality(years):
    tracks = [play.what for play in years[:25_000] if isinstance(play.what, Track)]
    names = Counter((t.name, t.artist) for t in {t.uri: t for t in tracks}.values())

    assert 2_200 < len({track.uri for track in tracks}) < 9_600
    assert 800 < len({track.artist for track in tracks}) < 3_800
    assert 1_400 < len({(track.artist, track.album) for track in tracks}) < 6_600
    assert sum(uris > 1 for uris in names.values()) / len(names) == pytest.approx(0.1, abs=0.04)


def test_taste_drifts(years):
    def favourites(plays):
        return {name for name, _ in Counter(play.what.artist for play in plays if isinstance(play.what, Track)).most_common(50)}

    beginning, soon, end = favourites(years[:5_000]), favourites(years[5_000:10_000]), favourites(years[-5_000:])
    assert len(beginning & end) < len(beginning & soon) < 50


def test_the_listener_travels_and_is_private_at_times(years):
    abroad = share(years, lambda play: play.country not in {"NO", "ZZ", None})

    assert 2 < abroad < 15
    assert 0.2 < share(years, lambda play: play.is_incognito) < 13


def test_names_come_in_other_scripts_too(years):
    artists = {play.what.artist for play in years if isinstance(play.what, Track)}

    assert any("\u3040" <= letter <= "\u9fff" for name in artists for letter in name)
    assert any("\u0600" <= letter <= "\u06ff" for name in artists for letter in name)
    assert any("&" in name for name in artists)
    assert any("é" in name for name in artists)
