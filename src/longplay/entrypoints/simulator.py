"""`longplay simulator`: a Spotify of our own on this machine, for trying everything without an account."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from longplay.errors import WrongCall

if TYPE_CHECKING:
    from longplay.simulator.web.spotify import SimulatedSpotify

_BEFORE = timedelta(days=400)
_AFTER = timedelta(days=60)


def simulator(
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1; 0 takes one that is free.")] = 8900,
    profile: Annotated[str, typer.Option(help="What the app may do: extended, legacy_dev, restricted_dev.")] = "restricted_dev",
    seed: Annotated[int, typer.Option(help="Another number invents another listener.")] = 7,
) -> None:
    """Be a Spotify of our own, with an invented listener, until Ctrl-C."""
    spotify = _spotify(port, seed)
    if profile not in spotify.apps:
        raise WrongCall(f"There is no profile {profile!r}.", f"There are {', '.join(spotify.apps)}.")
    with ExitStack() as running:
        try:
            running.enter_context(spotify)
        except OSError as error:
            raise WrongCall(
                f"Port {port} cannot be listened on: {error.strerror}.", "Choose another one with --port."
            ) from error
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets it be ignored in the background
        typer.echo(_how_to_use(spotify, profile))
        _wait()


def _spotify(port: int, seed: int) -> SimulatedSpotify:
    """Make one that is as strict as the real one and lets the person at the browser decide."""
    from longplay.simulator.listener import invent  # noqa: PLC0415 - no other command needs to wait for a web server
    from longplay.simulator.web.listings import MEASURED  # noqa: PLC0415
    from longplay.simulator.web.spotify import SimulatedSpotify  # noqa: PLC0415
    from longplay.wiring import utc_now  # noqa: PLC0415

    today = utc_now().date()
    plays = invent(seed, today - _BEFORE, today + _AFTER)
    spotify = SimulatedSpotify(plays, now=utc_now, manners=MEASURED, port=port)
    spotify.listener_thinks()
    spotify.is_strict()
    return spotify


def _how_to_use(spotify: SimulatedSpotify, profile: str) -> str:
    app = spotify.apps[profile]
    return f"""A simulated Spotify listens on {spotify.origin} (Ctrl-C ends it). In another terminal:

  export SPOTIFY_CLIENT_ID={app.client_id}
  export SPOTIFY_API_ORIGIN={spotify.api}
  export SPOTIFY_ACCOUNTS_ORIGIN={spotify.accounts}
  longplay login

The app's secret, if you want one: {app.secret}
ReccoBeats, MusicBrainz and Last.fm (key {spotify.lastfm_part.key}) are simulated as well:
{spotify.reccobeats}  {spotify.musicbrainz}  {spotify.lastfm}"""


def _wait() -> None:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        typer.echo("Ended.")
