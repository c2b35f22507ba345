"""What happens between `longplay login` and the first call."""

import re
import socket
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from longplay.errors import WrongCall
from longplay.spotify import errors
from longplay.spotify.door import REDIRECT, open_door

from .conftest import RECENT, kept, sign_in, signed_in, visit


def test_a_listener_who_agrees_is_told_until_when_the_consent_lasts(spotify, connect):
    spotify.clock.set(datetime(2026, 8, 31, 9, 30, tzinfo=UTC))

    consent = sign_in(connect())

    assert consent.ends_at == datetime(2027, 2, 28, 9, 30, tzinfo=UTC)
    assert "user-read-recently-played" in consent.scopes


def test_signing_in_makes_one_call_for_the_tokens_and_one_for_the_account(spotify, connect):
    sign_in(connect())

    assert [call.path for call in spotify.calls] == ["/authorize", "/api/token", "/v1/me"]


def test_the_code_is_of_no_use_to_somebody_without_the_verifier(spotify, connect):
    with open_door() as door:
        ours, theirs = connect().begin(door.address), connect().begin(door.address)
        redirect = spotify.visits(ours.address)
    stolen = msgspec.structs.replace(theirs, state=ours.state)

    with pytest.raises(errors.LoginFailed, match="did not accept the code"):
        connect().finish(stolen, redirect)


def test_each_attempt_has_a_state_and_a_challenge_of_its_own(connect):
    asked = [parse_qs(urlsplit(connect().begin(REDIRECT).address).query) for _ in range(2)]

    assert asked[0]["code_challenge_method"] == ["S256"]
    assert asked[0]["state"] != asked[1]["state"]
    assert asked[0]["code_challenge"] != asked[1]["code_challenge"]


def test_an_app_with_a_secret_proves_with_it_who_it_is(spotify, connect):
    sign_in(connect(secret=spotify.app.secret))

    with pytest.raises(errors.WrongApp, match="this secret") as told:
        sign_in(connect(secret=spotify.app.secret[::-1]))
    assert "SPOTIFY_CLIENT_SECRET" in told.value.action


def test_the_redirect_may_be_pasted_where_there_is_no_browser(spotify, connect):
    listener = connect()
    attempt = listener.begin("http://127.0.0.1:54321/callback")

    listener.finish(attempt, f"  {spotify.visits(attempt.address)}\n")

    assert listener.spotify.get(RECENT)


def test_what_is_pasted_and_what_the_browser_brings_come_in_at_the_same_door():
    with open_door() as door:
        door.give("pasted")

        assert door.wait(1) == "pasted"


@pytest.mark.parametrize(
    "pasted", ["", "yes", "https://accounts.spotify.com/authorize?client_id=x", "http://127.0.0.1:1/callback"]
)
def test_pasting_something_else_is_said(connect, pasted):
    with pytest.raises(errors.LoginFailed, match="not the address") as told:
        connect().finish(connect().begin(REDIRECT), pasted)
    assert "code=" in told.value.action


def test_a_listener_who_refuses_is_told_to_agree(spotify, connect, state):
    spotify.listener_refuses()

    with pytest.raises(errors.ConsentRefused) as told:
        sign_in(connect())
    assert "agree" in told.value.action
    assert "tokens" not in kept(state)


def test_an_answer_to_another_attempt_is_refused(spotify, connect):
    listener = connect()
    ours, other = listener.begin(REDIRECT), listener.begin(REDIRECT)

    with pytest.raises(errors.StateWrong, match="another attempt"):
        listener.finish(ours, spotify.visits(other.address))
    assert spotify.calls.to("/api/token") == []


def test_a_redirect_without_state_is_refused(connect):
    with pytest.raises(errors.StateWrong):
        connect().finish(connect().begin(REDIRECT), f"{REDIRECT}?code=AQC")


def test_without_a_client_id_it_is_said_how_to_get_one(connect):
    with pytest.raises(WrongCall, match="SPOTIFY_CLIENT_ID") as told:
        connect(client_id="").begin(REDIRECT)
    assert REDIRECT in told.value.action


def test_a_wrong_client_id_is_shown_in_the_browser_and_said_when_nobody_comes_back(connect):
    with open_door() as door:
        page = visit(connect(client_id="0" * 32).begin(door.address).address)

        with pytest.raises(errors.LoginFailed, match="Nobody came back") as told:
            door.wait(0.01)
    assert "INVALID_CLIENT" in page
    assert "SPOTIFY_CLIENT_ID" in told.value.action


