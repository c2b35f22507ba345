"""What Spotify sends is read, whatever an app may see of it."""

import gzip
from pathlib import Path

import msgspec
import pytest

from longplay.spotify.records import Album, Artist, Page, Play, Saved, Track

from .conftest import RECENT, sign_in


@pytest.fixture
def recorded(samples) -> Path:
    folder = samples / "web-api"
    if not folder.is_dir():
        pytest.skip("recorded answers are not at hand")
    return folder


def items(page: bytes, kind: type) -> list:
    return [msgspec.json.decode(item, type=kind) for item in msgspec.json.decode(page, type=Page).items or []]


def test_every_recorded_play_is_read(recorded):
    pages = [path.read_bytes() for path in recorded.glob("recently_played*.json")]
    pages += [gzip.decompress(path.read_bytes()) for path in recorded.glob("recently_played*.json.gz")]
    plays = [play for page in pages for play in items(page, Play)]

    assert len(plays) == sum(page.count(b'"played_at"') for page in pages) > 100
    assert all(play.played_at.utcoffset() is not None for play in plays)
    assert all(play.track.uri and play.track.name and play.track.duration_ms and play.track.artists for play in plays)
    assert {play.track.is_local for play in plays} <= {True, False}


@pytest.mark.parametrize(("file", "kind"), [("top_artists", Artist), ("top_tracks", Track)])
def test_every_recorded_ranking_is_read(recorded, file, kind):
    page = (recorded / f"{file}.json").read_bytes()
    read = items(page, kind)

    assert len(read) == len(msgspec.json.decode(page)["items"]) > 0
    assert all(item.id and item.uri and item.name for item in read)


@pytest.mark.parametrize(("file", "kind"), [("artist", Artist), ("get_album", Album)])
def test_every_recorded_object_is_read(recorded, file, kind):
    read = msgspec.json.decode((recorded / f"{file}.json").read_bytes(), type=kind)

    assert read.id
    assert read.name


@pytest.mark.parametrize("profile", ["restricted_dev", "legacy_dev", "extended"])
def test_what_each_app_gets_is_read(spotify, connect, profile):
    connection = connect(profile=profile)
    sign_in(connection)
    spotify.clock.move(days=1)
    api = connection.spotify

    (play,) = items(api.get(RECENT), Play)
    (top,) = items(api.get("/me/top/tracks"), Track)
    (artist,) = items(api.get("/me/top/artists"), Artist)
    assert (play.track.name, top.name, artist.name) == ("Alright", "Alright", "Paper Lanterns")
    assert (play.track.popularity is None) == (profile == "restricted_dev")
    assert play.track.external_ids
    assert play.track.external_ids.isrc
    assert msgspec.json.decode(api.get(f"/artists/{artist.id}"), type=Artist).name == "Paper Lanterns"


@pytest.mark.parametrize(
    "item",
    [
        b'{"played_at":"2026-11-01T10:15:30Z","track":{}}',
        b'{"played_at":"2026-11-01T10:15:30.123Z","context":null,"track":{"id":null,"album":null,"artists":null,"external_ids":null}}',
        b'{"played_at":"2026-11-01T10:15:30.123Z","context":{"type":null,"uri":null},"track":{"genres":7,"album":{"artists":[{}]}}}',
        b'{"played_at":"2026-11-01T10:15:30.123Z","track":{"id":null,"is_local":true,"uri":"spotify:local:A:B:C:12"}}',
    ],
)
def test_null_and_absent_fields_are_normal(item):
    assert msgspec.json.decode(item, type=Play).played_at.year == 2026


@pytest.mark.parametrize(
    "item", [b'{"track":{}}', b'{"played_at":"yesterday","track":{}}', b'{"played_at":1,"track":null}', b"null"]
)
def test_an_item_that_is_no_play_says_where_it_fails(item):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(item, type=Play)


def test_a_saved_track_has_the_instant_it_was_saved():
    saved = msgspec.json.decode(b'{"added_at":"2025-02-03T04:05:06Z","track":{"name":"Alright"}}', type=Saved)

    assert (saved.added_at.isoformat(), saved.track.name) == ("2025-02-03T04:05:06+00:00", "Alright")
