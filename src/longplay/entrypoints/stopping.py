"""Ctrl-C: what it does to a command, wherever it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from longplay.errors import LongplayError

STOPPED: Final = 130  # the status that shells give to Ctrl-C


@contextmanager
def stoppable() -> Iterator[None]:
    """Let Ctrl-C be a `KeyboardInterrupt` also where DuckDB or the command line have made something else of it."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":  # what DuckDB says when a signal meets it at work
            raise KeyboardInterrupt from error
        raise
    except SystemExit as end:
        if end.code == STOPPED:
            raise KeyboardInterrupt from end
        raise


def stopped() -> LongplayError:
    """Say to a person what Ctrl-C did."""
    return LongplayError("Stopped.", "Run it again: what was finished is kept.")
