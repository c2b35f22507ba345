"""Loading: each processed object once, each archive whole, however many wait."""

import json
from datetime import UTC, datetime

import duckdb

from longplay import stages
from longplay.importing import import_archive
from longplay.lake.store import Lake
from longplay.settings import Settings
from longplay.wiring import stages_from


def test_where_many_archives_wait_several_are_loaded_at_once_and_each_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(stages, "_MOST_TRANSACTIONS", 3)
    lake, path = Lake(tmp_path / "home" / "lake"), tmp_path / "Streaming_History_Audio_2024_0.json"
    for number in range(7):
        path.write_text(json.dumps([{"ts": "2024-05-04T18:20:11Z", "ms_played": number, "spotify_track_uri": "u"}] * number))
        import_archive([path], "me", lake, datetime(2026, 11, 23, tzinfo=UTC))

    assert stages_from(Settings(LONGPLAY_HOME=tmp_path / "home")).load() == (14, 0)

    with duckdb.connect(str(tmp_path / "home" / "warehouse.duckdb")) as connection:
        loads = connection.execute("select archive, count(distinct load_number) from lake.loaded_files group by all").fetchall()
        (numbers,) = connection.execute("select count(distinct load_number) from lake.loaded_files").fetchall()
        (plays,) = connection.execute("select list(ms_played order by ms_played) from lake.streaming_history").fetchall()
        (noted,) = connection.execute(
            "select sum(row_count) from lake.loaded_files where landing_table = 'streaming_history'"
        ).fetchall()
    assert [count for _, count in loads] == [1] * 7
    assert numbers == (3,)
    assert plays[0] == [number for number in range(7) for _ in range(number)]
    assert noted == (21,)


def test_an_archive_touches_the_days_it_has_plays_on_and_those_of_account_data_it_may_be_complete_without(tmp_path):
    stages = stages_from(Settings(LONGPLAY_HOME=tmp_path / "home"))
    account = [{"endTime": "2021-07-03 10:20", "artistName": "Kira Voss", "trackName": "Low Tide", "msPlayed": 90_000}]
    years = [{"ts": f"{day}T18:20:11Z", "ms_played": 90_000, "spotify_track_uri": "u"} for day in ("2019-02-04", "2024-05-04")]
    for name, rows in (("StreamingHistory0.json", account), ("Streaming_History_Audio_2019-2024_0.json", years)):
        (tmp_path / name).write_text(json.dumps(rows))
        import_archive([tmp_path / name], "me", stages.lake, datetime(2026, 11, 23, tzinfo=UTC))
        stages.load()

    (touches,) = stages.query(
        "select list(strftime(day, '%Y-%m-%d') order by day) filter (load_number = 1) as first_load, "
        "list(strftime(day, '%Y-%m-%d') order by day) filter (load_number = 2) as second_load from lake.touches"
    )
    assert touches == {"first_load": ["2021-07-03"], "second_load": ["2019-02-04", "2021-07-03", "2024-05-04"]}
