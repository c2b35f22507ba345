"""The names of everything in the lake. No other module spells one.

A name is made from content, so doing something twice gives the same name, and two writers cannot hurt each other.
"""

import re
from typing import Final

from msgspec import Struct

VERSION: Final = 1  # of the processed tables' shapes; another one derives everything anew from raw
WHOLE: Final = "archives"  # the table whose object is written last: it makes an archive whole

_PROCESSED: Final = re.compile(
    r"processed/v(?P<version>\d+)/(?P<table>\w+)/user=(?P<user>[a-z0-9_-]{1,32})/(?P<archive>[0-9a-f]+)/(?P<stem>[^/]+)\.parquet"
)
_UNSAFE: Final = re.compile(r"[^\w.-]+")


def stem(member: str, digest: str) -> str:
    """Name one member by what it is called and what is in it.

    >>> stem("Streaming_History_Audio_2024_1.json", "3f2a9c1b7d40aa")
    'Streaming_History_Audio_2024_1-3f2a9c1b7d40'
    """
    name = _UNSAFE.sub("_", member.removesuffix(".json"))[:80]
    return f"{name}-{digest[:12]}"


def raw_export_key(user: str, archive: str, stem: str) -> str:
    """Name the known fields of one member as Spotify wrote them.

    >>> raw_export_key("me", "1f0c6a2b", "endsong_3-3f2a9c1b7d40")
    'raw/export/user=me/1f0c6a2b/endsong_3-3f2a9c1b7d40.parquet'
    """
    return f"raw/export/user={user}/{archive}/{stem}.parquet"


def processed_key(table: str, user: str, archive: str, stem: str) -> str:
    """Name the typed rows that one member holds for one table.

    >>> processed_key("streaming_history", "me", "1f0c6a2b", "endsong_3-3f2a9c1b7d40")
    'processed/v1/streaming_history/user=me/1f0c6a2b/endsong_3-3f2a9c1b7d40.parquet'
    """
    return f"processed/v{VERSION}/{table}/user={user}/{archive}/{stem}.parquet"


def rejected_key(user: str, archive: str, kind: str) -> str:
    """Name the rows of one archive's files of a kind that could not be read.

    >>> rejected_key("me", "1f0c6a2b", "extended")
    'rejected/v1/user=me/1f0c6a2b/extended.parquet'
    """
    return f"rejected/v{VERSION}/user={user}/{archive}/{kind}.parquet"


def whole_key(user: str, archive: str) -> str:
    """Name the object that says an archive is whole in the lake.

    >>> whole_key("me", "1f0c6a2b")
    'processed/v1/archives/user=me/1f0c6a2b/sum.parquet'
    """
    return processed_key(WHOLE, user, archive, "sum")


class Processed(Struct, frozen=True):
    """A processed object: its key, and what the key says."""

    key: str
    table: str
    user: str
    archive: str

    @classmethod
    def parse(cls, key: str) -> "Processed":
        """Read a key back.

        >>> Processed.parse("processed/v1/archives/user=me/1f0c6a2b/sum.parquet").table
        'archives'
        """
        found = _PROCESSED.fullmatch(key)
        if found is None:
            raise ValueError(f"{key} is no key of a processed object")
        return cls(key, found["table"], found["user"], found["archive"])
