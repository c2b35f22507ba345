"""One page of the Web API to typed rows: pure, whatever Spotify sent.

An item that cannot be read costs that item and is told with a reason; a page that cannot be read costs that page.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct, field

from longplay.pages.datasets import DATASETS
from longplay.pages.items import Item, NotReadable, Row, Rows, Seen
from longplay.pages.lookups import read_lookup
from longplay.spotify.records import Page

PAGE: Final = "pages"
_BEYOND: Final = 2**63


class _Listing(Page, frozen=True):
    """A page, and where it stands in its listing."""

    offset: int | None = 0


class ReadPage(Struct):
    """The rows of one page by landing table, and a row for each item that could not be read."""

    tables: dict[str, list[Row]]
    rejected: list[Row] = field(default_factory=list)

    @property
    def typed_rows(self) -> int:
        """How many rows the page has told."""
        return sum(len(rows) for table, rows in self.tables.items() if table != PAGE)

    @property
    def is_poison(self) -> bool:
        """Whether nothing of the page could be read: then that is its only reason, at no position."""
        return any(row["position"] is None for row in self.rejected)


def read_page(dataset: str, user: str, name: str, body: bytes, fetched_at: datetime) -> ReadPage:
    """Give the rows of one page; `fetched_at` is UTC. The table `pages` has a row for it, whatever was on it."""
    if dataset not in DATASETS:
        return _read_lookup(dataset, user, name, body, fetched_at)
    rejected: list[Row] = []
    try:
        listing = msgspec.json.decode(body, type=_Listing)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        rejected.append({"position": None, "reason": f"not a page: {error}"[:200]})
        listing = _Listing()
    items = listing.items or []
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for position, raw in enumerate(items):
        item = Item(raw, Seen(user, dataset, name, fetched_at), position, listing.offset or 0)
        try:
            rows = list(_sound(DATASETS[dataset].rows(item)))
        except NotReadable as problem:
            rejected.append({"position": position, "reason": problem.reason} | _harmless(raw))
            continue
        for table, row in rows:
            if _is_new(table, row, seen):
                tables[table].append(row)
    tables[PAGE] = [_page_row(user, dataset, name, fetched_at, len(items), len(rejected), tables["recently_played"])]
    return ReadPage({table: rows for table, rows in tables.items() if rows}, rejected)


def _read_lookup(dataset: str, user: str, name: str, body: bytes, fetched_at: datetime) -> ReadPage:
    read = read_lookup(dataset, body, fetched_at)
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for table, row in read.rows:
        tables[table].append(row)
    tables[PAGE] = [_page_row(user, dataset, name, fetched_at, read.asked, len(read.rejected), [])]
    return ReadPage(dict(tables), read.rejected)


def _sound(rows: Rows) -> Rows:
    """Let rows pass whose numbers a table can hold."""
    for table, row in rows:
        if any(isinstance(value, int) and abs(value) >= _BEYOND for value in row.values()):
            raise NotReadable("a number beyond 64 bits")
        yield table, row


def _is_new(table: str, row: Row, seen: set[tuple[str, str]]) -> bool:
    """Tell whether a page has not yet told this of a track, an artist, an album: it names many of them often."""
    key = {"tracks": "track_uri", "artists": "artist_id", "albums": "album_id"}.get(table)
    if key is None:
        return True
    is_new = (table, row[key]) not in seen
    seen.add((table, row[key]))
    return is_new


def _page_row(  # noqa: PLR0913, PLR0917 - a row has columns
    user: str, dataset: str, name: str, fetched_at: datetime, items: int, rejected: int, plays: list[Row]
) -> Row:
    instants = [play["played_at"] for play in plays]
    return {
        "user_id": user,
        "dataset": dataset,
        "page": name,
        "items": items,
        "rejected": rejected,
        "first_at": min(instants, default=None),
        "last_at": max(instants, default=None),
        "fetched_at": fetched_at.replace(tzinfo=None),
    }


def _harmless(raw: Raw) -> Row:
    """Give what may be kept of an item that cannot be read: when, which URI, which name."""
    try:
        item: Any = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return dict(_texts(item))


def _texts(item: Any) -> Iterator[tuple[str, str]]:
    outer = item if isinstance(item, dict) else {}
    inner = outer.get("track", outer)
    for name, holder, key in (
        ("at", outer, "played_at"),
        ("at", outer, "added_at"),
        ("uri", inner, "uri"),
        ("name", inner, "name"),
    ):
        value = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(value, str):
            yield name, value
