"""What must change, kept apart from the lake: one lock for a home, what a run has begun, and the mark of a demo.

State lives in `state/` of a home. Only one run at a time may change a home; others wait a little and then say so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from longplay.errors import HomeBusy, LakeError


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
        lock = FileLock(self.folder / "home.lock", timeout=self.patience, mode=0o600)
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

    def begin(self, work: str) -> None:
        """Note a work that has to be ended, by a later run if this one is killed."""
        self._begun.mkdir(exist_ok=True, mode=0o700)
        (self._begun / work).touch(mode=0o600)

    def end(self, work: str) -> None:
        """Note that a work is done."""
        (self._begun / work).unlink(missing_ok=True)

    @property
    def begun(self) -> list[str]:
        """List the works that have not been ended."""
        return sorted(path.name for path in self._begun.glob("*"))

    @property
    def _begun(self) -> Path:
        return self.folder / "begun"

    @property
    def is_demo(self) -> bool:
        """Say whether this home holds an invented listener."""
        return (self.folder / "demo").exists()

    def mark_demo(self) -> None:
        """Label this home as holding an invented listener."""
        (self.folder / "demo").touch(mode=0o600)


def _unwritable(folder: Path, error: OSError) -> LakeError:
    return LakeError(
        f"{folder} cannot be written ({error.strerror}).", "Choose another place with --home, or mend its permissions."
    )
