"""The names of everything in the lake. No other module spells one.

A name is made from content, so doing something twice gives the same name, and two writers cannot hurt each other.
"""

import re
from datetime import datetime
from hashlib import sha256
from typing import Final

from msgspec import Struct

VERSION: Final = 1  # of the processed tables' shapes; another one derives everything anew from raw
ROOMS: Final = ("raw/", "processed/", "rejected/")  # everything in the lake lies below one of these
CURRENT: Final = f"processed/v{VERSION}/"  # what is loaded
WHOLE: Final = "archives"  # the table whose object is written last: it makes an archive whole
WHOLE_PAGE: Final = "pages"  # the same for a page
API: Final = "raw/api/"
ENDS: Final = f"{CURRENT}{WHOLE_PAGE}/"  # what makes pages whole
CHOICES: Final = "raw/choices/"  # what the listeners choose, as they wrote it: of all of them, so below no one's name
CHOSEN: Final = f"{CURRENT}choices/"

_PROCESSED: Final = re.compile(
    r"processed/v(?P<version>\d+)/(?P<table>\w+)/(?:user=(?P<user>[a-z0-9_-]{1,32})/"
    r"(?:(?P<archive>[0-9a-f]+)/)?)?(?P<stem>[^/]+)\.parquet"
)
_RAW_PAGE: Final = re.compile(
    r"raw/api/(?P<dataset>\w+)/user=(?P<user>[a-z0-9_-]{1,32})/date=[\d-]{10}/(?P<stem>[^/]+)\.json\.gz"
)
_KEY: Final = re.compile(r"(raw|processed|rejected)(/(?!\.{1,2}(/|$))[\w=.-]+)+")
_OF_ARCHIVE: Final = re.compile(
    r"(raw/export|rejected/v\d+|processed/v\d+/\w+)/user=(?P<user>[a-z0-9_-]{1,32})/(?P<archive>[0-9a-f]+)/(?P<stem>[^/]+)\.parquet"
)
_UNSAFE: Final = re.compile(r"[^\w.-]+", re.ASCII)


def is_key(name: str) -> bool:
    """Say whether a name can be an object's, and leads nowhere else.

    >>> is_key("raw/export/user=me/1f0c6a2b/endsong_3-3f2a9c1b7d40.parquet"), is_key("raw/../../etc/passwd")
    (True, False)
    """
    return _KEY.fullmatch(name) is not None


def stem(member: str, digest: str) -> str:
    """Name one member by what it is called and what is in it.

    >>> stem("Streaming_History_Audio_2024_1.json", "3f2a9c1b7d40aa")
    'Streaming_History_Audio_2024_1-3f2a9c1b7d40'
    """
    plain = member.removesuffix(".json")
    name = _UNSAFE.sub("_", plain)[:80]
    told_apart = "" if name == plain else f"-{sha256(member.encode()).hexdigest()[:6]}"
    return f"{name}{told_apart}-{digest[:12]}"


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


def archive_of(key: str) -> tuple[str, str, str] | None:
    """Tell to whom, which archive and which member an object belongs; None for what came from no archive.

    >>> archive_of("raw/export/user=me/1f0c6a2b/endsong_3-3f2a9c1b7d40.parquet")
    ('me', '1f0c6a2b', 'endsong_3-3f2a9c1b7d40')
    """
    found = _OF_ARCHIVE.fullmatch(key)
    return (found["user"], found["archive"], found["stem"]) if found else None


def makes_whole(key: str) -> bool:
    """Say whether an object is the one that makes its archive whole.

    >>> makes_whole(whole_key("me", "1f0c6a2b"))
    True
    """
    found = archive_of(key)
    return found is not None and key == whole_key(*found[:2])


def raw_key(dataset: str, user: str, instant: datetime, content: str) -> str:
    """Name one page as Spotify sent it.

    >>> from datetime import UTC
    >>> raw_key("recently_played", "me", datetime(2026, 11, 23, 8, 0, tzinfo=UTC), content="3f2a9c1b7d40")
    'raw/api/recently_played/user=me/date=2026-11-23/20261123T080000Z-3f2a9c1b7d40.json.gz'
    """
    return f"{API}{dataset}/user={user}/date={instant:%Y-%m-%d}/{instant:%Y%m%dT%H%M%SZ}-{content}.json.gz"


def content_hash(content: bytes) -> str:
    """Give what stands for a content in a name.

    >>> content_hash(b"Alright")
    '2b1ee291fa9a'
    """
    return sha256(content).hexdigest()[:12]


