"""A simulated Spotify, a clock that passes while we wait, and listeners who are about to sign in."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
import stamina

from longplay.lake.state import State
from longplay.simulator.web.spotify import SimulatedSpotify
from longplay.spotify.auth import App
from longplay.spotify.connection import Connection, Origins
from longplay.spotify.door import open_door
from longplay.spotify.quota import Manners
from longplay.spotify.secret import Secret
from longplay.spotify.tokens import Consent

RECENT = "/me/player/recently-played"


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=9, cap=True):
        yield


@pytest.fixture
def spotify() -> Iterator[SimulatedSpotify]:
    with SimulatedSpotify() as spotify:
        spotify.has_played("Alright", at="07:40")
        yield spotify


@pytest.fixture
def state(tmp_path) -> State:
    return State(tmp_path / "state", patience=20)


class Waits(list[float]):
    """The seconds that were waited, which pass on Spotify's clock as well."""

    def __init__(self, spotify: SimulatedSpotify) -> None:
        super().__init__()
        self._spotify = spotify

    def __call__(self, seconds: float) -> None:
        self.append(round(seconds, 3))
        self._spotify.clock.move(seconds=seconds)


@pytest.fixture
def waits(spotify) -> Waits:
    return Waits(spotify)


@pytest.fixture
def connect(spotify, state, waits) -> Callable[..., Connection]:
    """Connect a listener, by the app that anybody gets today; a second call is a later run."""
    return partial(connection, spotify, state, waits)


def connection(
    spotify: SimulatedSpotify,
    state: State,
    sleep: Callable[[float], None],
    user: str = "me",
    *,
    profile: str = "restricted_dev",
    secret: str = "",
    client_id: str | None = None,
    clock: Any = None,
    **manners: Any,
) -> Connection:
    app = App(spotify.apps[profile].client_id if client_id is None else client_id, Secret(secret))
    origins = Origins(spotify.accounts, spotify.api)
    return Connection(
        state, user, app, clock or spotify.clock, origins=origins, manners=Manners(**{"pace": 0, "sleep": sleep} | manners)
    )


@pytest.fixture
def listener(connect) -> Connection:
    """Somebody who has signed in; what was asked on the way is forgotten."""
    return signed_in(connect())


def sign_in(connection: Connection) -> Consent:
    """Do what a person with a browser does."""
    with open_door() as door:
        attempt = connection.begin(door.address)
        visit(attempt.address)
        return connection.finish(attempt, door.wait(5))


def signed_in(connection: Connection) -> Connection:
    sign_in(connection)
    return connection


def visit(address: str) -> str:
    """Open an address as a browser does, following redirects; give the words of the page."""
    try:
        with urlopen(address, timeout=5) as page:  # noqa: S310
            return page.read().decode()
    except HTTPError as error:
        return error.read().decode()


def kept(state: State) -> dict[str, Path]:
    """Give the files of what is remembered, by name."""
    return {path.stem.split("-")[0]: path for path in state.folder.glob("*.json")}
