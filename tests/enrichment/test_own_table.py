"""A listener's own table says how tracks sound, whatever its columns are called; nobody is asked."""

import duckdb
import pytest

from longplay.errors import WrongCall
from tests.enrichment.conftest import track

SONGS = [track(f"Song {number}", "Artist 1") for number in range(3)]
IDS = [song.uri.rpartition(":")[2] for song in SONGS]
ELSE = "0" * 22


@pytest.fixture
def heard(home):
    home.heard(SONGS)
    return home


def told(home, columns: str = "track_id, valence") -> list[tuple]:
    return home.rows(f"select {columns} from audio_features order by track_id")


def test_ids_are_found_by_content_and_measures_by_name(heard, tmp_path):
    path = tmp_path / "songs.csv"
    path.write_text(
        "n,artist,Track URI,Valence,energy,Tempo,key\n"
        + "".join(f"{n},Someone,spotify:track:{one},0.{n + 1},0.5,120.5,{n - 1}\n" for n, one in enumerate([*IDS, ELSE]))
    )

    counted = heard.stages.take_table(path, heard.spotify.clock())

    assert counted == (4, 3)
    assert sorted(told(heard, "track_id, valence, tempo, key, source")) == sorted(
        (one, pytest.approx((n + 1) / 10), 120.5, n - 1 if n else None, "table") for n, one in enumerate(IDS)
    )
    assert len(heard.spotify.calls) == 0


def test_parquet_with_addresses_and_percents_is_read_too(heard, tmp_path):
    path = tmp_path / "songs.parquet"
    rows = ", ".join(f"('https://open.spotify.com/track/{one}', {20 * n + 30}, {n})" for n, one in enumerate(IDS))
    duckdb.execute(f"copy (from (values {rows}) songs (link, \"valence_%\", plays)) to '{path}'")

    heard.stages.take_table(path, heard.spotify.clock())

    assert told(heard) == sorted((one, pytest.approx((20 * n + 30) / 100)) for n, one in enumerate(IDS))


def test_taking_a_table_twice_changes_nothing_and_what_it_tells_is_not_asked_for(heard, tmp_path):
    path = tmp_path / "songs.csv"
    path.write_text("id,valence\n" + "".join(f"{one},0.5\n" for one in [*IDS, IDS[0]]))
    heard.stages.take_table(path, heard.spotify.clock())
    once = told(heard)

    heard.stages.take_table(path, heard.spotify.clock())
    heard.enrich()

    assert told(heard) == once
    assert len(once) == 3
    assert heard.asked("/reccobeats") == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,valence\n1,0.5\n2,0.6\n", "does not say how tracks sound"),
        (f"id,plays\n{IDS[0]},5\n", "does not say how tracks sound"),
        (f"id,valence\n{IDS[0]},much\n", "does not say how tracks sound"),
        ("", "does not say|cannot be read"),
        (None, "There is no file"),
    ],
)
def test_what_is_no_such_table_is_refused_with_a_sentence(heard, tmp_path, content, words):
    path = tmp_path / "songs.csv"
    if content is not None:
        path.write_text(content)

    with pytest.raises(WrongCall, match=words):
        heard.stages.take_table(path, heard.spotify.clock())

    assert told(heard) == []
