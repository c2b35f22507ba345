"""What is fresh and complete, and what a person is told where it is not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from longplay.checking import Limits, Polled, check

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
LIMITS = Limits(poll_hours=24, play_days=30, gap_hours=6, since_days=1)
FRESH = Polled("me", polled_at=NOW - timedelta(minutes=20), newest_at=NOW - timedelta(hours=2))


def found(
    listener: Polled | None = FRESH, *, loaded: datetime | None = FRESH.newest_at, gaps: Any = (), is_current: bool = True
):
    """Tell what is found about one listener: (about, whether it needs nobody, sentence)."""

    def query(sql: str) -> list[dict[str, Any]]:
        if "recently_played" in sql:
            return [{"user_id": "me", "newest_at": loaded.replace(tzinfo=None).isoformat()}] if loaded else []
        return [{"user_id": user, "from_at": begin.isoformat(), "until_at": end.isoformat()} for user, begin, end in gaps]

    told = check([listener] if listener else [], query, LIMITS, NOW, is_current=is_current)
    return [(finding.about, finding.is_note, finding.message) for finding in told]


def test_a_listener_who_was_just_polled_and_whose_plays_are_there_is_well():
    assert found() == []


@pytest.mark.parametrize(("hours", "is_stale"), [(23.9, False), (24.1, True), (72, True)])
def test_a_poll_that_was_answered_too_long_ago_is_stale(hours, is_stale):
    told = found(replace(FRESH, polled_at=NOW - timedelta(hours=hours)))

    assert [about for about, _, _ in told] == ["polls"] * is_stale


def test_who_signed_in_and_was_never_answered_is_stale():
    assert found(Polled("me", None, None)) == [("polls", False, "me: no poll was answered yet.")]


def test_plays_that_spotify_has_shown_have_to_be_in_the_warehouse():
    ((about, is_note, message),) = found(loaded=NOW - timedelta(days=3))

    assert (about, is_note) == ("plays", False)
    assert "2026-11-23 06:00 UTC; the newest in the warehouse is of 2026-11-20 08:00 UTC" in message
    assert "no day at all" in found(loaded=None)[0][2]


def test_a_month_of_silence_is_looked_into():
    silent = replace(FRESH, newest_at=NOW - timedelta(days=31))

    assert found(silent, loaded=silent.newest_at) == [("plays", False, "me: the newest play is from 31 days ago.")]


def test_hours_that_no_poll_saw_count_until_a_day_has_passed():
    def gap(begin: float, end: float, user: str = "me"):
        return user, NOW - timedelta(hours=begin), NOW - timedelta(hours=end)

    assert found(gaps=[gap(90, 25), gap(9, 1, "kim")]) == []
    assert found(gaps=[gap(4, 1)]) == [
        ("gaps", True, "me: plays are missing in 3.0 hours between polls, from 2026-11-23 04:00 to 2026-11-23 07:00 UTC.")
    ]
    assert [is_note for _, is_note, _ in found(gaps=[gap(12, 8), gap(4, 1)])] == [False]


@pytest.mark.parametrize(("urgency", "is_note"), [(1, True), (2, True), (3, False), (0, False)])
def test_a_consent_that_is_over_and_an_app_that_is_closed_need_a_person(urgency, is_note):
    assert found(replace(FRESH, warning="Sign in again.", urgency=urgency)) == [("consent", is_note, "me: Sign in again.")]


def test_models_that_do_not_tell_what_was_loaded_are_stale():
    assert [about for about, _, _ in found(is_current=False)] == ["models"]


def test_where_nobody_has_signed_in_nothing_new_is_expected():
    assert found(None, loaded=None) == [("polls", True, "Nobody has signed in, so nothing new is expected.")]
