"""The command line as a user has it, a process of its own for each command, without the seconds in which libraries are read.

A program that has read them, and has built models once, waits for commands. For each it makes a copy of itself, which becomes
the command: with a folder, an environment and files of its own, an end like that of any process, and nothing left of it
afterwards. Where the start is the story, call `COMMAND`.
"""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Lock
from typing import Final

COMMAND: Final = [str(Path(sys.executable).with_name("longplay"))]
PATIENCE: Final = 600  # seconds after which a command counts as hanging and is ended
_MESSAGE: Final = 1 << 17
_READ: Final = (
    "longplay.entrypoints.cli", "longplay.stages", "longplay.drawing", "dbt.cli.main", "dbt.adapters.duckdb.connections",
    "dbt.task.build", "fontTools.subset",
)  # fmt: skip


def called(arguments: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one command to its end in a folder, and give what it said."""
    return _starter().run([str(argument) for argument in arguments], folder, environment)


class _Starter:
    """The program that waits; it ends when nobody is left who could give it a command."""

    def __init__(self) -> None:
        self.ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.program = subprocess.Popen(
                [sys.executable, "-P", __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, env=_nothing_set() | {"COLUMNS": "200", "LONGPLAY_TIMEZONE": "UTC"},
            )  # fmt: skip
        self.one_at_a_time = Lock()

    def run(self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        message = json.dumps([arguments, str(folder), dict(environment)]).encode()
        assert len(message) <= _MESSAGE
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err, self.one_at_a_time:
            socket.send_fds(self.ours, [message], [file.fileno() for file in (given, out, err)])
            ended = self.ours.recv(16)
            assert ended, "the program that starts commands is gone"
            said = [os.pread(file.fileno(), 1 << 30, 0).decode() for file in (out, err)]
        return subprocess.CompletedProcess(arguments, int(ended), *said)


_starter = cache(_Starter)


def _nothing_set() -> dict[str, str]:
    """Give the environment without what a test has set for Longplay."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LONGPLAY_")}


def _read_and_build_once() -> None:
    """Do what every command would do again: read the libraries, and let dbt write the code that it makes of its own classes."""
    for name in _READ:
        import_module(name)
    settings, wiring = import_module("longplay.settings"), import_module("longplay.wiring")
    with TemporaryDirectory() as folder:
        wiring.stages_from(settings.Settings(_env_file=None, LONGPLAY_HOME=Path(folder) / "home")).build()
    # Where dbt had to parse the models, it did so with threads that no copy would have: begin again, now that they are parsed.
    if len([*Path("/proc/self/task").glob("*")]) > 1 and "again" not in sys.argv:
        os.execv(sys.executable, [sys.executable, "-P", *sys.argv, "again"])  # noqa: S606  itself
    gc.freeze()


def _wait_for_a_command(door: socket.socket) -> None:
    """Start one command after the other, and return in each of them."""
    while True:
        message, files, *_ = socket.recv_fds(door, _MESSAGE, 3)
        if not message:
            os._exit(0)
        command = os.fork()
        if not command:
            door.close()
            arguments, folder, environment = json.loads(message)
            _become(arguments, folder, environment, files)
            return
        for file in files:
            os.close(file)
        ended = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
        with suppress(BrokenPipeError):  # whoever gave the command is gone
            door.send(str(ended).encode())


def _become(arguments: list[str], folder: str, environment: dict[str, str], files: list[int]) -> None:
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    time.tzset()
    signal.alarm(PATIENCE)
    sys.argv = [*COMMAND, *arguments]


if __name__ == "__main__":
    _read_and_build_once()
    _wait_for_a_command(socket.socket(fileno=int(sys.argv[1])))
    import_module("longplay.__main__").main()
