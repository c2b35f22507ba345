"""A home whose listeners are polled from a simulated Spotify, by all of our code; its clock is moved by hand."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
import stamina

from longplay.fetching import Fetched, Fetching, Remembered
from longplay.home import Home
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.simulator.web.spotify import SimulatedSpotify
from longplay.spotify.auth import App
from longplay.spotify.connection import Connection, Origins
from longplay.spotify.door import REDIRECT
from longplay.spotify.quota import Manners
from longplay.stages import Stages


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


class Polled:
    """One home that polls a simulated Spotify."""

    def __init__(self, spotify: SimulatedSpotify, folder: Path, profile: str = "restricted_dev") -> None:
        self.spotify = spotify
        self.app = spotify.apps[profile]
        self.home = Home(folder / "home")
        self.home.make()
        self.lake = Lake(self.home.lake)
        self.state = State(self.home.state, 20, survives_power_cut=False)
        self.fetching = Fetching(self.lake, self.state, self.connect, spotify.clock)
        self.stages = Stages(home=self.home, lake=self.lake, state=self.state, user="me", time_zone="UTC")
        self.budgets: dict[str, int] = {}

    def connect(self, user: str = "me") -> Connection:
        manners = Manners(pace=0, sleep=lambda s: self.spotify.clock.move(seconds=s) and None, budgets=self.budgets)
        origins = Origins(self.spotify.accounts, self.spotify.api)
        return Connection(self.state, user, App(self.app.client_id), self.spotify.clock, origins=origins, manners=manners)

    def signs_in(self, user: str = "me") -> "Polled":
        connection = self.connect(user)
        attempt = connection.begin(REDIRECT)
        connection.finish(attempt, self.spotify.visits(attempt.address))
        connection.close()
        return self

    def poll(self, user: str = "me", *, daily: bool = False) -> Fetched:
        return self.fetching.fetch(user, is_daily=daily)

    def known(self) -> Remembered:
        return self.fetching.remembered("me")

    def raw(self, dataset: str = "") -> list[str]:
        return [key for key in self.lake.keys("raw/api/") if dataset in key]

    def bodies(self, dataset: str = "") -> list:
        return [json.loads(gzip.decompress(self.lake.read(key))) for key in self.raw(dataset)]

    def load(self) -> tuple[int, int]:
        self.stages.process()
        return self.stages.load()

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            connection.execute("set search_path = 'lake'")
            return connection.execute(sql).fetchall()

    def titles(self) -> list[str]:
        """Load what was fetched and give the plays, the oldest first."""
        self.load()
        return [row[0] for row in self.rows("select distinct track_name, played_at from recently_played order by played_at")]


@pytest.fixture
def polled(spotify, tmp_path) -> Polled:
    """A listener who has signed in; what was asked on the way is forgotten."""
    spotify.has_played("Alright", at="07:40")
    home = Polled(spotify, tmp_path).signs_in()
    spotify.calls.forget()
    return home


@pytest.fixture
def home_with(spotify, tmp_path) -> Callable[[str], Polled]:
    return lambda profile: Polled(spotify, tmp_path, profile)
