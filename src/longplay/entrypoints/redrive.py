"""`longplay redrive`: running again what the cloud could not do."""

from __future__ import annotations

from longplay.cloud import Cloud
from longplay.entrypoints import show
from longplay.entrypoints.call import CALL
from longplay.errors import WrongCall
from longplay.wording import count


def redrive() -> None:
    """Run again what could not be done in the cloud: one execution for each message of the dead-letter queue."""
    from longplay.redriving import Redriving  # noqa: PLC0415 - boto3 takes half a second

    settings = CALL.settings
    for name, value in (("LONGPLAY_DEAD_LETTERS", settings.dead_letters), ("LONGPLAY_STATE_MACHINE", settings.state_machine)):
        if not value:
            raise WrongCall(f"{name} is not set.", "Put what `terraform output` of infra/pipeline says into `.env`.")
    cloud = Cloud(settings)
    done = list(
        Redriving(cloud.client("sqs"), settings.dead_letters, cloud.client("stepfunctions"), settings.state_machine).redrive()
    )
    stay = [each for each in done if not each.execution]
    for each in done:
        show.aside(f"Run again: {each.why}" if each.execution else f"Left on the queue: {each.why}.")
    started = [each.execution for each in done if each.execution]
    said = f"Run again: {count(len(started), 'message')}." if started else "There was nothing to run again."
    left = f" {count(len(stay), 'message')} stay on the queue." if stay else ""
    show.done(f"{said}{left}", {"executions": started, "left": [each.why for each in stay]}, as_json=CALL.json)
