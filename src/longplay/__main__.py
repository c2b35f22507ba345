"""Where `longplay` and `python -m longplay` begin and end."""

import atexit
import gc
import os
import signal
import sys
import threading
from typing import Final

_OBJECTS: Final = 50_000  # after so many new ones cycles are looked for; after every 700, as usual, costs a twelfth of a build


def main() -> None:
    """Load the command line and run it; until it is there, Ctrl-C ends the process without a word."""
    gc.set_threshold(_OBJECTS)
    meant = signal.getsignal(signal.SIGINT)
    if meant is signal.default_int_handler:  # not where a shell that runs things in the background ignores it
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    from longplay.entrypoints import cli  # noqa: PLC0415  takes long enough to be stopped

    signal.signal(signal.SIGINT, meant)
    try:
        cli.main()
    except SystemExit as end:
        _leave(end)


def _leave(end: SystemExit) -> None:
    """End at once when all is done and said: to take apart what was loaded is a fifth of a short command."""
    others = {*threading.enumerate()} - {threading.main_thread()}
    if not isinstance(end.code, int) or any(not thread.daemon for thread in others):
        raise end
    atexit._run_exitfuncs()  # noqa: SLF001  there is no other way to do what is left for the end, and nothing but it
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):  # of which a caller may have closed one
            stream.flush()
    except OSError:
        raise end from None  # which tells it
    os._exit(end.code)


if __name__ == "__main__":
    main()
