"""Longplay deployed to an AWS of our own: what a test does there, and what it can see."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import duckdb
import httpx2

from longplay.settings import Settings
from longplay.simulator.web.spotify import SimulatedSpotify
from longplay.spotify.door import REDIRECT
from longplay.wiring import fetching_from
from tests.cloud.terraform import REGION, ROOT

EMULATOR = ROOT / ".aws" / "venv" / "bin" / "python"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
_ENDED = 200  # seconds within which everything here comes to its end, on a machine that is busy with other things as well
_BATCH = 10


class Emulator:
    """The AWS of our own: its process, where it listens, and time that can be hurried."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.log = folder / "emulator.log"
        told = {
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "AUTH": "true",
            "SFN_WAIT_SCALE": "0",
            "LOG_LEVEL": "WARNING",
        }
        home = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "STATE_DIR": str(folder / "state")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(EMULATOR), str(Path(__file__).with_name("emulator.py"))],
                env={**home, **KEYS, **told, "LOG_LEVEL": "WARNING", "MINISTACK_REGION": REGION},
                cwd=folder, stdout=log, stderr=log,
            )  # fmt: skip

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text(errors="replace")[-4000:]
        try:
            return httpx2.get(f"{self.origin}/_ministack/ready", verify=False).status_code == 200
        except httpx2.TransportError:
            return False

    @cache  # noqa: B019 - one lasts as long as the tests
    def client(self, service: str) -> Any:
        """Reach a service as the account's owner."""
        return boto3.Session("test", "test", region_name=REGION).client(service, endpoint_url=self.origin)

    def half_an_hour_passes(self) -> None:
        """Let schedules fire that are due every half hour."""
        os.kill(self.process.pid, signal.SIGUSR1)

    def waits(self, scale: float) -> None:
        """Let a state machine wait for so much of the time that it should: 0 not at all, 1 all of it."""
        httpx2.post(f"{self.origin}/_ministack/config", json={"stepfunctions._SFN_WAIT_SCALE": scale}, verify=False)

    def ends(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


class Deployed:
    """What a user has after `terraform apply`, and the simulated Spotify that its functions ask."""

    def __init__(self, emulator: Emulator, spotify: SimulatedSpotify, outputs: dict[str, Any]) -> None:
        self.emulator = emulator
        self.spotify = spotify
        self.outputs = outputs
        self.lake: str = outputs["lake"]
        self.inbox: str = outputs["inbox"]
        self._numbers = iter(range(1, 1000))
        self._mail = self._subscribed()

    def client(self, service: str) -> Any:
        return self.emulator.client(service)

    # -- listeners

    def environment(self, user: str = "me") -> dict[str, str]:
        """Tell what a laptop is told that looks into the cloud."""
        return {
            **KEYS, "AWS_ENDPOINT_URL": self.emulator.origin, "LONGPLAY_STORE": "aws", "LONGPLAY_USER": user,
            "LONGPLAY_HOME": str(self.emulator.log.with_name("laptop")),
            "LONGPLAY_LAKE_BUCKET": self.lake, "LONGPLAY_INBOX_BUCKET": self.inbox,
            "LONGPLAY_PARAMETERS": self.outputs["parameters"],
            "LONGPLAY_STATE_MACHINE": self.outputs["state_machine"], "LONGPLAY_DEAD_LETTERS": self.outputs["dead_letters"],
            "SPOTIFY_CLIENT_ID": self.spotify.app.client_id, "SPOTIFY_API_ORIGIN": self.spotify.api,
            "SPOTIFY_ACCOUNTS_ORIGIN": self.spotify.accounts, "SPOTIFY_PACE": "0",
        }  # fmt: skip

    def joins(self, *titles: str, name: str | None = None) -> str:
        """Let somebody new sign in who has played these, a quarter of an hour apart; gives our name for them."""
        name = name or f"listener-{next(self._numbers)}"
        self.client("s3").delete_object(Bucket=self.lake, Key=f"state/troubles-{name}.json")
        self.spotify.joins(name)
        self.plays(name, *titles)
        self.signs_in(name)
        return name

    def plays(self, name: str, *titles: str) -> None:
        """Let a listener play some tracks, each ending a second before the next, the last just now."""
        now = self.spotify.clock()
        for place, title in enumerate(reversed(titles)):
            self.spotify.has_played(title, at=now - timedelta(seconds=1 + place), who=name)

    def signs_in(self, name: str) -> None:
        """Do what `longplay login --store aws` does."""
        self._signs_in(name, self.environment(name))

    def signs_in_at_home(self, name: str, home: Path) -> None:
        """Do what `longplay login` does, for a home on a laptop."""
        self._signs_in(name, {**self.environment(name), "LONGPLAY_STORE": "folder", "LONGPLAY_HOME": str(home)})

    def _signs_in(self, name: str, environment: dict[str, str]) -> None:
        self.spotify.signs_in(name)
        with _environment(environment):
            connection = fetching_from(Settings()).connect(name)
            attempt = connection.begin(REDIRECT)
            connection.finish(attempt, self.spotify.visits(attempt.address))
            connection.close()

    def forgets_everybody(self) -> None:
        """Let nobody have signed in and nothing have been played."""
        ssm, s3 = self.client("ssm"), self.client("s3")
        path = f"{self.outputs['parameters']}/listeners"
        for page in ssm.get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True):
            for one in page["Parameters"]:
                ssm.delete_parameter(Name=one["Name"])
        for key in self.names():
            s3.delete_object(Bucket=self.lake, Key=key)

    def puts_a_page_that_cannot_be_read(self, name: str) -> str:
        """Let a page of a listener wait that is no page; gives its key."""
        today = self.spotify.clock()
        key = f"raw/api/recently_played/user={name}/date={today:%Y-%m-%d}/{today:%Y%m%dT%H%M%SZ}-badbadbadbad.json.gz"
        self.client("s3").put_object(Bucket=self.lake, Key=key, Body=b"no page")
        return key

    def a_day_passes(self) -> None:
        """Let what Spotify asked us to wait be over."""
        self.spotify.limits._blocks.clear()
        s3 = self.client("s3")
        for key in self.names("state/quota"):
            s3.delete_object(Bucket=self.lake, Key=key)
        for key in self.names("state/troubles"):
            told = json.loads(s3.get_object(Bucket=self.lake, Key=key)["Body"].read())["troubles"]
            past = {what: until and "2006-01-01T00:00:00Z" for what, until in told.items()}
            s3.put_object(Bucket=self.lake, Key=key, Body=json.dumps({"troubles": past}).encode())

    def mends(self) -> None:
        """Let Spotify work, the machine not wait, and letter box and queue be empty."""
        self.spotify.faults._planned.clear()
        self.spotify.rotates_refresh_tokens("never")
        self.a_day_passes()
        self.emulator.waits(0)
        self.mail()
        self.dead_letters()

    # -- the functions and the state machine

    def calls(self, function: str, **event: Any) -> dict[str, Any]:
        """Call a function as the state machine does; gives what it answers."""
        name = self.outputs["functions"][function]
        told = self.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
        answer = json.loads(told["Payload"].read())
        assert "FunctionError" not in told, answer
        return answer

    @contextmanager
    def nothing_starts_by_an_archive(self) -> Iterator[None]:
        """Let archives lie in the inbox for a while."""
        events = self.client("events")
        events.disable_rule(Name="longplay-archive-arrived")
        try:
            yield
        finally:
            events.enable_rule(Name="longplay-archive-arrived")

    def starts(self, **given: Any) -> str:
        started = self.client("stepfunctions").start_execution(
            stateMachineArn=self.outputs["state_machine"], input=json.dumps(given)
        )
        return started["executionArn"]

    def polls(self, *listeners: str, mode: str = "recent") -> dict[str, Any]:
        """Run the state machine as a schedule does; gives how it ended."""
        return self.ended(self.starts(mode=mode, listeners=list(listeners)))

    def ended(self, execution: str) -> dict[str, Any]:
        """Wait for an execution's end, and tell it."""

        def over() -> dict[str, Any] | None:
            told = self.client("stepfunctions").describe_execution(executionArn=execution)
            return None if told["status"] == "RUNNING" else told

        return until(over)

    def executions(self) -> list[str]:
        """Name all executions, the newest first."""
        pages = (
            self.client("stepfunctions")
            .get_paginator("list_executions")
            .paginate(stateMachineArn=self.outputs["state_machine"])
        )
        return [one["executionArn"] for page in pages for one in page["executions"]]

    # -- what can be seen

    def names(self, prefix: str = "", bucket: str | None = None) -> list[str]:
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket or self.lake, Prefix=prefix)
        return [one["Key"] for page in pages for one in page.get("Contents", ())]

    def titles(self, user: str) -> list[str]:
        """Read the processed Parquet of a listener: what was played, the oldest first."""
        with TemporaryDirectory() as folder, duckdb.connect() as connection:
            for number, key in enumerate(self.names(f"processed/v1/recently_played/user={user}/")):
                self.client("s3").download_file(self.lake, key, f"{folder}/{number}.parquet")
            if not any(Path(folder).iterdir()):
                return []
            plays = f"select distinct played_at, track_name from read_parquet('{folder}/*.parquet') order by all"
            return [title for _, title in connection.execute(plays).fetchall()]

    def mail(self, letters: int = 0) -> list[dict[str, str]]:
        """Take out the letters that a person was sent since the last look; waits for as many as there should be."""
        found: list[dict[str, str]] = []

        def taken() -> bool:
            found.extend({"subject": one.get("Subject", ""), "text": one["Message"]} for one in self._taken(self._mail))
            return len(found) >= letters

        until(taken, seconds=10)
        return found

    def dead_letters(self) -> list[dict[str, Any]]:
        """Take out what failed."""
        return self._taken(self.outputs["dead_letters"])

    def log(self, function: str) -> list[dict[str, Any]]:
        """Read the lines of a function's log that are JSON."""
        pages = (
            self.client("logs")
            .get_paginator("filter_log_events")
            .paginate(logGroupName=f"/aws/lambda/{self.outputs['functions'][function]}")
        )
        lines = [line for page in pages for event in page["events"] for line in event["message"].splitlines()]
        return [json.loads(line) for line in lines if line.startswith("{")]

    def _taken(self, queue: str) -> list[dict[str, Any]]:
        sqs, found = self.client("sqs"), []
        while some := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=_BATCH).get("Messages", []):
            for one in some:
                found.append(json.loads(one["Body"]))
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=one["ReceiptHandle"])
        return found

    def _subscribed(self) -> str:
        """Give the person who is told a letter box that tests can open."""
        sqs = self.client("sqs")
        queue = sqs.create_queue(QueueName="letter-box")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allow = {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
        self.client("sns").subscribe(TopicArn=self.outputs["messages"], Protocol="sqs", Endpoint=arn)
        return queue

    # -- roles

    def permissions(self, role: str) -> list[dict[str, Any]]:
        policy = self.client("iam").get_role_policy(RoleName=role, PolicyName="may")["PolicyDocument"]
        return (json.loads(policy) if isinstance(policy, str) else policy)["Statement"]

    @contextmanager
    def without(self, role: str, sid: str, resource: str = "") -> Iterator[None]:
        """Take a permission away while the block lasts: a whole statement, or what ends like this of its resources."""
        before = self.permissions(role)
        after = [kept for one in before if (kept := _less(one, sid, resource))]
        assert after != before, f"{role} has no {sid} {resource}"
        self._may(role, after)
        try:
            yield
        finally:
            self._may(role, before)

    def _may(self, role: str, statements: list[dict[str, Any]]) -> None:
        if not statements:
            self.client("iam").delete_role_policy(RoleName=role, PolicyName="may")
            return
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        self.client("iam").put_role_policy(RoleName=role, PolicyName="may", PolicyDocument=policy)


def _less(statement: dict[str, Any], sid: str, resource: str) -> dict[str, Any] | None:
    if statement.get("Sid") != sid:
        return statement
    resources = [statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]
    left = [one for one in resources if resource and not one.endswith(resource)]
    return {**statement, "Resource": left} if left else None


def until(told: Any, seconds: float = _ENDED) -> Any:
    """Wait until something is told."""
    ends = time.monotonic() + seconds
    while not (answer := told()):
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.1)
    return answer


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
