"""What is written down: formatted, valid, least privilege, and what an emulator cannot prove."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from longplay import errors as ours
from longplay import polling
from longplay.exports import errors as exports
from longplay.spotify import errors as spotify
from tests.cloud.terraform import LISTENERS, ROOT, Terraform

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
CHECKOV = ROOT / ".checkov" / "venv" / "bin" / "checkov"
MACHINE, ONE_LISTENER = (
    json.loads((ROOT / "infra" / "pipeline" / f"{name}.asl.json").read_text(encoding="utf-8"))
    for name in ("state_machine", "one_listener")
)
MACHINE["States"]["EachListener"]["ItemProcessor"] = ONE_LISTENER

# Actions for which AWS knows no narrower resource than everything: traces and deliveries of logs have no addresses.
NO_OTHER_WAY = {
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
}  # fmt: skip


@pytest.fixture(scope="module")
def dry(terraform_tools, tmp_path_factory) -> dict[str, Terraform]:
    """The roots with nothing applied and no AWS to ask."""
    folder = tmp_path_factory.mktemp("dry")
    return {root: Terraform(root, folder, {**terraform_tools, "AWS_REGION": "eu-west-1"}) for root in ("storage", "pipeline")}


def states(machine: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through all states, also those of a Map."""
    for name, state in machine["States"].items():
        yield name, state
        if "ItemProcessor" in state:
            yield from states(state["ItemProcessor"])


@pytest.mark.parametrize("root", ["storage", "pipeline"])
def test_terraform_is_formatted_valid_and_keeps_its_promises(dry, root):
    dry[root].says("fmt", "-check", "-recursive")

    assert "0 failed" in dry[root].says("test", "-no-color")


def test_checkov_finds_nothing_that_has_no_reason():
    if not CHECKOV.exists():
        pytest.skip("checkov is not installed: `make checkov`")
    done = subprocess.run(
        [str(CHECKOV), "-d", ".", "--config-file", ".checkov.yaml"],
        cwd=ROOT / "infra", capture_output=True, text=True, check=False, timeout=200,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout
    assert "Failed checks: 0" in done.stdout


def test_every_variable_and_output_has_a_sentence():
    for file in (ROOT / "infra").rglob("*.tf"):
        text = file.read_text(encoding="utf-8")
        said = text.count("description = ") + text.count("description   = ")
        assert said >= text.count('\nvariable "') + text.count('\noutput "'), file


def test_no_policy_allows_everything(deployed):
    """Each role's policy, as it was applied."""
    iam = deployed.client("iam")
    roles = [role["RoleName"] for role in iam.list_roles()["Roles"] if role["RoleName"].startswith("longplay")]

    assert len(roles) == 7
    for role in roles:
        assert iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"] == []
        for statement in deployed.permissions(role):
            actions = listed(statement["Action"])
            assert not any("*" in action for action in actions), (role, statement)
            assert "*" not in listed(statement["Resource"]) or set(actions) <= NO_OTHER_WAY, (role, statement)


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def test_every_task_ends_tries_again_and_is_caught():
    for name, state in states(MACHINE):
        if state["Type"] == "Task":
            assert state["Retry"], name
            assert "States.ALL" in [error for catch in state["Catch"] for error in catch["ErrorEquals"]], name
            assert all(retry["JitterStrategy"] == "FULL" and retry["MaxAttempts"] <= 6 for retry in state["Retry"]), name
        if state.get("Resource", "").endswith("lambda:invoke"):
            assert state["TimeoutSeconds"] <= 930, name
    assert MACHINE["TimeoutSeconds"] == 7200


def test_a_function_is_ended_before_the_machine_stops_waiting(deployed):
    """The emulator knows no time limit of a state machine, so it is held against the functions' own."""
    seconds = {
        name: deployed.client("lambda").get_function_configuration(FunctionName=function)["Timeout"]
        for name, function in deployed.outputs["functions"].items()
    }
    for _, state in states(MACHINE):
        if state.get("Resource", "").endswith("lambda:invoke"):
            function = state["Arguments"]["FunctionName"].strip("${}")
            assert seconds[function] < state["TimeoutSeconds"] < seconds[function] + 60


def test_errors_are_told_apart_by_names_that_exist():
    known = {name for module in (ours, polling, exports, spotify) for name in vars(module)}
    named = {
        error
        for _, state in states(MACHINE)
        for clause in (*state.get("Retry", ()), *state.get("Catch", ()))
        for error in clause["ErrorEquals"]
        if "." not in error
    }

    assert named - {"States.ALL"} <= known, named - known


def test_alarms_watch_what_nobody_else_tells(deployed):
    alarms = {
        alarm["AlarmName"]: alarm
        for page in deployed.client("cloudwatch").get_paginator("describe_alarms").paginate()
        for alarm in page["MetricAlarms"]
    }

    for name in LISTENERS:
        assert alarms[f"longplay-no-poll-{name}"]["MetricName"] == "PollEnded"
        assert alarms[f"longplay-consent-ends-{name}"]["Threshold"] == 14
    for name, function in deployed.outputs["functions"].items():
        dimensions = alarms[f"longplay-errors-{name}"]["Dimensions"]
        assert dimensions == [{"Name": "FunctionName", "Value": function}]
    assert alarms["longplay-dead-letters"]["Dimensions"] == [{"Name": "QueueName", "Value": "longplay-dead-letters"}]
    silent = {name for name, alarm in alarms.items() if alarm["AlarmActions"] != [deployed.outputs["messages"]]}
    assert silent == {"longplay-errors-fetch"}, "all others write a letter"
