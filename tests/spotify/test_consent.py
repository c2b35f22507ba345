"""How a consent lives on, and how it ends."""

import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from longplay.spotify import errors
from longplay.spotify.tokens import Consent, TokenFile

from .conftest import RECENT, kept, sign_in, signed_in

POLLS_ONCE = """
import sys
from datetime import datetime
from pathlib import Path
from longplay.lake.state import State
from longplay.spotify.auth import App
from longplay.spotify.connection import Connection, Origins

folder, client_id, origin, now = sys.argv[1:]
clock = lambda: datetime.fromisoformat(now)
connection = Connection(State(Path(folder), 20), "me", App(client_id), clock, origins=Origins(origin, origin + "/v1"))
print("ready", flush=True)
sys.stdin.readline()
assert connection.spotify.get("/me/player/recently-played", limit=50)
"""


def test_the_token_file_is_read_by_its_owner_only(state, listener):
    mode = kept(state)["tokens"].stat().st_mode

    assert listener.consent()
    assert stat.S_IMODE(mode) == 0o600
    assert stat.S_IMODE(state.folder.stat().st_mode) == 0o700


def test_within_the_hour_a_poll_is_one_call(spotify, connect, listener):
    spotify.calls.forget()
    spotify.clock.move(minutes=58)
    connect().spotify.get(RECENT, limit=50)

    assert [call.path for call in spotify.calls] == ["/v1/me/player/recently-played"]
    assert listener.consent()


@pytest.mark.usefixtures("listener")
def test_after_the_hour_a_poll_is_one_refresh_and_one_call(spotify, connect):
    spotify.calls.forget()
    spotify.clock.move(minutes=61)
    connect().spotify.get(RECENT, limit=50)

    assert [call.path for call in spotify.calls] == ["/api/token", "/v1/me/player/recently-played"]


@pytest.mark.usefixtures("listener")
def test_a_token_that_spotify_ended_early_is_renewed_once(spotify, connect):
    spotify.calls.forget()
    spotify.tokens.end_access()
    connect().spotify.get(RECENT)

    assert [(call.path, call.status) for call in spotify.calls] == [
        ("/v1/me/player/recently-played", 401),
        ("/api/token", 200),
        ("/v1/me/player/recently-played", 200),
    ]


@pytest.mark.parametrize("how", ["always", "never", "sometimes"])
def test_the_consent_lives_on_however_spotify_rotates_refresh_tokens(spotify, connect, how):
    spotify.rotates_refresh_tokens(how)
    sign_in(connect())

    for _ in range(7):
        spotify.clock.move(hours=2)
        assert connect().spotify.get(RECENT)


@pytest.mark.usefixtures("listener")
def test_refreshing_does_not_make_the_consent_longer(spotify, connect):
    ends_at = connect().consent().ends_at
    spotify.clock.move(days=60)
    connect().spotify.get(RECENT)

    assert connect().consent().ends_at == ends_at


@pytest.mark.usefixtures("listener")
def test_after_six_months_it_is_over_and_no_later_run_asks(spotify, connect):
    spotify.clock.set(connect().consent().ends_at)
    spotify.calls.forget()

    for _ in range(3):
        with pytest.raises(errors.LoginNeeded) as told:
            connect().spotify.get(RECENT)
        assert "longplay login" in told.value.action
    assert [call.path for call in spotify.calls] == ["/api/token"]
    assert connect().consent().is_over
    assert connect().remarks() == ["The consent is over. Run `longplay login`."]


def test_a_consent_taken_back_between_two_calls_is_over(spotify, connect, state, listener):
    listener.spotify.get(RECENT)
    spotify.revokes()

    with pytest.raises(errors.LoginNeeded, match="taken back"):
        listener.spotify.get(RECENT)
    assert connect().consent().is_over
    tokens = TokenFile(state, "me").read()
    assert tokens
    assert (tokens.access.reveal(), tokens.refresh) == ("", None)


@pytest.mark.usefixtures("listener")
def test_signing_in_again_heals_a_consent_that_is_over(spotify, connect):
    spotify.revokes()
    with pytest.raises(errors.LoginNeeded):
        connect().spotify.get(RECENT)

    sign_in(connect())

    assert connect().spotify.get(RECENT)
    assert connect().remarks() == []


