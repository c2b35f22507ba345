"""`longplay serve`: the page in the browser, always as the warehouse is."""

from __future__ import annotations

import json
import signal
import webbrowser
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from longplay.entrypoints import show
from longplay.entrypoints.browser import has_display
from longplay.entrypoints.call import CALL
from longplay.entrypoints.repeating import repeated
from longplay.entrypoints.stopping import stoppable
from longplay.errors import WrongCall
from longplay.loopback import HOST, listener_on
from longplay.wiring import drawing_from, fetching_from, stages_from

if TYPE_CHECKING:
    import socket

PATIENCE = 2  # seconds for which somebody at a browser waits for another run


def serve(
    *,
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1; 0 takes one that is free.", min=0, max=65535)] = 8333,
    open_: Annotated[bool, typer.Option("--open", help="Open the page.")] = False,
    every: Annotated[
        int | None, typer.Option(help="Also do what `longplay run` does, every so many minutes.", metavar="MINUTES", min=1)
    ] = None,
) -> None:
    """Serve the page on this machine alone, drawn anew when the warehouse changed, until Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so ends a service, and what is begun here ends with it
    with suppress(KeyboardInterrupt), stoppable():  # it ends by Ctrl-C, whether it has begun or not
        _serve(port, every, open_it=open_)
    typer.echo("Ended.", err=True)


def _serve(port: int, every: int | None, *, open_it: bool) -> None:
    from longplay import serving  # noqa: PLC0415 - no other command needs to wait for a web server

    stages, user = stages_from(CALL.settings), CALL.settings.user
    if not stages.is_built():
        with show.build_progress(quiet=CALL.json) as on_node:
            stages.build(on_node)
    drawing, fetching = drawing_from(CALL.settings, patience=PATIENCE), fetching_from(CALL.settings)
    with _listening(port) as listening, TemporaryDirectory(prefix="longplay-") as folder, _runs(every):
        pages = serving.Pages(lambda name, out: drawing.page(name, out, fetching.notice(name)), drawing.stamp, Path(folder))
        address = f"http://{HOST}:{listening.getsockname()[1]}/"
        _say(address, drawing.listeners())
        if open_it and has_display():
            webbrowser.open(address)
        serving.serve(serving.application(pages, drawing.listeners, user), listening)


def _runs(every: int | None) -> AbstractContextManager[None]:
    if every is None:
        return nullcontext()
    settings = CALL.settings
    same = ["--home", str(settings.home), "--user", settings.user, "--store", settings.store]
    return repeated([*same, "run"], every * 60)


def _listening(port: int) -> socket.socket:
    try:
        return listener_on(port)
    except OSError as error:
        raise WrongCall(f"Port {port} cannot be listened on: {error.strerror}.", "Choose another one with --port.") from error


def _say(address: str, listeners: list[str]) -> None:
    """Say where the pages are; it is said before the first one is asked for."""
    if CALL.json:
        typer.echo(json.dumps({"page": address, "pages": {name: address + name for name in listeners}}))
        return
    typer.echo(f"Your page: {address} (Ctrl-C ends it)")
    for name in listeners if len(listeners) > 1 else []:
        typer.echo(f"  {name}: {address}{name}")
