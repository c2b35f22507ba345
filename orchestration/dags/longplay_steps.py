"""The words of the daily sentence: what each step calls, how it is repeated, and who is told.

Longplay lives in another environment and is called by its path. What it works on (its home, its store, its warehouse, its
secrets) it reads from its own settings, so a step here is a command and nothing else.
"""

import logging
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import httpx
from airflow.providers.amazon.aws.hooks.sns import SnsHook
from airflow.providers.amazon.aws.operators.step_function import StepFunctionStartExecutionOperator
from airflow.providers.standard.hooks.subprocess import SubprocessHook
from airflow.sdk import Asset, BaseOperator, DeadlineAlert, DeadlineReference, SyncCallback
from airflow.sdk.exceptions import AirflowException, AirflowFailException

log = logging.getLogger("longplay")

ROOT: Final = Path(__file__).resolve().parents[2]
AWS: Final = "aws_default"  # AIRFLOW_CONN_AWS_DEFAULT; without it what the machine itself may
DAY: Final = timedelta(hours=20)  # the longest that a run may take: the next one waits
LATE: Final = timedelta(hours=3)
_POLL: Final = 5  # seconds between two looks at the state machine
_WRONG_CALL: Final = 2  # the status of a command that nobody has to try again
_MOST: Final = 500  # letters of a reason that fit into a message

LANDING: Final = Asset("longplay_landing", "longplay://landing", group="longplay")
MARTS: Final = Asset("longplay_marts", "longplay://marts", group="longplay")
PAGE: Final = Asset("longplay_page", "longplay://page", group="longplay")


# What the steps are


def bring_in() -> list[BaseOperator]:
    """Fetch all that is due and give it a meaning: in the cloud, or here."""
    machine = os.environ.get("LONGPLAY_STATE_MACHINE")
    if machine:
        return [state_machine(machine)]
    fetch = "fetch --daily --leave-consents"  # one listener's consent that is over is told by `check`, when all else is done
    return [Longplay(task_id="fetch", command=fetch), Longplay(task_id="process", command="process")]


def state_machine(address: str) -> BaseOperator:
    """Run the state machine for every listener, and wait for its end without holding a worker."""
    return StepFunctionStartExecutionOperator(
        task_id="run_state_machine",
        state_machine_arn=address,
        name="daily-{{ dag_run.run_after | ds_nodash }}-{{ ti.id }}",  # each try has an id of its own
        state_machine_input={"mode": "daily", "listeners": os.environ.get("LONGPLAY_LISTENERS", "me").split(",")},
        aws_conn_id=AWS,
        deferrable=True,
        waiter_delay=_POLL,
        waiter_max_attempts=int(timedelta(hours=2) / timedelta(seconds=_POLL)),  # as long as the machine itself may last
        execution_timeout=timedelta(hours=2),
    )


def load() -> BaseOperator:
    """Make the landing tables hold what the lake holds."""
    return Longplay(task_id="load", command="load", outlets=[LANDING])


def build(layer: str) -> BaseOperator:
    """Bring one layer of the models up to date, and test it."""
    return Longplay(
        task_id=f"build_{layer}", command=f"build --test-data --layer {layer}", outlets=[MARTS] if layer == "marts" else []
    )


def check() -> BaseOperator:
    """Look whether what is told is fresh and complete; looking again would not make it so."""
    return Longplay(task_id="check", command="check", retries=0)


def publish() -> BaseOperator:
    """Draw the page."""
    return Longplay(task_id="publish", command="report", outlets=[PAGE])


class Longplay(BaseOperator):
    """One command of Longplay. It fails with the sentence that the command ends with."""

    def __init__(self, *, command: str, **kwargs: Any) -> None:
        """Know what comes after `longplay`."""
        super().__init__(**kwargs)
        self.command = command

    @cached_property
    def hook(self) -> SubprocessHook:
        """What runs it, and writes all it says into the task's log."""
        return SubprocessHook()

    def execute(self, context: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Run it beside `.env`; gives its last line."""
        done = self.hook.run_command([_longplay(), *self.command.split()], cwd=str(ROOT))
        if done.exit_code == _WRONG_CALL:
            raise AirflowFailException(done.output)
        if done.exit_code:
            raise AirflowException(done.output or f"It ended with status {done.exit_code}.")
        return done.output

    def on_kill(self) -> None:
        """End it, where the task is ended: what it had finished is kept."""
        self.hook.send_sigterm()


def _longplay() -> str:
    own = ROOT / ".venv" / "bin" / "longplay"
    return os.environ.get("LONGPLAY_COMMAND") or shutil.which("longplay") or str(own)


# Who is told


def tell_failure(context: Mapping[str, Any]) -> None:
    """Tell that a run failed: at which step, why, and where its log is. Steps after it are not begun, so it is told once."""
    task, why = context["ti"], str(context.get("exception") or "").strip().splitlines()
    tell(
        f"Longplay: the daily run failed at {task.task_id}",
        f"{why[0][:_MOST] if why else 'It was ended from outside.'}\n\nLog: {task.log_url}\n"
        "What to do: docs/orchestration.md. Then clear this step, and the run goes on from there.",
    )


def tell_late() -> None:
    """Tell that a run is not done when it should be; it goes on."""
    tell("Longplay: the daily run is late", f"It is not done {LATE} after it was due. Airflow shows where it is.")


def tell(subject: str, message: str) -> None:
    """Tell a person: through an SNS topic or a webhook, whichever LONGPLAY_TELL names; else in the log."""
    address = os.environ.get("LONGPLAY_TELL", "")
    if address.startswith("arn:"):
        SnsHook(aws_conn_id=AWS).publish_to_target(address, message, subject=subject)
    elif address:
        httpx.post(address, json={"text": f"{subject}\n{message}"}, timeout=10).raise_for_status()
    else:
        log.error("%s\n%s", subject, message)


# How steps are repeated

CARE: Final[dict[str, Any]] = {
    "retries": int(os.environ.get("LONGPLAY_RETRIES", "2")),
    "retry_delay": timedelta(minutes=2),
    "retry_exponential_backoff": 4,
    "max_retry_delay": timedelta(minutes=30),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": tell_failure,
}


def deadline() -> DeadlineAlert | None:
    """Tell where a run is late; but in `airflow dags test` Airflow 3.3 stumbles over the deadline of a run that was in time."""
    if sys.argv[1:3] == ["dags", "test"]:
        return None
    return DeadlineAlert(reference=DeadlineReference.DAGRUN_LOGICAL_DATE, interval=LATE, callback=SyncCallback(tell_late))
