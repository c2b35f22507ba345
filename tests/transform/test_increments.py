"""After any sequence of imports, polls and forgets, in any order, an increment leaves the same tables as building them anew."""

import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from longplay.choices.shape import Choices, read_choices
from tests.transform.brought import LISTENERS, NEWER, OLDER, Rows, archives, extended
from tests.transform.home import InventedHome
from tests.transform.warehouse import ExecutedProject

# What the listeners may choose: rules that go by a track's length, which comes late, and zones that move a play to another day.
CHOICES = [read_choices(text) for text in (
    "",
    """
    play_rule = "lastfm"
    [[exclude]]
    track = "Weak"
    [[zone]]
    zone = "America/New_York"
    [[zone]]
    since = 2024-02-01
    zone = "Australia/Sydney"
    """,
    """
    [[exclude]]
    hours = "23-1"
    since = 2024-02-01
    until = 2024-03-01
    [listener.you]
    play_rule = "finished"
    exclude = [{artist = "kendrick lamar"}]
    zone = [{zone = "Pacific/Kiritimati"}]
    [listener.she]
    play_rule = "listenbrainz"
    """,
)]  # fmt: skip

# In every round each listener does one thing, and a build follows: an example is as many sequences as there are listeners.
# Now and then they choose before it.
Deed = tuple[Literal["import", "forget"], str]
Round = tuple[Choices | None, tuple[Deed, ...]]
ROUNDS: st.SearchStrategy[list[Round]] = st.lists(st.tuples(
    st.sampled_from([None, None, None, *CHOICES]),
    st.tuples(*[st.tuples(st.sampled_from(["import", "import", "forget"]), st.sampled_from("abcdpqr"))] * len(LISTENERS)),
), min_size=2, max_size=6)  # fmt: skip


def walk(home: InventedHome, brought: dict[tuple[str, str], dict[str, Rows]], rounds: list[Round]) -> None:
    """Go the rounds, and hold the tables that were kept against those built anew after each of them."""
    held: set[tuple[str, str]] = set()
    home.build()
    for choices, deeds in rounds:
        if choices:
            home.choose(choices)
        for user, (deed, archive) in zip(LISTENERS, deeds, strict=True):
            what = user, archive
            if deed == "import" and what not in held:
                (home.poll if archive in "pqr" else home.load)(user, archive, brought[what])
                held.add(what)
            elif deed == "forget" and what in held:
                home.forget(user, archive)
                held.remove(what)
        home.build()
        assert home.differences() == {}, (choices, deeds)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(
    max_examples=6 if settings().max_examples <= 100 else 400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    phases=[phase for phase in Phase if phase is not Phase.shrink],  # a smaller example takes minutes to find
)
@given(brought=archives(), rounds=ROUNDS)
def test_an_increment_equals_building_anew(
    project: ExecutedProject, brought: dict[tuple[str, str], dict[str, Rows]], rounds: list[Round]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        walk(InventedHome(project, Path(folder)), brought, rounds)


LONG_AGO = extended("me", "d", "extended-2023", [(0, 0, 200_000, 0, None)], renamed=False)
LONG_AGO["streaming_history"][0]["reported_at"] -= timedelta(days=900)
LATE = extended("me", "e", "extended-2025", [(4, 20, 60_000, 0, 30), (4, 20, 60_000, 5, 30)], renamed=False)


@pytest.mark.parametrize(
    ("model", "forgotten", "order"),
    [
        ("int_first_listens", "delete from", [NEWER, OLDER]),
        ("int_daily_plays", "insert into", [NEWER, OLDER]),
        ("int_monthly_tracks", "insert into", [NEWER, OLDER]),
        ("int_hourly_tracks", "insert into", [NEWER, OLDER]),
        ("int_discovery_evidence", "insert into", [NEWER, OLDER]),
        ("int_rediscoveries", "insert into", [LONG_AGO, NEWER]),
        ("stg_spotify__listening_history", "delete from", [OLDER, NEWER]),
        ("int_late_plays", "insert into", [NEWER, LATE]),
        ("int_plays_placed", "insert into", [NEWER, LATE]),
    ],
)
def test_an_increment_that_forgets_something_is_found(
    project: ExecutedProject, tmp_path: Path, model: str, forgotten: str, order: list[dict[str, Rows]]
) -> None:
    faulty = [
        replace(each, increment=[s for s in each.increment if not s.startswith(forgotten)]) if each.name == model else each
        for each in project.models
    ]
    home = InventedHome(replace(project, models=faulty), tmp_path)

    for archive in order:
        home.load("me", archive["archives"][0]["archive"], archive)
        home.build()

    assert home.differences() != {}


# The same source tells of the same music twice, the second time otherwise.
TOLD = datetime(2025, 2, 1)
LATER = {"fetched_at": TOLD + timedelta(days=1)}
FIRST_TOLD = {
    "audio_features": [{"track_id": "w", "source": "reccobeats", "valence": 0.1, "fetched_at": TOLD}],
    "artist_genres": [{"artist_name": "Wet", "source": "musicbrainz", "genre": "pop", "fetched_at": TOLD}],
}
TOLD_AGAIN = {
    "audio_features": [{"track_id": "w", "source": "spotify", "valence": 0.2} | LATER],
    "artists": [{"artist_id": "wet", "artist_name": "WET", "genres": '["soul","folk"]'} | LATER],
}


@pytest.mark.parametrize("model", ["stg_enrichment__audio_features", "stg_enrichment__artist_genres"])
@pytest.mark.parametrize("forgotten", ["delete from", "insert into", None])
def test_what_is_told_again_takes_the_place_of_what_was_told(
    project: ExecutedProject, tmp_path: Path, model: str, forgotten: str | None
) -> None:
    faulty = [
        replace(each, increment=[s for s in each.increment if not (forgotten and s.startswith(forgotten))])
        if each.name == model
        else each
        for each in project.models
    ]
    home = InventedHome(replace(project, models=faulty), tmp_path)

    for name, told in (("p", FIRST_TOLD), ("q", TOLD_AGAIN)):
        home.poll("me", name, told | {"pages": [{"user_id": "me", "page": name, "fetched_at": TOLD}]})
        home.build()

    genres = home.anew.ask("select genre, weight, source from staging.stg_enrichment__artist_genres order by 1")
    assert genres == [("folk", 0.5, "spotify"), ("soul", 0.5, "spotify")]
    assert (model in home.differences()) == bool(forgotten)
