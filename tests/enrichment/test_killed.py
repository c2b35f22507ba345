"""Killed at any moment and run again, enriching loses nothing and asks nothing twice but what was on its way."""

import tempfile
from collections import Counter
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from longplay.lake import store
from longplay.simulator.web.spotify import SimulatedSpotify
from tests.enrichment.conftest import EnrichedHome, track

SONGS = [track(f"Song {number}", f"Artist {number % 6}") for number in range(45)]
TOLD = (
    "select track_id, source, valence from audio_features order by all",
    "select artist_name, artist_id, source, genre, votes, evidence from artist_genres order by all",
    "select artist_name, artist_id, source, source_id, evidence from artist_matches order by all",
)


class Killed(BaseException):
    """What nobody catches."""


def invented(spotify: SimulatedSpotify, folder: Path) -> EnrichedHome:
    home = EnrichedHome(spotify, folder)
    home.pace = 0
    home.heard(SONGS)
    home.knows_ids(*(f"Artist {number}" for number in range(4)))
    return home


def killing(at: int, real: Callable[..., object], *, after: bool) -> Callable[..., object]:
    """Die at one of the calls of a function, before or after it has done its work."""
    calls = count()

    def deadly(*arguments: object, **named: object) -> object:
        dies = next(calls) == at
        if dies and not after:
            raise Killed
        result = real(*arguments, **named)
        if dies:
            raise Killed
        return result

    return deadly


PLACES = st.sampled_from(["receive", "keep", "unprocessed_pages"])
DEATHS = st.lists(st.tuples(PLACES, st.integers(0, 14), st.booleans()), min_size=1, max_size=4)


@pytest.mark.slow
@settings(
    max_examples=5 if settings().max_examples <= 100 else 100,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[phase for phase in Phase if phase is not Phase.shrink],
)
@given(deaths=DEATHS)
def test_killed_anywhere_and_run_again_it_ends_as_if_never_killed(deaths):
    with tempfile.TemporaryDirectory() as folder, SimulatedSpotify() as spotify:
        never = invented(spotify, Path(folder) / "never")
        never.enrich()
        needed = Counter((call.path, call.query) for call in spotify.calls)
        spotify.calls.forget()
        home, lost = invented(spotify, Path(folder) / "killed"), 0

        for place, at, after in deaths:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(store.Lake, place, killing(at, getattr(store.Lake, place), after=after))
                try:
                    home.enrich()
                except Killed:
                    lost += place != "unprocessed_pages"
        home.enrich()

        made = Counter((call.path, call.query) for call in spotify.calls)
        assert made.keys() == needed.keys()
        assert made.total() - needed.total() <= lost
        assert [home.rows(told) for told in TOLD] == [never.rows(told) for told in TOLD]
