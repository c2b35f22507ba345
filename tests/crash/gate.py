"""A gate through which every change to a folder has to pass, one call of the kernel at a time.

A program runs under a seccomp filter that hands each call that changes a file to us and waits for our answer: go on, fail with
with an error, or none, because it was killed meanwhile. So DuckDB's own writes to its file and log are seen like ours, and one
counter runs over all threads and children. (`strace` counts its injections for each thread apart: "the tenth write" of a
program with many threads has no name there, and the first thread to get so far hides all others.) Nothing is preloaded or
installed.
"""

import ctypes
import fcntl
import os
import platform
import select
import socket
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

GO_ON: Final = 0
KILL: Final = -1
PATIENCE: Final = 240  # seconds in which a program changes nothing before it counts as hanging

# Numbers of Linux on x86-64: the call's name, and which argument names the file: by descriptor, path, or path from a folder.
CALLS: Final = {
    1: ("write", "fd", 0), 18: ("pwrite64", "fd", 0), 20: ("writev", "fd", 0), 296: ("pwritev", "fd", 0),
    328: ("pwritev2", "fd", 0), 40: ("sendfile", "fd", 0), 326: ("copy_file_range", "fd", 2), 285: ("fallocate", "fd", 0),
    77: ("ftruncate", "fd", 0), 76: ("truncate", "path", 0), 74: ("fsync", "fd", 0), 75: ("fdatasync", "fd", 0),
    2: ("open", "path", 0), 257: ("open", "at", 0), 85: ("open", "path", 0), 82: ("rename", "path", 1),
    264: ("rename", "at", 2), 316: ("rename", "at", 2), 86: ("link", "path", 1), 265: ("link", "at", 2),
    88: ("symlink", "path", 1), 266: ("symlink", "at", 1), 87: ("unlink", "path", 0), 263: ("unlink", "at", 0),
    84: ("unlink", "path", 0), 83: ("mkdir", "path", 0), 258: ("mkdir", "at", 0), 90: ("chmod", "path", 0),
    91: ("chmod", "fd", 0), 268: ("chmod", "at", 0),
}  # fmt: skip
_OPENED_FOR: Final = {2: 1, 257: 2}  # the argument of `open` and `openat` that tells
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Change(Struct, frozen=True):
    """One call on its way: what it does, and to which file, as named from the folder that is watched."""

    call: str
    file: str
    source: str = ""  # the name that a renamed file had
    alters: bool = True  # false for opening what is there, and for what only waits for the disk

    @property
    def kind(self) -> str:
        """Name what is done, all ways of writing by one word."""
        return "write" if "write" in self.call else self.call

    @property
    def takes_room(self) -> bool:
        """Say whether a full disk refuses it."""
        return self.kind in {"write", "sendfile", "copy_file_range", "fallocate", "mkdir", "open"} and self.alters

    @property
    def place(self) -> str:
        """Name the part of the home: a folder of the lake or of the state, or a file beside them."""
        return "/".join(self.file.split("/")[:2])


Answer = Callable[[Change], int]  # GO_ON, KILL, or the number of the error with which the call fails


class Ended(Struct, frozen=True):
    """How a program ended and what it said."""

    status: int
    out: str
    err: str


