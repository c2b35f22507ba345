"""An S3 and a Parameter Store on this machine: one for a worker, with a bucket of its own for each test."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import httpx2

from longplay.cloud import Cloud
from longplay.lake.bucket import S3Bucket
from longplay.settings import Settings

REGION = "eu-west-1"
_numbers = count(1)


@contextmanager
def emulated(folder: Path) -> Iterator[str]:
    """Yield the address at which it listens while the block lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LONGPLAY_"))}
    environment |= {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "TMPDIR": str(folder), "LOG_LEVEL": "ERROR"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "ministack"], env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_ministack/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        try:
            httpx2.get(address, verify=False)
            return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError("the emulator did not start")


class Storage:
    """What one installation keeps in AWS, for one test; `environment` is what its programs are told."""

    def __init__(self, endpoint: str) -> None:
        number = next(_numbers)
        self.lake_name, self.inbox_name = f"lake-{number}", f"inbox-{number}"
        self.parameters = f"/longplay-{number}"
        self.environment = {
            "AWS_ENDPOINT_URL": endpoint, "AWS_REGION": REGION, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "LONGPLAY_STORE": "aws", "LONGPLAY_LAKE_BUCKET": self.lake_name, "LONGPLAY_INBOX_BUCKET": self.inbox_name,
            "LONGPLAY_PARAMETERS": self.parameters, "LONGPLAY_PATIENCE": "1",
        }  # fmt: skip
        for name in (self.lake_name, self.inbox_name):
            self.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})

    def client(self, service: str) -> Any:
        session = boto3.Session("test", "test", region_name=REGION)
        return session.client(service, endpoint_url=self.environment["AWS_ENDPOINT_URL"])

    def cloud(self, **settings: Any) -> Cloud:
        return Cloud(Settings(**{**self.environment, **settings}))  # type: ignore[arg-type]

    @property
    def bucket(self) -> S3Bucket:
        return self.cloud().bucket

    def put(self, key: str, content: bytes, *, bucket: str | None = None) -> None:
        self.client("s3").put_object(Bucket=bucket or self.lake_name, Key=key, Body=content)

    def objects(self, bucket: str | None = None) -> dict[str, bytes]:
        """Everything that a bucket holds."""
        s3, name = self.client("s3"), bucket or self.lake_name
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=name)
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        return {key: s3.get_object(Bucket=name, Key=key)["Body"].read() for key in keys}
