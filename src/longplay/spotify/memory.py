"""What has to be remembered between runs, and how two runs keep out of each other's way."""

from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

import msgspec
import structlog

from longplay.spotify.secret import hidden, revealed

log = structlog.get_logger()

T = TypeVar("T")


class Memory(Protocol):
    """Small contents under short names (letters, digits, `-`, `_`), readable by their owner only."""

    def read(self, name: str) -> bytes | None:
        """Give what was written last; nothing, if nothing was."""
        ...

    def write(self, name: str, content: bytes) -> None:
        """Replace it whole or not at all; who does holds its lease."""
        ...

    def forget(self, name: str) -> None:
        """Remove it; nothing happens if it is not there."""
        ...

    def lease(self, name: str) -> AbstractContextManager[None]:
        """Be the only one who changes it, among all processes, until the block ends."""
        ...


def remembered(memory: Memory, name: str, kind: type[T]) -> T | None:
    """Read a record back; nothing, if there is none or it is damaged."""
    content = memory.read(name)
    try:
        return msgspec.json.decode(content, type=kind, dec_hook=hidden) if content else None
    except msgspec.MsgspecError:
        log.warning("forgotten", name=name, reason="it could not be read")
        return None


def remember(memory: Memory, name: str, record: object) -> None:
    """Write a record, its secrets too."""
    memory.write(name, msgspec.json.encode(record, enc_hook=revealed))
