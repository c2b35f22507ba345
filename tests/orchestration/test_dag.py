"""The DAG as Airflow reads it."""

import json

import pytest

from longplay.entrypoints.cli import ELSEWHERE

pytestmark = pytest.mark.slow

LOOK = """
import json
from datetime import timedelta
from airflow.dag_processing.dagbag import DagBag

bag = DagBag()
dag = bag.dags["longplay_daily"]
print("found", json.dumps({
    "errors": bag.import_errors, "warnings": {file: list(map(str, said)) for file, said in bag.captured_warnings.items()},
    "steps": [task.task_id for task in dag.topological_sort()],
    "line": all(len(task.downstream_task_ids) <= 1 for task in dag.tasks),
    "retries": {task.task_id: task.retries for task in dag.tasks},
    "grows": all(task.retry_exponential_backoff for task in dag.tasks),
    "ends": all(task.execution_timeout for task in dag.tasks),
    "commands": [task.command.split()[0] for task in dag.tasks if hasattr(task, "command")],
    "outlets": {task.task_id: [asset.name for asset in task.outlets] for task in dag.tasks if task.outlets},
    "tells": all(len(task.on_failure_callback) == 1 for task in dag.tasks),
    "catchup": dag.catchup, "at_once": dag.max_active_runs, "hours": dag.dagrun_timeout / timedelta(hours=1),
    "deadline": [(alert.callback.path, alert.interval / timedelta(hours=1)) for alert in dag.deadline],
}))
"""


@pytest.mark.parametrize(
    ("machine", "first"),
    [("", ["fetch", "process"]), ("arn:aws:states:eu-west-1:123456789012:stateMachine:longplay", ["run_state_machine"])],
)
def test_the_dag_imports_without_warnings_and_is_careful(airflow, machine, first):
    airflow.environment |= {"LONGPLAY_STATE_MACHINE": machine, "LONGPLAY_RETRIES": "2"}
    done = airflow.run("python", "-c", LOOK)
    found = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("found")).removeprefix("found"))

    assert (found["errors"], found["warnings"]) == ({}, {})
    assert "Warning" not in done.stderr
    assert found["steps"] == [*first, "load", "build_staging", "build_intermediate", "build_marts", "check", "publish"]
    assert found["line"]
    assert {step for step, retries in found["retries"].items() if retries != 2} == {"check"}
    assert found["grows"]
    assert found["ends"]
    assert found["tells"]
    assert set(found["commands"]) <= ELSEWHERE, "each works also where the warehouse is Snowflake"
    assert found["outlets"] == {"load": ["longplay_landing"], "build_marts": ["longplay_marts"], "publish": ["longplay_page"]}
    assert (found["catchup"], found["at_once"], found["hours"]) == (False, 1, 20)
    assert found["deadline"] == [["longplay_steps.tell_late", 3]]
