"""What all pages have in common and takes seconds to make, kept in the platform's cache folder: typefaces, the drawing library.

It is made of installed packages alone and tells nothing of anybody. A file appears whole or not at all, under a name made of
all it depends on, and is believed only while its first line is the hash of the rest: it may be deleted or damaged at any time.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import mkstemp

from platformdirs import user_cache_path


def kept(name: str, make: Callable[[], str], *, packages: tuple[str, ...], source: str) -> str:
    """Give what `make` makes of these packages; `source` is the file in which it is written down how."""
    key = sha256(Path(source).read_bytes() + " ".join(map(version, packages)).encode()).hexdigest()
    path = user_cache_path("longplay") / f"{name}-{key[:16]}"
    found = _believed(path)
    if found is None:
        found = make()
        with suppress(OSError):  # then it is made again next time
            _keep(path, found, name)
    return found


def _believed(path: Path) -> str | None:
    """Read what is kept; None where it is missing or not what was written."""
    try:
        said, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content.decode() if said == _hash(content) else None


def _keep(path: Path, content: str, name: str) -> None:
    """Put a file in place in one step, and take away what other versions have kept."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, staged = mkstemp(dir=path.parent, prefix=f"{name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(_hash(content.encode()) + b"\n" + content.encode())
    Path(staged).replace(path)
    for other in path.parent.glob(f"{name}-*"):
        if other != path:
            other.unlink(missing_ok=True)


def _hash(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()
