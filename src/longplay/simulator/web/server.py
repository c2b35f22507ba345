"""Serves an application on this machine only, in a thread of its own, until the block ends."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from longplay.loopback import HOST, listener_on
from longplay.simulator.web.front import HANG_UP


class _Protocol(H11Protocol):
    """Lets the application end the connection, as a network does."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        app = self.app

        async def with_a_way_out(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, HANG_UP: transport.close}, receive, send)

        self.app = with_a_way_out


@contextmanager
def serving(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Yield the address; a port of the moment, if none is given. Raises OSError if the port is taken."""
    listener = listener_on(port)
    address = f"http://{HOST}:{listener.getsockname()[1]}"
    loop, ended = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(_serve(app, listener, ended),), name="simulator", daemon=True
    )
    thread.start()
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()
        loop.close()


async def _serve(app: ASGIApp, listener: socket.socket, ended: asyncio.Event) -> None:
    """Speak uvicorn's HTTP on the socket; its own server looks for the end only ten times a second."""
    config = uvicorn.Config(
        app, ws="none", lifespan="off", log_config=None, log_level="critical", access_log=False, date_header=False
    )
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Protocol(config, state, {}), sock=listener, backlog=64)
    await ended.wait()
    server.close()
    for connection in list(state.connections):
        connection.shutdown()
    for task in list(state.tasks):
        task.cancel()
    await asyncio.gather(*state.tasks, return_exceptions=True)
