"""`longplay serve --every 30`: what cron does, without cron."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import duckdb
import httpx2
import pytest

from longplay.entrypoints.repeating import repeated
from longplay.loopback import listener_on

pytestmark = pytest.mark.slow

COMMAND = str(Path(sys.executable).with_name("longplay"))


def until(true, seconds=60):
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)


def test_it_runs_at_once_and_again_and_not_afterwards(tmp_path):
    home = tmp_path / "home"

    def was_there():
        """Say whether a run left its trace, and take it away."""
        return home.exists() and (shutil.rmtree(home, ignore_errors=True) or True)

    with repeated(["--home", str(home), "imports"], seconds=0.1):
        until(was_there)
        until(was_there)
    shutil.rmtree(home, ignore_errors=True)
    time.sleep(0.5)

    assert not home.exists()


def test_a_run_that_is_going_on_ends_with_it():
    with closing(listener_on(0)) as free:
        port = free.getsockname()[1]

    with repeated(["simulator", "--port", str(port)], seconds=600):
        until(lambda: answers(port))

    assert not answers(port)


def answers(port) -> bool:
    with closing(socket.socket()) as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux tells who began what")
def test_serving_begins_runs_for_the_same_listener_and_ends_with_them(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:  # enough for serving to begin
        connection.execute("create schema marts; create table marts.fct_plays (user_id varchar)")
    options = ["--home", str(home), "--user", "kim"]
    process = subprocess.Popen(
        [COMMAND, *options, "--json", "serve", "--port", "0", "--every", "30"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        address = json.loads(process.stdout.readline())["page"]
        assert httpx2.head(address, timeout=60).status_code == 503  # nothing is built yet, and it is served
        until(lambda: runs_of(process.pid))
        (run,) = runs_of(process.pid)
        process.send_signal(signal.SIGTERM)  # as a service manager ends it
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()

    assert run == [*options, "--store", "folder", "run"]
    assert process.returncode == 0
    assert errors.endswith("Ended.\n")


def runs_of(pid) -> list[list[str]]:
    """Give what the commands that a process began were asked to do."""
    begun = " ".join(file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children")).split()
    lines = [Path(f"/proc/{child}/cmdline").read_text().split("\0") for child in begun]
    return [line[3:-1] for line in lines if "longplay.entrypoints.cli" in line]
