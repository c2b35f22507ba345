"""Keeping files: each appears whole or not at all, and is never changed afterwards.

A file is written into `.staging` beside the lake's folders and then moved to its name, so a killed writer leaves nothing
under a name. Only the owner may look in.
"""

import os
import shutil
from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from longplay.errors import LakeError
from longplay.lake import layout
from longplay.lake.layout import Processed, RawPage


class Lake:
    """A lake in a folder."""

    def __init__(self, folder: Path) -> None:
        """Know the folder; it is made when something is written."""
        self.folder = folder

    @property
    def _staging(self) -> Path:
        return self.folder / ".staging"

    def local_path(self, key: str) -> Path:
        """Give the path under which DuckDB finds an object."""
        return self.folder / key

    def read(self, key: str) -> bytes:
        """Give the content of an object."""
        return self.local_path(key).read_bytes()

    def has(self, key: str) -> bool:
        """Say whether an object is there."""
        return self.local_path(key).exists()

    def keys(self, prefix: str) -> Iterator[str]:
        """List every object below a prefix that ends with a slash."""
        for path in sorted((self.folder / prefix).rglob("*")):
            if path.is_file():
                yield path.relative_to(self.folder).as_posix()

    def objects(self) -> Iterator[str]:
        """List every object of the lake."""
        return (key for room in layout.ROOMS for key in self.keys(room))

    def is_empty(self) -> bool:
        """Say whether there is no listening at all; choices are none."""
        paths = (path for room in layout.ROOMS for path in (self.folder / room).rglob("*") if path.is_file())
        return all(layout.is_choice(path.relative_to(self.folder).as_posix()) for path in paths)

    @contextmanager
    def staged(self) -> Iterator[Path]:
        """Yield a folder for unfinished files; what is left in it afterwards is gone.

        Raises `LakeError` where the disk is full or the folder cannot be written.
        """
        folder = self._staging / uuid4().hex
        try:
            self._make(folder)
            yield folder
        except OSError as error:
            raise self.refusal(error.strerror or str(error)) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, staged: Path, key: str) -> None:
        """Give a finished file its name; one that is there already stays as it is."""
        target = self.local_path(key)
        if target.exists():
            staged.unlink()
            return
        self._make(target.parent)
        staged.chmod(0o600)
        _reach_the_disk(staged)
        staged.replace(target)
        _reach_the_disk(target.parent)

    def receive(self, content: bytes, key: str, user: str) -> bool:
        """Keep what one listener was sent and tell whether it is new; only one may do so for a listener at a time.

        It is written aside first, always under the listener's name, so that what a killed run left there goes with the next.
        """
        if self.has(key):
            return False
        part = self.folder / ".arriving" / user
        try:
            self._make(part.parent)
            part.write_bytes(content)
            self.keep(part, key)
        except OSError as error:
            raise self.refusal(error.strerror or str(error)) from error
        return True

    def _make(self, folder: Path) -> None:
        """Make a folder of the lake and those above it, each closed to others."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for part in reversed([folder, *folder.parents]):
            if part.is_relative_to(self.folder) and not part.exists():
                part.mkdir(exist_ok=True, mode=0o700)
                _reach_the_disk(part.parent)

    def unfinished(self) -> Iterator[Path]:
        """List what lies in the folder of unfinished files."""
        return self._staging.rglob("*")

    def sweep(self) -> None:
        """Take away what killed writers left; only for somebody who is alone in the home."""
        shutil.rmtree(self._staging, ignore_errors=True)

    def whole_archives(self) -> Iterator[Processed]:
        """List the processed objects of every archive that is whole."""
        objects = [found for found in self._processed() if found.archive]
        whole = {(found.user, found.archive) for found in objects if found.table == layout.WHOLE}
        return (found for found in objects if (found.user, found.archive) in whole)

    def whole_pages(self) -> Iterator[Processed]:
        """List the processed objects of every page that is whole."""
        objects = [found for found in self._processed() if not found.archive]
        whole = {(found.user, found.stem) for found in objects if found.table == layout.WHOLE_PAGE}
        return (found for found in objects if (found.user, found.stem) in whole)

    def loadable(self) -> Iterator[Processed]:
        """List the processed objects that the landing tables should hold."""
        yield from self.whole_archives()
        yield from self.whole_pages()
        yield from map(Processed.parse, self.keys(layout.CHOSEN))

    def _processed(self) -> Iterator[Processed]:
        return map(Processed.parse, self.keys(f"processed/v{layout.VERSION}/"))

    def unprocessed_pages(self) -> list[RawPage]:
        """List the pages that are not whole yet, of every listener, the oldest first."""
        whole = {(found.user, found.stem) for found in self.whole_pages()}
        raw = map(RawPage.parse, self.keys(layout.API))
        return sorted((page for page in raw if (page.user, page.stem) not in whole), key=lambda page: page.stem)

    def forget(self, user: str, archive: str) -> int:
        """Take an archive out, what makes it whole first; returns how many objects are gone."""
        marked = f"/user={user}/{archive}/"
        prefixes = ("processed/", "rejected/", "raw/export/")
        keys = [key for prefix in prefixes for key in self.keys(prefix) if marked in key]
        keys.sort(key=lambda key: key != layout.whole_key(user, archive))
        for key in keys:
            self.local_path(key).unlink(missing_ok=True)
        for folder in {self.local_path(key).parent for key in keys}:
            shutil.rmtree(folder, ignore_errors=True)
        return len(keys)

    def forget_pages(self, user: str, spared: Container[str] = ()) -> int:
        """Take out all that was polled for a listener but these datasets, the pages as they were sent first.

        Returns how many objects are gone.
        """
        pages = [page for page in map(RawPage.parse, self.keys(layout.API)) if page.user == user]
        raw = [page.key for page in pages if page.dataset not in spared]
        stay = {page.stem for page in pages if page.dataset in spared}
        of_pages = (found for found in self._processed() if found.user == user and not found.archive)
        processed = [found for found in of_pages if found.stem not in stay]
        processed.sort(key=lambda found: found.table != layout.WHOLE_PAGE)
        stems = {found.stem for found in processed} | {RawPage.parse(key).stem for key in raw}
        rejected = [key for key in self.keys("rejected/") if f"/user={user}/" in key and Path(key).stem in stems]
        gone = [*raw, *(found.key for found in processed), *rejected]
        for key in gone:
            self.local_path(key).unlink(missing_ok=True)
        return len(gone)

    def refusal(self, why: str) -> LakeError:
        """Put into words that the lake cannot be written."""
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
