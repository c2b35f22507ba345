"""How a command ends: at once, and with all it had begun."""

import os
import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import pytest

from tests.command import COMMAND

FULL = Path("/dev/full")
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}

BEGUN = """
import atexit, sys, threading
from longplay import __main__
from longplay.entrypoints import cli

class Held:
    def __del__(self):
        print("taken apart")

def command():
    cli.held = Held()
    atexit.register(print, "left for the end")
    if sys.argv[1] == "slowly":
        threading.Timer(0.3, print, ["sent"]).start()
    print("said")
    sys.exit(3)

cli.main = command
__main__.main()
"""


def ended(how: str) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, "-c", BEGUN, how], stdout=subprocess.PIPE, text=True, check=False, env=BUFFERED)
    return done.returncode, done.stdout.splitlines()


def test_what_is_left_for_the_end_is_done_and_nothing_is_taken_apart():
    assert ended("at once") == (3, ["said", "left for the end"])


def test_what_still_runs_is_waited_for():
    status, said = ended("slowly")

    assert status == 3
    assert said[:3] == ["said", "sent", "left for the end"]


@pytest.mark.skipif(not FULL.exists(), reason="this system has no device that is always full")
def test_what_cannot_be_said_is_no_success():
    with FULL.open("w") as full:
        command = [sys.executable, "-c", BEGUN, "at once"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=BUFFERED)

    assert done.returncode not in {0, 3}
    assert os.strerror(ENOSPC) in done.stderr


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_command_to_which_nobody_listens_is_done_all_the_same(tmp_path, closed):
    command = ["sh", "-c", f'exec "$@" {closed}>&-', "sh", *COMMAND, "--home", str(tmp_path), "imports"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
