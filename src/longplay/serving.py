"""The page over HTTP, for this machine alone, drawn anew when the warehouse has changed.

It listens on the loopback address and answers only who calls it by a name of this machine, so that no site in the same browser
can read the page through a name of its own that leads here.
"""

import socket
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import structlog
import uvicorn
from msgspec import Struct
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from longplay.errors import HomeBusy, LongplayError, WarehouseBusy
from longplay.loopback import HOST

log = structlog.get_logger()

NAMES: Final = [HOST, "localhost"]
_HEADERS: Final = {
    "cache-control": "private, no-cache",  # asked for again each time, and answered with "not modified" if so
    "content-security-policy": "frame-ancestors 'none'",  # the rest stands in the page
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_RETRY: Final = {"retry-after": "5"}

Stamp = tuple[int, ...]


class Drawn(Struct, frozen=True):
    """A page, and what the warehouse looked like before it was drawn."""

    html: bytes
    stamp: Stamp


class Pages:
    """The pages of a home, each drawn when somebody asks for it and the warehouse is another one than before."""

    def __init__(self, draw: Callable[[str, Path], Path], stamp: Callable[[], Stamp], folder: Path) -> None:
        """Draw with `draw`, into `folder`; a page is good for as long as `stamp` gives the same."""
        self._draw, self._stamp, self._folder = draw, stamp, folder
        self._drawn: dict[str, Drawn] = {}
        self._one_at_a_time = threading.Lock()

    def page(self, user: str) -> Drawn:
        """Give a listener's page as it is now; while another run changes the home, as it was before."""
        with self._one_at_a_time:
            held, stamp = self._drawn.get(user), self._stamp()
            if held and held.stamp == stamp:
                return held
            try:
                self._drawn[user] = Drawn(self._html(user), stamp)
            except (HomeBusy, WarehouseBusy):
                if held:
                    return held
                raise
            log.info("drawn", user=user)
            return self._drawn[user]

    def _html(self, user: str) -> bytes:
        """Draw a page; it stays in memory, and no file of it is left behind, however this process ends."""
        file = self._draw(user, self._folder / f"{user}.html")
        html = file.read_bytes()
        file.unlink()
        return html


def application(pages: Pages, listeners: Callable[[], Sequence[str]], user: str) -> Starlette:
    """Serve the page of `user` at /, and that of each listener at /<name>."""

    def page(request: Request) -> Response:
        name = request.path_params.get("user", user)
        if name != user and name not in listeners():
            raise HTTPException(404, "Nobody of that name has listened here.\n")
        drawn = pages.page(name)
        etag = '"' + "-".join(map(str, drawn.stamp)) + '"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=_HEADERS | {"etag": etag})
        return HTMLResponse(drawn.html, headers=_HEADERS | {"etag": etag})

    return Starlette(
        routes=[Route("/", page), Route("/{user}", page)],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=NAMES, www_redirect=False)],
        exception_handlers={LongplayError: _cannot_now},
    )


def _cannot_now(_: Request, error: Exception) -> Response:
    """Say in the browser what cannot be done just now."""
    return PlainTextResponse(f"{error}\n", 503, headers=_HEADERS | _RETRY)


def serve(app: Starlette, listening: socket.socket) -> None:
    """Answer until Ctrl-C, which ends it like any other end."""
    config = uvicorn.Config(
        app, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=1
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        log.info("ended")
