"""A day in the life of the DAG, on a laptop: it brings in what was played, or says who has to do what."""

import duckdb
import pytest

WHAT_HINDERS = "Run `longplay fetch`; it says what hinders it."
BAD_ROW = "insert into lake.recently_played (user_id, played_at, source_file, load_number) values (null, now(), 'x', 1)"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_days_that_fail_tell_of_it_once_each_and_the_next_one_completes(airflow, person, spotify, longplay):
    spotify.is_down("unavailable", hours=1)
    assert airflow.day() == "failed"
    assert airflow.failure(person).startswith("fetch: Spotify")

    spotify.clock.move(hours=1)
    spotify.is_down("too many requests", hours=1)
    assert airflow.day() == "failed"
    assert airflow.failure(person) == f"check: me: the last poll was answered 3 days ago. {WHAT_HINDERS}"
    assert airflow.assets() == ["longplay_landing", "longplay_marts"]

    spotify.clock.move(hours=1)
    with duckdb.connect(str(airflow.home / "warehouse.duckdb")) as warehouse:
        warehouse.execute(BAD_ROW)
    assert airflow.day() == "failed"
    assert airflow.failure(person).startswith("build_staging: source_not_null_lake_recently_played_user_id failed")

    with duckdb.connect(str(airflow.home / "warehouse.duckdb")) as warehouse:
        warehouse.execute("delete from lake.recently_played where user_id is null")
    assert airflow.day() == "success"
    assert set(airflow.states().values()) == {"success"}
    assert person.messages == []
    assert airflow.assets()[-3:] == ["longplay_landing", "longplay_marts", "longplay_page"]
    assert (airflow.home / "report.html").stat().st_size > 100_000
    assert longplay.json("query", "select track_name from fct_plays order by reported_at") == [
        {"track_name": "Alright"},
        {"track_name": "Sunday"},
    ]
