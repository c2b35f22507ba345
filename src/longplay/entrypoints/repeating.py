"""Running a command of ours beside this process, again and again: what cron does, where there is none."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import structlog

log = structlog.get_logger()

_PATIENCE: Final = 20  # seconds in which a run that is told to end has to


@contextmanager
def repeated(arguments: Sequence[str], seconds: float) -> Iterator[None]:
    """Run `longplay` with these arguments at once and then every so many seconds, until the block ends.

    Each is a process of its own: the memory it needs is given back, and what it cannot do ends nothing here. A run that takes
    longer than that is followed at once by the next one; one that is going on when the block ends is told to end, too.
    """
    repeating = _Repeating(arguments, seconds)
    thread = threading.Thread(target=repeating.go_on, daemon=True)
    thread.start()
    try:
        yield
    finally:
        repeating.end()
        thread.join()


class _Repeating:
    def __init__(self, arguments: Sequence[str], seconds: float) -> None:
        self._command = [sys.executable, "-m", "longplay.entrypoints.cli", *arguments]
        self._seconds = seconds
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None

    def go_on(self) -> None:
        """Run, and wait for the rest of the time, until told to end."""
        while (run := self._begun()) is not None:
            begun = time.monotonic()
            log.info("ran", status=run.wait(), seconds=round(time.monotonic() - begun, 1))
            self._over.wait(max(0, self._seconds - (time.monotonic() - begun)))

    def _begun(self) -> subprocess.Popen[bytes] | None:
        """Begin a run, unless it is over; what it says is dropped, what it complains of is not."""
        with self._lock:
            if self._over.is_set():
                return None
            self._running = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603
            return self._running

    def end(self) -> None:
        """Begin no other run, and end the one that is going on."""
        with self._lock:
            self._over.set()
        if self._running is None:
            return
        self._running.terminate()
        try:
            self._running.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._running.kill()
