"""Enriching without a warehouse: who has one leaves a list of what is missing, and who has none asks for what is on it."""

from collections.abc import Callable, Sequence
from typing import Final

from msgspec import Struct, field

from longplay.enriching import Shares
from longplay.enrichment.provider import Provider
from longplay.enrichment.providers import READERS
from longplay.enrichment.records import Need, Wanted
from longplay.lake.state import Notes
from longplay.spotify.memory import remember, remembered

_MOST: Final = 1000  # of one need at one source: more than a night's budget


class _List(Struct):
    """What is missing, by need and source, the longest heard first."""

    wanted: dict[str, list[Wanted]] = field(default_factory=dict)


def leave_list(notes: Notes, user: str, missing: Callable[[Need, str, int], list[Wanted]]) -> None:
    """Leave for others what every source may be asked for next; an earlier list goes."""
    pairs = {(each.need, each.source) for each in READERS.values() if issubclass(each, Provider)}
    found = {_key(need, source): missing(need, source, _MOST) for need, source in sorted(pairs)}
    remember(notes, _name(user), _List({key: items for key, items in found.items() if items}))


class WishList:
    """A listener's music, as the list tells of it; what was answered goes from it."""

    def __init__(self, notes: Notes, user: str) -> None:
        """Read the list; without one, nothing is missing."""
        self._notes, self._name = notes, _name(user)
        self._list = remembered(notes, self._name, _List) or _List()
        self.answers = 0

    def take_in(self) -> None:
        """Do nothing: the tables are elsewhere."""

    def missing(self, need: Need, source: str, most: int) -> list[Wanted]:
        """Give what a source may be asked for next, the longest heard first."""
        return self._list.wanted.get(_key(need, source), [])[:most]

    def answered(self, need: Need, source: str, items: Sequence[Wanted]) -> None:
        """Ask for these no more."""
        left = self._list.wanted[_key(need, source)]
        self._list.wanted[_key(need, source)] = [item for item in left if item not in items]
        self.answers += 1
        remember(self._notes, self._name, self._list)

    def shares(self) -> Shares:
        """Know nothing of how much is told."""
        return Shares()


def _key(need: Need, source: str) -> str:
    return f"{need} {source}"


def _name(user: str) -> str:
    return f"wanted-{user}"