def test_without_a_consent_no_call_is_made(spotify, connect):
    with pytest.raises(errors.LoginNeeded, match="Nobody has signed in"):
        connect().spotify.get(RECENT)
    assert len(spotify.calls) == 0
    assert connect().consent() is None


@pytest.mark.parametrize("fault", ["server error", "bad gateway", "empty error", "cut off", "network gone", "not JSON"])
@pytest.mark.usefixtures("listener")
def test_a_refresh_that_failed_by_chance_ends_no_consent(spotify, connect, fault):
    spotify.rotates_refresh_tokens("never")
    spotify.clock.move(hours=2)
    spotify.break_down(fault, "/api/token", times=9)

    with pytest.raises(errors.SpotifyDown):
        connect().spotify.get(RECENT)
    assert not connect().consent().is_over
    spotify.clock.move(hours=2)
    spotify.faults.heal()
    assert connect().spotify.get(RECENT)


@pytest.mark.parametrize("how", ["always", "never"])
@pytest.mark.usefixtures("listener")
def test_two_runs_at_once_refresh_once(spotify, state, how):
    spotify.rotates_refresh_tokens(how)
    spotify.clock.move(hours=2)
    spotify.calls.forget()

    command = [
        sys.executable,
        "-c",
        POLLS_ONCE,
        state.folder,
        spotify.app.client_id,
        spotify.origin,
        spotify.clock().isoformat(),
    ]
    runs = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [run.stdout and run.stdout.readline() for run in runs] == ["ready\n"] * 2
    for run in runs:
        assert run.stdin
        run.stdin.write("go\n")
        run.stdin.flush()

    assert [(run.communicate(timeout=60), run.returncode)[1] for run in runs] == [0, 0]
    assert spotify.calls.by_path() == {"/api/token": 1, "/v1/me/player/recently-played": 2}


@pytest.mark.usefixtures("listener")
def test_a_token_file_that_is_damaged_asks_to_sign_in_again(connect, state):
    file = kept(state)["tokens"]
    file.write_bytes(file.read_bytes()[:50])

    with pytest.raises(errors.LoginNeeded):
        connect().spotify.get(RECENT)


def test_warnings_come_thirty_and_seven_days_before_the_end():
    consent = Consent(datetime(2026, 5, 23, 8, tzinfo=UTC), ())
    end = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def at(days: float) -> tuple[int, str | None]:
        now = end - timedelta(days=days)
        return consent.urgency(now), consent.warning(now)

    assert at(30.1) == (0, None)
    assert at(30) == (1, "The consent ends on 23 November 2026, in 30 days. Run `longplay login`.")
    assert at(7.1)[0] == 1
    assert at(7) == (2, "The consent ends on 23 November 2026, in 7 days. Run `longplay login`.")
    assert at(0.5) == (2, "The consent ends on 23 November 2026, in a day or less. Run `longplay login`.")
    assert at(0) == (3, "The consent is over. Run `longplay login`.")
    assert at(-400)[0] == 3


def test_a_clock_that_is_behind_costs_one_refresh_and_is_said(spotify, connect):
    behind = lambda: spotify.clock() - timedelta(days=1)  # noqa: E731
    sign_in(connect(clock=behind))
    spotify.clock.move(hours=2)
    slow = connect(clock=lambda: spotify.clock() - timedelta(days=1, hours=2))
    spotify.calls.forget()
    slow.spotify.get(RECENT)

    assert spotify.calls.by_path() == {"/api/token": 1, "/v1/me/player/recently-played": 2}
    assert slow.remarks() == [
        "This machine's clock is 1560 minutes behind Spotify's. Set it, or plays and consent get wrong dates."
    ]


def test_a_clock_that_is_right_is_not_spoken_of(spotify, connect):
    a_little = connect(clock=lambda: spotify.clock() + timedelta(minutes=2))
    sign_in(a_little)

    assert a_little.remarks() == []


def test_tokens_survive_being_written_and_read(state, connect):
    signed_in(connect())
    file = TokenFile(state, "me")
    tokens = file.read()

    assert tokens
    file.write(tokens)
    assert file.read() == tokens
    assert msgspec.json.decode(kept(state)["tokens"].read_bytes())["access"] == tokens.access.reveal()
