"""Spotify is asked for what it still tells this app, through the one gate that polling goes through."""

import pytest

from longplay.simulator.web.ids import spotify_id
from longplay.simulator.web.objects import audio_features
from tests.enrichment.conftest import track

pytestmark = pytest.mark.slow

SONGS = [track(f"Song {number}", f"Artist {number % 4}") for number in range(12)]


def songs_of(home, path):
    return [call.path.rpartition("/")[2] for call in home.spotify.calls if call.path.startswith(path)]


def test_one_track_of_each_artist_is_looked_up_first_then_the_others(home):
    most_of_one = sorted(SONGS, key=lambda song: song.artist)
    home.signs_in().heard(most_of_one)

    home.enrich()

    first = [next(song for song in most_of_one if song.artist == f"Artist {number}") for number in range(4)]
    asked = [*first, *(song for song in most_of_one if song not in first)]
    assert songs_of(home, "/v1/tracks/") == [song.uri.rpartition(":")[2] for song in asked]


def test_a_track_tells_its_artists_ids_its_isrc_and_its_album(home):
    home.signs_in().heard(SONGS)

    home.enrich()

    facts = home.spotify.known.tracks[SONGS[0].uri.rpartition(":")[2]]
    assert home.rows(f"select isrc, album_name from tracks where track_id = '{facts.id}'") == [(facts.isrc, facts.album.name)]
    assert home.rows("select count(distinct artist_id) from artists") == [(4,)]
    assert home.asked("/musicbrainz/ws/2/url") == 1


def test_a_track_that_has_gone_is_not_asked_for_again(home):
    home.signs_in().heard([track("Gone", "Artist 1")], known=False)

    home.enrich()
    home.spotify.calls.forget()
    again = home.enrich()

    assert again.calls == {}
    assert home.rows("select track_name, isrc from tracks") == [(None, None)]


def test_spotifys_own_genres_come_first_and_who_has_them_is_asked_about_nowhere_else(home):
    home.signs_in().heard(SONGS)

    home.enrich()

    known = {name: home.spotify.known.artists[spotify_id("artist", name)] for name in (f"Artist {n}" for n in range(4))}
    told = {name for name, facts in known.items() if facts.spotify_genres}
    assert told
    assert set(songs_of(home, "/v1/artists/")) == {facts.id for facts in known.values()}
    by_spotify = home.rows("select distinct artist_name from artist_genres where source = 'spotify' and genre is not null")
    assert {name for (name,) in by_spotify} == told
    elsewhere = " ".join(call.query for call in home.spotify.calls if call.path.startswith("/musicbrainz"))
    assert not any(known[name].id in elsewhere for name in told)


def test_an_app_of_today_is_not_asked_how_tracks_sound(home):
    home.signs_in().heard(SONGS)

    home.enrich()

    assert home.asked("/v1/audio-features") == 0
    assert home.asked("/reccobeats") == 1


def test_an_app_that_may_is_told_by_spotify_how_tracks_sound_a_hundred_at_a_time(home_with):
    home = home_with("extended").signs_in()
    home.heard(track(f"Song {number}", "Artist 1") for number in range(120))
    home.spotify_budgets = {"tracks": 3}  # one was to find out what the app may

    home.enrich()

    assert home.asked("/v1/audio-features") == 2
    assert home.asked("/reccobeats") == 0
    facts = next(iter(home.spotify.known.tracks.values()))
    assert home.rows(f"select source, valence from audio_features where track_id = '{facts.id}'") == [
        ("spotify", pytest.approx(audio_features(facts)["valence"]))
    ]


def test_look_ups_share_the_budget_of_everything_else_that_is_asked_of_spotify(home):
    home.signs_in().heard(SONGS)
    home.spotify_budgets = {"tracks": 4, "artists": 2}  # one each was to find out what the app may

    done = home.enrich()

    assert (home.asked("/v1/tracks"), home.asked("/v1/artists")) == (3, 1)
    assert any("SPOTIFY_BUDGETS" in sentence for sentence in done.ended)
    assert home.asked("/reccobeats") == 1


def test_a_block_of_spotifys_costs_one_call_and_the_others_go_on(home):
    home.signs_in().heard(SONGS)
    home.spotify.blocks("tracks", hours=9)

    done, again = home.enrich(), home.enrich()

    assert home.asked("/v1/tracks") == 1
    assert home.spotify.calls.made_while_blocked() == []
    assert "Spotify allows no more calls (tracks)" in done.ended[0]
    assert again.ended == done.ended
    assert home.asked("/reccobeats") == 1


def test_a_consent_that_is_over_is_said_and_the_others_go_on(home):
    home.signs_in().heard(SONGS)
    home.spotify.revokes()
    home.spotify.clock.move(hours=2)

    done = home.enrich()

    assert "longplay login" in done.ended[0]
    assert home.asked("/reccobeats") == 1


def test_what_spotify_told_can_be_deleted_apart_from_what_others_did(home):
    home.signs_in().heard(SONGS)
    home.enrich()

    gone = home.lake.forget_pages("me", spared={"reccobeats_features", "musicbrainz_addresses", "musicbrainz_names",
                                                "musicbrainz_genres"})  # fmt: skip
    home.stages.load()

    assert gone > 12
    assert home.rows("select count(*) from tracks") == [(0,)]
    assert home.rows("select count(*) > 0 from audio_features") == [(True,)]
    assert home.rows("select distinct source from artist_genres") == [("musicbrainz",)]
