"""A month of polls at 30 minutes, with all that happens in a month: nothing the list ever showed is lost or written twice."""

from collections import Counter
from datetime import date, timedelta

import pytest

from longplay.lake.layout import RawPage
from longplay.simulator.listener import invent
from longplay.simulator.web.listings import MEASURED, Listing
from longplay.simulator.web.spotify import START, SimulatedSpotify
from longplay.spotify import errors

from .conftest import Polled

INTERVAL = timedelta(minutes=30)
POLLS = 30 * 48
CONSENT_ENDS_AFTER = timedelta(days=20)


@pytest.fixture(scope="module")
def plays():
    return invent(7, date(2026, 10, 1), date(2026, 12, 28))


def bad_days_of(spotify: SimulatedSpotify, profile: str) -> None:
    """Plan outages of minutes, hours, a day and a half, and five days, in which the list overflows.

    A quota that is used up for a day comes at its time.
    """
    outages = [
        (3, 0.4, "network gone"), (5, 6, "bad gateway"), (8, 36, "network gone"), (12, 2, "cut off"), (22, 120, "network gone"),
    ]  # fmt: skip
    for day, hours, fault in outages:
        begin = START + timedelta(days=day, hours=9)
        spotify.break_down(fault, since=begin, until=begin + timedelta(hours=hours))
    spotify.rotates_refresh_tokens({"restricted_dev": "always", "legacy_dev": "sometimes", "extended": "never"}[profile])


def month_of(polled: Polled) -> Counter[str]:
    """Poll for a month, and sign in again when it is said; give what went wrong, by kind."""
    problems: Counter[str] = Counter()
    for poll in range(POLLS):
        polled.spotify.clock.move(INTERVAL)
        if poll == 15 * 48:
            polled.spotify.blocks("player", polled.app, hours=24)
        fetched = polled.poll(daily=poll % 48 == 7)
        if fetched.problem:
            problems[type(fetched.problem).__name__] += 1
        problems["blocked"] += bool(fetched.blocked)
        if isinstance(fetched.problem, errors.LoginNeeded):
            polled.signs_in()
    return problems


@pytest.mark.slow
@pytest.mark.parametrize(
    "profile",
    [
        "restricted_dev",
        pytest.param("legacy_dev", marks=pytest.mark.prove),
        pytest.param("extended", marks=pytest.mark.prove),
    ],
)
def test_in_a_month_of_polls_nothing_that_was_shown_is_lost_or_written_twice(plays, tmp_path, profile):
    before = START - timedelta(days=184) + CONSENT_ENDS_AFTER
    with SimulatedSpotify(plays, now=before, manners=MEASURED) as spotify:
        polled = Polled(spotify, tmp_path, profile).signs_in()
        spotify.clock.set(START)
        bad_days_of(spotify, profile)

        problems = month_of(polled)

        shown = {(one.played_at.replace(tzinfo=None), one.play.what.uri) for one in spotify.shown()}  # pyright: ignore[reportOptionalMemberAccess]
        assert spotify.calls.made_while_blocked() == []
    assert len(shown) > 500
    assert problems["LoginNeeded"] == 1
    assert problems["SpotifyDown"] > 80
    assert 45 <= problems["blocked"] <= 50

    loaded, gone = polled.load()
    assert (loaded > 0, gone) == (True, 0)
    assert set(polled.rows("select distinct played_at, track_uri from recently_played")) == shown
    assert polled.rows("select sum(rejected) from pages") == [(0,)]
    assert polled.rows("select page, position from recently_played group by all having count(*) > 1") == []
    assert polled.rows("select source_file from loaded_files group by 1 having count(*) > 1") == []
    assert_written_once(polled)
    assert polled.load() == (0, 0)
    if profile == "restricted_dev":  # the models know no profile
        assert_counted_once_with_gaps_shown(polled, spotify)


def assert_counted_once_with_gaps_shown(polled: Polled, spotify: SimulatedSpotify) -> None:
    """Every play that was ever shown is one play; one that was on the list in time and yet never shown lies in a gap."""
    polled.stages.build()
    shown = {(one.played_at.replace(tzinfo=None), one.play.what.uri) for one in spotify.shown()}  # pyright: ignore[reportOptionalMemberAccess]
    first = min(at for at, _ in shown)

    plays = polled.rows("select reported_at, spotify_uri from marts.fct_plays")
    gaps = polled.rows("select from_at, until_at from intermediate.int_polling_gaps")

    assert sorted(plays) == sorted(shown)
    missed = [
        at
        for at in (one.played_at.replace(tzinfo=None) for one in listed_in_time(spotify))
        if first < at < max(shown)[0] and at not in {when for when, _ in shown}
    ]
    assert missed
    assert [at for at in missed if not any(begin < at < end for begin, end in gaps)] == []


def listed_in_time(spotify: SimulatedSpotify) -> list[Listing]:
    """Tell what the list held from the moment it was played on, for as long as fifty newer plays let it."""
    return [
        one
        for one in spotify.listener.listings
        if one.listed_at - one.played_at < timedelta(minutes=1) and one.gone_at - one.listed_at > timedelta(days=1)
    ]


def assert_written_once(polled: Polled) -> None:
    """No two raw objects hold the same plays, and each is one page of the tables."""
    pages = [
        frozenset((item["played_at"], item["track"]["uri"]) for item in body["items"])
        for body in polled.bodies("recently_played")
    ]
    assert len(pages) == len(set(pages))
    names = [RawPage.parse(key).stem for key in polled.raw()]
    assert sorted(names) == sorted(row[0] for row in polled.rows("select page from pages"))
