"""`longplay enrich` as a listener has it, with the simulated sources in place of the real ones."""

import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from longplay.simulator.web.spotify import SimulatedSpotify
from tests.api.test_commands import Longplay


@pytest.fixture(scope="module")
def spotify():
    with SimulatedSpotify(listener_with(300, seed=3)) as spotify:
        yield spotify


@pytest.fixture
def longplay(spotify, tmp_path) -> Longplay:
    spotify.calls.forget()
    write_archive(listener_with(300, seed=3), tmp_path / "archive.zip")
    longplay = Longplay(tmp_path / "home", spotify)
    for name in [name for name in longplay.environment if name.startswith(("ENRICH_", "LASTFM_"))]:
        del longplay.environment[name]
    longplay.environment |= {
        "RECCOBEATS_ORIGIN": spotify.reccobeats, "MUSICBRAINZ_ORIGIN": spotify.musicbrainz, "LASTFM_ORIGIN": spotify.lastfm,
    }  # fmt: skip
    return longplay


@pytest.mark.slow
def test_enriching_says_who_receives_what_and_how_much_is_told_then(longplay, spotify):
    longplay("import", "archive.zip")

    said = longplay("enrich")

    assert "ReccoBeats receives ids of tracks; MusicBrainz receives ids of artists" in said
    assert "of your listening it is known how it sounds" in said
    told = longplay.json("query", "select count(*) n, count(valence) v from stg_enrichment__audio_features")
    shares = "select sum(weight) as whole from stg_enrichment__artist_genres group by artist_key"
    weights = longplay.json("query", f"select count(*) n from ({shares}) where whole between 0.999 and 1.001")
    standing = longplay.json("status")
    assert told[0]["n"] == told[0]["v"] > 30
    assert weights[0]["n"] > 5
    assert standing["with_features"] > 0.8
    assert standing["with_genres"] > 0.7
    assert standing["to_enrich"] == {}
    spotify.calls.forget()
    assert longplay.json("enrich")["calls"] == {}
    assert len(spotify.calls) == 0


@pytest.mark.slow
def test_a_run_asks_others_only_where_a_listener_wants_it(longplay, spotify):
    longplay("run", "archive.zip")
    asked_unwanted = len(spotify.calls)
    spotify.break_down("server error", "/musicbrainz", times=None)

    said = longplay("run", LONGPLAY_ENRICH="true", ENRICH_BUDGETS='{"reccobeats": 2}')

    spotify.faults.heal()
    assert asked_unwanted == 0
    assert "MusicBrainz is out of order" in said
    assert len([call for call in spotify.calls if call.path.startswith("/reccobeats")]) == 2


def test_enriching_without_listening_says_what_to_do(longplay, spotify):
    assert "Run `longplay import`" in longplay("enrich", status=2)
    assert len(spotify.calls) == 0


def test_an_invented_listeners_music_is_asked_about_nowhere(longplay, spotify):
    longplay("imports")
    (longplay.home / "state" / "demo").touch()

    assert "invented" in longplay("enrich", status=2)
    assert len(spotify.calls) == 0