def page_key(table: str, user: str, stem: str) -> str:
    """Name the typed rows that one page holds for one table.

    >>> page_key("recently_played", "me", "20261123T080000Z-3f2a9c1b7d40")
    'processed/v1/recently_played/user=me/20261123T080000Z-3f2a9c1b7d40.parquet'
    """
    return f"processed/v{VERSION}/{table}/user={user}/{stem}.parquet"


def choices_stem(chosen_at: datetime, content: bytes) -> str:
    """Name one version of the choices by when it was made and by what it says.

    >>> from datetime import UTC
    >>> choices_stem(datetime(2026, 11, 23, 8, 0, tzinfo=UTC), b"")
    '20261123T080000Z-e3b0c44298fc'
    """
    return f"{chosen_at:%Y%m%dT%H%M%SZ}-{content_hash(content)}"


def raw_choices_key(stem: str) -> str:
    """Name one version of the choices as it was written.

    >>> raw_choices_key("20261123T080000Z-e3b0c44298fc")
    'raw/choices/20261123T080000Z-e3b0c44298fc.toml'
    """
    return f"{CHOICES}{stem}.toml"


def choices_key(stem: str) -> str:
    """Name the rows of one version of the choices.

    >>> choices_key("20261123T080000Z-e3b0c44298fc")
    'processed/v1/choices/20261123T080000Z-e3b0c44298fc.parquet'
    """
    return f"{CHOSEN}{stem}.parquet"


def is_choice(key: str) -> bool:
    """Say whether an object holds choices rather than listening.

    >>> is_choice(raw_choices_key("20261123T080000Z-e3b0c44298fc"))
    True
    """
    return key.startswith((CHOICES, CHOSEN))


def raw_prefix(dataset: str, user: str) -> str:
    """Give what the pages of a dataset have in common, of one listener.

    >>> raw_prefix("recently_played", "me")
    'raw/api/recently_played/user=me/'
    """
    return f"{API}{dataset}/user={user}/"


def ends_of(user: str) -> str:
    """Give what the objects have in common that make the pages of one listener whole.

    >>> ends_of("me")
    'processed/v1/pages/user=me/'
    """
    return f"{ENDS}user={user}/"


def rejected_page_key(dataset: str, user: str, stem: str) -> str:
    """Name the items of one page that could not be read.

    >>> rejected_page_key("recently_played", "me", "20261123T080000Z-3f2a9c1b7d40")
    'rejected/v1/recently_played/user=me/20261123T080000Z-3f2a9c1b7d40.parquet'
    """
    return f"rejected/v{VERSION}/{dataset}/user={user}/{stem}.parquet"


def ends_page(key: str) -> bool:
    """Say whether an object is the one that makes its page whole.

    >>> ends_page(page_key("pages", "me", "20261123T080000Z-3f2a9c1b7d40"))
    True
    """
    return key.startswith(ENDS)


class RawPage(Struct, frozen=True):
    """A page as Spotify sent it: its key, and what the key says."""

    key: str
    dataset: str
    user: str
    stem: str

    @classmethod
    def parse(cls, key: str) -> "RawPage":
        """Read a key back.

        >>> RawPage.parse("raw/api/saved_tracks/user=me/date=2026-11-23/20261123T000000Z-3f2a9c1b7d40.json.gz").stem
        '20261123T000000Z-3f2a9c1b7d40'
        """
        found = _RAW_PAGE.fullmatch(key)
        if found is None:
            raise ValueError(f"{key} is no key of a raw page")
        return cls(key, found["dataset"], found["user"], found["stem"])

    @property
    def rejected_key(self) -> str:
        """The name of what could not be read of it."""
        return rejected_page_key(self.dataset, self.user, self.stem)


class Processed(Struct, frozen=True):
    """A processed object: its key, and what the key says.

    It speaks of an archive or, without one, of a page; what belongs to no listener alone (the choices) has "" for one.
    """

    key: str
    table: str
    user: str
    archive: str | None
    stem: str

    @classmethod
    def parse(cls, key: str) -> "Processed":
        """Read a key back.

        >>> Processed.parse("processed/v1/archives/user=me/1f0c6a2b/sum.parquet").archive
        '1f0c6a2b'
        >>> Processed.parse("processed/v1/pages/user=me/20261123T080000Z-3f2a9c1b7d40.parquet").archive is None
        True
        """
        found = _PROCESSED.fullmatch(key)
        if found is None:
            raise ValueError(f"{key} is no key of a processed object")
        return cls(key, found["table"], found["user"] or "", found["archive"], found["stem"])
