"""ReccoBeats, MusicBrainz and Last.fm answer beside the simulated Spotify, each in its own manner."""

from datetime import date

import pytest

from longplay.simulator.listener import invent
from longplay.simulator.web import musicbrainz, reccobeats
from longplay.simulator.web.objects import audio_features
from longplay.simulator.web.spotify import SimulatedSpotify
from tests.simulator.asking import HTTP, ask

AT_SPOTIFY = "https://open.spotify.com/artist"
UNKNOWN = "0" * 22


@pytest.fixture(scope="module")
def spotify():
    with SimulatedSpotify(invent(5, date(2026, 9, 1), date(2026, 11, 1))) as spotify:
        yield spotify


@pytest.fixture(scope="module")
def tracks(spotify):
    return list(spotify.known.tracks.values())


@pytest.fixture(scope="module")
def artists(spotify):
    return list(spotify.known.artists.values())


def found(answer) -> list[str]:
    return [one["href"].rpartition("/")[2] for one in answer.json()["content"]]


def test_reccobeats_leaves_out_what_it_does_not_know_and_keeps_no_order(spotify, tracks):
    asked = [track.id for track in tracks[:39]] + [UNKNOWN]

    answer = HTTP.get(f"{spotify.reccobeats}/v1/audio-features", params={"ids": ",".join(asked)})

    assert set(found(answer)) == {track.id for track in tracks[:39] if reccobeats.knows(track)} < set(asked)
    assert found(answer) != [one for one in asked if one in found(answer)]


def test_reccobeats_takes_forty_ids_however_they_are_written(spotify, tracks):
    one, other = (track.id for track in [track for track in tracks if reccobeats.knows(track)][:2])
    address = f"{spotify.reccobeats}/v1/track"

    assert found(HTTP.get(address, params={"ids": [one, other]})) == found(HTTP.get(f"{address}?ids={one},{other}"))
    assert HTTP.get(address, params={"ids": [one] * 41}).status_code == 400
    assert HTTP.get(address).status_code == 400


def test_reccobeats_says_what_spotify_said_and_knows_its_own_ids(spotify, tracks):
    track = next(track for track in tracks if reccobeats.knows(track))
    said = HTTP.get(f"{spotify.reccobeats}/v1/audio-features", params={"ids": track.id}).json()["content"][0]

    by_own_id = HTTP.get(f"{spotify.reccobeats}/v1/track/{said['id']}/audio-features").json()

    assert by_own_id == said
    assert (said["energy"], said["isrc"]) == (audio_features(track)["energy"], track.isrc)
    assert HTTP.get(f"{spotify.reccobeats}/v1/track/nothing").status_code == 404


def addresses(spotify, *artists: str):
    asked = {"resource": [f"{AT_SPOTIFY}/{artist}" for artist in artists], "inc": "artist-rels", "fmt": "json"}
    return HTTP.get(f"{spotify.musicbrainz}/ws/2/url", params=asked)


def test_musicbrainz_answers_one_address_otherwise_than_several(spotify, artists):
    known = [artist for artist in artists if musicbrainz.has_address(artist)][:60]

    assert addresses(spotify, known[0].id).json()["relations"][0]["artist"]["name"] == known[0].name
    assert addresses(spotify, UNKNOWN).status_code == 404
    assert addresses(spotify, UNKNOWN, UNKNOWN).json() == {"url-count": 0, "url-offset": 0, "urls": []}
    several = addresses(spotify, *(artist.id for artist in known), UNKNOWN).json()
    assert several["url-count"] == len(known)
    assert {url["resource"] for url in several["urls"]} == {f"{AT_SPOTIFY}/{artist.id}" for artist in known}
    assert addresses(spotify, *[UNKNOWN] * 101).status_code == 400


def test_musicbrainz_tells_genres_and_tags_of_an_artist(spotify, artists):
    artist = next(artist for artist in artists if len(musicbrainz.genres(artist)) > 1)

    said = HTTP.get(f"{spotify.musicbrainz}/ws/2/artist/{musicbrainz.mbid(artist)}?inc=genres+tags&fmt=json").json()

    assert tuple(genre["name"] for genre in said["genres"]) == musicbrainz.genres(artist)
    assert [tag["name"] for tag in said["tags"]] == [genre["name"] for genre in said["genres"]]
    assert HTTP.get(f"{spotify.musicbrainz}/ws/2/artist/{UNKNOWN}").status_code == 404


def test_musicbrainz_finds_namesakes_and_recordings_tell_them_apart(spotify, artists):
    def named(artist):
        return HTTP.get(f"{spotify.musicbrainz}/ws/2/artist", params={"query": f'artist:"{artist.name}"'}).json()["artists"]

    artist = next(artist for artist in artists if artist.albums and len(named(artist)) == 2)
    title = artist.albums[0].tracks[0].name
    query = f'recording:"{title}" AND artist:"{artist.name}"'

    recordings = HTTP.get(f"{spotify.musicbrainz}/ws/2/recording", params={"query": query}).json()["recordings"]

    assert recordings[0]["artist-credit"][0]["artist"]["id"] == musicbrainz.mbid(artist)
    assert {one["name"] for one in named(artist)} == {artist.name}


def test_musicbrainz_refuses_a_second_call_within_a_second(spotify, artists):
    spotify.musicbrainz_part.is_strict = True
    spotify.clock.move(seconds=2)
    try:
        first, second = (addresses(spotify, artists[0].id, UNKNOWN).status_code for _ in range(2))
        spotify.clock.move(seconds=1)
        third = addresses(spotify, artists[0].id, UNKNOWN).status_code
    finally:
        spotify.musicbrainz_part.is_strict = False

    assert (first, second, third) == (200, 503, 200)


def test_musicbrainz_wants_to_know_who_asks(spotify):
    assert HTTP.get(f"{spotify.musicbrainz}/ws/2/artist", headers={"User-Agent": ""}).status_code == 403


def test_last_fm_tells_errors_with_status_200(spotify, artists):
    def tags(**asked: str):
        given = {"method": "artist.gettoptags", "artist": artists[0].name, "api_key": spotify.lastfm_part.key} | asked
        answer = HTTP.get(f"{spotify.lastfm}/2.0/", params=given)
        assert answer.status_code == 200
        return answer.json()

    assert tags(api_key="wrong")["error"] == 10
    assert tags(artist="Nobody At All")["error"] == 6
    assert tags(method="artist.getmood")["error"] == 3
    some = [tags(artist=artist.name) for artist in artists[:20]]
    assert any("toptags" in one for one in some)


def test_genres_are_told_by_some_and_not_by_others(spotify, artists):
    at_spotify = [bool(ask(spotify, f"/artists/{artist.id}").json()["genres"]) for artist in artists[:40]]

    assert 5 < sum(at_spotify) < 30
    assert sum(bool(musicbrainz.genres(artist)) for artist in artists[:40]) > sum(at_spotify)
