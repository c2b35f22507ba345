"""What is missing is asked for, the longest heard first, never twice, and no more than is allowed."""

from datetime import timedelta
from itertools import pairwise
from urllib.parse import parse_qs

import pytest

from longplay.enrichment.asking import AGENT
from longplay.errors import WrongCall
from longplay.simulator.web import musicbrainz, reccobeats
from longplay.simulator.web.faults import Fault
from longplay.simulator.web.ids import spotify_id
from tests.enrichment.conftest import EnrichedHome, track

pytestmark = pytest.mark.slow

SONGS = [track(f"Song {number}", f"Artist {number % 8}") for number in range(90)]
ARTISTS = [f"Artist {number}" for number in range(8)]


def ids_asked(home: EnrichedHome) -> list[list[str]]:
    return [parse_qs(call.query)["ids"][0].split(",") for call in home.spotify.calls.to("/reccobeats/v1/audio-features")]


def features(home: EnrichedHome) -> dict[str, float]:
    return dict(home.rows("select track_id, valence from audio_features where valence is not null"))


def genres(home: EnrichedHome) -> dict[str, set[str]]:
    told = home.rows("select artist_name, genre from artist_genres where genre is not null")
    return {name: {genre for other, genre in told if other == name} for name, _ in told}


def facts(home: EnrichedHome, name: str):
    return home.spotify.known.artists[spotify_id("artist", name)]


def test_the_longest_heard_is_asked_for_first_forty_at_a_time(home):
    home.heard(SONGS)

    home.enrich()

    asked = ids_asked(home)
    assert [len(each) for each in asked] == [40, 40, 10]
    assert [one for each in asked for one in each] == [song.uri.rpartition(":")[2] for song in SONGS]
    assert features(home).keys() == {each.id for each in home.spotify.known.tracks.values() if reccobeats.knows(each)}


def test_nothing_is_asked_twice_and_what_is_not_there_again_after_three_months(home):
    home.heard(SONGS)
    home.enrich()
    unknown = {song.uri.rpartition(":")[2] for song in SONGS} - features(home).keys()
    home.spotify.calls.forget()

    again = home.enrich()
    home.spotify.clock.move(days=89)
    later = home.enrich()
    calls = len(home.spotify.calls)
    home.spotify.clock.move(days=2)
    home.enrich()

    assert unknown
    assert (again.calls, later.calls, calls) == ({}, {}, 0)
    assert {one for each in ids_asked(home) for one in each} == unknown


def test_private_plays_podcasts_and_files_of_ones_own_are_not_asked_about(home):
    home.heard(SONGS[:1])
    home.heard(SONGS[1:2], is_incognito=True)
    home.heard(SONGS[2:3], content_type="episode")
    home.heard(SONGS[3:4], spotify_uri="spotify:local:::Song+3:200")
    home.heard(SONGS[4:5], user_id="kim")

    home.enrich()

    assert ids_asked(home) == [[SONGS[0].uri.rpartition(":")[2]]]
    assert not any("Artist%201" in call.query or "Artist+1" in call.query for call in home.spotify.calls)


def test_artists_are_found_by_their_address_a_hundred_at_a_time(home):
    home.heard(SONGS)
    home.knows_ids(*ARTISTS)

    home.enrich()

    (call,) = home.spotify.calls.to("/musicbrainz/ws/2/url")
    assert len(parse_qs(call.query)["resource"]) == 8
    known = {name: facts(home, name) for name in ARTISTS}
    assert genres(home) == {name: set(told) for name, artist in known.items() if (told := musicbrainz.genres(artist))}
    found = home.rows("select artist_name from artist_matches where evidence = 'spotify address' and source_id is not null")
    assert {name for (name,) in found} == {name for name, artist in known.items() if musicbrainz.has_address(artist)}


def test_one_address_alone_is_told_like_several(home):
    name = next(name for name in (f"Artist {number}" for number in range(50)) if _is_there(name))
    home.heard([track("Song", name)])
    home.knows_ids(name)

    home.enrich()

    assert genres(home) == {name: set(musicbrainz.genres(facts(home, name)))}


