"""What is loaded and built in Snowflake is what DuckDB has, also after plays came late."""

from collections import Counter

import pytest
import sqlglot
from sqlglot import exp

from longplay.checking import Limits, Polled, check
from longplay.doctor.finding import Finding
from longplay.report.queries import DRAWN
from longplay.report.reports import SHOWN
from longplay.stages import Stages
from longplay.warehouse.ask import answers
from longplay.warehouse.transform import project
from tests.snowflake.comparing import differences, tables
from tests.snowflake.conftest import NOW, REAL, TwoWarehouses, account_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]  # so that nothing hangs; all of it takes a tenth of that

LAYERS = ("staging", "intermediate", "marts")


def test_landing_tables_hold_what_duckdbs_do_with_file_and_load(both):
    held = tables(both, "lake")

    assert list(differences(both, [name for name in held if name not in {"lake.built", "lake.touches"}])) == []
    rows = both.snowflake.query("select source_file, load_number from lake.streaming_history limit 1")
    assert rows[0]["source_file"].startswith("processed/v1/streaming_history/user=me/")
    assert rows[0]["load_number"] in {1, 2}


def test_loading_again_loads_nothing(both):
    before = both.snowflake.query("select count(*) as n, max(load_number) as load from lake.loaded_files")

    assert both.snowflake.load() == (0, 0)
    assert both.snowflake.query("select count(*) as n, max(load_number) as load from lake.loaded_files") == before


def test_every_model_is_duckdbs(both):
    models = tables(both, *LAYERS)

    assert len(models) > 55
    assert list(differences(both, models)) == []


@pytest.mark.usefixtures("samples")
def test_real_listeners_are_among_those_that_are_compared(both):
    plays = both.snowflake.query("select user_id, count(*) as n from fct_plays group by user_id")

    assert {row["user_id"] for row in plays if row["n"] > 100} == {"me", *REAL}


def test_every_test_of_the_data_and_every_unit_test_holds_there(both):
    done = Counter(node.status for node in both.tested)

    assert done.keys() <= {"success", "pass"}
    assert done["pass"] > 450


def test_models_are_found_by_their_bare_names(both):
    plays = both.duckdb.query("select count(*) as plays from fct_plays")

    assert both.snowflake.query("select count(*) as plays from fct_plays") == plays
    assert both.snowflake.query("select count(*) as n from stg_spotify__tracks")[0]["n"] > 0


def test_what_is_told_is_told_alike(both):
    assert both.snowflake.status() == both.duckdb.status()
    assert found_by_check(both.snowflake) == found_by_check(both.duckdb) != []
    assert [each.says for each in both.snowflake.insights()] == [each.says for each in both.duckdb.insights()]


def found_by_check(stages: Stages) -> list[Finding]:
    fresh = Polled("me", polled_at=NOW, newest_at=NOW)  # whose newest play no archive holds
    return check([fresh], stages.query, Limits(24, 30, 6, 1), NOW, is_current=stages.is_current())


def test_the_page_is_told_the_same_and_drawn(both):
    def told(stages):
        with stages.tables.at_hand("me", DRAWN) as connection:
            return {
                name: connection.execute(sql, {"user": "me"} if "$user" in sql else None).fetchall()
                for name, sql in SHOWN.items()
            }

    assert told(both.snowflake) == told(both.duckdb)
    assert "packed" in both.snowflake.report().read_text(encoding="utf-8")


def test_every_statement_of_a_build_is_snowflakes(both):
    read = 0
    for path in (both.duckdb.home.dbt / "snowflake" / "run").rglob("*.sql"):
        for statement in sqlglot.parse(path.read_text(), read="snowflake"):
            assert statement is not None, path
            assert not isinstance(statement, exp.Command), path
            assert statement.find(exp.Command) is None, path
            read += 1
    assert read >= len([*(project() / "models").rglob("*.sql")])


def test_plays_that_come_late_bring_both_up_to_the_same(both, archives):
    both.bring(archives["early"])
    assert both.snowflake.load()[0] > 0
    assert not both.snowflake.is_current()

    both.build()

    assert list(differences(both, tables(both, *LAYERS))) == []
    assert both.snowflake.is_current()


def test_what_is_forgotten_goes_there_too(both):
    early = min(both.duckdb.imports(), key=lambda archive: str(archive["first"]))["archive"]
    both.duckdb.forget(early)

    both.build()

    assert list(differences(both, tables(both, *LAYERS))) == []
    with both.snowflake.tables.opened(read_only=True) as session:
        left = answers(session, "select count(*) as n from lake.streaming_history where archive = $archive", {"archive": early})
    assert left == [{"n": 0}]


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("archive", ["endsong-old-layout.zip", "extended-2022-2025.zip"])
def test_every_model_of_a_large_archive_is_duckdbs(samples, tmp_path, address, archive):
    two = TwoWarehouses(tmp_path / "home", account_of(address, f"REAL_{archive.partition('.')[0].replace('-', '_')}"))
    two.bring(samples / archive)

    two.build()

    assert list(differences(two, tables(two, *LAYERS))) == []
