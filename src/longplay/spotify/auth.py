"""Signing in, Authorization Code with PKCE: what the browser is sent to, what comes back, and the token endpoint.

A way in drives it step by step: `Accounts.begin` gives the address to open, the redirect arrives (at a `Door`, or pasted),
`Attempt.code_in` takes the code out of it, `Accounts.exchange` makes tokens of the code.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from secrets import compare_digest
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec
from msgspec import Struct

from longplay.errors import WrongCall
from longplay.spotify.answers import accounts_problem, cut_off
from longplay.spotify.errors import ConsentRefused, LoginFailed, LoginNeeded, StateWrong
from longplay.spotify.line import Line, Question
from longplay.spotify.quota import Clock
from longplay.spotify.secret import Secret, hidden

ORIGIN: Final = "https://accounts.spotify.com"
SCOPES: Final = (
    "user-read-recently-played",
    "user-top-read",
    "user-library-read",
    "user-read-playback-state",
    "user-read-currently-playing",
    "playlist-read-private",
    "user-follow-read",
)
_EARLY: Final = timedelta(seconds=60)  # an access token is renewed so long before its end


class App(Struct, frozen=True):
    """The app that somebody registered: its client id, and its secret if that shall be used."""

    client_id: str
    secret: Secret = Secret("")


class Grant(Struct, frozen=True):
    """What the token endpoint hands out; a new refresh token may or may not be among it."""

    access_token: Secret
    expires_in: int = 3600
    refresh_token: Secret | None = None
    scope: str | None = None

    def ends_at(self, now: datetime) -> datetime:
        """Tell until when the access token is used, by our clock."""
        return now + timedelta(seconds=self.expires_in) - _EARLY


class Attempt(Struct, frozen=True):
    """One attempt to sign in: the address to open, and what only we know about it."""

    address: str
    redirect_uri: str
    state: Secret
    verifier: Secret

    def code_in(self, redirect: str) -> Secret:
        """Take the code out of the address the browser was sent to; raises `LoginFailed` and its kin."""
        answer = parse_qs(urlsplit(redirect.strip()).query)
        error, code, state = (answer.get(name, [""])[0] for name in ("error", "code", "state"))
        if not error and not code:
            raise LoginFailed(
                "That is not the address that Spotify sends the browser to.",
                "Paste the whole of it: it begins with the redirect address and holds `code=`.",
            )
        if not compare_digest(state.encode(), self.state.reveal().encode()):
            raise StateWrong(
                "This answer belongs to another attempt to sign in.", "Run `longplay login` again and use its address."
            )
        if error == "access_denied":
            raise ConsentRefused("Spotify was told not to agree.", "Run `longplay login` again and agree.")
        if error:
            raise LoginFailed("Spotify could not ask for consent.", "Run `longplay login` again in a moment.")
        return Secret(code)


class Accounts:
    """Spotify's accounts service for one app."""

    def __init__(self, app: App, line: Line, clock: Clock, origin: str = ORIGIN) -> None:
        """Know the app and where to ask."""
        self.app = app
        self._line = line
        self._clock = clock
        self._origin = origin

    def begin(self, redirect_uri: str) -> Attempt:
        """Prepare an attempt; raises `WrongCall` without a client id."""
        self._need_app()
        state, verifier = Secret(secrets.token_urlsafe(24)), Secret(secrets.token_urlsafe(64))
        query = {
            "client_id": self.app.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": " ".join(SCOPES),
            "state": state.reveal(),
            "code_challenge_method": "S256",
            "code_challenge": challenge(verifier.reveal()),
        }
        return Attempt(f"{self._origin}/authorize?{urlencode(query)}", redirect_uri, state, verifier)

    def exchange(self, attempt: Attempt, code: Secret) -> Grant:
        """Make tokens of a code; raises `LoginFailed` if Spotify does not accept it, `SpotifyDown` for half an answer."""
        form = {"redirect_uri": attempt.redirect_uri, "code_verifier": attempt.verifier, "code": code}
        try:
            grant = self._grant("authorization_code", form)
        except LoginNeeded:
            problem = LoginFailed(
                "Spotify did not accept the code; it works once, and for a short time.", "Run `longplay login` again."
            )
        else:
            problem = cut_off()
            if grant.refresh_token:
                return grant
        raise problem

    def refresh(self, token: Secret) -> Grant:
        """Renew an access token; raises `LoginNeeded` if the consent is over."""
        return self._grant("refresh_token", {"refresh_token": token})

    def _grant(self, kind: str, form: dict[str, str | Secret]) -> Grant:
        self._need_app()
        app = self.app
        question = Question(
            "POST",
            f"{self._origin}/api/token",
            form={"grant_type": kind, "client_id": app.client_id, **form},
            basic=(app.client_id, app.secret) if app.secret else None,
        )
        body = self._line.ask("accounts", accounts_problem, question)
        try:
            return msgspec.json.decode(body, type=Grant, dec_hook=hidden)
        except msgspec.ValidationError:
            pass
        raise cut_off()

    def _need_app(self) -> None:
        if not self.app.client_id:
            raise WrongCall(
                "SPOTIFY_CLIENT_ID is not set.",
                "Register an app at developer.spotify.com/dashboard with the redirect address http://127.0.0.1/callback, "
                "and put its client id into `.env` in the folder in which you call this: SPOTIFY_CLIENT_ID=…",
            )


def challenge(verifier: str) -> str:
    """Give what is sent ahead of the verifier (S256).

    >>> challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
    """
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
