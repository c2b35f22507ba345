"""What is said at which value: each rule of the answers, at its thresholds."""

import re
from pathlib import Path

import pytest

from longplay.insights import discovery, diversity, genres, mood, skips, trends

DAY = 86_400_000


def year(now: float, before: float | None, gap_days: int = 0, gap_days_before: int = 0):
    row = {
        "ms_played": now * DAY,
        "ms_before": before and before * DAY,
        "gap_days": gap_days,
        "gap_days_before": gap_days_before,
    }
    return trends.beside_the_year_before(row).says


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (year(20, 10), "In the last twelve whole months you listened for 20 whole days, 100 % more than in the twelve before."),
        (year(9, 10), "In the last twelve whole months you listened for 9 whole days, 10 % less than in the twelve before."),
        (
            year(10.4, 10),
            "In the last twelve whole months you listened for 10 whole days, about as much as in the twelve before.",
        ),
        (year(10, 0), "In the last twelve whole months you listened for 10 whole days."),
        (year(20, 10, 19), "Too many days of the last two years are told by no source to compare them."),
        (year(20, 10, 0, 19), "Too many days of the last two years are told by no source to compare them."),
        (year(20, 10, 18, 18)[:40], "In the last twelve whole months you liste"[:40]),
    ],
)
def test_years_are_compared_where_both_are_told_and_said_to_be_alike_where_they_are(said, rule):
    assert said == rule


def test_whole_days_are_floored_and_days_without_a_source_are_said():
    row = {
        "ms_played": 110.99 * DAY, "counted_plays": 40_000, "songs": 1, "artists": 900,
        "first_day": "2015-03-01", "days": 4000, "gap_days": 1,
    }  # fmt: skip
    assert trends.how_much(row).says == (
        "You pressed play for 110 whole days: 40,000 plays of 1 song by 900 artists since 1 March 2015. "
        "1 day since then is told by no source."
    )
    assert "source" not in trends.how_much(row | {"gap_days": 0}).says


@pytest.mark.parametrize(
    ("plays", "all_plays", "said"),
    [
        (40, 1680, "Fridays at 8:00 are your busiest hour: 40 plays."),
        (20, 1680, "Fridays at 8:00 are your busiest hour: 20 plays."),
        (19, 1680, "No hour of the week stands out."),
        (40, 49, "No hour of the week stands out."),
        (0, 0, "No hour of the week stands out."),
    ],
)
def test_an_hour_stands_out_from_twice_the_plays_of_an_even_week_on(plays, all_plays, said):
    assert trends.busiest_hour({"weekday": 5, "hour": 8, "plays": plays, "all_plays": all_plays}).says == said


def seasons(*minutes: float) -> list[str]:
    names = ("winter", "spring", "summer", "autumn")
    rows = [{"season": name, "ms_a_day": each * 60_000} for name, each in zip(names, minutes, strict=False)]
    return [insight.says for insight in trends.seasons(rows)]


def test_a_season_is_the_loudest_once_all_four_were_heard_and_one_has_a_tenth_more():
    assert seasons(60, 50, 45, 40) == ["Winter is your loudest season: 60 minutes a day, 40 in autumn."]
    assert seasons(43, 42, 41, 40) == ["All seasons sound alike: none has a tenth more than another."]
    assert seasons(60, 50, 45) == []


def test_discoveries_are_counted_and_none_is_said_plainly():
    assert discovery.lately({"artist": 1, "recording": 1200}).says == (
        "In the last year you heard 1 artist and 1,200 songs for the first time."
    )
    assert discovery.lately({}).says == "Nothing in the last year was new to you."


def test_how_many_stay_is_said_of_twenty_discoveries_or_more():
    few, enough = ({"judged": judged, "stuck_90": 7, "judged_30": judged, "stuck_30": 5} for judged in (19, 20))
    assert discovery.stayed(few).says == "Too few discoveries are old enough to say how many stay."
    assert discovery.stayed(enough).says == (
        "35 % of the artists you discover stay: 7 of 20 were heard three times or more within 90 days."
    )