def _is_there(name: str) -> bool:
    from longplay.simulator.web.discography import Discography  # noqa: PLC0415

    artist = Discography().artist(name)
    return musicbrainz.has_address(artist) and bool(musicbrainz.genres(artist))


def test_without_an_id_an_artist_is_who_made_the_title_and_no_namesake(home, spotify):
    home.heard(SONGS)
    home.heard([track("Heard Only Here", "Two Of A Name")], known=False)
    spotify.known.add(track("Another One's", "Two Of A Name"))

    home.enrich()

    matched = dict(home.rows("select artist_name, source_id from artist_matches"))
    assert {name: matched[name] for name in ARTISTS} == {name: musicbrainz.mbid(facts(home, name)) for name in ARTISTS}
    assert matched["Two Of A Name"] is None
    assert "Two Of A Name" not in genres(home)
    assert home.rows("select distinct evidence from artist_genres") == [("name and title",)]


def test_a_title_is_searched_for_without_what_labels_add(home, spotify):
    home.heard([track("Low Tide - Remastered 2011", 'The "Lanterns"')], known=False)
    spotify.known.add(track("Low Tide", 'The "Lanterns"'))

    home.enrich()

    assert home.rows("select source_id from artist_matches") == [(musicbrainz.mbid(facts(home, 'The "Lanterns"')),)]


def test_musicbrainz_is_asked_once_a_second_and_told_who_asks(home, spotify):
    spotify.is_strict()
    home.heard(SONGS)

    done = home.enrich()

    calls = [call for call in spotify.calls if call.path.startswith("/musicbrainz")]
    gaps = [later.at - earlier.at for earlier, later in pairwise(calls)]
    assert len(calls) > 8
    assert min(gaps) >= timedelta(seconds=1)
    assert {call.status for call in calls} == {200}
    assert {call.agent for call in spotify.calls} == {AGENT}
    assert AGENT.startswith("Longplay/0.")
    assert done.ended == []


def test_who_receives_what_is_said_before_anybody_is_asked(home, spotify):
    home.heard(SONGS)
    calls_when_told = []

    home.enriching().enrich(lambda sentence: calls_when_told.append((sentence, len(spotify.calls))))

    ((sentence, calls),) = calls_when_told
    assert "ReccoBeats receives ids of tracks" in sentence
    assert "MusicBrainz receives ids of artists" in sentence
    assert calls == 0


def test_a_budget_of_a_day_ends_a_source_and_the_next_day_goes_on(home):
    home.heard(SONGS)
    home.budgets = {"reccobeats": 1, "musicbrainz": 5}

    first = home.enrich()
    same_day = home.enrich()
    home.spotify.clock.move(hours=25)
    second = home.enrich()

    assert first.calls == {"ReccoBeats": 1, "MusicBrainz": 5}
    assert same_day.calls == {}
    assert ["reccobeats" in sentence or "musicbrainz" in sentence for sentence in first.ended] == [True, True]
    assert "ENRICH_BUDGETS" in first.ended[0]
    assert second.calls == {"ReccoBeats": 1, "MusicBrainz": 5}
    assert [len(each) for each in ids_asked(home)] == [40, 40]


def test_the_estimate_says_how_many_nights_the_rest_takes(home):
    home.heard(SONGS)
    home.budgets = {"reccobeats": 1, "musicbrainz": 5}

    done = home.enrich()

    waiting = {each.source: each for each in done.waiting}
    assert (waiting["ReccoBeats"].calls, waiting["ReccoBeats"].nights) == (2, 2)
    assert waiting["MusicBrainz"].nights == 3
    assert done.with_features == pytest.approx(len(features(home)) / 90, abs=0.01)


