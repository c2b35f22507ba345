"""What all homes have in common and takes seconds to make, kept in the platform's cache folder: typefaces, charts, models.

It is made of installed files alone and tells nothing of anybody. A file appears whole or not at all, under a name made of
all it depends on, and is believed only while its first line is the hash of the rest: it may be deleted or damaged at any time.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from platformdirs import user_cache_path

_MONTH: Final = 30 * 86_400  # seconds


def cached(name: str, make: Callable[[], bytes], *, packages: tuple[str, ...], source: bytes) -> bytes:
    """Give what `make` makes of these packages and of `source`, which is all else that it depends on."""
    key = sha256(source + " ".join(map(version, packages)).encode()).hexdigest()
    path = user_cache_path("longplay") / f"{name}-{key[:16]}"
    found = _believed(path)
    if found is None:
        found = make()
        with suppress(OSError):  # then it is made again next time
            _keep(path, found, name)
    return found


def _believed(path: Path) -> bytes | None:
    """Read what is kept; None where it is missing or not what was written."""
    try:
        said, _, content = path.read_bytes().partition(b"\n")
        path.touch()
    except OSError:
        return None
    return content if said == _hash(content) else None


def _keep(path: Path, content: bytes, name: str) -> None:
    """Put a file in place in one step, and take away what nobody has used for a month."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, staged = mkstemp(dir=path.parent, prefix=f"{name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(_hash(content) + b"\n" + content)
    Path(staged).replace(path)
    old = path.stat().st_mtime - _MONTH
    for other in path.parent.glob(f"{name}-*"):
        with suppress(FileNotFoundError):
            if other.stat().st_mtime < old:
                other.unlink()


def _hash(content: bytes) -> bytes:
    return sha256(content).hexdigest().encode()
