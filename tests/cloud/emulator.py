"""An AWS of our own for the tests: MiniStack, with what it leaves out and these tests rely on.

It runs in an environment of its own (`make emulator`), by that environment's Python, and is told by variables:
GATEWAY_PORT, BIND_HOST, AUTH, SFN_WAIT_SCALE. SIGUSR1 lets half an hour pass for the schedules.

Each repair below says what AWS does. They hold for exactly the version that requirements/emulator.txt names.
"""

import contextvars
import json
import re
import signal
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from ministack.core import iam_evaluator, lambda_runtime
from ministack.core.responses import get_region
from ministack.services import cloudwatch, eventbridge, lambda_svc, s3, scheduler, stepfunctions

_RAISED = "@raised@"
_HALF_AN_HOUR = 1800
_ALARM = re.compile(r"<member><AlarmName>([^<]*)</AlarmName>.*?</StateReason></member>", re.DOTALL)
_role: contextvars.ContextVar[str] = contextvars.ContextVar("role of the state machine that runs", default="")


def functions_fail_by_name_and_live_on() -> None:
    """A function that raised fails with the exception's name, which retries and catches of a state machine go by.

    What it runs in is used again: a process is not begun anew for each failure.
    """
    bare = '_real_stdout.write(json.dumps({"status": "error", "error": str(e), "trace": traceback.format_exc()}) + "\\n")'
    told = (
        "traceback.print_exc(); "
        f'_real_stdout.write(json.dumps({{"status": "ok", "result": {{"{_RAISED}": '
        '{"errorMessage": str(e), "errorType": type(e).__name__}}}) + "\\n")'
    )
    assert lambda_runtime._PYTHON_WORKER_SCRIPT.count(bare) == 1
    lambda_runtime._PYTHON_WORKER_SCRIPT = lambda_runtime._PYTHON_WORKER_SCRIPT.replace(bare, told)

    def named(execute: Callable[..., dict]) -> Callable[..., dict]:
        def executed(*given: Any) -> dict:
            result = execute(*given)
            body = result.get("body")
            return {**result, "body": body[_RAISED], "error": True} if isinstance(body, dict) and _RAISED in body else result

        return executed

    lambda_svc._execute_function_warm = named(lambda_svc._execute_function_warm)


def too_many_calls_have_a_name() -> None:
    """A call of a function that is refused for its number fails as `Lambda.TooManyRequestsException`."""
    execute = lambda_svc._execute_function_with_config_scope

    def executed(*given: Any, **more: Any) -> Any:
        result = execute(*given, **more)
        if isinstance(result, dict) and result.get("throttle"):
            body = {**(result.get("body") or {}), "errorType": "Lambda.TooManyRequestsException"}
            return {**result, "error": True, "body": body}
        return result

    lambda_svc._execute_function_with_config_scope = executed


def alarms_are_described_whole() -> None:
    """DescribeAlarms gives all that an alarm was made with, so that a second plan finds nothing to change."""
    describe = cloudwatch._describe_alarms

    def whole(found: re.Match[str]) -> str:
        alarm = next(one for one in cloudwatch._alarms.values() if one["AlarmName"] == found[1])
        return found[0].removesuffix("</member>") + _rest_of(alarm) + "</member>"

    def described(params: Any, data: Any, is_cbor: bool, is_json: bool = False) -> tuple:  # noqa: FBT001, FBT002 - as it is called
        status, headers, body = describe(params, data, is_cbor, is_json)
        if is_cbor or is_json or status != 200:
            return status, headers, body
        return status, headers, _ALARM.sub(whole, body.decode()).encode()

    cloudwatch._describe_alarms = described


def _rest_of(alarm: dict) -> str:
    plain = ("Period", "Statistic", "TreatMissingData", "AlarmDescription", "DatapointsToAlarm", "Unit")
    lists = ("AlarmActions", "OKActions", "InsufficientDataActions")
    dimensions = alarm.get("Dimensions") or {}
    pairs = dimensions.items() if isinstance(dimensions, dict) else [(one["Name"], one["Value"]) for one in dimensions]
    members = "".join(f"<member><Name>{escape(name)}</Name><Value>{escape(value)}</Value></member>" for name, value in pairs)
    return "".join(
        [
            *(f"<{name}>{escape(str(alarm[name]))}</{name}>" for name in plain if alarm.get(name)),
            f"<ActionsEnabled>{str(alarm.get('ActionsEnabled', True)).lower()}</ActionsEnabled>",
            *(
                f"<{name}>" + "".join(f"<member>{escape(arn)}</member>" for arn in alarm.get(name) or []) + f"</{name}>"
                for name in lists
            ),
            f"<Dimensions>{members}</Dimensions>",
        ]
    )


