"""Clients that nobody here wrote agree with the simulated Spotify: `spotipy`, and a description of the Web API."""

import gzip
import json
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import spotipy
from openapi_core import OpenAPI
from openapi_core.testing import MockRequest, MockResponse
from spotipy.cache_handler import MemoryCacheHandler

from longplay.simulator.catalogue import Track
from longplay.simulator.listener import invent
from longplay.simulator.web.listings import MEASURED
from longplay.simulator.web.spotify import SimulatedSpotify
from tests.simulator.asking import ask

SCOPE = "user-read-recently-played user-top-read user-library-read"
CALLBACK = "http://127.0.0.1:54321/callback"
PROFILES = ("restricted_dev", "legacy_dev", "extended")


@pytest.fixture(scope="module")
def plays():
    return invent(13, date(2025, 6, 1), date(2026, 12, 1))


@pytest.fixture(scope="module")
def spotify(plays):
    with SimulatedSpotify(plays, now=datetime(2026, 11, 23, 8, tzinfo=UTC), manners=MEASURED) as spotify:
        yield spotify


@pytest.fixture(scope="module")
def client(spotify) -> spotipy.Spotify:
    """Spotipy, signed in with PKCE as its users do without a browser: the address goes out, the redirect comes in."""
    app = spotify.apps["extended"]
    manager = spotipy.SpotifyPKCE(
        client_id=app.client_id, redirect_uri=CALLBACK, scope=SCOPE, open_browser=False, cache_handler=MemoryCacheHandler()
    )
    vars(manager).update(OAUTH_AUTHORIZE_URL=f"{spotify.accounts}/authorize", OAUTH_TOKEN_URL=f"{spotify.accounts}/api/token")
    redirect = spotify.visits(manager.get_authorize_url(state="abc"))
    assert parse_qs(urlsplit(redirect).query)["state"] == ["abc"]
    manager.get_access_token(manager.parse_response_code(redirect), check_cache=False)
    client = spotipy.Spotify(auth_manager=manager, retries=0, status_retries=0)
    client.prefix = f"{spotify.api}/"
    return client


def test_spotipy_reads_recent_plays_and_what_follows_them(client):
    page = client.current_user_recently_played(limit=30)
    rest = client.next(page)

    assert len(page["items"]) == 30
    assert 0 < len(rest["items"]) <= 20
    assert client.next(rest)["items"] == []


def test_spotipy_reads_rankings_and_library_to_their_end(client):
    for listing in (client.current_user_top_tracks, client.current_user_top_artists, client.current_user_saved_tracks):
        page = listing(limit=20)
        items = page["items"]
        while page["next"]:
            page = client.next(page)
            items += page["items"]

        assert len(items) == page["total"] > 20


def test_spotipy_reads_tracks_albums_and_artists(client, plays):
    track = next(play.what for play in plays if isinstance(play.what, Track))

    found = client.track(track.uri)

    assert (found["name"], found["duration_ms"]) == (track.name, track.length_ms)
    assert client.album(found["album"]["uri"])["name"] == track.album
    assert client.artist(found["artists"][0]["uri"])["name"] == track.artist
    assert client.me()["id"]


def test_spotipy_gets_a_new_token_when_the_hour_is_over(spotify, client):
    before = client.auth_manager.cache_handler.get_cached_token()["access_token"]
    spotify.tokens.end_access()
    cached = client.auth_manager.cache_handler.get_cached_token()
    client.auth_manager.cache_handler.save_token_to_cache(cached | {"expires_at": 0})

    assert client.me()["id"]
    assert client.auth_manager.cache_handler.get_cached_token()["access_token"] != before


def test_spotipy_understands_refusals(spotify, client):
    with pytest.raises(spotipy.SpotifyException) as refused:
        client.track("0" * 22)
    assert (refused.value.http_status, refused.value.msg.endswith("Resource not found")) == (404, True)

    spotify.blocks("me", spotify.apps["extended"], hours=20)
    with pytest.raises(spotipy.SpotifyException) as blocked:
        client.me()
    assert blocked.value.http_status == 429
    spotify.clock.move(hours=20)


# -- the description


@pytest.fixture(scope="module")
def description(samples: Path) -> OpenAPI:
    path = samples.parent / "reference" / "spotify-openapi.yaml"
    if not path.exists():
        pytest.skip("the description of Spotify's Web API is not at hand")
    return OpenAPI.from_file_path(str(path))


