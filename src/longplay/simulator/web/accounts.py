"""Signing in: `/authorize` asks the listener, `/api/token` hands out and renews tokens."""

import binascii
import hashlib
import re
from base64 import b64decode, urlsafe_b64encode
from html import escape
from secrets import compare_digest
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from longplay.simulator.web.apps import CODE_LASTS, ROTATIONS, SCOPES, TOKEN_LASTS, App, Code, Consent, Tokens, may_return_to
from longplay.simulator.web.clock import Clock

AGREES: Final = "agrees"
REFUSES: Final = "refuses"
THINKS: Final = "thinks"  # a page with two buttons, for people
_VERIFIER: Final = re.compile(r"^[A-Za-z0-9._~-]{43,128}$")


class Refused(Exception):
    """What the token endpoint says instead of tokens."""

    def __init__(self, error: str, description: str) -> None:
        """Keep the code and the words."""
        super().__init__(error)
        self.body = {"error": error, "error_description": description}


class Accounts:
    """The accounts part. What the person in front of the browser does can be set."""

    def __init__(self, clock: Clock, apps: dict[str, App], tokens: Tokens, signed_in: str) -> None:
        """Know the apps; a listener is signed in."""
        self._clock = clock
        self._apps = apps
        self._tokens = tokens
        self.signed_in = signed_in
        self.listener = AGREES
        self.rotation = "sometimes"
        self._refreshes = 0

    async def authorize(self, request: Request) -> Response:
        """Ask the listener. What is wrong with the app is shown and never redirected."""
        asked = request.query_params
        app = self._apps.get(asked.get("client_id", ""))
        if app is None:
            return _page("INVALID_CLIENT: Invalid client", 400)
        if not may_return_to(app, asked.get("redirect_uri", "")):
            return _page("INVALID_CLIENT: Invalid redirect URI", 400)
        if asked.get("response_type") != "code":
            return _back(request, error="unsupported_response_type")
        if not SCOPES.issuperset(asked.get("scope", "").split()):
            return _back(request, error="invalid_scope")
        answer = asked.get("answer") or self.listener
        if answer == THINKS:
            return _page(_question(request), 200)
        return _back(request, error="access_denied") if answer == REFUSES else _back(request, code=self._code(request, app))

    def _code(self, request: Request, app: App) -> str:
        asked = request.query_params
        consent = Consent(app, self.signed_in, frozenset(asked.get("scope", "").split()), self._clock())
        return self._tokens.code(Code(consent, asked["redirect_uri"], asked.get("code_challenge"), self._clock()))

    async def token(self, request: Request) -> Response:
        """Hand out tokens, or say why not."""
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))
        try:
            app, is_proven = self._client(request, form)
            return JSONResponse(self._answer(app, form, is_proven=is_proven), headers={"cache-control": "no-store"})
        except Refused as refused:
            return JSONResponse(refused.body, 400)

    def _client(self, request: Request, form: dict[str, str]) -> tuple[App, bool]:
        """Find the app, and whether it has proven with its secret to be it."""
        named, secret = form.get("client_id", ""), form.get("client_secret")
        scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            named, secret = _basic(credentials)
        app = self._apps.get(named)
        if app is None:
            raise Refused("invalid_client", "Invalid client")
        if secret is not None and not compare_digest(secret.encode(), app.secret.encode()):
            raise Refused("invalid_client", "Invalid client secret")
        return app, secret is not None

    def _answer(self, app: App, form: dict[str, str], *, is_proven: bool) -> dict[str, Any]:
        match form.get("grant_type"):
            case "authorization_code":
                consent = self._exchange(app, form, is_proven=is_proven)
                return self._tokens_for(consent) | {"refresh_token": self._tokens.refresh_token(consent)}
            case "refresh_token":
                return self._refresh(app, form.get("refresh_token", ""))
            case "client_credentials" if is_proven:
                return self._tokens_for(Consent(app, "", frozenset(), self._clock()))
            case None:
                raise Refused("unsupported_grant_type", "grant_type parameter is missing")
            case _:
                raise Refused(
                    "unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token"
                )

    def _exchange(self, app: App, form: dict[str, str], *, is_proven: bool) -> Consent:
        code = self._tokens.codes.pop(form.get("code", ""), None)
        if code is None or code.consent.app is not app:
            raise Refused("invalid_grant", "Invalid authorization code")
        if self._clock() > code.made_at + CODE_LASTS:
            raise Refused("invalid_grant", "Authorization code expired")
        if form.get("redirect_uri") != code.redirect_uri:
            raise Refused("invalid_grant", "Invalid redirect URI")
        if code.challenge is not None:
            _verify(form.get("code_verifier"), code.challenge)
        elif not is_proven:
            raise Refused("invalid_client", "Invalid client secret")
        return code.consent

    def _refresh(self, app: App, refresh_token: str) -> dict[str, Any]:
        consent = self._tokens.refreshing.get(refresh_token)
        if consent is None or consent.app is not app:
            raise Refused("invalid_grant", "Invalid refresh token")
        if consent.is_revoked or refresh_token in self._tokens.retired:
            raise Refused("invalid_grant", "Refresh token revoked")
        if self._clock() >= consent.ends_at:
            raise Refused("invalid_grant", "Refresh token expired")
        self._refreshes += 1
        answer = self._tokens_for(consent)
        if ROTATIONS[self.rotation](self._refreshes):
            self._tokens.retire(refresh_token)
            answer["refresh_token"] = self._tokens.refresh_token(consent)
        return answer

    def _tokens_for(self, consent: Consent) -> dict[str, Any]:
        return {
            "access_token": self._tokens.access_token(consent),
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LASTS.total_seconds()),
            "scope": " ".join(sorted(consent.scopes)),
        }


def _verify(verifier: str | None, challenge: str) -> None:
    """Hold the verifier against the challenge, method S256."""
    if verifier is None:
        raise Refused("invalid_request", "code_verifier required")
    digest = hashlib.sha256(verifier.encode()).digest()
    if not _VERIFIER.match(verifier) or urlsafe_b64encode(digest).decode().rstrip("=") != challenge:
        raise Refused("invalid_grant", "code_verifier was incorrect")


def _basic(credentials: str) -> tuple[str, str]:
    try:
        named, _, secret = b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise Refused("invalid_client", "Invalid client") from None
    return named, secret


def _back(request: Request, **facts: str) -> Response:
    """Send the browser back to the app."""
    uri = request.query_params["redirect_uri"]
    state = {"state": request.query_params["state"]} if "state" in request.query_params else {}
    return RedirectResponse(f"{uri}{'&' if '?' in uri else '?'}{urlencode(facts | state)}", 302)


def _question(request: Request) -> str:
    links = " ".join(
        f'<a href="{escape(str(request.url.include_query_params(answer=answer)), quote=True)}">{word}</a>'
        for answer, word in ((AGREES, "Agree"), (REFUSES, "Cancel"))
    )
    return f"A simulated Spotify: may this app see {escape(request.query_params.get('scope', 'nothing'))}? {links}"


def _page(text: str, status: int) -> Response:
    return HTMLResponse(f"<!doctype html><title>Simulated accounts</title><p>{text}</p>", status)
