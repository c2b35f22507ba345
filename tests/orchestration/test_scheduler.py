"""A day under a real scheduler: it begins by itself, tells where it fails, and goes on from there when the step is cleared."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx2
import pytest

from tests.api.conftest import Polled
from tests.orchestration.airflow import BIN, DAG, ROOT, Airflow

pytestmark = [pytest.mark.prove, pytest.mark.timeout(1800)]


def wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(1)


@pytest.fixture
def running(airflow) -> Iterator[Airflow]:
    """Airflow as `make airflow` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    airflow.environment |= {"AIRFLOW__API__PORT": str(port)}
    with (airflow.folder / "log").open("wb") as log:
        started = subprocess.Popen(
            [BIN / "python", ROOT / "orchestration" / "start.py"],
            env=airflow.environment,
            cwd=airflow.folder,
            stdout=log,
            stderr=log,
        )
    try:
        wait_until(lambda: is_healthy(port), 240)
        yield airflow
    finally:
        started.send_signal(signal.SIGINT)
        started.wait(60)


def clear_failed(airflow: Airflow) -> None:
    """Do what the button in Airflow's page does."""
    origin = f"http://127.0.0.1:{airflow.environment['AIRFLOW__API__PORT']}"
    token = httpx2.get(f"{origin}/auth/token").raise_for_status().json()["access_token"]
    ((run,),) = airflow.rows("select run_id from dag_run")
    httpx2.post(
        f"{origin}/api/v2/dags/{DAG}/clearTaskInstances",
        headers={"Authorization": f"Bearer {token}"},
        json={"dry_run": False, "dag_run_id": run, "only_failed": True},
    ).raise_for_status()


def is_healthy(port: int) -> bool:
    try:
        parts = httpx2.get(f"http://127.0.0.1:{port}/api/v2/monitor/health").json()
    except httpx2.TransportError:
        return False
    return all(parts[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "triggerer", "dag_processor"))


def test_a_day_begins_by_itself_fails_and_goes_on_where_it_was_cleared(running, person, spotify, longplay):
    def ended() -> bool:
        runs = running.rows("select state from dag_run")
        assert len(runs) <= 1
        return bool(runs) and runs[0][0] in {"success", "failed"}

    spotify.revokes()
    wait_until(lambda: bool(running.rows("select 1 from dag")), 120)
    running.run("airflow", "dags", "unpause", "-y", DAG)
    wait_until(ended, 300)
    assert running.failure(person).startswith("fetch: The consent was taken back")
    assert [state for step, state in running.states().items() if step != "fetch"] == ["upstream_failed"] * 7

    Polled(spotify, running.home.parent).signs_in()
    clear_failed(running)
    wait_until(lambda: not ended(), 60)
    wait_until(ended, 600)

    assert set(running.states().values()) == {"success"}
    assert person.messages == []
    assert len(person.late) == 1 or 4 <= datetime.now(UTC).hour < 8  # it was due at 04:15, and late from 07:15 on
    assert running.assets() == ["longplay_landing", "longplay_marts", "longplay_page"]
    assert len(longplay.json("query", "select * from fct_plays")) == 2
