"""A home whose music is enriched from the simulated sources, by all of our code; waiting moves the simulator's clock."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import pytest
import stamina

from longplay.enriching import Enriched, Enriching
from longplay.enrichment.asking import Door, Source
from longplay.enrichment.providers import of_spotify, outside
from longplay.home import Home
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.simulator.catalogue import Track
from longplay.simulator.web.ids import spotify_id
from longplay.simulator.web.spotify import SimulatedSpotify
from longplay.spotify.auth import App
from longplay.spotify.connection import Connection, Origins
from longplay.spotify.door import REDIRECT
from longplay.spotify.quota import Manners
from longplay.spotify.secret import Secret
from longplay.stages import MusicOf, Stages

# What enriching reads of the plays.
PLAYS = """
create schema if not exists marts;
create table if not exists marts.fct_plays (
    user_id varchar, content_type varchar, spotify_uri varchar, track_key varchar, artist_name varchar, track_name varchar,
    ms_played bigint, is_incognito boolean, is_covered boolean, is_excluded boolean
)
"""


@pytest.fixture(autouse=True)
def no_backoff() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4, cap=True):
        yield


def track(title: str, artist: str) -> Track:
    """Make up a track, under the id that the simulated Spotify gives it."""
    return Track(f"spotify:track:{spotify_id('track', title, artist, title)}", title, artist, title, 200_000)


class EnrichedHome:
    """One home, and everybody it can ask."""

    def __init__(self, spotify: SimulatedSpotify, folder: Path, profile: str = "restricted_dev") -> None:
        self.spotify = spotify
        self.app = spotify.apps[profile]
        self.home = Home(folder / "home")
        self.home.make()
        self.lake = Lake(self.home.lake)
        self.state = State(self.home.state, 20, survives_power_cut=False)
        self.stages = Stages(home=self.home, lake=self.lake, state=self.state, user="me", time_zone="UTC")
        self.stages.load()
        self.budgets: dict[str, int] = {}
        self.spotify_budgets: dict[str, int] = {}
        self.lastfm_key = ""
        self.pace: float | None = None
        self.said: list[str] = []
        self.write(PLAYS)

    # what was heard

    def heard(self, tracks: Iterable[Track], *, known: bool = True, **other: object) -> None:
        """Let tracks be played, the first the longest; the sources know them or not."""
        rows = []
        for place, each in enumerate(tracks):
            row = {
                "user_id": "me", "content_type": "track", "spotify_uri": each.uri, "track_key": each.uri.rpartition(":")[2],
                "artist_name": each.artist, "track_name": each.name, "ms_played": 10_000_000 - place, "is_incognito": False,
                "is_covered": False, "is_excluded": False,
            } | other  # fmt: skip
            rows.append(list(row.values()))
            if known:
                self.spotify.known.add(each)
        with duckdb.connect(str(self.home.warehouse)) as connection:
            connection.execute("create temporary table heard as from marts.fct_plays limit 0")
            columns = list(zip(*rows, strict=True))
            connection.execute(
                "insert into marts.fct_plays select " + ", ".join("unnest(?)" for _ in columns),
                [list(each) for each in columns],
            )

    def knows_ids(self, *names: str) -> None:
        """Let Spotify have told the ids of artists, as it does with every polled play."""
        ids = [spotify_id("artist", name) for name in names]
        self.write(
            "insert into lake.artists (artist_id, artist_name, fetched_at) select unnest(?), unnest(?), '2026-01-01'",
            [ids, list(names)],
        )

    # who is asked

    def signs_in(self) -> "EnrichedHome":
        connection = self.connect()
        attempt = connection.begin(REDIRECT)
        connection.finish(attempt, self.spotify.visits(attempt.address))
        connection.profile()
        connection.close()
        self.spotify.calls.forget()
        return self

    def sleep(self, seconds: float) -> None:
        self.spotify.clock.move(seconds=seconds)

    def connect(self) -> Connection:
        manners = Manners(pace=0, sleep=self.sleep, budgets=self.spotify_budgets)
        origins = Origins(self.spotify.accounts, self.spotify.api)
        return Connection(self.state, "me", App(self.app.client_id), self.spotify.clock, origins=origins, manners=manners)

    def door(self, source: Source) -> Door:
        origin = getattr(self.spotify, source.name)
        return Door(
            source, self.state, self.spotify.clock, origin=origin, budgets=self.budgets, pace=self.pace, sleep=self.sleep
        )

    def enriching(self) -> Enriching:
        return Enriching(
            lake=self.lake,
            state=self.state,
            music=MusicOf(self.stages, self.spotify.clock),
            of_spotify=lambda: of_spotify(self.connect()),
            others=outside(self.door, Secret(self.lastfm_key)),
            clock=self.spotify.clock,
            user="me",
        )

    def enrich(self) -> Enriched:
        return self.enriching().enrich(self.said.append)

    # what came of it

    def write(self, sql: str, values: object = None) -> None:
        with duckdb.connect(str(self.home.warehouse)) as connection:
            connection.execute(sql, values)

    def rows(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.home.warehouse), read_only=True) as connection:
            connection.execute("set search_path = 'lake'")
            return connection.execute(sql).fetchall()

    def asked(self, path: str) -> int:
        return len([call for call in self.spotify.calls if call.path.startswith(path)])


@pytest.fixture
def home(spotify, tmp_path) -> EnrichedHome:
    return EnrichedHome(spotify, tmp_path)


@pytest.fixture
def home_with(spotify, tmp_path) -> Callable[[str], EnrichedHome]:
    return lambda profile: EnrichedHome(spotify, tmp_path, profile)