def test_a_long_block_is_written_down_and_respected_by_later_runs(home, spotify):
    home.heard(SONGS)
    busy = Fault(429, b"{}", headers=(("retry-after", "10800"),))
    spotify.faults.plan(busy, "/reccobeats", times=None, until=spotify.clock() + timedelta(hours=3))

    first = home.enrich()
    again = home.enrich()
    calls = home.asked("/reccobeats")
    spotify.clock.move(hours=4)
    home.enrich()

    assert calls == 1
    assert "ReccoBeats allows no more calls" in first.ended[0]
    assert first.calls["MusicBrainz"] > 8
    assert again.calls == {}
    assert len(features(home)) > 60


def test_a_source_that_is_down_ends_its_part_with_a_sentence_and_others_go_on(home, spotify):
    home.heard(SONGS)
    home.knows_ids(*ARTISTS[:4])
    spotify.break_down("server error", "/musicbrainz", times=None)

    done = home.enrich()

    assert done.ended == ["MusicBrainz is out of order (it answered 500). The next run tries again."]
    assert len(features(home)) > 60
    assert home.asked("/musicbrainz") == 4
    spotify.faults.heal()
    home.enrich()
    assert genres(home)


@pytest.mark.parametrize("how", ["cut off", "network gone", "not JSON", "bad gateway", "too many requests", "nothing"])
def test_what_heals_itself_costs_another_call_and_nothing_else(home, spotify, how):
    home.heard(SONGS)
    spotify.break_down(how, "/reccobeats", times=2)
    spotify.break_down(how, "/musicbrainz", times=2)

    done = home.enrich()

    assert done.ended == []
    assert home.asked("/reccobeats") == 5
    assert features(home).keys() == {each.id for each in spotify.known.tracks.values() if reccobeats.knows(each)}
    assert genres(home)


def test_a_part_of_an_answer_that_cannot_be_read_costs_that_part(home, spotify):
    home.heard(SONGS[:3])
    ids = [song.uri.rpartition(":")[2] for song in SONGS[:3]]
    said = [
        f'{{"href":"https://open.spotify.com/track/{ids[0]}","valence":"much"}}',
        f'{{"href":"https://open.spotify.com/track/{ids[1]}","valence":0.5,"key":-1}}',
        f'{{"valence":0.7,"isrc":"{ids[2]}"}}',
    ]
    spotify.faults.plan(Fault(200, f'{{"content":[{",".join(said)}]}}'.encode()), "/reccobeats")

    home.enrich()

    assert features(home) == {ids[1]: 0.5}
    assert home.rows("select count(*), count(key) from audio_features") == [(3, 0)]
    assert home.rows("select items, rejected from pages where dataset = 'reccobeats_features'") == [(3, 2)]
    (rejected,) = home.lake.keys("rejected/v1/reccobeats_features/")
    reasons = home.rows(f"select reason from read_parquet('{home.lake.local_path(rejected)}') order by position")
    assert ["valence" in reasons[0][0], "href" in reasons[1][0]] == [True, True]


def test_last_fm_tells_genres_where_musicbrainz_has_none_and_only_with_a_key(home, spotify):
    home.heard(SONGS)
    home.enrich()
    without = {name for name in ARTISTS if name not in genres(home)}
    assert home.asked("/lastfm") == 0

    home.lastfm_key = spotify.lastfm_part.key
    home.enrich()

    assert home.asked("/lastfm") == len(without)
    words = {genre for (genre,) in home.rows("select genre from artist_genres where source = 'lastfm' and genre is not null")}
    assert not words & {"seen live", "favourites"}
    assert not any(home.lastfm_key.encode() in home.lake.read(key) for key in home.lake.objects())


def test_a_wrong_key_for_last_fm_is_said_and_stops_nobody(home):
    home.heard(SONGS)
    home.lastfm_key = "wrong"

    done = home.enrich()

    assert home.asked("/lastfm") <= 1
    assert "LASTFM_API_KEY" in done.ended[0]
    assert len(features(home)) > 60


def test_a_source_nobody_knows_can_have_no_budget():
    from longplay.enrichment.providers import known_budgets  # noqa: PLC0415

    with pytest.raises(WrongCall, match="ENRICH_BUDGETS"):
        known_budgets({"soundcloud": 3})
