"""A year polled with the lateness and the losses measured on real accounts, and then its archive: each play is one row."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec import Struct

from longplay.simulator.catalogue import Track
from longplay.simulator.listener import invent
from longplay.simulator.plays import Play, truth_of
from longplay.simulator.web.listings import MEASURED, Listing
from tests.transform.polling import Page, archive_rows, every, page_rows, polls, receive_all
from tests.transform.warehouse import ExecutedProject, Warehouse

pytestmark = pytest.mark.slow

START, END = datetime(2025, 3, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
OUTAGE = datetime(2025, 8, 10, tzinfo=UTC), datetime(2025, 8, 17, tzinfo=UTC)  # nobody looked
PAIRS = """
select polls.reported_at, polls.spotify_uri, archive.reported_at, archive.spotify_uri
from intermediate.int_play_matches as matches
inner join staging.stg_spotify__listening_history as polls on polls.play_id = matches.api_play_id
inner join staging.stg_spotify__listening_history as archive on archive.play_id = matches.archive_play_id
"""


class Year(Struct):
    """What was, what was seen of it, and what the warehouse made of both."""

    plays: list[Play]
    pages: list[Page]
    warehouse: Warehouse

    @property
    def seen(self) -> dict[tuple[datetime, str], Listing]:
        """Every play that was ever on a page, by what tells it there."""
        return {(naive(one.played_at), uri_of(one.play)): one for _, shown in self.pages for one in shown}


@pytest.fixture(scope="module")
def year(project: ExecutedProject, tmp_path_factory: pytest.TempPathFactory) -> Year:
    plays = invent(11, date(2025, 2, 1), date(2026, 3, 1))
    moments = (at for at in every(30, START, END) if not OUTAGE[0] < at < OUTAGE[1])
    pages = list(polls(plays, MEASURED, moments))
    warehouse = Warehouse(project)
    tables = zip(
        ("recently_played", "pages", "streaming_history", "archives"),
        (*page_rows(pages), *archive_rows(plays, "a")),
        strict=True,
    )
    for table, rows in tables:
        receive_all(warehouse, table, rows, tmp_path_factory.mktemp(table))
    warehouse.build(None)
    return Year(plays, pages, warehouse)


def naive(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def uri_of(play: Play) -> str:
    return play.what.uri if play.what else ""


def batch_of(play: Play) -> tuple[datetime, str]:
    """What tells a play in both sources: of two of a track that were synced in one second nobody knows which is which."""
    return naive(play.reported_at), uri_of(play)


def should_be_listed(play: Play) -> bool:
    return isinstance(play.what, Track) and play.ms_played >= 30_000 and not play.is_incognito


def test_a_play_that_was_polled_and_archived_is_one_row_and_no_two_plays_are_joined(year: Year) -> None:
    seen = year.seen

    pairs = {(at, uri): (reported_at, archived) for at, uri, reported_at, archived in year.warehouse.ask(PAIRS)}

    joined = Counter(what == batch_of(seen[poll].play) for poll, what in pairs.items())
    assert joined[True] >= 0.995 * len(seen)
    assert joined[False] == 0


def test_every_play_is_there_once_and_nothing_else_counts(year: Year) -> None:
    distinct = len(truth_of(year.plays))

    sources = Counter(sources for (sources,) in year.warehouse.ask("select sources from marts.fct_plays"))

    assert sources["archive"] + sources["api+archive"] == distinct
    assert sources["api"] <= 0.005 * len(year.seen)


def test_the_recall_shown_is_the_true_one(year: Year) -> None:
    seen = {id(listing.play) for listing in year.seen.values()}
    polled_from = min(shown[-1].played_at for _, shown in year.pages).date()
    listable = Counter[date]()
    listed = Counter[date]()
    for play in filter(should_be_listed, year.plays):
        if polled_from < play.started_at.date() < year.pages[-1][0].date():
            month = play.started_at.date().replace(day=1)
            listable[month] += 1
            listed[month] += id(play) in seen

    shown = year.warehouse.ask(
        "select month, listable_plays, listed_plays, recall from marts.rpt_completeness where recall is not null"
    )

    assert {month: (all_of_it, part) for month, all_of_it, part, _ in shown} == {
        month: (listable[month], pytest.approx(listed[month], abs=1)) for month in sorted(listable)
    }
    assert all(recall == part / all_of_it for _, all_of_it, part, recall in shown)


def test_where_nobody_looked_for_a_week_is_a_gap(year: Year) -> None:
    gaps: list[tuple[Any, ...]] = year.warehouse.ask("select from_at, until_at, is_filled from intermediate.int_polling_gaps")

    [(from_at, until_at, is_filled)] = gaps
    assert naive(OUTAGE[0]) - timedelta(days=1) < from_at < until_at < naive(OUTAGE[1])
    assert is_filled
