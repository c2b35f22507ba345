"""Signing in at the simulated Spotify goes as at the real one."""

import base64
import hashlib
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest

from longplay.simulator.web.apps import App

VERIFIER = "a-verifier-of-the-length-that-the-standard-asks-for"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
CALLBACK = "http://127.0.0.1:54321/callback"


HTTP = httpx2.Client(verify=False)


def question(spotify, **other: str) -> str:
    asked = {
        "client_id": spotify.app.client_id,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "user-read-recently-played",
        "state": "xyz",
        "code_challenge_method": "S256",
        "code_challenge": CHALLENGE,
    }
    return f"{spotify.accounts}/authorize?{urlencode(asked | other)}"


def came_back(spotify, **other: str) -> dict[str, str]:
    """What the redirect carries."""
    there = spotify.visits(question(spotify, **other))
    assert there.startswith(other.get("redirect_uri", CALLBACK))
    return {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}


def asks_for_token(spotify, **other: str | None) -> httpx2.Response:
    form = {"client_id": spotify.app.client_id} | other
    return HTTP.post(f"{spotify.accounts}/api/token", data={name: value for name, value in form.items() if value is not None})


def exchanges(spotify, **other: str | None) -> httpx2.Response:
    form = {
        "grant_type": "authorization_code",
        "code": came_back(spotify)["code"],
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    return asks_for_token(spotify, **form | other)


def refreshes(spotify, refresh_token: str) -> httpx2.Response:
    return asks_for_token(spotify, grant_type="refresh_token", refresh_token=refresh_token)


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["error"], answer.json()["error_description"]


def test_a_listener_who_agrees_lets_the_app_in_for_an_hour(spotify):
    tokens = exchanges(spotify).json()

    assert (tokens["expires_in"], tokens["scope"]) == (3600, "user-read-recently-played")
    assert asks_who(spotify, tokens).status_code == 200
    spotify.clock.move(seconds=3600)
    assert asks_who(spotify, tokens).json() == {"error": {"status": 401, "message": "The access token expired"}}


def asks_who(spotify, tokens) -> httpx2.Response:
    return HTTP.get(f"{spotify.api}/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})


def test_a_listener_who_refuses_sends_the_app_away(spotify):
    spotify.listener_refuses()

    assert came_back(spotify) == {"error": "access_denied", "state": "xyz"}


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"client_id": "nobody"}, "INVALID_CLIENT: Invalid client"),
        ({"redirect_uri": "http://localhost:54321/callback"}, "INVALID_CLIENT: Invalid redirect URI"),
        ({"redirect_uri": "http://127.0.0.1:54321/callback/"}, "INVALID_CLIENT: Invalid redirect URI"),
        ({"redirect_uri": "https://127.0.0.1:54321/callback"}, "INVALID_CLIENT: Invalid redirect URI"),
        ({"redirect_uri": "http://192.168.0.7:54321/callback"}, "INVALID_CLIENT: Invalid redirect URI"),
    ],
)
def test_what_is_wrong_with_the_app_is_shown_and_never_redirected(spotify, wrong, words):
    assert words in spotify.visits(question(spotify, **wrong))


def test_a_registered_address_with_a_port_has_that_port_only(spotify):
    app = spotify.registers(App("fixed", "secret", redirect_uris=("http://127.0.0.1:8888/callback",)))

    assert "code" in came_back(spotify, client_id=app.client_id, redirect_uri="http://127.0.0.1:8888/callback")
    assert "Invalid redirect URI" in spotify.visits(question(spotify, client_id=app.client_id))


def test_a_scope_nobody_knows_is_refused(spotify):
    assert came_back(spotify, scope="user-read-mind")["error"] == "invalid_scope"


