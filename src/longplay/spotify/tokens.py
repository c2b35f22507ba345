"""What a listener's consent left us with: tokens, and since when.

A consent lasts six calendar months, however often tokens are renewed. Tokens carry no date, so we keep that of the consent.
"""

import calendar
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from longplay.spotify.errors import LOGIN
from longplay.spotify.memory import Memory, remember, remembered
from longplay.spotify.secret import Secret

CONSENT_MONTHS: Final = 6
WARNINGS: Final = (timedelta(days=7), timedelta(days=30))
_YEAR: Final = 12


class Consent(Struct, frozen=True):
    """Since when, until when (UTC), for what, and whether Spotify still accepts it."""

    authorized_at: datetime
    scopes: tuple[str, ...]
    is_over: bool = False  # Spotify said so

    @property
    def ends_at(self) -> datetime:
        """The instant from which Spotify refuses it."""
        return months_after(self.authorized_at, CONSENT_MONTHS)

    def left(self, now: datetime) -> timedelta:
        """How long it still lasts; nothing, if it is over."""
        return timedelta() if self.is_over else max(timedelta(), self.ends_at - now)

    def warning(self, now: datetime) -> str | None:
        """Say what a person should know: that it is over, or ends within 30 or 7 days."""
        left = self.left(now)
        if not left:
            return f"The consent is over. {LOGIN}"
        if left > max(WARNINGS):
            return None
        when = f"{self.ends_at.day} {self.ends_at:%B %Y}"
        days = f"{left.days} days" if left.days > 1 else "a day or less"
        return f"The consent ends on {when}, in {days}. {LOGIN}"

    def urgency(self, now: datetime) -> int:
        """Grade the warning: 0 none, 1 within 30 days, 2 within 7 days, 3 over."""
        left = self.left(now)
        return sum(left <= limit for limit in (*WARNINGS, timedelta()))


class Tokens(Struct, frozen=True):
    """All that the token file holds. Without a refresh token the consent is over and only its date is kept."""

    client_id: str
    authorized_at: datetime
    scopes: tuple[str, ...]
    access: Secret
    ends_at: datetime  # of the access token, by our clock
    refresh: Secret | None

    def consent(self) -> Consent:
        """Tell what may be told."""
        return Consent(self.authorized_at, self.scopes, is_over=self.refresh is None)

    def is_good(self, now: datetime) -> bool:
        """Tell whether the access token is probably still accepted."""
        return bool(self.access) and now < self.ends_at

    def over(self) -> "Tokens":
        """Forget what Spotify no longer accepts."""
        return replace(self, access=Secret(""), refresh=None)


class TokenFile:
    """One listener's tokens in the memory."""

    def __init__(self, memory: Memory, user: str) -> None:
        """Know where they are."""
        self.name = f"tokens-{user}"
        self._memory = memory

    def read(self) -> Tokens | None:
        """Give them; nothing, if nobody has signed in or the file is damaged."""
        return remembered(self._memory, self.name, Tokens)

    def write(self, tokens: Tokens) -> None:
        """Replace them."""
        remember(self._memory, self.name, tokens)

    def forget(self) -> None:
        """Remove them."""
        self._memory.forget(self.name)


def months_after(start: datetime, months: int) -> datetime:
    """Count calendar months; a month too short ends with its last day.

    >>> from datetime import UTC
    >>> months_after(datetime(2026, 8, 31, 9, 30, tzinfo=UTC), 6).isoformat()
    '2027-02-28T09:30:00+00:00'
    """
    years, month = divmod(start.month - 1 + months, _YEAR)
    year, month = start.year + years, month + 1
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
