"""What must change, kept apart from the lake: one lock for a home, what a run has begun, the mark of a demo, Spotify's things.

State lives in `state/` of a home. Only one run at a time may change a home; others wait a little and then say so.
"""

import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock, Timeout

from longplay.errors import HomeBusy, LakeError

LOCK: Final = "home.lock"
MIRRORED: Final = "mirrored-bucket"  # the name of the bucket that a home mirrors, where it does
NAME: Final = re.compile(r"^[a-z0-9_-]+$")


class Notes(Protocol):
    """What is remembered of listeners and their sources, wherever that is kept."""

    @property
    def is_demo(self) -> bool:
        """Whether the listener is invented."""
        ...

    def read(self, name: str) -> bytes | None:
        """Give what was written last under a name; nothing, if nothing was."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Replace it whole or not at all."""
        ...

    def names(self, beginning: str) -> list[str]:
        """List how the names go on that begin like this."""
        ...

    def forget(self, name: str) -> None:
        """Remove it; nothing happens if it is not there."""
        ...

    def lease(self, name: str) -> AbstractContextManager[None]:
        """Be the only one who changes what is kept under a name; raises `HomeBusy`."""
        ...


class State:
    """The folder `state/` of one home."""

    def __init__(self, folder: Path, patience: float, *, survives_power_cut: bool = True) -> None:
        """Make the folder, readable by its owner only; what is invented anyway need not survive, and is written faster."""
        self.folder = folder
        self.patience = patience
        self._survives_power_cut = survives_power_cut
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise _unwritable(folder, error) from error

    def alone(self) -> AbstractContextManager[None]:
        """Hold the home for ourselves; raises `HomeBusy` when another run keeps it for longer than our patience."""
        return self._locked("home")

    def lease(self, name: str) -> AbstractContextManager[None]:
        """Be the only one who changes what is kept under a name; raises `HomeBusy` like `alone`."""
        return self._locked(self._file(name).name)

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        lock = FileLock(self.folder / f"{name}.lock", timeout=self.patience, mode=0o600)
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

    def read(self, name: str) -> bytes | None:
        """Give what was written last under a name; nothing, if nothing was."""
        try:
            return self._file(name).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unwritable(self.folder, error) from error

    def write(self, name: str, content: bytes) -> None:
        """Replace it whole or not at all; only the owner may read it. Raises `LakeError`."""
        part = self._part(name)
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
                out.write(content)
                if self._survives_power_cut:
                    out.flush()
                    os.fsync(out.fileno())
            part.replace(self._file(name))
        except OSError as error:
            part.unlink(missing_ok=True)
            raise _unwritable(self.folder, error) from error

    def names(self, beginning: str) -> list[str]:
        """List how the names go on that begin like this."""
        return sorted(path.stem.removeprefix(beginning) for path in self.folder.glob(f"{beginning}*.json"))

    def forget(self, name: str) -> None:
        """Remove it; nothing happens if it is not there."""
        for file in (self._file(name), self._part(name)):
            file.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        if not NAME.match(name):
            raise ValueError(name)
        return self.folder / f"{name}.json"

    def _part(self, name: str) -> Path:
        """Where it is written first; the name is always the same, so that what a killed run left there goes with the next."""
        return self._file(name).with_suffix(".part")

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


def read_note(folder: Path, name: str) -> bytes | None:
    """Read what was written down in a folder of state, which need not be there."""
    try:
        return (folder / f"{name}.json").read_bytes()
    except OSError:
        return None


def _unwritable(folder: Path, error: OSError) -> LakeError:
    return LakeError(
        f"{folder} cannot be written ({error.strerror}).", "Choose another place with --home, or mend its permissions."
    )