def test_a_client_id_that_died_since_is_said(spotify, connect):
    with open_door() as door:
        attempt = connect().begin(door.address)
        redirect = spotify.visits(attempt.address)

    with pytest.raises(errors.WrongApp, match="client id"):
        connect(client_id="0" * 32).finish(attempt, redirect)


def test_a_port_taken_by_another_program_is_said():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(errors.PortTaken, match=str(port)) as told, open_door(f"http://127.0.0.1:{port}/callback"):
            pass
    assert REDIRECT in told.value.action


@pytest.mark.parametrize("address", ["http://localhost/callback", "https://example.org/callback", "127.0.0.1/callback"])
def test_an_address_spotify_would_refuse_is_refused_before(address):
    with pytest.raises(WrongCall, match="SPOTIFY_REDIRECT_URI"), open_door(address):
        pass


def test_the_door_takes_only_a_redirect():
    with open_door() as door:
        assert "nothing here" in visit(door.address.replace("callback", "favicon.ico"))
        assert "nothing here" in visit(door.address)
        assert "close this window" in visit(f"{door.address}?code=AQC&state=x")

        assert door.wait(1) == "/callback?code=AQC&state=x"


def test_the_door_is_open_to_this_machine_only():
    with open_door() as door:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/callback", door.address)


def test_a_listener_who_is_not_on_the_apps_list_is_told_where_the_owner_adds_them(spotify, connect, state):
    spotify.app.users = frozenset({"somebody.else"})

    with pytest.raises(errors.NotOnTheList) as told:
        sign_in(connect())
    assert "User Management" in told.value.action
    assert "tokens" not in kept(state)


def test_an_owner_without_premium_is_told_to_subscribe(spotify, connect):
    spotify.app.owner_has_premium = False

    with pytest.raises(errors.OwnerNeedsPremium) as told:
        sign_in(connect())
    assert "subscribe" in told.value.action


def test_several_listeners_live_side_by_side(spotify, connect):
    me = signed_in(connect("me"))
    spotify.joins("lou.example")
    spotify.has_played("Breezeblocks", at="07:50", who="lou.example")
    spotify.signs_in("lou.example")
    lou = signed_in(connect("lou"))

    assert b"Alright" in me.spotify.get(RECENT)
    assert b"Breezeblocks" in lou.spotify.get(RECENT)


@pytest.mark.usefixtures("listener")
def test_another_account_on_a_tied_listener_is_refused_and_the_first_stays(spotify, connect):
    spotify.joins("lou.example")
    spotify.signs_in("lou.example")

    with pytest.raises(errors.OtherAccount) as told:
        sign_in(connect())
    assert "--user" in told.value.action
    assert b"Alright" in connect().spotify.get(RECENT)


@pytest.mark.usefixtures("listener")
def test_the_same_account_may_sign_in_again_and_the_six_months_begin_anew(spotify, connect):
    spotify.clock.move(days=100)

    assert sign_in(connect()).authorized_at == spotify.clock()


def test_signing_out_forgets_the_tokens_but_not_whose_listening_it_is(spotify, connect, listener):
    assert listener.disconnect()
    assert not listener.disconnect()
    spotify.joins("lou.example")
    spotify.signs_in("lou.example")

    with pytest.raises(errors.LoginNeeded):
        connect().spotify.get(RECENT)
    with pytest.raises(errors.OtherAccount):
        sign_in(connect())
    listener.disconnect(untied=True)
    assert sign_in(connect())


@pytest.mark.usefixtures("listener")
def test_nothing_that_names_the_account_is_kept(spotify, state):
    account = spotify.listener.account()
    kept_text = "".join(path.read_text() for path in state.folder.iterdir())

    assert "marks" in kept_text
    assert [key for key in ("account_id", "id", "display_name", "email", "uri") if account[key] in kept_text] == []


def test_a_network_that_goes_while_signing_in_leaves_nothing_behind(spotify, connect, state):
    spotify.break_down("network gone", "/v1/me", times=None)

    with pytest.raises(errors.SpotifyDown, match="cut off"):
        sign_in(connect())
    assert {"tokens", "account"}.isdisjoint(kept(state))


@pytest.mark.usefixtures("listener")
def test_a_client_id_that_was_changed_after_the_consent_asks_to_sign_in_again(spotify, connect):
    with pytest.raises(errors.LoginNeeded, match="another app"):
        connect(profile="extended").spotify.get(RECENT)
    assert connect().consent().left(spotify.clock()) > timedelta(days=180)
