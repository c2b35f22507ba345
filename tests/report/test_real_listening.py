"""From a real archive to the page in a browser: it says what an independent reading of the JSON says, and what SQL says."""

import json
import zipfile

import duckdb
import pytest

from longplay.settings import Settings
from longplay.wiring import stages_from, utc_now
from tests.report.counting import counted as counted_again
from tests.report.counting import some_ranges, span


@pytest.mark.slow
def test_the_page_of_a_real_archive_says_what_its_json_says(visit, samples, tmp_path, environment):
    environment["LONGPLAY_TIMEZONE"] = "UTC"
    archive = samples / "extended-2022-2025.zip"
    with zipfile.ZipFile(archive) as opened:
        rows = [row for name in opened.namelist() if name.endswith(".json") for row in json.loads(opened.read(name))]
    music = [row for row in rows if row["spotify_track_uri"] and not row["incognito_mode"]]
    counted = [
        row for row in music if row["ms_played"] >= 30_000 or (row["reason_end"] == "trackdone" and row["ms_played"] > 0)
    ]

    stages = stages_from(Settings(LONGPLAY_HOME=tmp_path / "home"))
    stages.import_archives([[archive]], utc_now())
    stages.build()
    seen = visit(stages.report()).open("#overview/all-time")

    assert seen.value("hours") == sum(row["ms_played"] for row in music)
    assert seen.value("plays") == len(counted)
    names = {" ".join(row["master_metadata_album_artist_name"].lower().split()) for row in counted}
    assert seen.value("artists") == len(names - {"various artists"})
    with duckdb.connect(str(stages.home.warehouse), read_only=True) as marts:
        assert marts.execute("select artists from marts.rpt_artist_diversity where period = 'all'").fetchall() == [
            (seen.value("artists"),)
        ]
        begin, end = span(marts)
        for first, last in some_ranges(begin, end, 30):
            counted_again(seen, marts, first, last)
    assert seen.complaints == []
