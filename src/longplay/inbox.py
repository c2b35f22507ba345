"""Archives that somebody puts into a bucket, each below the name of a listener: imported, and then taken away.

One that cannot be read is kept aside, below `failed/`.
"""

import re
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from longplay.errors import ExportError, NoListener
from longplay.importing import ImportedArchive, import_archive
from longplay.lake.bucket import S3Bucket
from longplay.lake.store import Lake
from longplay.settings import USER_PATTERN

FAILED: Final = "failed/"
_UNSAFE: Final = re.compile(r"[^\w. -]+", re.ASCII)


def take_in(inbox: S3Bucket, key: str, lake: Lake, now: datetime) -> ImportedArchive | None:
    """Import one archive of the inbox and tell its sum; nothing, if it is no longer there, or was put aside before.

    Raises an `ExportError` or `NoListener` for what cannot be imported, which then lies aside; what `LakeError` stops stays.
    """
    if key.startswith(FAILED) or not inbox.has(key):
        return None
    try:
        listener = _listener(key)
        with TemporaryDirectory() as folder:
            archive = Path(folder) / _file_name(key)
            inbox.download(key, archive)
            done = import_archive([archive], listener, lake, now)
    except (ExportError, NoListener):
        inbox.move(key, f"{FAILED}{key}")
        raise
    inbox.delete([key])
    return done


def _listener(key: str) -> str:
    """Read whose archive it is.

    >>> _listener("me/my_spotify_data.zip")
    'me'
    """
    listener, slash, _ = key.partition("/")
    if not slash or not re.match(USER_PATTERN, listener):
        raise NoListener(
            f"{PurePosixPath(key).name} lies below no listener's name.",
            "Put it into the inbox again, as <listener>/my_spotify_data.zip (a-z, 0-9, - and _).",
        )
    return listener


def _file_name(key: str) -> str:
    """Give a name for a file of this machine, by which a person knows the archive again.

    >>> _file_name("me/My Data (1).zip"), _file_name("me/..")
    ('My Data _1_.zip', 'archive.zip')
    """
    return _UNSAFE.sub("_", PurePosixPath(key).name).lstrip(".") or "archive.zip"
