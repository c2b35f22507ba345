"""A file system of DuckDB's that knows one file at a time: a member of an archive, inflated while it is read."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, BinaryIO

from fsspec import AbstractFileSystem


class MemberFiles(AbstractFileSystem):
    """Members under made-up addresses, for as long as they are served."""

    protocol = "longplay"
    cachable = False

    def __init__(self) -> None:
        """Serve nothing yet."""
        super().__init__()
        self._served: dict[str, Callable[[], BinaryIO]] = {}
        self._numbers = count()

    @contextmanager
    def serving(self, opened: Callable[[], BinaryIO]) -> Iterator[str]:
        """Give an address under which DuckDB can read what `opened` opens."""
        name = f"{next(self._numbers)}.json"
        self._served[name] = opened
        try:
            yield f"{self.protocol}://{name}"
        finally:
            del self._served[name]

    def serving_bytes(self, content: bytes) -> Any:
        """Give an address under which DuckDB can read these bytes."""
        return self.serving(lambda: io.BytesIO(content))

    def glob(self, path: str, **_: Any) -> list[str]:  # type: ignore[override]
        """Find just the path itself: brackets in a name are no pattern."""
        return [path]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """Tell the size."""
        with self._open(path) as stream:
            return {"name": path, "type": "file", "size": stream.seek(0, io.SEEK_END)}

    def _open(self, path: str, *_: Any, **__: Any) -> Any:
        return self._served[self._strip_protocol(path)]()