def disagreements(description, answer, path: str) -> list[str]:
    """What the description says is wrong with an answer."""
    request = MockRequest("https://api.spotify.com", "get", f"/v1{path}")
    response = MockResponse(answer.content, status_code=answer.status_code, content_type="application/json")
    errors = description.iter_response_errors(request, response)
    return sorted(
        getattr(wrong, "message", str(wrong))
        for error in errors
        for wrong in getattr(error.__cause__, "schema_errors", [error])
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_answers_fit_the_description_of_the_web_api(spotify, description, plays, profile):
    """The description asks albums for two fields that apps of today no longer get, as Spotify itself says."""
    track = next(play.what for play in plays if isinstance(play.what, Track) and "(feat." in play.what.name)
    facts = spotify.known.add(track)
    gone = ["'label' is a required property", "'popularity' is a required property"] if profile == "restricted_dev" else []
    expected = {
        "/me": [],
        "/me/player/recently-played": [],
        "/me/top/tracks": [],
        "/me/top/artists": [],
        "/me/tracks": [],
        "/me/albums?limit=1": gone,
        "/me/following?type=artist": [],
        f"/tracks/{facts.id}": [],
        f"/albums/{facts.album.id}": gone,
        f"/albums/{facts.album.id}/tracks": [],
        f"/artists/{facts.artists[0].id}": [],
        f"/artists/{facts.artists[0].id}/albums": [],
        "/search?q=a&type=track,album,artist": [],
    }
    if profile != "restricted_dev":
        expected |= {
            f"/tracks?ids={facts.id}": [],
            f"/albums?ids={facts.album.id}": [],
            f"/artists?ids={facts.artists[0].id}": [],
        }
    if profile == "extended":
        expected |= {f"/audio-features/{facts.id}": [], f"/audio-features?ids={facts.id}": []}

    found = {path: disagreements(description, ask(spotify, path, profile), path.partition("?")[0]) for path in expected}

    assert found == expected


def test_refusals_fit_the_description_of_the_web_api(spotify, description):
    missing = ask(spotify, "/me/top/tracks", scopes=[])
    closed = ask(spotify, "/markets")
    unknown = ask(spotify, "/me", token="made-up")  # noqa: S106 - it is none
    spotify.blocks("search", hours=1)
    blocked = ask(spotify, "/search?q=a&type=track")
    spotify.clock.move(hours=1)

    assert [answer.status_code for answer in (missing, closed, unknown, blocked)] == [403, 403, 401, 429]
    for answer, path in ((missing, "/me/top/tracks"), (closed, "/markets"), (unknown, "/me"), (blocked, "/search")):
        assert disagreements(description, answer, path) == []


def test_the_description_finds_what_does_not_fit(spotify, description):
    track = next(iter(spotify.known.tracks.values()))
    assert disagreements(description, ask(spotify, f"/tracks/{track.id}"), "/artists/1") != []

    spotify.break_down("server error")
    assert disagreements(description, ask(spotify, "/me"), "/me") != []


# -- recorded answers


def fields(value: object, path: str = "") -> set[str]:
    """Every field of an answer, by its path."""
    if isinstance(value, list):
        return {field for one in value for field in fields(one, f"{path}[]")}
    if isinstance(value, dict):
        return {f"{path}.{name}" for name in value} | {
            field for name, one in value.items() for field in fields(one, f"{path}.{name}")
        }
    return set()


OF_MARKETS = ("is_playable", "restrictions")  # there only where a market is applied


@pytest.mark.parametrize(
    ("recorded", "path"),
    [
        ("recently_played_20250613.json.gz", "/me/player/recently-played?limit=50"),
        ("recently_played_20221103.json.gz", "/me/player/recently-played?limit=50"),
        ("top_tracks.json", "/me/top/tracks?limit=50"),
        ("top_artists.json", "/me/top/artists?limit=50"),
        ("get_album.json", "/albums/{album}"),
        ("artist.json", "/artists/{artist}"),
        ("audio_features.json", "/audio-features/{track}"),
    ],
)
def test_an_answer_has_every_field_that_a_recorded_one_has(spotify, samples, recorded, path):
    content = (samples / "web-api" / recorded).read_bytes()
    real = json.loads(gzip.decompress(content) if recorded.endswith(".gz") else content)
    track = next(iter(spotify.known.tracks.values()))
    path = path.format(track=track.id, album=track.album.id, artist=track.artists[0].id)

    ours = ask(spotify, path, "extended").json()

    assert {field for field in fields(real) - fields(ours) if not any(name in field for name in OF_MARKETS)} == set()
