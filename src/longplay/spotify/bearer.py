"""Who bears the access token: renews it when it ends, so that two processes never renew at once."""

from typing import Protocol

import structlog
from msgspec.structs import replace

from longplay.spotify.auth import Accounts
from longplay.spotify.errors import LOGIN, LoginNeeded, TokenRefused
from longplay.spotify.memory import Memory
from longplay.spotify.quota import Clock
from longplay.spotify.secret import Secret
from longplay.spotify.tokens import TokenFile, Tokens

log = structlog.get_logger()


class Bearer(Protocol):
    """Gives access tokens."""

    def token(self) -> Secret:
        """Give one that should be good."""
        ...

    def another(self, refused: Secret) -> Secret:
        """Give one in place of a refused one."""
        ...


class JustSignedIn:
    """Bears the first token of a new consent, before it is decided whether to keep it."""

    def __init__(self, token: Secret) -> None:
        """Bear this one."""
        self._token = token

    def token(self) -> Secret:
        """Give it."""
        return self._token

    def another(self, refused: Secret) -> Secret:
        """Have none."""
        del refused
        raise TokenRefused("Spotify does not accept the token it has just given.", LOGIN)


class Kept:
    """Bears what the token file holds, and renews it under a lease."""

    def __init__(self, file: TokenFile, accounts: Accounts, memory: Memory, clock: Clock) -> None:
        """Know the file and whom to ask."""
        self._file = file
        self._accounts = accounts
        self._memory = memory
        self._clock = clock

    def token(self) -> Secret:
        """Give the kept one, or a new one if its hour is over; raises `LoginNeeded` without a consent."""
        tokens = self._needed()
        return tokens.access if tokens.is_good(self._clock()) else self.another(tokens.access)

    def another(self, refused: Secret) -> Secret:
        """Renew, unless another process has done it while we waited; raises `LoginNeeded` if the consent is over."""
        with self._memory.lease(self._file.name):
            tokens = self._needed()
            if tokens.access != refused and tokens.is_good(self._clock()):
                return tokens.access
            renewed = self._renewed(tokens)
            self._file.write(renewed)
            log.debug("renewed", has_new_refresh_token=renewed.refresh != tokens.refresh)
            return renewed.access

    def _renewed(self, tokens: Tokens) -> Tokens:
        """Exchange the refresh token; where Spotify refuses it, it is forgotten, for it will never be accepted again."""
        try:
            grant = self._accounts.refresh(tokens.refresh or Secret(""))
        except LoginNeeded:
            self._file.write(tokens.over())
            raise
        return replace(
            tokens,
            access=grant.access_token,
            ends_at=grant.ends_at(self._clock()),
            refresh=grant.refresh_token or tokens.refresh,
        )

    def _needed(self) -> Tokens:
        tokens = self._file.read()
        if tokens is None:
            raise LoginNeeded("Nobody has signed in to Spotify.", LOGIN)
        if tokens.refresh is None:
            raise LoginNeeded("The consent is over.", LOGIN)
        if tokens.client_id != self._accounts.app.client_id:
            raise LoginNeeded("The consent was given to another app.", f"{LOGIN[:-1]}, or set SPOTIFY_CLIENT_ID back.")
        return tokens