def ways(**songs: int) -> list[str]:
    return [insight.says for insight in discovery.channels(songs)]


def test_ways_of_discovery_are_told_where_twenty_are_known_and_unknown_is_none_of_them():
    [told] = ways(unknown=900, album=70, autoplay=20, search=6, playlist=4)
    assert told == (
        "Where it is known how you found a song (10 % of them), it was mostly by albums (70 %), "
        "what goes on after an album (20 %) and searches (6 %)."
    )
    assert ways(unknown=900, album=19) == [
        "How you found a song is known of 19 of 919: too few to tell. Polls say from where you play (`longplay login`)."
    ]
    assert ways() == []


def test_every_way_of_discovery_has_a_word():
    model = Path(__file__).resolve().parents[2] / "transform/models/intermediate/int_discovery_events.yml"
    values = re.search(r"values: \[(personal_playlist[^\]]*)\]", model.read_text(encoding="utf-8"))
    assert values
    assert {*values[1].split(", ")} == {*discovery.WORDS, "unknown"}


def test_what_came_back_is_counted():
    assert discovery.returned({"artists": 1}).says == "1 artist came back in the last year after a year of silence or more."
    assert discovery.returned({"artists": 0}).says == "Nobody came back in the last year after a year of silence."


def family(name: str, share: float | None, coverage: float):
    return {"family": name, "share_of_known": share, "coverage": coverage}


def test_genres_are_told_from_three_tenths_known_on():
    rows = [family("rock", 0.5, 0.3), family("electronic", 0.25, 0.3), family("other", 0.25, 0.3), family("unknown", None, 0.3)]
    assert genres.mostly(rows).says == (
        "You listen to rock (50 %) and electronic (25 %) most; genres are known for 30 % of your listening."
    )
    poor = [row | {"coverage": 0.29} for row in rows]
    assert genres.mostly(poor).says == (
        "The genres of 29 % of your listening are known: too little to tell. `longplay enrich` asks for the rest."
    )
    assert genres.mostly([]).says == "Spotify's archives name no genres; `longplay enrich` asks others for them."


def moves(**moved: float) -> list[str]:
    rows = [{"family": name, "moved": by, "coverage_lately": 0.8, "coverage_before": 0.8} for name, by in moved.items()]
    return [insight.says for insight in genres.moved(rows)]


def test_a_genre_moved_if_it_gained_or_lost_a_twentieth():
    assert moves(electronic=0.12, jazz=0.0, rock=-0.12) == [
        "Electronic moved in (+12 points), rock moved out (-12 points) in the last twelve months."
    ]
    assert moves(electronic=0.06, jazz=-0.03, rock=-0.03) == ["Electronic moved in (+6 points) in the last twelve months."]
    assert moves(electronic=0.04, rock=-0.04) == ["No genre moved by a twentieth of your listening in the last twelve months."]
    assert moves(rock=0.0) == []


def test_nothing_moved_where_too_little_was_known_before():
    rows = [
        {"family": name, "moved": by, "coverage_lately": 0.8, "coverage_before": 0.2} for name, by in (("a", 0.3), ("b", -0.3))
    ]
    assert list(genres.moved(rows)) == []


@pytest.mark.parametrize(
    ("valence", "energy", "how"),
    [
        (0.6, 0.4, "rather cheerful and calm: valence 0.60, energy 0.40, known for 80 % of it."),
        (0.4, 0.52, "rather sombre: valence 0.40, energy 0.52, known for 80 % of it."),
        (0.52, 0.48, "in the middle, neither cheerful nor sombre, neither intense nor calm: valence 0.52"),
    ],
)
def test_a_mood_near_the_middle_is_said_to_be_there(valence, energy, how):
    assert mood.overall({"coverage": 0.8, "valence": valence, "energy": energy}).says.startswith(f"Your music is {how}")