def is_possible() -> str:
    """Say why programs cannot be watched here; an empty sentence where they can."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "calls are watched on Linux on x86-64 only"
    sizes = (ctypes.c_uint16 * 3)()
    if _seccomp(_GET_SIZES, 0, sizes) or list(sizes[:2]) != [_REQUEST.size, _REPLY.size]:
        return "this kernel hands no calls to others"
    return ""


def watched(command: Sequence[str], folder: Path, answer: Answer, environment: Mapping[str, str], *, log: Path) -> Ended:
    """Run a command to its end, asking for an answer before each change below `folder`."""
    ours, theirs = socket.socketpair()
    with ours, log.open("wb") as out, log.with_suffix(".err").open("wb") as err:
        launched = [sys.executable, "-I", __file__, str(theirs.fileno()), *command]
        program = subprocess.Popen(
            launched, pass_fds=[theirs.fileno()], stdout=out, stderr=err, env=environment, cwd=log.parent
        )
        theirs.close()
        _, (gate, *_), _, _ = socket.recv_fds(ours, 1, 1)
        try:
            _guard(gate, program, folder.resolve(), answer)
        finally:
            program.kill()
            os.close(gate)  # what still waits for an answer gets none
            program.wait()
    return Ended(program.returncode, log.read_text(), log.with_suffix(".err").read_text())


def _guard(gate: int, program: "subprocess.Popen[bytes]", folder: Path, answer: Answer) -> None:
    poll = select.poll()
    poll.register(gate, select.POLLIN)
    while program.poll() is None:
        events = poll.poll(1000 * PATIENCE)
        assert events, "the program hangs"
        if not events[0][1] & select.POLLIN:
            program.wait(PATIENCE)  # nobody is left who could ask
            return
        request = bytearray(_REQUEST.size)
        with suppress(FileNotFoundError):  # the one who asked is gone
            fcntl.ioctl(gate, _RECEIVE, request)
            number, thread, _, call, _, _, *arguments = _REQUEST.unpack(request)
            change = _change(thread, call, arguments, folder)
            said = answer(change) if change else GO_ON
            if said == KILL:
                return
            fcntl.ioctl(gate, _SEND, _REPLY.pack(number, 0, -said, 0 if said else _CONTINUE))


def _change(thread: int, call: int, arguments: Sequence[int], folder: Path) -> Change | None:
    """Tell what a call would change below the folder."""
    name, how, place = CALLS[call]
    try:
        path = Path(_path(thread, how, arguments[place:]))
        file = path.relative_to(folder).as_posix()
        source = Path(_path(thread, how, arguments)).relative_to(folder).as_posix() if name == "rename" else ""
    except (OSError, ValueError):
        return None
    if name == "mkdir" and path.exists():
        return None
    opened_for = arguments[_OPENED_FOR[call]] if call in _OPENED_FOR else 0
    return Change(name, file, source, alters=_alters(name, path, opened_for))


def _alters(name: str, path: Path, opened_for: int) -> bool:
    if name == "open":
        return not path.exists() or bool(opened_for & os.O_TRUNC and path.stat().st_size)
    return name not in {"fsync", "fdatasync"}


def _path(thread: int, how: str, arguments: Sequence[int]) -> str:
    if how == "fd":
        return os.readlink(f"/proc/{thread}/fd/{ctypes.c_int(arguments[0]).value}")  # noqa: PTH115  may be no path
    start = ctypes.c_int(arguments[0]).value if how == "at" else -100
    below = Path(f"/proc/{thread}/cwd" if start < 0 else f"/proc/{thread}/fd/{start}").readlink()
    return os.path.normpath(os.path.join(below, _text(thread, arguments[how == "at"])))  # noqa: PTH118  absolute stays absolute


def _text(thread: int, address: int) -> str:
    """Read the text that ends at the first zero from a program's memory."""
    with open(f"/proc/{thread}/mem", "rb", buffering=0) as memory:  # noqa: PTH123
        memory.seek(address)
        return os.fsdecode(memory.read(4096).split(b"\0")[0])


# What the kernel calls things (linux/seccomp.h, linux/filter.h, linux/audit.h).

_REQUEST: Final = struct.Struct("=QIIiIQ6Q")
_REPLY: Final = struct.Struct("=QqiI")
_RECEIVE, _SEND = 0xC0502100, 0xC0182101
_CONTINUE: Final = 1
_SYS_SECCOMP: Final = 317
_SET_FILTER, _GET_SIZES = 1, 3
_WITH_LISTENER: Final = 8
_NO_NEW_PRIVILEGES: Final = 38
_X86_64: Final = 0xC000003E
_LOAD, _IF_EQUAL, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ASK, _ALLOW = 0x7FC00000, 0x7FFF0000


def _seccomp(operation: int, flags: int, argument: object) -> int:
    return ctypes.CDLL(None, use_errno=True).syscall(_SYS_SECCOMP, operation, flags, argument)


def _filter() -> bytes:
    """Spell the filter: ask about the calls of the table, about opening only where it is for writing, and allow the rest."""
    steps = [(_LOAD, 0, 0, 4), (_IF_EQUAL, 1, 0, _X86_64), (_RETURN, 0, 0, _ALLOW), (_LOAD, 0, 0, 0)]
    for call in CALLS:
        if call in _OPENED_FOR:
            steps += [(_IF_EQUAL, 0, 4, call), (_LOAD, 0, 0, 16 + 8 * _OPENED_FOR[call])]
            steps += [(_IF_ANY_BIT, 0, 1, _WRITING), (_RETURN, 0, 0, _ASK), (_RETURN, 0, 0, _ALLOW)]
        else:
            steps += [(_IF_EQUAL, 0, 1, call), (_RETURN, 0, 0, _ASK)]
    return b"".join(struct.pack("=HBBI", *step) for step in [*steps, (_RETURN, 0, 0, _ALLOW)])


def _launch(door: int, command: Sequence[str]) -> None:
    """Put the filter on ourselves, hand over who answers for it, and become the command."""
    code = _filter()
    text = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(code) // 8, ctypes.addressof(text)))
    assert ctypes.CDLL(None).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    gate = _seccomp(_SET_FILTER, _WITH_LISTENER, program)
    assert gate >= 0, os.strerror(ctypes.get_errno())
    with socket.socket(fileno=door) as there:
        socket.send_fds(there, [b"."], [gate])
    os.execv(command[0], list(command))  # noqa: S606


if __name__ == "__main__":
    _launch(int(sys.argv[1]), sys.argv[2:])