def tracing_of_a_state_machine_is_kept() -> None:
    """A state machine's tracing is part of its description."""
    kept: dict[str, Any] = {}

    def keeping(name: str) -> None:
        original = getattr(stepfunctions, name)

        def kept_as_well(data: dict) -> tuple:
            status, headers, body = original(data)
            if status != 200:
                return status, headers, body
            answer = json.loads(body)
            arn = str(answer.get("stateMachineArn") or data.get("stateMachineArn"))
            if "tracingConfiguration" in data:
                kept[arn] = data["tracingConfiguration"]
            if name == "_describe_state_machine" and arn in kept:
                answer["tracingConfiguration"] = kept[arn]
            return status, headers, json.dumps(answer).encode()

        setattr(stepfunctions, name, kept_as_well)

    for name in ("_create_state_machine", "_update_state_machine", "_describe_state_machine"):
        keeping(name)


def state_machines_act_by_their_role() -> None:
    """What a state machine calls, its role has to allow."""
    execute, invoke = stepfunctions._execute_task, stepfunctions._invoke_resource

    def executed(state: dict, given: Any, execution: dict, context: dict) -> Any:
        iam_evaluator.pin_request_origin("127.0.0.1", secure_transport=True)  # AWS's own services speak TLS
        _role.set(stepfunctions._state_machines[execution["stateMachineArn"]]["roleArn"])
        return execute(state, given, execution, context)

    def invoked(resource: str, given: dict) -> Any:
        action, target, error = _needed(resource, given)
        if not _may(_role.get(), action, target):
            raise stepfunctions._ExecutionError(
                error, f"{_role.get()} is not authorized to perform: {action} on resource: {target}"
            )
        return invoke(resource, given)

    stepfunctions._execute_task, stepfunctions._invoke_resource = executed, invoked


def _needed(resource: str, given: dict) -> tuple[str, str, str]:
    """Tell which action on what a task needs, and how it fails without."""
    if resource.endswith(":lambda:invoke"):
        return "lambda:InvokeFunction", given["FunctionName"], "Lambda.AWSLambdaException"
    if resource.endswith(":sns:publish"):
        return "sns:Publish", given["TopicArn"], "SNS.AuthorizationErrorException"
    if resource.endswith(":sqs:sendMessage"):
        account, queue = given["QueueUrl"].split("/")[-2:]
        return "sqs:SendMessage", f"arn:aws:sqs:{get_region()}:{account}:{queue}", "SQS.AccessDeniedException"
    raise NotImplementedError(resource)


def what_starts_a_state_machine_may() -> None:
    """A schedule and a rule start a state machine by the role of their target; without permission they start nothing."""
    invoke = eventbridge._invoke_target

    def invoked(target: dict, *given: Any, **more: Any) -> Any:
        arn = target.get("Arn", "")
        if ":states:" in arn and not _may(target.get("RoleArn", ""), "states:StartExecution", arn):
            return None
        return invoke(target, *given, **more)

    eventbridge._invoke_target = invoked


def _may(role: str, action: str, resource: str) -> bool:
    account, name = role.split(":")[4], role.rsplit("/", 1)[-1]
    context = iam_evaluator.EvalContext(role, "AssumedRole", account, action, resource, get_region(), secure_transport=True)
    return iam_evaluator.evaluate(context, iam_evaluator._gather_role_policies(name, account)).decision == "Allow"


def loopback_counts_as_encrypted() -> None:
    """Policies refuse every way that is not encrypted; here, loopback stands for TLS."""
    from ministack import app  # noqa: PLC0415 - it reads the environment when imported

    pin = iam_evaluator.pin_request_origin
    app.pin_request_origin = lambda address, _is_secure: pin(address, True)


def what_is_missing_is_told_to_who_may_list() -> None:
    """Of an object that is not there, S3 says so to who may list its bucket; to others it says that access is denied."""
    from ministack import app  # noqa: PLC0415 - it reads the environment when imported

    handle = s3.handle_request

    async def handled(method: str, path: str, headers: dict, body: bytes, query: dict, *given: Any, **more: Any) -> tuple:
        answer = await handle(method, path, headers, body, query, *given, **more)
        bucket, _, key = path.lstrip("/").partition("/")
        if answer[0] != 404 or not key or method not in {"GET", "HEAD"}:
            return answer
        listed = f"arn:aws:s3:::{bucket}"
        return app._enforce_data_plane("s3", "s3:ListBucket", headers, query, "", resource_arn=listed) or answer

    s3.handle_request = handled


def schedules_can_be_hurried() -> None:
    """On SIGUSR1, half an hour passes for the schedules with a rate."""
    scheduler._SCHEDULE_TICK_INTERVAL = 0.5

    def passes(*_signal: object) -> None:
        for key, schedule in list(scheduler._schedules._data.items()):
            if schedule["ScheduleExpression"].startswith("rate"):
                last = scheduler._schedule_last_fired.get(key, schedule["CreationDate"])
                scheduler._schedule_last_fired[key] = last - _HALF_AN_HOUR

    signal.signal(signal.SIGUSR1, passes)


if __name__ == "__main__":
    from ministack.app import main

    functions_fail_by_name_and_live_on()
    too_many_calls_have_a_name()
    alarms_are_described_whole()
    tracing_of_a_state_machine_is_kept()
    state_machines_act_by_their_role()
    what_starts_a_state_machine_may()
    loopback_counts_as_encrypted()
    what_is_missing_is_told_to_who_may_list()
    schedules_can_be_hurried()
    main()