def test_without_features_the_mood_says_how_to_get_them():
    assert mood.overall({"coverage": 0.0, "valence": None, "energy": None}).says == (
        "Spotify's archives do not tell how a song sounds; `longplay enrich` asks others."
    )
    assert mood.overall({"coverage": 0.29, "valence": 0.5, "energy": 0.5}).says == (
        "How it sounds is known of 29 % of your listening: too little to tell. `longplay enrich` asks for the rest."
    )


def test_hours_differ_in_mood_from_a_twentieth_on():
    loud, quiet = {"bucket": "18", "bucket_order": 18, "energy": 0.7}, {"bucket": "23", "bucket_order": 23, "energy": 0.4}
    assert [insight.says for insight in mood.by_hour([quiet, loud])] == [
        "Most intense at 18:00 (0.70), calmest at 23:00 (0.40)."
    ]
    assert [insight.says for insight in mood.by_hour([quiet, loud | {"energy": 0.44}])] == [
        "Energy hardly changes with the hour."
    ]
    assert list(mood.by_hour([loud])) == []


def test_diversity_is_told_from_fifty_plays_on():
    row = {"artist_plays": 50, "artists": 40, "effective_artists": 12.4, "top_ten_share": 0.6}
    assert diversity.overall(row).says == (
        "You played 40 artists, as varied as 12 artists played equally; the ten you play most are 60 % of it."
    )
    assert diversity.overall(row | {"artist_plays": 49}).says == "Too few plays to say how diverse your artists are."


@pytest.mark.parametrize(
    ("lately", "before", "months", "said"),
    [
        (24.0, 20.0, 12, "Thirty of your plays hold 24 artists, more than the 20 of the year before."),
        (16.0, 20.0, 6, "Thirty of your plays hold 16 artists, fewer than the 20 of the year before."),
        (20.4, 20.0, 12, "Thirty of your plays hold 20 artists, as many as the year before."),
        (24.0, 20.0, 5, "Too few whole months to say whether it gets wider or narrower."),
    ],
)
def test_it_gets_wider_or_narrower_by_a_twentieth_in_half_a_year_or_more(lately, before, months, said):
    assert diversity.wider({"lately": lately, "before": before, "months": months, "months_before": 12}).says == said


def rate(bucket: str, order: int, skip_rate: float, plays: int = 1000):
    return {"bucket": bucket, "bucket_order": order, "plays": plays, "skips": round(plays * skip_rate), "skip_rate": skip_rate}


def test_skips_are_summed_over_the_hours_and_too_few_say_nothing():
    assert skips.overall([rate("07", 7, 0.1), rate("08", 8, 0.3)]).says == "You skip 20 % of what starts: 400 of 2,000 plays."
    assert skips.overall([rate("07", 7, 0.1, plays=49)]).says == "Too few plays tell whether they were skipped."
    assert skips.overall([]).numbers["skip_rate"] is None


@pytest.mark.parametrize(
    ("new", "old", "said"),
    [
        (0.4, 0.1, "New songs have it harder: 40 % of first plays are skipped, 10 % of those of old friends."),
        (0.1, 0.4, "New songs have it easier: 10 % of first plays are skipped, 40 % of those of old friends."),
        (0.22, 0.2, "New songs fare like old ones: 22 % and 20 % are skipped."),
    ],
)
def test_new_songs_are_beside_those_known_longest(new, old, said):
    rows = [rate("first play", 0, new), rate("older", 4, old)]
    assert [insight.says for insight in skips.new_beside_old(rows)] == [said]
    assert list(skips.new_beside_old(rows[:1])) == []


def test_an_hour_of_skips_is_named_if_another_has_a_tenth_fewer():
    assert [insight.says for insight in skips.by_hour([rate("07", 7, 0.1), rate("23", 23, 0.2)])] == [
        "You skip most at 23:00 (20 %), least at 7:00 (10 %)."
    ]
    assert list(skips.by_hour([rate("07", 7, 0.11), rate("23", 23, 0.2)])) == []
