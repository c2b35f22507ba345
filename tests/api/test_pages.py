"""A page becomes rows: every item that can be read, and a reason for each that cannot."""

import gzip
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from longplay.lake.tables import LANDING
from longplay.pages import read_page

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
RECORDED = {
    "recently_played_20210306.json.gz": ("recently_played", 40),
    "recently_played_20221103.json.gz": ("recently_played", 46),
    "recently_played_20250613.json.gz": ("recently_played", 50),
    "recently_played_tracks.json": ("recently_played", 48),
    "top_tracks.json": ("top_tracks_medium_term", 48),
    "top_artists.json": ("top_artists_medium_term", 48),
}


def track(title: str = "Alright", **facts: Any) -> dict:
    album = {"id": "a1", "uri": "spotify:album:a1", "name": "To Pimp", "artists": [{"id": "r1", "name": "Kendrick"}]}
    known = {"id": "t1", "uri": "spotify:track:t1", "name": title, "duration_ms": 219_000, "type": "track"}
    return known | {"album": album, "artists": [{"id": "r1", "name": "Kendrick"}]} | facts


def play(at: str = "2026-11-23T07:40:00.123Z", **facts: Any) -> dict:
    return {"track": track(**facts), "played_at": at, "context": None}


def read(*items: Any, dataset: str = "recently_played", **page: Any):
    return read_page(dataset, "me", "name", json.dumps({"items": items} | page).encode(), NOW)


@pytest.mark.parametrize("name", RECORDED)
def test_every_item_of_the_recorded_answers_becomes_a_row(samples, name):
    path = samples / "web-api" / name
    body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    dataset, items = RECORDED[name]

    page = read_page(dataset, "me", "name", body, NOW)

    table = "recently_played" if dataset == "recently_played" else "top_items"
    assert page.rejected == []
    assert len(page.tables[table]) == items
    assert page.tables["pages"][0]["items"] == items
    assert all(row.get("track_uri") or row.get("item_uri") for row in page.tables[table])


def test_rows_have_no_other_columns_than_their_tables():
    page = read(play())
    saved = read({"added_at": "2026-11-01T00:00:00Z", "track": track()}, dataset="saved_tracks")
    top = read(track(), dataset="top_tracks_long_term")

    for tables in (page.tables, saved.tables, top.tables):
        assert [
            (table, set(row) - set(LANDING[table]))
            for table, rows in tables.items()
            for row in rows
            if set(row) - set(LANDING[table])
        ] == []


def test_the_artist_of_a_play_is_the_albums_as_archives_have_it():
    row = read(play(artists=[{"id": "r2", "name": "Somebody featured"}])).tables["recently_played"][0]

    assert (row["artist_id"], row["artist_name"]) == ("r1", "Kendrick")
    assert row["artist_names"] == '["Somebody featured"]'


BAD = {
    "no track": play() | {"track": None},
    "Expected `object`, got `int`": 3,
    "Object missing required field `played_at`": {"track": track()},
    "Invalid RFC3339 encoded datetime": play(at="yesterday"),
    "a time before 2006": play(at="1999-01-01T00:00:00Z"),
    "a time to come": play(at="2027-01-01T00:00:00Z"),
    "a number beyond 64 bits": play(duration_ms=10**30),
    "neither name nor address": play(name=None, uri=None),
    "Expected `int | null`, got `str`": play(duration_ms="long"),
}


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_item_costs_that_item_and_says_why(reason):
    page = read(play("2026-11-23T07:50:00Z"), BAD[reason], play())

    assert [row["position"] for row in page.tables["recently_played"]] == [0, 2]
    assert [(row["position"], reason in row["reason"]) for row in page.rejected] == [(1, True)], page.rejected
    assert page.tables["pages"][0]["items"] == 3
    assert page.tables["pages"][0]["rejected"] == 1


def test_of_a_bad_item_only_harmless_fields_are_kept():
    bad = play(at="yesterday") | {"ip_addr": "192.0.2.7"}

    assert set(read(bad).rejected[0]) == {"position", "reason", "at", "uri", "name"}
    assert "192.0.2.7" not in str(read(bad).rejected)


@pytest.mark.parametrize("body", [b'{"items":[{"track":{"name":"Al', b"[]", b'{"items":7}', b"", b"<html>"])
def test_a_page_that_cannot_be_read_costs_that_page(body):
    page = read_page("recently_played", "me", "name", body, NOW)

    assert set(page.tables) == {"pages"}
    assert (page.tables["pages"][0]["items"], page.tables["pages"][0]["rejected"]) == (0, 1)
    assert page.rejected[0]["reason"].startswith("not a page")


def test_a_local_file_is_a_play_without_ids():
    page = read(play(id=None, uri="spotify:local:A:B:C:200", is_local=True, album={"name": "B"}, artists=[{"name": "A"}]))

    row = page.tables["recently_played"][0]
    assert (row["track_id"], row["is_local"], row["artist_name"]) == (None, True, "A")
    assert {"albums", "artists"}.isdisjoint(page.tables)


def test_an_episode_is_a_play_but_no_track():
    page = read(play(id="e1", uri="spotify:episode:e1", type="episode"))

    assert page.tables["recently_played"][0]["track_id"] is None
    assert {"tracks", "albums", "artists"}.isdisjoint(page.tables)


def test_the_same_item_twice_is_two_rows_of_one_track():
    page = read(play(), play())

    assert [len(page.tables[table]) for table in ("recently_played", "tracks", "albums", "artists")] == [2, 1, 1, 1]


def test_a_rank_goes_on_over_the_pages_of_a_ranking():
    page = read(track(), track(id="t2", uri="spotify:track:t2"), dataset="top_tracks_short_term", offset=50)

    assert [row["rank"] for row in page.tables["top_items"]] == [51, 52]
    assert {(row["item_type"], row["time_range"]) for row in page.tables["top_items"]} == {("track", "short_term")}


def test_genres_that_were_left_out_are_not_an_empty_list():
    page = read({"id": "r1", "name": "A"}, {"id": "r2", "name": "B", "genres": []}, dataset="top_artists_short_term")

    assert [row["genres"] for row in page.tables["artists"]] == [None, "[]"]
