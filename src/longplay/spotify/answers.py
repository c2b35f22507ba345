"""From an answer of Spotify's to what went wrong. Bodies may be JSON or text, and `error` an object or a word."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import httpx2
import msgspec
from msgspec import Struct

from longplay.spotify import errors
from longplay.spotify.errors import LOGIN, SPOTIFY, RateLimited, SpotifyDown, SpotifyError

_APP_PAGE = "developer.spotify.com/dashboard"


class Told(Struct, frozen=True):
    """What an error's body says; empty where it says nothing."""

    word: str = ""  # `invalid_grant`, or the reason of the Web API
    message: str = ""


def told(body: bytes) -> Told:
    """Read an error's body, whatever it is.

    >>> told(b'{"error":{"status":429,"message":"Too many requests","reason":"QUOTA_EXCEEDED"}}')
    Told(word='QUOTA_EXCEEDED', message='Too many requests')
    >>> told(b'{"error":"invalid_grant","error_description":"Refresh token revoked"}')
    Told(word='invalid_grant', message='Refresh token revoked')
    >>> told(b"Too many requests"), told(b"")
    (Told(word='', message='Too many requests'), Told(word='', message=''))
    """
    try:
        said: Any = msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return Told(message=body.decode("utf-8", "replace").strip())
    error = said.get("error") if isinstance(said, dict) else None
    if isinstance(error, dict):
        return Told(_text(error.get("reason")), _text(error.get("message")))
    return Told(_text(error), _text(said.get("error_description"))) if isinstance(error, str) else Told()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def api_problem(answer: httpx2.Response) -> SpotifyError | None:
    """Tell what is wrong with an answer of the Web API; nothing, if it is one."""
    if answer.is_success:
        return None if answer.status_code == HTTPStatus.NO_CONTENT or _is_object(answer.content) else cut_off()
    said = told(answer.content)
    match answer.status_code:
        case 401:
            return errors.TokenRefused("Spotify no longer accepts this sign-in.", LOGIN)
        case 403:
            return _forbidden(said)
        case 404:
            return errors.NotThere("Spotify does not have what was asked for.", "Nothing is to be done.")
        case _:
            return of_any(answer, said)


def _forbidden(said: Told) -> SpotifyError:
    """Tell the refusals apart by their words; those about people are plain text."""
    words = said.message.lower()
    if "scope" in words:
        return errors.LoginNeeded("The consent does not cover what is asked for now.", f"{LOGIN[:-1]} and agree again.")
    if "premium" in words:
        return errors.OwnerNeedsPremium(
            "Spotify closed this app because its owner has no Premium.",
            "Its owner has to subscribe again, which takes some hours to be noticed; or register an app of your own.",
        )
    if "registered" in words:
        return errors.NotOnTheList(
            "This account is not on the list of those who may use the app.",
            f"Its owner can add it under User Management at {_APP_PAGE}; then run `longplay login` again.",
        )
    return errors.NotAvailable("Spotify keeps this closed to the app.", "Nothing is to be done; Longplay does without.")


def accounts_problem(answer: httpx2.Response) -> SpotifyError | None:
    """Tell what is wrong with an answer of the token endpoint. A refused grant is final."""
    if answer.is_success:
        return None if _is_object(answer.content) else cut_off()
    said = told(answer.content)
    if said.word == "invalid_grant":
        return errors.LoginNeeded(_why_it_ended(said.message), LOGIN)
    if said.word in {"invalid_client", "unauthorized_client"}:
        is_secret = "secret" in said.message.lower()
        return errors.WrongApp(
            f"Spotify does not know this {'secret' if is_secret else 'client id'}.",
            f"Compare SPOTIFY_CLIENT_{'SECRET' if is_secret else 'ID'} with what {_APP_PAGE} shows for your app.",
        )
    return of_any(answer, said)


def _why_it_ended(words: str) -> str:
    """Put into our words why a grant was refused; Spotify's might hold anything."""
    lower = words.lower()
    if "expired" in lower and "refresh" in lower:
        return "The consent has ended, as every consent does after six months."
    if "revoked" in lower:
        return "The consent was taken back, or another program used it up."
    return "Spotify no longer accepts this sign-in."


def of_any(answer: httpx2.Response, said: Told, who: str = SPOTIFY) -> SpotifyError:
    """Tell what is wrong where it is the same whomever one asks."""
    if answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(_retry_after(answer.headers.get("retry-after")), is_quota=said.word == "QUOTA_EXCEEDED", who=who)
    if answer.is_server_error or answer.status_code == HTTPStatus.REQUEST_TIMEOUT:
        return SpotifyDown(f"{who} is out of order (it answered {answer.status_code}).", "The next run tries again.")
    if answer.is_redirect:
        return SpotifyDown(
            f"Something between here and {who} answers in its place.", "Sign in to this network, then try again."
        )
    return errors.WrongQuestion(
        f"{who} does not understand what was asked (it answered {answer.status_code}).",
        "Look for a newer Longplay, or report it.",
    )


def _retry_after(value: str | None) -> float | None:
    """Read the seconds to wait; the standard allows an instant as well, but Spotify was never seen to send one."""
    try:
        return max(0.0, float(int(value))) if value else None
    except (ValueError, OverflowError):
        return None


def cut_off(who: str = SPOTIFY) -> SpotifyDown:
    """Say that the answer is not whole, or nothing of Spotify's."""
    return SpotifyDown(
        f"The answer was cut off, or did not come from {who}.",
        "Check whether this network asks you to sign in; the next run tries again.",
    )


def no_answer(error: httpx2.RequestError, who: str = SPOTIFY) -> SpotifyDown:
    """Say that no whole answer came; the error itself may hold headers and is not kept."""
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError | httpx2.DecodingError):
        return cut_off(who)
    if "CERTIFICATE" in str(error).upper():
        return SpotifyDown(f"The connection to {who} cannot be trusted.", "Check this machine's clock and its certificates.")
    if isinstance(error, httpx2.TimeoutException):
        return SpotifyDown(f"{who} does not answer in time.", "The next run tries again.")
    return SpotifyDown(f"{who} cannot be reached.", "Check the network; the next run tries again.")


class _Object(Struct):
    """Any object of JSON."""


def _is_object(body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=_Object)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def sent_at(answer: httpx2.Response) -> datetime | None:
    """Read by Spotify's clock when an answer was sent."""
    try:
        return parsedate_to_datetime(answer.headers["date"])
    except (KeyError, ValueError):
        return None
