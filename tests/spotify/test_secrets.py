"""What must not be seen is seen nowhere: in no log at its loudest, no error, no traceback, and in one file only."""

import logging
import os
import traceback
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from longplay.spotify import errors
from longplay.spotify.door import open_door
from longplay.spotify.tokens import TokenFile

from .conftest import RECENT, kept, sign_in, visit

RECENT_ON_THE_WIRE = f"/v1{RECENT}"
LIBRARIES = ("httpx2", "httpcore2", "stamina", "longplay", "asyncio", "filelock")


@pytest.fixture
def said(caplog, capfd):
    """Everything that is said on the way, by us and by the libraries, at their loudest."""
    caplog.set_level(logging.DEBUG)
    for name in LIBRARIES:
        caplog.set_level(logging.DEBUG, logger=name)
    structlog.reset_defaults()
    with capture_logs() as events:
        yield lambda: f"{caplog.text} {[vars(record) for record in caplog.records]} {events} {capfd.readouterr()}"


def secrets_of(spotify) -> list[str]:
    """Give every token and code that Spotify ever handed out, and the app's secret."""
    assert spotify.tokens.handed_out
    return [*spotify.tokens.handed_out, spotify.app.secret]


def told(error: BaseException) -> str:
    """Give all that a traceback could show, the values of the variables in every frame but the test's own, too."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    frames = [f"{frame.name} {frame.locals}" for frame in shown.stack if frame.filename != __file__]
    assert frames
    return f"{error!r} {error} {vars(error)} {frames}"


def assert_unseen(spotify, text: str) -> None:
    assert [secret for secret in secrets_of(spotify) if secret in text] == []
    assert "Bearer " not in text
    assert "Basic " not in text


def test_signing_in_and_polling_says_no_secret(spotify, connect, said, state):
    listener = connect(secret=spotify.app.secret)
    with open_door() as door:
        attempt = listener.begin(door.address)
        visit(attempt.address)
        consent = listener.finish(attempt, door.wait(5))
    spotify.break_down("server error", RECENT_ON_THE_WIRE, times=2)
    listener.spotify.get(RECENT)
    spotify.clock.move(hours=2)
    listener.spotify.get(RECENT)
    tokens = TokenFile(state, "me").read()

    text = said()
    assert "tried_again" in text
    assert "recently-played" in text
    assert_unseen(spotify, f"{text} {attempt!r} {consent!r} {tokens!r} {listener.app!r} {vars(listener)}")
    assert [part for part in (attempt.state, attempt.verifier) if part.reveal() in text.replace(attempt.address, "")] == []


BAD_DAYS = {
    "a network that goes": lambda spotify: spotify.break_down("network gone", times=None),
    "an answer cut off": lambda spotify: spotify.break_down("cut off", times=None),
    "a server that is down": lambda spotify: spotify.break_down("bad gateway", times=None),
    "a consent taken back": lambda spotify: spotify.revokes(),
    "a quota used up": lambda spotify: spotify.blocks("player", hours=23),
    "an owner without Premium": lambda spotify: setattr(spotify.app, "owner_has_premium", False),
}


@pytest.mark.parametrize("bad_day", BAD_DAYS)
@pytest.mark.parametrize("hours", [0, 2])
def test_no_error_holds_a_secret_even_where_a_traceback_shows_variables(spotify, connect, said, bad_day, hours):
    sign_in(connect(secret=spotify.app.secret))
    spotify.clock.move(hours=hours)
    BAD_DAYS[bad_day](spotify)

    with pytest.raises(errors.SpotifyError) as raised:
        connect(secret=spotify.app.secret).spotify.get(RECENT)

    ours = raised.value
    while ours:
        assert_unseen(spotify, told(ours))
        ours = ours.__cause__ or ours.__context__
    assert_unseen(spotify, said())


def test_a_sign_in_that_fails_shows_neither_code_nor_verifier(spotify, connect, said):
    listener = connect(secret=spotify.app.secret)
    with open_door() as door:
        attempt = listener.begin(door.address)
        visit(attempt.address)
        redirect = door.wait(5)
    spotify.clock.move(hours=1)

    with pytest.raises(errors.LoginFailed) as raised:
        listener.finish(attempt, redirect)

    frames = traceback.extract_tb(raised.value.__traceback__)
    assert any(frame.name == "exchange" for frame in frames)
    assert_unseen(spotify, f"{raised.value!r} {said()}")
    assert attempt.verifier.reveal() not in told(raised.value)


def test_tokens_are_in_the_token_file_and_in_no_other(spotify, connect, state, tmp_path):
    sign_in(connect(secret=spotify.app.secret))
    spotify.clock.move(hours=2)
    connect(secret=spotify.app.secret).spotify.get(RECENT)
    found = {
        Path(folder, name)
        for folder, _, names in os.walk(tmp_path)
        for name in names
        if any(secret in Path(folder, name).read_text() for secret in secrets_of(spotify))
    }

    assert found == {kept(state)["tokens"]}
    assert spotify.app.secret not in kept(state)["tokens"].read_text()
