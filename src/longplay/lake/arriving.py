"""What Spotify sent on its way into the lake: without account names, packed, under a name made of what it holds.

The gzip header holds when the page was fetched; that is what the field is for.
"""

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from longplay.lake import layout
from longplay.lake.layout import RawPage

# Where an address holds the name of an account, and how the name goes on.
_ACCOUNT: Final = re.compile(rb'(spotify:user:|/v1\\?/users\\?/|open\.spotify\.com\\?/user\\?/)[^":/?#\\]+')


def masked(body: bytes) -> bytes:
    """Take the names of accounts out of URIs and addresses.

    >>> masked(b'{"uri":"spotify:user:somebody:collection","href":"https://api.spotify.com/v1/users/somebody"}')
    b'{"uri":"spotify:user:-:collection","href":"https://api.spotify.com/v1/users/-"}'
    """
    return _ACCOUNT.sub(rb"\1-", body)


def plays_key(dataset: str, user: str, plays: Iterable[tuple[datetime, str]]) -> str:
    """Name a page of plays by the newest and by all of them, so that a page that shows the same has the same name."""
    each = sorted({(played_at.astimezone(UTC), uri) for played_at, uri in plays})
    told = "\n".join(f"{played_at.isoformat()} {uri}" for played_at, uri in each)
    return layout.raw_key(dataset, user, each[-1][0], layout.content_hash(told.encode()))


def content_key(dataset: str, user: str, day: datetime, body: bytes) -> str:
    """Name any other page by the day and by what it says, however that is spelled."""
    told = f"{dataset}\n{_canonical(body)}"
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return layout.raw_key(dataset, user, midnight, layout.content_hash(told.encode()))


def _canonical(body: bytes) -> str:
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")
    return json.dumps(said, sort_keys=True, separators=(",", ":"))


def packed(body: bytes, fetched_at: datetime) -> bytes:
    """Pack a body, with the instant it was fetched."""
    return gzip.compress(body, compresslevel=6, mtime=int(fetched_at.timestamp()))


def opened(content: bytes, page: RawPage) -> tuple[bytes, datetime]:
    """Give the body and when it was fetched (UTC); a damaged object gives what is left, which is then no page."""
    fetched_at = datetime.strptime(page.stem.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    body = io.BytesIO()
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed_page:
        try:
            while part := packed_page.read1():
                body.write(part)
        except (OSError, EOFError, zlib.error):
            pass
        if packed_page.mtime:
            fetched_at = datetime.fromtimestamp(packed_page.mtime, UTC)
    return body.getvalue(), fetched_at
