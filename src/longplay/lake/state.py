"""What must change, kept apart from the lake: one lock for a home, and the mark of a demo.

State lives in `state/` of a home. Only one run at a time may change a home; others wait a little and then say so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from longplay.errors import HomeBusy, LakeError

LOCK: Final = "home.lock"


class State:
    """The folder `state/` of one home."""

    def __init__(self, folder: Path, patience: float) -> None:
        """Make the folder, readable by its owner only."""
        self.folder = folder
        self.patience = patience
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unwritable(folder, error) from error

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the home for ourselves; raises `HomeBusy` when another run keeps it for longer than our patience."""
        lock = FileLock(self.folder / LOCK, timeout=self.patience, mode=0o600)
        try:
            lock.acquire()
        except Timeout as error:
            raise HomeBusy(
                "Another run of Longplay is working on this home.", "Wait until it is done, then try again."
            ) from error
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            yield
        finally:
            lock.release()

    def note(self, name: str, content: bytes) -> None:
        """Write down a small thing under a name, whole or not at all."""
        unfinished = self.folder / f"{name}.unfinished"
        unfinished.write_bytes(content)
        unfinished.chmod(0o600)
        unfinished.replace(self.folder / name)

    def noted(self, name: str) -> bytes | None:
        """Read what was written down under a name; None where nothing was."""
        return read_note(self.folder, name)

    @property
    def is_demo(self) -> bool:
        """Say whether this home holds an invented listener."""
        return (self.folder / "demo").exists()

    def mark_demo(self) -> None:
        """Label this home as holding an invented listener."""
        (self.folder / "demo").touch(mode=0o600)


def read_note(folder: Path, name: str) -> bytes | None:
    """Read what was written down in a folder of state, which need not be there."""
    try:
        return (folder / name).read_bytes()
    except OSError:
        return None


def _unwritable(folder: Path, error: OSError) -> LakeError:
    return LakeError(
        f"{folder} cannot be written ({error.strerror}).", "Choose another place with --home, or mend its permissions."
    )
