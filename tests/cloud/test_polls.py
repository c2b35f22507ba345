"""Polling in the cloud on good days and on bad ones: each ends in the right state, message and queue."""

import json

import pytest

from longplay.simulator.web.limits import EVERYTHING
from tests.cloud.deployment import Deployed, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
RECENT = "/v1/me/player/recently-played"


def outcome(execution: dict) -> dict:
    """Tell what an execution says of its only listener."""
    told = (
        json.loads(execution["output"])["listeners"] if execution["status"] == "SUCCEEDED" else json.loads(execution["cause"])
    )
    assert len(told) == 1
    return told[0]


def test_the_schedule_polls_every_listener(cloud):
    for name in ("me", "anna"):
        cloud.joins(f"Alright, {name}", f"Hold On, {name}", name=name)
    before = set(cloud.executions())

    cloud.emulator.half_an_hour_passes()

    (started,) = until(lambda: set(cloud.executions()) - before)
    assert cloud.ended(started)["status"] == "SUCCEEDED"
    assert cloud.titles("me")[-2:] == ["Alright, me", "Hold On, me"]
    assert cloud.titles("anna")[-2:] == ["Alright, anna", "Hold On, anna"]
    assert (cloud.mail(), cloud.dead_letters()) == ([], [])


def test_a_poll_that_shows_nothing_new_writes_nothing(cloud):
    name = cloud.joins("Alright")
    cloud.polls(name)
    before = [key for key in cloud.names() if not key.startswith("state/")]

    assert outcome(cloud.polls(name))["plays"] == 0

    assert [key for key in cloud.names() if not key.startswith("state/")] == before


def test_the_daily_run_brings_everything_that_is_due(cloud):
    name = cloud.joins("Alright")

    assert cloud.polls(name, mode="daily")["status"] == "SUCCEEDED"

    assert {key.split("/")[2] for key in cloud.names("raw/api/") if f"user={name}/" in key} >= {
        "recently_played",
        "top_tracks_short_term",
        "saved_tracks",
    }


def test_spotify_down_for_a_while_is_healed_by_trying_again(cloud):
    name = cloud.joins("Alright")
    cloud.spotify.break_down("unavailable", RECENT, times=6)

    assert cloud.polls(name)["status"] == "SUCCEEDED"

    assert cloud.titles(name) == ["Alright"]
    assert (cloud.mail(), cloud.dead_letters()) == ([], [])


def test_spotify_down_for_a_day_is_told_twice(cloud):
    name = cloud.joins("Alright")
    cloud.spotify.is_down("unavailable", hours=1)
    polls = [outcome(cloud.polls(name)) for _ in range(2)]
    cloud.spotify.faults._planned.clear()
    polls += [outcome(cloud.polls(name)) for _ in range(2)]

    assert [poll["is_blocked"] for poll in polls] == [True, True, False, False]
    assert [letter["subject"] for letter in cloud.mail(2)] == [
        f"Longplay: no new plays of {name} for now",
        f"Longplay: new plays of {name} arrive again",
    ]
    assert (cloud.titles(name), cloud.dead_letters()) == (["Alright"], [])


def test_a_limit_of_seconds_is_waited_for_by_the_machine(cloud):
    name = cloud.joins("Alright")
    cloud.emulator.waits(1)
    cloud.spotify.blocks(EVERYTHING, seconds=13)

    assert cloud.polls(name)["status"] == "SUCCEEDED"

    assert cloud.titles(name) == ["Alright"]
    assert cloud.spotify.calls.made_while_blocked() == []
    assert (cloud.mail(), cloud.dead_letters()) == ([], [])


def test_a_limit_of_a_day_is_told_twice_and_asks_nothing_meanwhile(cloud):
    name = cloud.joins("Alright")
    cloud.spotify.blocks(EVERYTHING, hours=20)
    polls = [outcome(cloud.polls(name)) for _ in range(3)]
    asked = len(cloud.spotify.calls.to(RECENT))
    cloud.a_day_passes()
    polls.append(outcome(cloud.polls(name)))

    assert [poll["is_blocked"] for poll in polls] == [True, True, True, False]
    assert len(cloud.spotify.calls.to(RECENT)) == asked + 1
    assert cloud.spotify.calls.made_while_blocked() == []
    began, ended = cloud.mail(2)
    assert "allows no more calls" in began["text"]
    assert "arrive again" in ended["text"]
    assert (cloud.titles(name), cloud.dead_letters()) == (["Alright"], [])


