"""Keeping files: each appears whole or not at all, and is never changed afterwards.

A lake is a folder, or a bucket that a folder mirrors, for DuckDB reads files. A file is written into `.staging` beside the
lake's folders and then given its name, so a killed writer leaves nothing under a name.
"""

import shutil
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from longplay.errors import LakeError
from longplay.lake import layout
from longplay.lake.folder import Folder
from longplay.lake.layout import Processed, RawPage


class Objects(Protocol):
    """Where the objects of a lake are kept."""

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """List every object below a prefix that ends with a slash, in no order; only those whose keys sort after one."""
        ...

    def folders(self, prefix: str) -> list[str]:
        """Name the folders right below a prefix that ends with a slash."""
        ...

    def has(self, key: str) -> bool:
        """Say whether an object is there."""
        ...

    def read(self, key: str) -> bytes:
        """Give the content of an object; raises `FileNotFoundError`."""
        ...

    def receive(self, content: bytes, key: str, user: str) -> bool:
        """Keep a content whole or not at all, and tell whether it is new; one that is there already stays as it is."""
        ...

    def delete(self, keys: Sequence[str]) -> None:
        """Take objects out, in this order."""
        ...

    def refusal(self, why: str) -> LakeError:
        """Put into words that it cannot be written."""
        ...


class Bucket(Objects, Protocol):
    """Somewhere else, from where objects are brought before DuckDB can read them."""

    def send(self, file: Path, key: str) -> None:
        """Keep the content of a file; one that is there already stays as it is."""
        ...

    def bring(self, keys: Sequence[str], folder: Folder, staging: Path) -> None:
        """Let a folder hold these objects as well, each written into `staging` first."""
        ...


class Lake:
    """A lake in a folder, or in a bucket with a folder for what is read here."""

    def __init__(self, folder: Path, bucket: Bucket | None = None) -> None:
        """Know where; a folder is made when something is written."""
        self.folder = folder
        self._here = Folder(folder)
        self._bucket = bucket
        self._objects: Objects = bucket or self._here

    @property
    def _staging(self) -> Path:
        return self.folder / ".staging"

    def local_path(self, key: str) -> Path:
        """Give the path under which DuckDB finds an object."""
        self.bring([key])
        return self._here.path(key)

    def bring(self, keys: Iterable[str]) -> None:
        """Let the folder hold these objects, where they are kept elsewhere."""
        if self._bucket and (lacking := [key for key in keys if not self._here.has(key)]):
            with self.staged() as staging:
                self._bucket.bring(lacking, self._here, staging)

    def let_go(self, keys: Iterable[str]) -> None:
        """Let the folder no longer hold these objects, where it only mirrors them."""
        if self._bucket:
            self._here.delete(list(keys))

    def read(self, key: str) -> bytes:
        """Give the content of an object."""
        return self._objects.read(key)

    def has(self, key: str) -> bool:
        """Say whether an object is there."""
        return self._objects.has(key)

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """List every object below a prefix that ends with a slash; only those whose keys sort after one."""
        yield from sorted(self._objects.keys(prefix, after))

    def objects(self) -> Iterator[str]:
        """List every object of the lake."""
        return (key for room in layout.ROOMS for key in self.keys(room))

    def is_empty(self) -> bool:
        """Say whether there is no listening at all; choices are none."""
        return all(layout.is_choice(key) for room in layout.ROOMS for key in self._objects.keys(room))

    @contextmanager
    def staged(self) -> Iterator[Path]:
        """Yield a folder for unfinished files; what is left in it afterwards is gone.

        Raises `LakeError` where the disk is full or the folder cannot be written.
        """
        folder = self._staging / uuid4().hex
        try:
            self._here.make(folder)
            yield folder
        except OSError as error:
            raise self._here.refusal(error.strerror or str(error)) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, staged: Path, key: str) -> None:
        """Give a finished file its name; one that is there already stays as it is."""
        if self._bucket:
            self._bucket.send(staged, key)
        self._here.keep(staged, key)

    def receive(self, content: bytes, key: str, user: str) -> bool:
        """Keep what one listener was sent and tell whether it is new; only one may do so for a listener at a time."""
        return self._objects.receive(content, key, user)

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
        whole = {(found.user, found.stem) for found in map(Processed.parse, self.keys(layout.ENDS))}
        raw = map(RawPage.parse, self.keys(layout.API))
        return sorted((page for page in raw if (page.user, page.stem) not in whole), key=lambda page: page.stem)

    def waiting_pages(self, user: str, since: date) -> list[RawPage]:
        """List the pages of one listener since a day that are not whole yet, the oldest first, without looking at all others.

        Left out are those of which it is known that they cannot be read.
        """
        ends = layout.ends_of(user)
        whole = {Processed.parse(key).stem for key in self.keys(ends, f"{ends}{since:%Y%m%d}")}
        waiting = []
        for dataset in self._objects.folders(layout.API):
            prefix = layout.raw_prefix(dataset, user)
            pages = map(RawPage.parse, self.keys(prefix, f"{prefix}date={since}"))
            waiting += [page for page in pages if page.stem not in whole and not self.has(page.rejected_key)]
        return sorted(waiting, key=lambda page: page.stem)

    def forget(self, user: str, archive: str) -> int:
        """Take an archive out, what makes it whole first; returns how many objects are gone."""
        marked = f"/user={user}/{archive}/"
        prefixes = ("processed/", "rejected/", "raw/export/")
        keys = [key for prefix in prefixes for key in self.keys(prefix) if marked in key]
        keys.sort(key=lambda key: key != layout.whole_key(user, archive))
        self._delete(keys)
        for folder in {self._here.path(key).parent for key in keys}:
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
        self._delete(gone)
        return len(gone)

    def _delete(self, keys: Sequence[str]) -> None:
        self._objects.delete(keys)
        if self._bucket:
            self._here.delete(keys)

    def refusal(self, why: str) -> LakeError:
        """Put into words that the lake cannot be written."""
        return self._here.refusal(why)
