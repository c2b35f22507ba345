"""The apps that are registered with the simulated Spotify, and the consents and tokens they hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from longplay.simulator.web.clock import Clock, months_later
from longplay.simulator.web.ids import number, spotify_id
from longplay.simulator.web.objects import RESTRICTED

TOKEN_LASTS: Final = timedelta(seconds=3600)
CODE_LASTS: Final = timedelta(minutes=10)
CONSENT_MONTHS: Final = 6
SCOPES: Final = frozenset({
    "app-remote-control", "playlist-modify-private", "playlist-modify-public", "playlist-read-collaborative",
    "playlist-read-private", "streaming", "ugc-image-upload", "user-follow-modify", "user-follow-read", "user-library-modify",
    "user-library-read", "user-modify-playback-state", "user-read-currently-playing", "user-read-email",
    "user-read-playback-position", "user-read-playback-state", "user-read-private", "user-read-recently-played",
    "user-top-read",
})  # fmt: skip
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1"})


class App(Struct, eq=False):
    """An app as its owner registered it."""

    client_id: str
    secret: str
    profile: str = RESTRICTED
    developer: str = "kim"  # quotas are counted for each developer
    redirect_uris: tuple[str, ...] = ("http://127.0.0.1/callback", "http://[::1]/callback")
    owner_has_premium: bool = True
    users: frozenset[str] | None = None  # who may use it; nobody is kept out if none is named


def may_return_to(app: App, uri: str) -> bool:
    """Tell whether a redirect address is registered; a loopback address registered without a port may have any."""
    return any(uri == known or _without_port(uri) == known for known in app.redirect_uris)


def _without_port(uri: str) -> str | None:
    """Take the port off a loopback address, for it may change from run to run; other addresses are compared whole."""
    try:
        parts = urlsplit(uri)
        if parts.scheme != "http" or parts.hostname not in _LOOPBACK or parts.port is None:
            return None
    except ValueError:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return parts._replace(netloc=host).geturl()


class Consent(Struct, eq=False):
    """A listener let an app do something; it ends after six months, or when the listener says so."""

    app: App
    listener: str
    scopes: frozenset[str]
    given_at: datetime
    is_revoked: bool = False

    @property
    def ends_at(self) -> datetime:
        """The instant from which no refresh works."""
        return months_later(self.given_at, CONSENT_MONTHS)


class Code(Struct, eq=False):
    """What the browser carries back to the app; it can be exchanged once."""

    consent: Consent
    redirect_uri: str
    challenge: str | None
    made_at: datetime


class Tokens:
    """Everything handed out so far: codes, refresh tokens, access tokens."""

    def __init__(self, clock: Clock) -> None:
        """Hand out by this clock."""
        self._clock = clock
        self._numbers = count(1)
        self.codes: dict[str, Code] = {}
        self.refreshing: dict[str, Consent] = {}
        self.retired: set[str] = set()
        self._accessing: dict[str, tuple[Consent, datetime]] = {}
        self.consents: list[Consent] = []
        self.handed_out: list[str] = []

    def code(self, code: Code) -> str:
        """Hand out a code."""
        self.consents.append(code.consent)
        return self._kept(self.codes, "AQC", code)

    def refresh_token(self, consent: Consent) -> str:
        """Hand out a refresh token."""
        return self._kept(self.refreshing, "AQ", consent)

    def access_token(self, consent: Consent) -> str:
        """Hand out an access token for an hour."""
        return self._kept(self._accessing, "BQ", (consent, self._clock() + TOKEN_LASTS))

    def consent_of(self, access_token: str) -> Consent | None:
        """Find who an access token stands for; nobody, if it is unknown or the listener took consent back."""
        consent, _ = self._accessing.get(access_token, (None, None))
        return None if consent is None or consent.is_revoked else consent

    def is_over(self, access_token: str) -> bool:
        """Tell whether the token's hour is over."""
        return self._clock() >= self._accessing[access_token][1]

    def retire(self, refresh_token: str) -> None:
        """Let a refresh token die, since there is a new one."""
        self.retired.add(refresh_token)

    def end_access(self) -> None:
        """Let every access token's hour be over now."""
        self._accessing = {token: (consent, self._clock()) for token, (consent, _) in self._accessing.items()}

    def revoke(self, listener: str) -> None:
        """Take back every consent of a listener, as on the account's page of apps."""
        for consent in self.consents:
            consent.is_revoked |= consent.listener == listener

    def _kept(self, where: dict, kind: str, what: object) -> str:
        turn = next(self._numbers)
        token = f"{kind}sentinel{turn}{spotify_id(kind, turn)}{number(kind, turn):032x}"
        where[token] = what
        self.handed_out.append(token)
        return token


Rotation = Callable[[int], bool]
# Whether the n-th refresh brings a new refresh token.
ROTATIONS: Final[dict[str, Rotation]] = {
    "always": lambda _: True,
    "never": lambda _: False,
    "sometimes": lambda turn: turn % 3 == 1,
}
