"""Through the command line and dbt: whatever is imported and forgotten, the models say what a build from nothing says."""

import shutil
from pathlib import Path

import duckdb
import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from tests.transform.home import ONLY_OF_ONE_BUILD
from tests.whole_way.conftest import Longplay

MODELS = ("staging", "intermediate", "marts")


def differences(longplay: Longplay, copy: Path) -> list[str]:
    """Name the models that a build from nothing makes otherwise."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(longplay.home, copy)
    Longplay(copy)("build", "--whole")
    with duckdb.connect() as connection:
        for name, home in (("kept", longplay.home), ("anew", copy)):
            connection.execute(f"attach '{home / 'warehouse.duckdb'}' as {name} (read_only)")
        models = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            f"where table_catalog = 'anew' and table_schema in {MODELS} and table_name not in {tuple(ONLY_OF_ONE_BUILD)}"
        ).fetchall()
        assert len(models) > 20
        return [
            model
            for (model,) in models
            for mine, theirs in (("kept", "anew"), ("anew", "kept"))
            if connection.execute(f"from {mine}.{model} except all from {theirs}.{model} limit 1").fetchall()
        ]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_household_that_imports_and_forgets_has_the_models_of_a_build_from_nothing(longplay, tmp_path):
    plays = listener_with(1_500, seed=5)
    newest, older, account = (tmp_path / name for name in ("newest.zip", "older.zip", "account.zip"))
    write_archive(plays, newest)
    write_archive(plays, older, layout="extended-2023", up_to=plays[900].reported_at)
    write_archive(plays, account, layout="account")
    write_archive(listener_with(500, seed=6), tmp_path / "kim.zip")

    for archive in (older, newest):
        longplay("import", archive)
        longplay("build")
    after_a_newer_archive = differences(longplay, tmp_path / "copy")
    longplay("import", "--user", "kim", tmp_path / "kim.zip")
    longplay("import", account)
    longplay("forget", next(row["archive"] for row in longplay.json("imports") if row["layout"] == "extended-2025"))

    assert after_a_newer_archive == []
    assert differences(longplay, tmp_path / "copy") == []


@pytest.mark.slow
def test_a_build_in_another_time_zone_tells_every_local_time_anew(at_home):
    hour = "select local_started_at from fct_plays order by play_id limit 1"
    before = at_home.json("query", hour)

    at_home("build", LONGPLAY_TIMEZONE="Asia/Tokyo")

    assert at_home.json("query", hour) != before
