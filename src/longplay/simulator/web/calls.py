"""Every call that was made, for tests to count."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from msgspec import Struct

from longplay.simulator.web.listings import Listing

OK: Final = 200


class Call(Struct, eq=False):
    """One call and how it ended."""

    at: datetime
    method: str
    path: str
    query: str
    client_id: str | None = None
    listener: str | None = None
    bucket: str | None = None
    agent: str = ""  # who says they ask
    status: int | None = None  # none: the connection was closed without an answer
    is_whole: bool = True  # the answer arrived to its end
    was_blocked: bool = False  # made although an earlier answer had said to wait longer
    showed: tuple[Listing, ...] = ()


class Calls:
    """The calls in the order they came."""

    def __init__(self) -> None:
        """Begin with none."""
        self._all: list[Call] = []

    def __iter__(self) -> Iterator[Call]:
        """Go through them."""
        return iter(list(self._all))

    def __len__(self) -> int:
        """Count them."""
        return len(self._all)

    def append(self, call: Call) -> None:
        """Note one more."""
        self._all.append(call)

    def forget(self) -> None:
        """Begin anew."""
        self._all.clear()

    def to(self, path: str) -> list[Call]:
        """Find the calls of one path, `/v1/me`, `/api/token`."""
        return [call for call in self._all if call.path == path]

    def by_path(self) -> Counter[str]:
        """Count the calls of every path."""
        return Counter(call.path for call in self._all)

    def made_while_blocked(self) -> list[Call]:
        """Find the calls nobody should have made: an answer had told how long to wait."""
        return [call for call in self._all if call.was_blocked]

    def shown(self) -> list[Listing]:
        """Tell every entry that a whole answer of recently-played held, once each, the oldest first."""
        seen = {listing: None for call in self._all if call.status == OK and call.is_whole for listing in call.showed}
        return sorted(seen, key=lambda listing: listing.played_at)
