"""The door: notes every call, lets go wrong what shall go wrong, and hands the rest on."""

import asyncio
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longplay.simulator.web.calls import Call, Calls
from longplay.simulator.web.clock import Clock
from longplay.simulator.web.faults import Fault, Faults

HANG_UP: Final = "longplay.hang_up"


class Front:
    """What stands before every part."""

    def __init__(self, app: ASGIApp, clock: Clock, calls: Calls, faults: Faults) -> None:
        """Stand before an application."""
        self._app = app
        self._clock = clock
        self._calls = calls
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one call; a trailing slash makes no difference."""
        if scope["type"] != "http":
            return
        path = scope["path"].rstrip("/") or "/"
        call = Call(self._clock(), scope["method"], path, scope["query_string"].decode("latin-1"))
        call.agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")
        self._calls.append(call)
        scope = dict(scope, path=path, call=call)
        fault = self._faults.of(path)
        if fault is None:
            await self._app(scope, receive, _noting(call, send))
        else:
            await self._go_wrong(fault, scope, receive, send)

    async def _go_wrong(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        call: Call = scope["call"]
        await asyncio.sleep(fault.seconds)
        if fault.hangs_up:
            call.is_whole = False
            await _hang_up(scope, receive)
        elif fault.status is not None:
            answer = Response(fault.body, fault.status, dict(fault.headers), fault.content_type)
            await answer(scope, receive, _noting(call, send))
        else:
            through = _cutting(scope, receive, send) if fault.is_cut else _late(scope, receive, send)
            await self._app(scope, receive, _noting(call, through))


def _noting(call: Call, send: Send) -> Send:
    """Note the status; the answer is dated by the simulator's clock."""

    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            call.status = message["status"]
            message["headers"] = [*message["headers"], (b"date", format_datetime(call.at, usegmt=True).encode())]
        await send(message)

    return noting


def _late(scope: Scope, receive: Receive, send: Send) -> Send:
    """Note whether anybody still waits when the answer comes."""

    async def late(message: Message) -> None:
        if message["type"] == "http.response.start" and await Request(scope, receive).is_disconnected():
            scope["call"].is_whole = False
        await send(message)

    return late


def _cutting(scope: Scope, receive: Receive, send: Send) -> Send:
    async def cutting(message: Message) -> None:
        if message["type"] != "http.response.body":
            await send(message)
            return
        scope["call"].is_whole = False
        body = message.get("body", b"")
        await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        await _hang_up(scope, receive)

    return cutting


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """End the connection, once what was written is on its way, and wait until it is gone."""
    close: Callable[[], Any] | None = scope.get(HANG_UP)
    if close is None:
        raise ConnectionResetError("the simulated network is gone")
    close()
    while (await receive())["type"] != "http.disconnect":
        pass
