"""An app gets from the simulated Web API what an app of its kind gets from the real one."""

import json
from datetime import UTC, date, datetime

import pytest

from longplay.simulator.catalogue import Track
from longplay.simulator.listener import invent
from longplay.simulator.web.api import NOT_LISTED, NOT_PREMIUM
from longplay.simulator.web.apps import App
from longplay.simulator.web.ids import is_base62
from longplay.simulator.web.spotify import SimulatedSpotify
from tests.simulator.asking import HTTP, ask, error

PROFILES = ("restricted_dev", "legacy_dev", "extended")
UNKNOWN = "0" * 22


@pytest.fixture(scope="module")
def plays():
    return invent(5, date(2025, 5, 1), date(2026, 12, 1))


@pytest.fixture(scope="module")
def spotify(plays):
    with SimulatedSpotify(plays, now=datetime(2026, 11, 23, 8, tzinfo=UTC)) as spotify:
        yield spotify


@pytest.fixture(scope="module")
def track(plays) -> Track:
    return next(play.what for play in plays if isinstance(play.what, Track) and "(feat." in play.what.name)


def id_of(track: Track) -> str:
    return track.uri.rpartition(":")[2]


def test_a_track_is_the_one_of_the_archive(spotify, track):
    found = ask(spotify, f"/tracks/{id_of(track)}").json()

    assert (found["uri"], found["name"], found["duration_ms"]) == (track.uri, track.name, track.length_ms)
    assert (found["album"]["name"], found["album"]["artists"][0]["name"]) == (track.album, track.artist)
    assert found["artists"][0]["name"] == track.artist
    assert len(found["artists"]) == 2
    assert len(found["external_ids"]["isrc"]) == 12
    assert is_base62(found["album"]["id"])


def test_releases_of_one_recording_share_its_code(spotify, plays):
    tracks = {play.what for play in plays if isinstance(play.what, Track)}
    one, other = next(
        (one, other)
        for one in tracks
        for other in tracks
        if one.uri < other.uri and (one.name, one.artist, one.length_ms) == (other.name, other.artist, other.length_ms)
    )

    codes = [ask(spotify, f"/tracks/{id_of(each)}").json()["external_ids"]["isrc"] for each in (one, other)]

    assert codes[0] == codes[1]


@pytest.mark.parametrize("profile", PROFILES)
def test_fields_that_were_removed_are_missing_for_apps_of_today_only(spotify, track, profile):
    found = ask(spotify, f"/tracks/{id_of(track)}", profile).json()
    album = ask(spotify, f"/albums/{found['album']['id']}", profile).json()
    artist = ask(spotify, f"/artists/{found['artists'][0]['id']}", profile).json()
    me = ask(spotify, "/me", profile).json()
    removed = {
        "track": ({"available_markets", "popularity"}, found),
        "short album": ({"available_markets"}, found["album"]),
        "album": ({"available_markets", "label", "popularity"}, album),
        "artist": ({"followers", "popularity"}, artist),
        "me": ({"country", "email", "explicit_content", "followers", "product"}, me),
    }

    for kind, (fields, answer) in removed.items():
        assert fields & answer.keys() == (set() if profile == "restricted_dev" else fields), kind
    assert me["account_id"]
    assert album["tracks"]["total"] == album["total_tracks"]
    assert isinstance(artist["genres"], list)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/tracks?ids={id}", [(403, "Forbidden"), 200, 200]),
        ("/albums?ids={id}", [(403, "Forbidden"), 200, 200]),
        ("/artists?ids={id}", [(403, "Forbidden"), 200, 200]),
        ("/audio-features?ids={id}", [(403, None), (403, None), 200]),
        ("/audio-features/{id}", [(403, None), (403, None), 200]),
        ("/markets", [(403, "Forbidden")] * 3),
        ("/tracks/{id}", [200, 200, 200]),
        ("/search?q=a&type=track&limit=11", [(400, "Invalid limit"), 200, 200]),
        ("/search?q=a&type=track&limit=10", [200, 200, 200]),
        ("/me/top/tracks?limit=51", [(400, "Invalid limit")] * 3),
        ("/me/tracks?limit=50", [200, 200, 200]),
    ],
)
def test_each_profile_has_its_endpoints_and_limits(spotify, track, path, said):
    answers = [ask(spotify, path.format(id=id_of(track)), profile) for profile in PROFILES]

    assert [200 if answer.status_code == 200 else error(answer) for answer in answers] == said


def test_albums_of_an_artist_come_ten_at_most_for_apps_of_today(spotify, track):
    artist = ask(spotify, f"/tracks/{id_of(track)}").json()["artists"][0]["id"]

    assert ask(spotify, f"/artists/{artist}/albums").json()["limit"] == 5
    assert error(ask(spotify, f"/artists/{artist}/albums", limit=11)) == (400, "Invalid limit")
    assert ask(spotify, f"/artists/{artist}/albums", "extended", limit=50).json()["limit"] == 50


def test_what_is_unknown_in_a_batch_is_null(spotify, track):
    found = ask(spotify, "/tracks", "legacy_dev", ids=f"{UNKNOWN},{id_of(track)}").json()["tracks"]

    assert [one and one["uri"] for one in found] == [None, track.uri]
    assert error(ask(spotify, "/tracks", "extended", ids=",".join([UNKNOWN] * 51))) == (400, "Too many ids requested")


def test_a_page_links_to_the_next_one_until_there_is_none(spotify):
    names, page = [], ask(spotify, "/me/top/artists", limit=20, time_range="long_term").json()
    first, token = page, spotify.consents()["access_token"]
    while page["next"]:
        assert page["next"].startswith(spotify.api)
        names += [one["name"] for one in page["items"]]
        page = HTTP.get(page["next"], headers={"Authorization": f"Bearer {token}"}).json()
    names += [one["name"] for one in page["items"]]

    assert first["previous"] is None
    assert page["previous"]
    assert len(names) == len(set(names)) == first["total"]


