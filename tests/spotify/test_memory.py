"""What is remembered between runs, in a folder."""

import stat
from pathlib import Path

import httpx2
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longplay.errors import HomeBusy, LakeError
from longplay.lake.state import State
from longplay.spotify.answers import accounts_problem, api_problem
from longplay.spotify.errors import SpotifyError
from longplay.spotify.secret import Secret

from .conftest import signed_in


def test_what_is_written_is_read_back_and_forgotten(state):
    assert state.read("tokens-me") is None
    state.write("tokens-me", b"one")
    state.write("tokens-me", b"two")
    assert state.read("tokens-me") == b"two"

    state.forget("tokens-me")
    state.forget("tokens-me")

    assert state.read("tokens-me") is None
    assert list(state.folder.iterdir()) == []


def test_only_the_owner_may_read_it(state):
    state.write("tokens-me", b"one")

    assert [stat.S_IMODE(path.stat().st_mode) for path in state.folder.iterdir()] == [0o600]


def test_what_a_killed_run_left_goes_with_the_next_write_or_with_signing_out(state, connect):
    part = state.folder / "tokens-me.part"
    part.write_bytes(b"AQ-left-behind")
    listener = signed_in(connect())
    assert not part.exists()
    part.write_bytes(b"AQ-left-behind")

    listener.disconnect()

    assert not part.exists()


@pytest.mark.parametrize("name", ["", "../tokens", "tokens me", "Tokens", "tokens/me"])
def test_a_name_leads_nowhere_else(state, name):
    with pytest.raises(ValueError):
        state.read(name)


def test_two_who_want_the_same_wait_for_each_other_and_then_say_so(tmp_path):
    patient, hasty = State(tmp_path, patience=5), State(tmp_path, patience=0)

    with (
        patient.lease("tokens-me"),
        hasty.lease("tokens-lou"),
        pytest.raises(HomeBusy, match="Another run"),
        hasty.lease("tokens-me"),
    ):
        pass
    with hasty.lease("tokens-me"):
        pass


def test_a_folder_that_cannot_be_written_is_said(state):
    (state.folder / "tokens-me.json").mkdir()

    with pytest.raises(LakeError, match="cannot be written"):
        state.write("tokens-me", b"one")
    assert not (state.folder / "tokens-me.part").exists()


def test_a_secret_shows_itself_to_nobody_who_does_not_ask():
    secret = Secret("BQsentinel")

    assert "sentinel" not in f"{secret} {secret!r} {[secret]} {Path(str(secret))}"
    assert secret.reveal() == "BQsentinel"


@given(
    st.sampled_from([200, 204, 301, 400, 401, 403, 404, 408, 418, 429, 500, 503]),
    st.one_of(
        st.binary(max_size=40),
        st.sampled_from(
            [b"[" * 100_000, b'{"error":null}', b'{"error":{"message":5,"reason":[]}}', b'{"error":[]}', b'"error"']
        ),
    ),
    st.sampled_from(["", "1", "-5", "soon", "9" * 400, "1.5", "٣"]),
)
def test_whatever_is_answered_becomes_an_answer_or_a_sentence_of_our_own(status, body, wait):
    answer = httpx2.Response(status, content=body, headers={"retry-after": wait.encode()})

    for judge in (api_problem, accounts_problem):
        problem = judge(answer)
        assert problem is None or (isinstance(problem, SpotifyError) and problem.message.endswith(".") and problem.action)
        assert problem or status == 204 or (status == 200 and body.strip()[:1] == b"{")


@given(st.text(max_size=60).map("sentinel {}".format))
def test_no_word_of_spotifys_gets_into_our_sentences(words):
    grant = msgspec.json.encode({"error": "invalid_grant", "error_description": words})
    for body in (words.encode("utf-8", "replace"), grant, msgspec.json.encode({"error": {"message": words, "reason": words}})):
        for status in (400, 401, 403, 404, 429, 500):
            answer = httpx2.Response(status, content=body)
            assert "sentinel" not in f"{api_problem(answer)} {accounts_problem(answer)}"
