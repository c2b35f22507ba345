"""A whole collection is enriched with as many calls as the sources' batches need, and no call is made twice."""

from math import ceil

import pytest

from longplay.simulator.web import musicbrainz, reccobeats
from tests.enrichment.conftest import track

TRACKS, ARTISTS = 10_000, 300


@pytest.mark.slow
def test_ten_thousand_tracks_cost_what_the_batches_need(home, spotify):
    home.heard(track(f"Song {number}", f"Artist {number % ARTISTS}") for number in range(TRACKS))
    home.knows_ids(*(f"Artist {number}" for number in range(ARTISTS)))
    home.budgets, home.pace = {"musicbrainz": 10_000, "reccobeats": 1_000}, 0
    artists = spotify.known.artists.values()

    done = home.enrich()

    found = sum(map(musicbrainz.has_address, artists))
    named = ARTISTS - found
    assert home.asked("/reccobeats/v1/audio-features") == ceil(TRACKS / 40)
    assert home.asked("/musicbrainz/ws/2/url") == ceil(ARTISTS / 100)
    assert home.asked("/musicbrainz/ws/2/recording") == named
    assert home.asked("/musicbrainz/ws/2/artist/") == ARTISTS
    assert home.rows("select count(*), count(valence), count(distinct track_id) from audio_features") == [
        (TRACKS, sum(map(reccobeats.knows, spotify.known.tracks.values())), TRACKS)
    ]
    assert home.rows("select count(distinct artist_name) from artist_genres where genre is not null") == [
        (sum(bool(musicbrainz.genres(artist)) for artist in artists),)
    ]
    assert done.waiting == []
    spotify.calls.forget()
    assert home.enrich().calls == {}
    assert len(spotify.calls) == 0
