"""Ctrl-C, wherever it meets a command."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from threading import Timer

import duckdb
import pytest

from longplay.entrypoints.stopping import stoppable
from tests.command import COMMAND


@pytest.fixture(autouse=True)
def ctrl_c() -> Iterator[None]:
    """Ctrl-C as in a terminal: where tests run in the background, a shell lets it be ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def stopped(home, *command: str) -> tuple[int, str]:
    """Press Ctrl-C when the first model of a new home is being built, and give what it came to."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("LONGPLAY_")}
    running = subprocess.Popen([*COMMAND, "--home", str(home), *command], stderr=subprocess.PIPE, text=True, env=plain)
    deadline = time.monotonic() + 60
    while not (home / "state/dbt/duckdb/run").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    return running.returncode, said.strip()


def test_a_command_that_is_stopped_while_it_loads_ends_without_a_word():
    pressed = (
        "import os, signal, sys\n"
        "from importlib.abc import MetaPathFinder\n"
        "class Pressed(MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'typer': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Pressed())\n"
        "from longplay.__main__ import main\n"
        "main()\n"
    )

    done = subprocess.run([sys.executable, "-c", pressed], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_a_build_that_is_stopped_says_so_and_what_to_do(tmp_path):
    assert stopped(tmp_path, "build") == (130, "Stopped. Run it again: what was finished is kept.")


def test_serving_ends_by_ctrl_c_also_before_it_has_begun(tmp_path):
    assert stopped(tmp_path, "serve", "--port", "0") == (0, "Ended.")


def test_a_stop_in_the_middle_of_sql_is_a_stop():
    connection = duckdb.connect()
    connection.execute("create table numbers as select range as number from range(20_000_000)")
    Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt), stoppable():
        connection.execute("select count(*) from numbers join numbers as more on numbers.number % 99999 = more.number % 99999")
