from datetime import date

import pytest

from longplay.simulator.listener import invent, listener_with
from longplay.simulator.plays import Play

ERAS = (
    (date(2015, 10, 1), date(2015, 12, 1)),  # skips are real
    (date(2018, 1, 1), date(2018, 3, 1)),  # skips are not written
    (date(2022, 9, 1), date(2023, 2, 1)),  # offline timestamps change their unit
    (date(2024, 11, 1), date(2025, 2, 1)),  # platforms are coarse
)


@pytest.fixture(scope="session")
def years() -> list[Play]:
    """Fifty thousand plays: enough for shares to settle."""
    return listener_with(50_000, seed=11)


@pytest.fixture(scope="session")
def vintages() -> list[Play]:
    """A listener since before 2016, through every change of Spotify's."""
    return [play for seed, (start, end) in enumerate(ERAS) for play in invent(seed, start, end)]
