"""A whole collection is enriched with as many calls as the sources' batches need, and no call is made twice."""

from math import ceil

import pytest

from longplay.simulator.web import musicbrainz, reccobeats
from tests.enrichment.conftest import track


@pytest.mark.slow
@pytest.mark.parametrize(("tracks", "artists"), [(2_030, 110), pytest.param(10_000, 300, marks=pytest.mark.prove)])
def test_thousands_of_tracks_cost_what_the_batches_need(home, spotify, tracks, artists):
    home.heard(track(f"Song {number}", f"Artist {number % artists}") for number in range(tracks))
    home.knows_ids(*(f"Artist {number}" for number in range(artists)))
    home.budgets, home.pace = {"musicbrainz": 10_000, "reccobeats": 1_000}, 0
    known = spotify.known.artists.values()

    done = home.enrich()

    found = sum(map(musicbrainz.has_address, known))
    named = artists - found
    assert home.asked("/reccobeats/v1/audio-features") == ceil(tracks / 40)
    assert home.asked("/musicbrainz/ws/2/url") == ceil(artists / 100)
    assert home.asked("/musicbrainz/ws/2/recording") == named
    assert home.asked("/musicbrainz/ws/2/artist/") == artists
    assert home.rows("select count(*), count(valence), count(distinct track_id) from audio_features") == [
        (tracks, sum(map(reccobeats.knows, spotify.known.tracks.values())), tracks)
    ]
    assert home.rows("select count(distinct artist_name) from artist_genres where genre is not null") == [
        (sum(bool(musicbrainz.genres(artist)) for artist in known),)
    ]
    assert done.waiting == []
    spotify.calls.forget()
    assert home.enrich().calls == {}
    assert len(spotify.calls) == 0
