"""A whole day: Airflow runs the state machine, loads and builds in Snowflake, checks, publishes, and says what there is now."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from longplay.warehouse.snowflake.warehouse import Snowflake
from tests.cloud.deployment import Deployed
from tests.orchestration.airflow import Airflow, Person, prepared_in
from tests.snowflake.conftest import account_of
from tests.snowflake.emulator import emulated

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]
DATABASE = "DAILY"


@pytest.fixture
def person() -> Iterator[Person]:
    person = Person()
    yield person
    person.leaves()


@pytest.fixture
def warehouse(tmp_path) -> Iterator[Snowflake]:
    """An emulated Snowflake in which everything is set up."""
    with emulated(tmp_path) as address:
        yield Snowflake(account_of(address, DATABASE))


@pytest.fixture
def airflow(cloud: Deployed, warehouse: Snowflake, person: Person, tmp_path: Path) -> Airflow:
    """Airflow as the documents set it up for the cloud."""
    cloud.forgets_everybody()
    prepared_in(tmp_path / "airflow")
    account = warehouse.account
    cloud_of_me = {name: value for name, value in cloud.environment("me").items() if name != "LONGPLAY_HOME"}
    return Airflow(
        tmp_path / "airflow", tmp_path / "home",
        **cloud_of_me,
        LONGPLAY_LISTENERS="me,anna",
        LONGPLAY_TARGET="snowflake",
        SNOWFLAKE_ACCOUNT=account.account,
        SNOWFLAKE_USER=account.user,
        SNOWFLAKE_PASSWORD=account.password.get_secret_value(),
        SNOWFLAKE_DATABASE=DATABASE,
        SNOWFLAKE_ORIGIN=account.origin,
        LONGPLAY_TELL=person.address,
    )  # fmt: skip


def test_a_day_whose_state_machine_fails_is_told_and_the_next_one_ends_with_a_page(cloud, airflow, warehouse, person):
    for name in ("me", "anna"):
        cloud.joins(f"Alright, {name}", name=name)
    poison = cloud.puts_a_page_that_cannot_be_read("anna")

    assert airflow.day() == "failed"
    assert airflow.failure(person).startswith("run_state_machine")
    assert set(airflow.states().values()) == {"failed", "upstream_failed"}

    assert airflow.day() == "success", airflow.log[-4000:]
    assert set(airflow.states().values()) == {"success"}
    assert person.messages == []
    assert airflow.assets() == ["longplay_landing", "longplay_marts", "longplay_page"]
    with warehouse.opened(read_only=True) as session:
        assert session.execute("select user_id, track_name from fct_plays order by 1").fetchall() == [
            ("anna", "Alright, anna"),
            ("me", "Alright, me"),
        ]
    assert "packed" in (airflow.home / "report.html").read_text(encoding="utf-8")

    succeeded, failed = map(cloud.ended, cloud.executions()[:2])
    assert (failed["status"], succeeded["status"]) == ("FAILED", "SUCCEEDED")
    assert json.loads(failed["input"]) == json.loads(succeeded["input"]) == {"mode": "daily", "listeners": ["me", "anna"]}
    assert [letter["input"]["key"] for letter in cloud.dead_letters()] == [poison]