def test_rankings_differ_by_range_and_begin_with_what_is_played_most(spotify):
    ranked = {
        span: [one["name"] for one in ask(spotify, "/me/top/tracks", time_range=span, limit=50).json()["items"]]
        for span in ("short_term", "medium_term", "long_term")
    }

    assert len({tuple(names) for names in ranked.values()}) == 3
    assert error(ask(spotify, "/me/top/tracks", time_range="for ever"))[0] == 400


def test_the_library_is_newest_first_and_knows_nothing_of_the_future(spotify):
    saved = ask(spotify, "/me/tracks", limit=50).json()
    instants = [item["added_at"] for item in saved["items"]]

    assert saved["total"] > 20
    assert instants == sorted(instants, reverse=True)
    assert instants[0] <= f"{spotify.clock():%Y-%m-%dT%H:%M:%SZ}"
    uri = saved["items"][0]["track"]["uri"]
    assert ask(spotify, "/me/library/contains", uris=f"{uri},spotify:track:{UNKNOWN}").json() == [True, False]


def test_the_albums_of_the_library_are_those_of_its_tracks(spotify):
    tracks = [track for _, track in spotify.listener.saved_by(spotify.clock())]
    albums = ask(spotify, "/me/albums", limit=50).json()

    assert albums["total"] == len({track.album.id for track in tracks}) > 0
    assert {saved["album"]["id"] for saved in albums["items"]} <= {track.album.id for track in tracks}
    assert [saved["added_at"] for saved in albums["items"]] == sorted((s["added_at"] for s in albums["items"]), reverse=True)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ({}, (401, "No token provided")),
        ({"Authorization": "Basic abc"}, (400, "Only valid bearer authentication supported")),
        ({"Authorization": "Bearer"}, (400, "Only valid bearer authentication supported")),
        ({"Authorization": "Bearer made-up"}, (401, "Invalid access token")),
    ],
)
def test_who_asks_without_a_good_token_is_told_so(spotify, header, said):
    assert error(HTTP.get(f"{spotify.api}/me", headers=header)) == said


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/nowhere", (404, "Service not found")),
        (f"/tracks/{UNKNOWN}", (404, "Resource not found")),
        ("/tracks/not-an-id", (400, "Invalid base62 id")),
    ],
)
def test_what_is_not_there_is_said_in_spotifys_words(spotify, path, said):
    assert error(ask(spotify, path)) == said


def test_a_trailing_slash_makes_no_difference_and_a_wrong_verb_is_refused(spotify):
    assert ask(spotify, "/me/").json() == ask(spotify, "/me").json()
    refused = HTTP.post(f"{spotify.api}/me")
    assert refused.status_code == 405
    assert set(refused.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_a_scope_that_was_not_agreed_to_is_missing(spotify):
    answer = ask(spotify, "/me/top/tracks", scopes=["user-read-recently-played"])

    assert error(answer) == (403, "Insufficient client scope")


def test_an_app_that_speaks_for_itself_reads_music_and_nothing_of_a_listener(spotify, track):
    app = spotify.app
    form = {"grant_type": "client_credentials"}
    token = HTTP.post(f"{spotify.accounts}/api/token", data=form, auth=(app.client_id, app.secret)).json()["access_token"]

    assert ask(spotify, f"/tracks/{id_of(track)}", token=token).json()["uri"] == track.uri
    assert error(ask(spotify, "/me/tracks", token=token))[0] == 401


@pytest.mark.parametrize(
    ("app", "words"),
    [
        (App("poor", "secret", owner_has_premium=False), NOT_PREMIUM),
        (App("closed", "secret", users=frozenset({"somebody else"})), NOT_LISTED),
    ],
)
def test_an_app_without_premium_and_a_user_not_on_its_list_are_told_in_bare_words(spotify, app, words):
    token = spotify.consents(spotify.registers(app))["access_token"]

    answer = ask(spotify, "/me", token=token)

    assert (answer.status_code, answer.text) == (403, words)
    assert answer.headers["content-type"].startswith("text/plain")


def test_what_plays_right_now_is_told_or_there_is_nothing(spotify, plays):
    play = next(
        p
        for p in plays
        if isinstance(p.what, Track) and not p.is_incognito and p.ms_played > 60_000 and p.ended_at > spotify.clock()
    )
    now = spotify.clock()
    try:
        spotify.clock.set(play.started_at)
        assert ask(spotify, "/me/player/currently-playing").json()["item"]["uri"] == play.what.uri
    finally:
        spotify.clock.set(now)


def test_a_household_has_a_list_each(spotify):
    spotify.joins("alex")
    spotify.has_played("Only Alex", at="07:00", who="alex")
    token = spotify.consents(who="alex")["access_token"]

    page = ask(spotify, "/me/player/recently-played", token=token).json()

    assert [item["track"]["name"] for item in page["items"]] == ["Only Alex"]
    assert ask(spotify, "/me", token=token).json()["id"] == "alex"


def test_the_library_of_the_archive_holds_what_the_web_api_calls_saved(spotify, tmp_path):
    path = spotify.sends_archive(tmp_path / "account", "account").path
    library = json.loads(next(path.rglob("YourLibrary.json")).read_bytes())

    saved, page = [], ask(spotify, "/me/tracks", limit=50).json()
    for offset in range(0, page["total"], 50):
        saved += [item["track"]["uri"] for item in ask(spotify, "/me/tracks", limit=50, offset=offset).json()["items"]]

    assert [track["uri"] for track in library["tracks"]] == saved[::-1]
