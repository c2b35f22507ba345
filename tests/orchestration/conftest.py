"""The daily DAG on a laptop: a simulated Spotify to be asked, and a person who is told."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from longplay.simulator.web.spotify import SimulatedSpotify
from tests.api.conftest import Polled
from tests.orchestration.airflow import Airflow, Person, prepared_in
from tests.whole_way.conftest import Longplay


@pytest.fixture(scope="session")
def prepared(tmp_path_factory) -> Path:
    """An Airflow home whose database is made."""
    return prepared_in(tmp_path_factory.mktemp("prepared"))


@pytest.fixture
def person() -> Iterator[Person]:
    person = Person()
    yield person
    person.leaves()


@pytest.fixture(scope="module")
def spotify() -> Iterator[SimulatedSpotify]:
    """A Spotify whose clock is real."""
    with SimulatedSpotify(now=lambda: datetime.now(UTC)) as spotify:
        yield spotify


@pytest.fixture(scope="module")
def listener(spotify, tmp_path_factory) -> Path:
    """A home in which somebody signed in three days ago and was polled once; since then nobody has asked."""
    spotify.clock.move(days=-3)
    spotify.has_played("Alright", at=spotify.clock() - timedelta(minutes=9))
    polled = Polled(spotify, tmp_path_factory.mktemp("listener")).signs_in()
    polled.poll()
    spotify.clock.move(days=3)
    spotify.has_played("Sunday", at=spotify.clock() - timedelta(minutes=5))
    return polled.home.folder


@pytest.fixture
def airflow(prepared, listener, spotify, person, tmp_path) -> Airflow:
    """Airflow, set up for the laptop."""
    shutil.copytree(prepared, tmp_path / "airflow")
    shutil.copytree(listener, tmp_path / "home")
    return Airflow(
        tmp_path / "airflow", tmp_path / "home",
        SPOTIFY_CLIENT_ID=spotify.app.client_id,
        SPOTIFY_API_ORIGIN=spotify.api,
        SPOTIFY_ACCOUNTS_ORIGIN=spotify.accounts,
        LONGPLAY_TELL=person.address,
    )  # fmt: skip


@pytest.fixture
def longplay(airflow) -> Longplay:
    """The command line on the same home."""
    return Longplay(airflow.home)
