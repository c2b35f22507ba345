"""Running again what could not be done: each message of the dead-letter queue starts one execution of the state machine.

A message is deleted only after its execution has begun. One that is of no use stays, and is told.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec
import structlog
from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Raw, Struct

from longplay.errors import CloudError

log = structlog.get_logger()

_HIDDEN: Final = 300  # seconds in which nobody else receives a message that we hold
_SEVERAL: Final = 10


class _Letter(Struct):
    """What was put on the queue: the input to run again, and why it could not be done."""

    input: Raw
    why: str = ""


class Redriven(Struct, frozen=True):
    """One message: the name of the execution it started, or nothing; and why it was there, or why it stays."""

    execution: str | None
    why: str


class Redriving(Struct, frozen=True):
    """A queue and a state machine, each with boto3's client."""

    sqs: Any
    queue: str
    sfn: Any
    machine: str

    def redrive(self) -> Iterator[Redriven]:
        """Run every message again, one after the other. Raises `CloudError`."""
        while messages := self._received():
            yield from map(self._run_again, messages)

    def _received(self) -> list[dict[str, Any]]:
        try:
            answer = self.sqs.receive_message(
                QueueUrl=self.queue, MaxNumberOfMessages=_SEVERAL, VisibilityTimeout=_HIDDEN, WaitTimeSeconds=1
            )
        except (ClientError, BotoCoreError) as error:
            raise CloudError(
                f"The queue cannot be read ({_named(error)}).",
                "Look at LONGPLAY_DEAD_LETTERS, AWS_REGION, and who you are to AWS.",
            ) from error
        return answer.get("Messages", [])

    def _run_again(self, message: dict[str, Any]) -> Redriven:
        name = f"redrive-{message['MessageId']}"
        try:
            letter = msgspec.json.decode(message["Body"], type=_Letter)
            self._start(name, bytes(letter.input).decode())
            self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
        except msgspec.MsgspecError:
            return Redriven(None, "it is no message of Longplay's")
        except (ClientError, BotoCoreError) as error:
            return Redriven(None, f"AWS refused it ({_named(error)})")
        log.info("redriven", execution=name)
        return Redriven(name, letter.why)

    def _start(self, name: str, given: str) -> None:
        """Start an execution; one of that name was started by a run that could not delete the message any more."""
        try:
            self.sfn.start_execution(stateMachineArn=self.machine, name=name, input=given)
        except self.sfn.exceptions.ExecutionAlreadyExists:
            log.info("was_redriven", execution=name)


def _named(error: ClientError | BotoCoreError) -> str:
    return error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
