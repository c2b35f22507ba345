"""What goes wrong with the real Spotify goes wrong with the simulated one, when it is told to."""

import time
from datetime import timedelta

import httpx2
import pytest

from longplay.simulator.web.apps import App
from tests.simulator.asking import HTTP, ask, error

BLOCKED = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}


@pytest.mark.parametrize(
    ("how", "status", "kind", "body"),
    [
        ("server error", 500, "application/json", '{"error":{"status":500,"message":"Server error."}}'),
        ("bad gateway", 502, "text/html", "<html>"),
        ("unavailable", 503, "application/json", '{"error":{"status":503,"message":"Service unavailable"}}'),
        ("empty error", 503, "application/json", ""),
        ("gateway timeout", 504, "text/plain", "upstream request timeout"),
        ("too many requests, in words", 429, "text/plain", "Too many requests"),
        ("not JSON", 200, "text/html", "<html>"),
    ],
)
def test_an_error_is_json_html_words_or_nothing_and_then_it_is_over(spotify, how, status, kind, body):
    spotify.break_down(how)

    answer = ask(spotify, "/me")

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith(kind)
    assert answer.text.startswith(body)
    assert bool(answer.text) == bool(body)
    assert ask(spotify, "/me").status_code == 200


@pytest.mark.parametrize("how", ["cut off", "network gone"])
def test_the_connection_may_end_in_the_middle_or_before_the_answer(spotify, how):
    spotify.break_down(how)

    with pytest.raises(httpx2.RemoteProtocolError):
        ask(spotify, "/me")

    assert ask(spotify, "/me").status_code == 200
    assert [call.is_whole for call in spotify.calls] == [False, True]


def test_a_slow_answer_comes_or_nobody_waits_for_it(spotify):
    spotify.has_played("One", at="07:00")
    spotify.break_down("slow", times=2, seconds=0.2)
    assert ask(spotify, "/me").status_code == 200

    token = spotify.consents()["access_token"]
    with pytest.raises(httpx2.ReadTimeout):
        HTTP.get(f"{spotify.api}/me/player/recently-played", headers={"Authorization": f"Bearer {token}"}, timeout=0.02)

    missed = spotify.calls.to("/v1/me/player/recently-played")[0]
    while missed.status is None:
        time.sleep(0.01)
    assert (missed.status, missed.is_whole, spotify.shown()) == (200, False, [])


def test_an_outage_lasts_as_long_as_the_clock_says_and_may_spare_the_rest(spotify):
    spotify.break_down("unavailable", "/v1/me/player", until=spotify.clock() + timedelta(hours=3))

    assert ask(spotify, "/me/player/recently-played").status_code == 503
    assert ask(spotify, "/me").status_code == 200
    spotify.clock.move(hours=3)
    assert ask(spotify, "/me/player/recently-played").status_code == 200


def test_the_token_endpoint_may_fail_as_well(spotify):
    def status():
        return HTTP.post(f"{spotify.accounts}/api/token", data={"grant_type": "refresh_token"}).status_code

    spotify.break_down("bad gateway", "/api/token")
    spotify.break_down("slow", "/api/token", seconds=0.05)

    assert (status(), status()) == (502, 400)
    assert [call.is_whole for call in spotify.calls] == [True, True]


def test_so_many_calls_in_thirty_seconds_and_then_wait(spotify):
    spotify.limits.calls_in_30_s = 3
    for _ in range(3):
        assert ask(spotify, "/me").status_code == 200
        spotify.clock.move(seconds=5)

    refused = ask(spotify, "/me")
    assert error(refused) == (429, "API rate limit exceeded")
    assert refused.headers["retry-after"] == "15"

    spotify.clock.move(seconds=15)
    assert ask(spotify, "/me").status_code == 200
    assert ask(spotify, "/me").headers["retry-after"] == "5"
    assert spotify.calls.made_while_blocked() == []


def test_a_quota_rolls_over_a_day_and_counts_for_the_developer(spotify):
    spotify.limits.calls_a_day = {"player": 2}
    other = spotify.registers(App("another app of the same developer", "secret"))
    ask(spotify, "/me/player/recently-played")
    spotify.clock.move(hours=5)
    ask(spotify, "/me/player/recently-played")

    refused = ask(spotify, "/me/player/recently-played", token=spotify.consents(other)["access_token"])

    assert refused.json() == BLOCKED
    assert refused.headers["retry-after"] == str(19 * 3600)
    assert ask(spotify, "/me").status_code == 200


def test_who_asks_while_blocked_is_noted(spotify):
    spotify.blocks("player", hours=23)
    told = ask(spotify, "/me/player/recently-played")
    assert (told.json(), told.headers["retry-after"]) == (BLOCKED, str(23 * 3600))
    assert spotify.calls.made_while_blocked() == []

    spotify.clock.move(hours=1)
    again = ask(spotify, "/me/player/recently-played")
    assert again.headers["retry-after"] == str(22 * 3600)
    assert [call.path for call in spotify.calls.made_while_blocked()] == ["/v1/me/player/recently-played"]

    spotify.clock.move(hours=22)
    assert ask(spotify, "/me/player/recently-played").status_code == 200
    assert len(spotify.calls.made_while_blocked()) == 1


@pytest.mark.parametrize(("seconds", "in_json"), [(False, True), (True, False)])
def test_a_refusal_may_lack_its_header_or_be_bare_words(spotify, seconds, in_json):
    spotify.limits.tells_seconds, spotify.limits.tells_in_json = seconds, in_json
    spotify.blocks("me", hours=1)

    refused = ask(spotify, "/me")

    assert refused.status_code == 429
    assert ("retry-after" in refused.headers) == seconds
    assert (refused.text == "Too many requests") != in_json


def test_every_call_is_counted_by_path(spotify):
    ask(spotify, "/me/")
    ask(spotify, "/me")
    HTTP.post(f"{spotify.accounts}/api/token", data={})

    assert spotify.calls.by_path() == {"/v1/me": 2, "/api/token": 1}
    assert [call.status for call in spotify.calls.to("/api/token")] == [400]


def test_an_answer_is_dated_by_the_clock_that_can_be_set(spotify):
    assert ask(spotify, "/me").headers["date"] == "Mon, 23 Nov 2026 08:00:00 GMT"