def test_a_dead_consent_is_told_once_with_what_to_do_and_healed_by_signing_in(cloud):
    name = cloud.joins("Alright")
    cloud.spotify.revokes(name)
    polls = [outcome(cloud.polls(name)) for _ in range(2)]
    cloud.signs_in(name)
    polls.append(outcome(cloud.polls(name)))

    assert [poll["is_blocked"] for poll in polls] == [True, True, False]
    began, ended = cloud.mail(2)
    assert "longplay login" in began["text"]
    assert "arrive again" in ended["text"]
    assert cloud.titles(name) == ["Alright"]


def test_a_function_that_took_too_long_is_called_again(cloud):
    name = cloud.joins("Alright")
    function = cloud.outputs["functions"]["fetch"]
    cloud.spotify.break_down("slow", RECENT, seconds=15)
    configuration = cloud.client("lambda").update_function_configuration
    configuration(FunctionName=function, Timeout=12)  # time to wait for the lease of the one that was ended (5 s), and to fetch
    try:
        assert cloud.polls(name)["status"] == "SUCCEEDED"
    finally:
        configuration(FunctionName=function, Timeout=300)

    assert any("timed out" in json.dumps(line) for line in history(cloud, cloud.executions()[0]))
    assert cloud.titles(name) == ["Alright"]
    assert (cloud.mail(), cloud.dead_letters()) == ([], [])


def history(cloud: Deployed, execution: str) -> list[dict]:
    pages = cloud.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=execution)
    return [{**event, "timestamp": ""} for page in pages for event in page["events"]]


def test_two_executions_at_once_refresh_once_and_count_a_play_once(cloud):
    name = cloud.joins("Alright", "Hold On")
    cloud.spotify.rotates_refresh_tokens("always")
    cloud.spotify.tokens.end_access()
    cloud.spotify.calls.forget()

    both = [cloud.starts(mode="recent", listeners=[name]) for _ in range(2)]

    assert [cloud.ended(one)["status"] for one in both] == ["SUCCEEDED", "SUCCEEDED"]
    assert len(cloud.spotify.calls.to("/api/token")) == 1
    assert cloud.titles(name) == ["Alright", "Hold On"]
    assert len([key for key in cloud.names("raw/api/recently_played/") if f"user={name}/" in key]) == 1


def test_one_broken_listener_is_told_and_queued_and_no_other_is_kept_from_going_on(cloud):
    broken, well = cloud.joins("Alright"), cloud.joins("Hold On")
    poison = cloud.puts_a_page_that_cannot_be_read(broken)

    execution = cloud.polls(broken, well)

    assert (execution["status"], execution["error"]) == ("FAILED", "PagesFailed")
    assert (cloud.titles(broken), cloud.titles(well)) == (["Alright"], ["Hold On"])
    (letter,) = cloud.mail(1)
    assert poison in letter["text"]
    assert "longplay redrive" in letter["text"]
    (message,) = cloud.dead_letters()
    assert message["input"] == {"mode": "process", "listener": broken, "key": poison}
    assert message["error"] == "PoisonPage"
    assert cloud.polls(broken)["status"] == "SUCCEEDED", "a page that cannot be read is told once, not every half hour"
    assert (cloud.mail(), cloud.dead_letters()) == ([], [])


def test_metrics_are_told_as_the_alarms_and_the_dashboard_name_them(cloud):
    name = cloud.joins("Alright")
    cloud.polls(name)

    told = {
        (metrics["Namespace"], metric["Name"], frozenset(names))
        for line in cloud.log("fetch")
        if "_aws" in line and line.get("listener") == name
        for metrics in line["_aws"]["CloudWatchMetrics"]
        for metric in metrics["Metrics"]
        for names in metrics["Dimensions"]
    }

    wanted = {"PollEnded", "PlaysFetched", "NewestPlayAge", "Gaps", "BudgetUsed", "ConsentDaysLeft"}
    assert {("Longplay", metric, frozenset({"service", "listener"})) for metric in wanted} <= told


def test_no_token_and_no_secret_is_told_to_a_log_or_an_execution(cloud):
    name = cloud.joins("Alright")
    cloud.spotify.tokens.end_access()
    execution = cloud.polls(name)

    told = json.dumps([cloud.log("fetch"), cloud.log("process"), history(cloud, execution["executionArn"])], default=str)

    assert name in told
    assert [token for token in cloud.spotify.tokens.handed_out if token in told] == []
