"""The same day where a state machine fetches: in an emulated AWS, whose machine ends as the test says."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.orchestration.conftest import ROOT
from tests.orchestration.test_daily import told_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
REGION = "eu-west-1"
EMULATOR = ROOT / ".aws" / "venv" / "bin" / "python"

# A machine that does what ours does with its input: it refuses a mode it does not know; and here one listener.
DEFINITION = {
    "StartAt": "WhoseDay",
    "States": {
        "WhoseDay": {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.mode", "StringEquals": "daily", "Next": "Who"},
            ],
            "Default": "Failed",
        },
        "Who": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.listeners[0]", "StringEquals": "me", "Next": "Fetched"}],
            "Default": "Failed",
        },
        "Fetched": {"Type": "Succeed"},
        "Failed": {"Type": "Fail", "Error": "SpotifyDown", "Cause": "Spotify does not answer."},
    },
}


class States:
    """The part of an emulated AWS that runs state machines."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        role = "arn:aws:iam::000000000000:role/any"
        made = self.call("CreateStateMachine", name="longplay", definition=json.dumps(DEFINITION), roleArn=role)
        self.machine = made["stateMachineArn"]

    def call(self, action: str, **given: Any) -> dict[str, Any]:
        headers = {
            "x-amz-target": f"AWSStepFunctions.{action}",
            "content-type": "application/x-amz-json-1.0",
            "authorization": f"AWS4-HMAC-SHA256 Credential=test/20261123/{REGION}/states/aws4_request",
        }
        return httpx2.post(self.origin, headers=headers, content=json.dumps(given)).raise_for_status().json()

    def executions(self) -> list[tuple[str, str, dict]]:
        """Give name, state and input of every execution, the oldest first."""
        listed = self.call("ListExecutions", stateMachineArn=self.machine)["executions"]
        whole = [self.call("DescribeExecution", executionArn=one["executionArn"]) for one in listed]
        return [
            (one["name"], one["status"], json.loads(one["input"])) for one in sorted(whole, key=lambda one: one["startDate"])
        ]


@pytest.fixture(scope="module")
def states(tmp_path_factory) -> Iterator[States]:
    if not EMULATOR.exists():
        pytest.skip("the emulated AWS is not installed here: `make emulator` does it")
    folder = tmp_path_factory.mktemp("aws")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "TMPDIR": str(folder),
        "HOME": str(folder),
    }
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [EMULATOR, "-m", "ministack"], env=dict(os.environ) | settings, cwd=folder, stdout=log, stderr=log
        )
    try:
        yield _answering(f"http://127.0.0.1:{port}", folder / "log")
    finally:
        running.terminate()
        running.wait(20)


def _answering(origin: str, log: Path) -> States:
    for _ in range(300):
        try:
            return States(origin)
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture
def cloud(airflow, states):
    """Airflow, set up for a state machine; all else is as on a laptop."""
    airflow.environment |= {
        "LONGPLAY_STATE_MACHINE": states.machine,
        "AWS_ENDPOINT_URL": states.origin,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "LONGPLAY_CHECK_POLL_HOURS": "100",
    }
    return airflow


def test_a_state_machine_that_fails_is_told_of_and_the_next_one_is_waited_for(cloud, states, person, longplay):
    assert cloud.day(LONGPLAY_LISTENERS="kim") == "failed"
    assert told_of(person, cloud).startswith("run_state_machine")

    longplay("process")
    assert cloud.day(LONGPLAY_LISTENERS="me,kim") == "success"
    assert set(cloud.states().values()) == {"success"}
    assert person.messages == []
    assert cloud.assets() == ["longplay_landing", "longplay_marts", "longplay_page"]
    assert longplay.json("query", "select track_name from fct_plays") == [{"track_name": "Alright"}]

    (failed, succeeded) = states.executions()
    assert (failed[1], failed[2]) == ("FAILED", {"mode": "daily", "listeners": ["kim"]})
    assert (succeeded[1], succeeded[2]) == ("SUCCEEDED", {"mode": "daily", "listeners": ["me", "kim"]})
    assert failed[0] != succeeded[0]
