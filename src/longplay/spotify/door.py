"""Where the browser comes back to: a small server on this machine that takes one redirect.

The same redirect may be handed in by hand (`give`), for machines without a browser.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Empty, Queue
from threading import Thread
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from longplay.errors import WrongCall
from longplay.loopback import HOST
from longplay.spotify.errors import LoginFailed, PortTaken

REDIRECT: Final = "http://127.0.0.1/callback"  # as it is registered: without a port, so any port may be used
_LOOK_UP: Final = 0.05  # seconds: how often the door is asked whether to close
_WORDS: Final = b"<!doctype html><meta charset=utf-8><title>Longplay</title><p>%s</p>"
_THANKS: Final = _WORDS % b"Longplay has the answer. You may close this window and go back to where you started it."
_NOTHING: Final = _WORDS % b"There is nothing here."


class Door:
    """An open door: its address, and what came in."""

    def __init__(self, address: str) -> None:
        """Know the address to give to Spotify."""
        self.address = address
        self._came: Queue[str] = Queue()

    def give(self, redirect: str) -> None:
        """Hand in the address the browser was sent to."""
        self._came.put(redirect)

    def wait(self, seconds: float) -> str:
        """Give the redirect that came first; raises `LoginFailed` when none did."""
        try:
            return self._came.get(timeout=seconds)
        except Empty:
            pass
        raise LoginFailed(
            "Nobody came back from Spotify's page.",
            f"Run `longplay login` again. If the page spoke of INVALID_CLIENT, compare SPOTIFY_CLIENT_ID with your app, "
            f"and register {REDIRECT} as its redirect address.",
        )


@contextmanager
def open_door(redirect_uri: str = REDIRECT) -> Iterator[Door]:
    """Listen until the block ends, at a port of the moment unless the address names one; raises `PortTaken` or `WrongCall`."""
    parts = urlsplit(redirect_uri)
    if parts.scheme != "http" or parts.hostname != HOST:
        raise WrongCall(
            f"SPOTIFY_REDIRECT_URI cannot be {redirect_uri}.", f"Spotify allows {REDIRECT}, with or without a port."
        )
    server = _listening(parts.port or 0)
    door = Door(parts._replace(netloc=f"{HOST}:{server.server_address[1]}").geturl())
    server.RequestHandlerClass = _handler(door, parts.path)
    thread = Thread(target=server.serve_forever, args=(_LOOK_UP,), name="login", daemon=True)
    thread.start()
    try:
        yield door
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _listening(port: int) -> HTTPServer:
    try:
        return HTTPServer((HOST, port), BaseHTTPRequestHandler)
    except OSError as error:
        raise PortTaken(
            f"Port {port} of this machine is taken by another program." if port else "This machine lets nobody listen.",
            f"End it, or register {REDIRECT} without a port and set SPOTIFY_REDIRECT_URI to that.",
        ) from error


def _handler(door: Door, path: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Takes the redirect; browsers ask for other things as well."""

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            is_redirect = asked.path == path and not {"code", "error"}.isdisjoint(parse_qs(asked.query))
            self.send_response(HTTPStatus.OK if is_redirect else HTTPStatus.NOT_FOUND)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("referrer-policy", "no-referrer")
            self.end_headers()
            self.wfile.write(_THANKS if is_redirect else _NOTHING)
            if is_redirect:
                door.give(self.path)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing: the request line holds the code."""
            del format, args

    return Handler