def test_a_person_may_think_about_it(spotify):
    spotify.listener_thinks()

    page = spotify.visits(question(spotify))

    assert "Agree" in page
    assert "answer=refuses" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "AQ-made-up"}, (400, "invalid_grant", "Invalid authorization code")),
        ({"code_verifier": VERIFIER[::-1]}, (400, "invalid_grant", "code_verifier was incorrect")),
        ({"code_verifier": None}, (400, "invalid_request", "code_verifier required")),
        ({"redirect_uri": "http://127.0.0.1:1/callback"}, (400, "invalid_grant", "Invalid redirect URI")),
        ({"client_id": "nobody"}, (400, "invalid_client", "Invalid client")),
        ({"client_secret": "wrong"}, (400, "invalid_client", "Invalid client secret")),
        ({"grant_type": None}, (400, "unsupported_grant_type", "grant_type parameter is missing")),
    ],
)
def test_a_wrong_exchange_says_what_is_wrong(spotify, wrong, said):
    assert refusal(exchanges(spotify, **wrong)) == said


def test_a_code_is_good_once_and_for_minutes(spotify):
    code = came_back(spotify)["code"]
    assert exchanges(spotify, code=code).status_code == 200
    assert refusal(exchanges(spotify, code=code)) == (400, "invalid_grant", "Invalid authorization code")

    old = came_back(spotify)["code"]
    spotify.clock.move(minutes=11)
    assert refusal(exchanges(spotify, code=old)) == (400, "invalid_grant", "Authorization code expired")


def test_an_app_with_a_secret_needs_no_verifier(spotify):
    asked = {"client_id": spotify.app.client_id, "response_type": "code", "redirect_uri": CALLBACK}
    there = spotify.visits(f"{spotify.accounts}/authorize?{urlencode(asked)}")
    code = parse_qs(urlsplit(there).query)["code"][0]

    answer = HTTP.post(
        f"{spotify.accounts}/api/token",
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK},
        auth=(spotify.app.client_id, spotify.app.secret),
    )

    assert answer.json()["refresh_token"]


@pytest.mark.parametrize(("how", "rotated"), [("always", [1, 1, 1, 1]), ("never", [0, 0, 0, 0]), ("sometimes", [1, 0, 0, 1])])
def test_a_refresh_brings_a_new_refresh_token_or_not(spotify, how, rotated):
    spotify.rotates_refresh_tokens(how)
    token, came = spotify.consents()["refresh_token"], []

    for _ in rotated:
        answer = refreshes(spotify, token).json()
        came.append(int("refresh_token" in answer))
        token = answer.get("refresh_token", token)

    assert came == rotated


def test_the_old_refresh_token_dies_when_a_new_one_comes(spotify):
    spotify.rotates_refresh_tokens("always")
    old = spotify.consents()["refresh_token"]
    new = refreshes(spotify, old).json()["refresh_token"]

    assert refusal(refreshes(spotify, old)) == (400, "invalid_grant", "Refresh token revoked")
    assert refreshes(spotify, new).status_code == 200


def test_consent_ends_six_calendar_months_after_it_was_given_however_often_it_was_refreshed(spotify):
    spotify.clock.set(spotify.instant("08:00").replace(month=8, day=31))
    spotify.rotates_refresh_tokens("always")
    token = spotify.consents()["refresh_token"]
    spotify.clock.set(spotify.clock().replace(year=2027, month=2, day=28) - timedelta(seconds=1))
    token = refreshes(spotify, token).json()["refresh_token"]

    spotify.clock.move(seconds=1)

    assert refusal(refreshes(spotify, token)) == (400, "invalid_grant", "Refresh token expired")


def test_who_takes_consent_back_ends_every_token(spotify):
    tokens = spotify.consents()

    spotify.revokes()

    assert refusal(refreshes(spotify, tokens["refresh_token"])) == (400, "invalid_grant", "Refresh token revoked")
    assert asks_who(spotify, tokens).json()["error"]["message"] == "Invalid access token"
    assert refusal(refreshes(spotify, "AQ-made-up")) == (400, "invalid_grant", "Invalid refresh token")


def test_a_token_of_another_app_is_none(spotify):
    tokens = spotify.consents(spotify.apps["extended"])

    assert refusal(refreshes(spotify, tokens["refresh_token"])) == (400, "invalid_grant", "Invalid refresh token")
