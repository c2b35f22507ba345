"""How an invented listener found their music: where the evidence allows a channel it is the true one, else it is unknown."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain

import pytest
from msgspec import Struct

from longplay.simulator.account import library
from longplay.simulator.catalogue import Track
from longplay.simulator.listener import invent
from longplay.simulator.plays import Play
from longplay.simulator.web.listings import EXACT, belongs
from tests.transform.polling import archive_rows, every, page_rows, polls, receive_all
from tests.transform.warehouse import ExecutedProject, Warehouse

pytestmark = pytest.mark.slow

START, POLLED_FROM, END = date(2024, 12, 1), datetime(2025, 3, 15, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
FOUND = """
select recording_key, channel, channel_evidence
from intermediate.int_discovery_events as events
inner join staging.stg_spotify__tracks on recording_key = entity_key and events.entity_type = 'recording'
where first_heard_at is not null
group by all
"""


class Life(Struct):
    """What was, and what the warehouse made of what Spotify tells of it."""

    plays: list[Play]
    polled: set[int]  # by identity
    warehouse: Warehouse

    def recordings(self) -> dict[str, str]:
        """Name the recording of each address."""
        return dict(self.warehouse.ask("select spotify_uri, recording_key from staging.stg_spotify__tracks"))

    def found(self) -> dict[str, tuple[str, str]]:
        """Give channel and evidence of each recording that was heard."""
        return {key: (channel, evidence) for key, channel, evidence in self.warehouse.ask(FOUND)}

    def first_heard(self) -> dict[str, int]:
        """Give the place in the log of the first play of each recording that counts."""
        recordings = self.recordings()
        places = ((place, play) for place, play in enumerate(self.plays) if belongs(play))
        return {recordings[uri_of(play)]: place for place, play in reversed(list(places))}


@pytest.fixture(scope="module")
def life(project: ExecutedProject, tmp_path_factory: pytest.TempPathFactory) -> Life:
    """Let them listen for five months, of which the last weeks were polled, and send for their archives."""
    plays = [play for play in invent(11, START, END.date()) if not play.is_late]
    warehouse = Warehouse(project)
    pages = list(polls(plays, EXACT, every(30, POLLED_FROM, END)))
    told = zip(
        ("recently_played", "pages", "streaming_history", "archives", "searches"),
        (*page_rows(pages), *archive_rows(plays, "a"), searches(plays)),
        strict=True,
    )
    for table, rows in told:
        receive_all(warehouse, table, rows, tmp_path_factory.mktemp(table))
    warehouse.build(None)
    return Life(plays, {id(listing.play) for _, shown in pages for listing in shown}, warehouse)


def searches(plays: Sequence[Play]) -> list[dict[str, str]]:
    return [
        {"user_id": "me", "archive": "c", "uri": search["searchInteractionURIs"][0], "searched_at": search["searchTime"][:19]}
        for search in library(plays, END)["SearchQueries.json"]
    ]


def searched(life: Life) -> dict[str, list[datetime]]:
    """Give the instants at which each recording was searched for."""
    found, recordings = defaultdict[str, list[datetime]](list), life.recordings()
    for play in life.plays:
        if play.place == "search" and uri_of(play) in recordings:
            found[recordings[uri_of(play)]].append(play.started_at)
    return found


def uri_of(play: Play) -> str:
    return play.what.uri if play.what else ""


def before(plays: Sequence[Play], place: int) -> Iterator[tuple[Play, Play]]:
    """Go back play by play as long as nobody was silent for half an hour."""
    for this in range(place, 0, -1):
        if plays[this].started_at - plays[this - 1].ended_at > HALF_AN_HOUR:
            return
        yield plays[this - 1], plays[this]


def is_same_album(one: Play, following: Play) -> bool:
    match one.what, following.what:
        case Track() as this, Track() as other if this.uri != other.uri:
            is_in_order = not following.shuffle or following.reason_start in {"clickrow", "click-row", "clickside"}
            return is_in_order and (this.artist, this.album) == (other.artist, other.album)
    return False


def evident(life: Life, key: str, place: int, searched_at: dict[str, list[datetime]]) -> str:
    """Tell by hand what is to be known of how the play at that place was found."""
    play = life.plays[place]
    if id(play) in life.polled and play.place not in {None, "search", "autoplay"}:
        return str(play.place)
    if any(-timedelta(minutes=1) < play.started_at - at < HALF_AN_HOUR for at in searched_at[key]):
        return "search"
    steps = list(before(life.plays, place))[:3]
    follows = [is_same_album(*step) for step in steps]
    if follows and follows[0]:
        return "album"
    came = play.reason_start == "trackdone" and bool(steps) and steps[0][0].reason_end == "trackdone" and not play.shuffle
    artists = {step.what.artist for step in chain.from_iterable(steps[:1]) if isinstance(step.what, Track)}
    return "autoplay" if came and follows == [False, True, True] and len(artists) == 2 else "unknown"


def test_a_channel_is_told_where_the_evidence_allows_one_and_nowhere_else(life: Life) -> None:
    searched_at = searched(life)

    expected = {key: evident(life, key, place, searched_at) for key, place in life.first_heard().items()}

    assert {key: channel for key, (channel, _) in life.found().items()} == expected
    assert set(expected.values()) >= {"album", "personal_playlist", "mix_or_radio", "editorial_playlist", "search", "unknown"}


def test_what_spotify_says_of_a_play_is_how_it_was_found(life: Life) -> None:
    first = life.first_heard()

    told = [(channel, life.plays[first[key]].place) for key, (channel, said) in life.found().items() if said == "context"]

    assert len(told) > 100
    assert all(channel == truth for channel, truth in told)


def test_what_the_plays_before_it_tell_is_mostly_true(life: Life) -> None:
    first = life.first_heard()

    told = Counter(
        life.plays[first[key]].place == "album" for key, found in life.found().items() if found == ("album", "session")
    )

    assert told[True] > 100
    assert told[True] / told.total() > 0.8


def test_who_was_found_a_month_ago_may_still_stick(life: Life) -> None:
    last = max(play.reported_at for play in life.plays).replace(tzinfo=None)

    told = life.warehouse.ask(
        "select first_heard_at, stuck_30 from intermediate.int_discovery_events where first_heard_at is not null"
    )

    assert {stuck is None for first, stuck in told if first > last - timedelta(days=30)} == {True}
    assert {stuck is None for first, stuck in told if first <= last - timedelta(days=30)} == {False}
