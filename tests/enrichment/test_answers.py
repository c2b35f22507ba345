"""Answers as the real sources give them: a search finds more than was meant, and one address may be several artists'."""

import msgspec
import pytest
from msgspec import Raw

from longplay.enrichment.lastfm import LastFm
from longplay.enrichment.musicbrainz import MusicBrainzAddresses, MusicBrainzGenres, MusicBrainzNames
from longplay.enrichment.records import Genre, Match, Wanted

MARK = Wanted(artist_name="Mark", title="Low Tide - Live", artist_id=None)


def said(value: object) -> Raw:
    return Raw(msgspec.json.encode(value))


def recording(title: str, *makers: tuple[str, str]):
    credit = [{"name": name, "artist": {"id": mbid, "name": name}} for mbid, name in makers]
    return {"id": "r", "score": 90, "title": title, "artist-credit": credit}


@pytest.mark.parametrize(
    ("recordings", "who"),
    [
        ([recording("Low Tide", ("m1", "Mark"))], "m1"),
        ([recording("low  tide (Live)", ("m1", "MARK"), ("x", "A Guest"))], "m1"),
        ([recording("Low Tide", ("m2", "Mark & The Others"))], None),
        ([recording("High Tide", ("m1", "Mark"))], None),
        ([recording("Low Tide", ("m1", "Mark")), recording("Low Tide", ("m3", "Mark"))], None),
        ([recording("Low Tide", ("m1", "Mark")), recording("Low Tide Again", ("m3", "Mark"))], "m1"),
        ([], None),
    ],
)
def test_only_the_one_artist_of_that_name_who_made_the_title_is_taken(recordings, who):
    records = list(MusicBrainzNames.read([MARK], said({"recordings": recordings})))

    assert records == [Match("Mark", None, "name and title", who)]


def test_an_address_that_several_artists_share_says_nothing():
    at = "https://open.spotify.com/artist/"
    relations = [{"target-type": "artist", "type": "free streaming", "artist": {"id": mbid}} for mbid in ("m1", "m2")]
    urls = [{"resource": f"{at}a", "relations": relations}, {"resource": f"{at}b", "relations": relations[:1]}]
    asked = [Wanted(artist_name=name.upper(), artist_id=name) for name in "abc"]

    matches = list(MusicBrainzAddresses.read(asked, said({"url-count": 2, "urls": urls})))

    assert [(match.artist_name, match.source_id) for match in matches if isinstance(match, Match)] == [
        ("A", None), ("B", "m1"), ("C", None),
    ]  # fmt: skip


def test_tags_serve_where_nobody_voted_for_a_genre():
    asked = [Wanted(artist_name="Mark", source_id="m1", evidence="spotify address")]
    tags = [{"name": "british", "count": 9}, {"name": "dub", "count": 2}, {"name": "fog", "count": 0}]

    told = [
        list(MusicBrainzGenres.read(asked, said({"id": "m1", "genres": genres, "tags": tags})))
        for genres in ([{"name": "jazz", "count": 3}], [])
    ]

    assert told == [[Genre("Mark", None, "jazz", 3, "spotify address")], [Genre("Mark", None, "dub", 2, "spotify address")]]


def test_what_hardly_anybody_says_is_no_tag_of_last_fms():
    tags = [{"name": "shoegaze", "count": 100}, {"name": "seen live", "count": 90}, {"name": "polka", "count": 4}]

    told = list(LastFm.read([Wanted(artist_name="Mark")], said({"toptags": {"tag": tags}})))

    assert told == [Genre("Mark", None, "shoegaze", 100, "name")]
