"""What may go wrong on the way, on demand."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from longplay.simulator.web.clock import Clock

_JSON: Final = "application/json; charset=utf-8"
_HTML: Final = "text/html"
_PAGE: Final = b"<html><head><title>%s</title></head><body><h1>%s</h1></body></html>"


class Fault(Struct, frozen=True):
    """One thing that goes wrong. Without a status the true answer is given, or what is left of it."""

    status: int | None = None
    body: bytes = b""
    content_type: str = _JSON
    headers: tuple[tuple[str, str], ...] = ()
    is_cut: bool = False  # the connection ends in the middle of the body
    hangs_up: bool = False  # the connection ends without an answer
    seconds: float = 0  # how long it takes, by a real clock


def _error(status: int, message: str) -> bytes:
    return b'{"error":{"status":%d,"message":"%s"}}' % (status, message.encode())


FAULTS: Final[dict[str, Fault]] = {
    "server error": Fault(500, _error(500, "Server error.")),
    "bad gateway": Fault(502, _PAGE % (b"502 Bad Gateway", b"502 Bad Gateway"), _HTML),
    "unavailable": Fault(503, _error(503, "Service unavailable")),
    "empty error": Fault(503),
    "gateway timeout": Fault(504, b"upstream request timeout", "text/plain"),
    "too many requests": Fault(429, _error(429, "API rate limit exceeded"), headers=(("retry-after", "1"),)),
    "too many requests, no header": Fault(429, _error(429, "API rate limit exceeded")),
    "too many requests, in words": Fault(429, b"Too many requests", "text/plain"),
    "not JSON": Fault(200, _PAGE % (b"Hello", b"Please sign in to this network"), _HTML),
    "nothing": Fault(204),
    "cut off": Fault(is_cut=True),
    "network gone": Fault(hangs_up=True),
    "slow": Fault(seconds=1),
}


class _Planned(Struct):
    fault: Fault
    path: str
    times: int | None
    since: datetime | None
    until: datetime | None


class Faults:
    """The faults that are still to come."""

    def __init__(self, clock: Clock) -> None:
        """Go by this clock."""
        self._clock = clock
        self._planned: list[_Planned] = []

    def plan(
        self,
        fault: Fault,
        path: str = "",
        *,
        times: int | None = 1,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        """Let calls to a path and what lies below it fail: so many times, or as long as it is between two instants."""
        self._planned.append(_Planned(fault, path, times, since, until))

    def heal(self) -> None:
        """Let nothing fail any more."""
        self._planned.clear()

    def of(self, path: str) -> Fault | None:
        """Tell what goes wrong with this call."""
        now = self._clock()
        for planned in self._planned:
            if not path.startswith(planned.path) or planned.times == 0:
                continue
            if (planned.since is None or planned.since <= now) and (planned.until is None or now < planned.until):
                if planned.times is not None:
                    planned.times -= 1
                return planned.fault
        return None
