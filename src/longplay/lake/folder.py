"""Objects as files of a folder: each appears whole or not at all, and only its owner may look in."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from longplay.errors import LakeError


class Folder:
    """A folder whose files are objects; their paths in it are their keys."""

    def __init__(self, folder: Path) -> None:
        """Know the folder; it is made when something is written."""
        self.folder = folder

    def path(self, key: str) -> Path:
        """Give the path of an object."""
        return self.folder / key

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """List every object below a prefix that ends with a slash, in no order; only those whose keys sort after one."""
        for path in (self.folder / prefix).rglob("*"):
            if path.is_file() and (key := path.relative_to(self.folder).as_posix()) > after:
                yield key

    def folders(self, prefix: str) -> list[str]:
        """Name the folders right below a prefix that ends with a slash."""
        return sorted(path.name for path in (self.folder / prefix).glob("*") if path.is_dir())

    def has(self, key: str) -> bool:
        """Say whether an object is there."""
        return self.path(key).exists()

    def read(self, key: str) -> bytes:
        """Give the content of an object."""
        return self.path(key).read_bytes()

    def keep(self, staged: Path, key: str) -> None:
        """Move a finished file of the same disk to its name; one that is there already stays as it is."""
        target = self.path(key)
        if target.exists():
            staged.unlink()
            return
        self.make(target.parent)
        staged.chmod(0o600)
        _reach_the_disk(staged)
        staged.replace(target)
        _reach_the_disk(target.parent)

    def receive(self, content: bytes, key: str, user: str) -> bool:
        """Keep a content and tell whether it is new.

        It is written aside first, always under the listener's name, so that what a killed run left there goes with the next.
        """
        if self.has(key):
            return False
        part = self.folder / ".arriving" / user
        try:
            self.make(part.parent)
            part.write_bytes(content)
            self.keep(part, key)
        except OSError as error:
            raise self.refusal(error.strerror or str(error)) from error
        return True

    def delete(self, keys: Sequence[str]) -> None:
        """Take objects out, in this order."""
        for key in keys:
            self.path(key).unlink(missing_ok=True)

    def make(self, folder: Path) -> None:
        """Make a folder of the lake and those above it, each closed to others."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for part in reversed([folder, *folder.parents]):
            if part.is_relative_to(self.folder) and not part.exists():
                part.mkdir(exist_ok=True, mode=0o700)
                _reach_the_disk(part.parent)

    def refusal(self, why: str) -> LakeError:
        """Put into words that the folder cannot be written."""
        return LakeError(
            f"{self.folder} cannot be written ({why}).", "Make room on the disk or mend its permissions, then run it again."
        )


def _reach_the_disk(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, would outlive a power cut."""
    if os.name == "nt" and path.is_dir():
        return  # folders cannot be opened there
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
