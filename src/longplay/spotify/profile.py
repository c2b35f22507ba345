"""Which of Spotify's three manners our app gets. It is found out by asking for what some apps may not have.

restricted_dev   an app registered today: no batch calls, fewer fields
legacy_dev       registered before February 2026: batch calls and all fields
extended         audio features, too
"""

from datetime import datetime, timedelta
from typing import Final, Literal

import structlog
from msgspec import Struct

from longplay.spotify.client import Spotify
from longplay.spotify.errors import NotAvailable
from longplay.spotify.memory import Memory, remember, remembered
from longplay.spotify.quota import Clock, short

log = structlog.get_logger()

Profile = Literal["restricted_dev", "legacy_dev", "extended"]

ASK_AGAIN: Final = timedelta(days=30)
# Batch calls answer for any well-formed id, so it need not be one that exists. The first that is open decides.
_PROBES: Final[tuple[tuple[Profile, str], ...]] = (("extended", "/audio-features"), ("legacy_dev", "/artists"))
RESTRICTED: Final[Profile] = "restricted_dev"
_ANY_ID: Final = "0000000000000000000001"


class Found(Struct, frozen=True):
    """What was found out, and when (UTC)."""

    profile: Profile
    found_at: datetime


class Profiles:
    """Remembers the profile of one client id."""

    def __init__(self, memory: Memory, client_id: str, clock: Clock) -> None:
        """Know where to look."""
        self._memory = memory
        self._name = f"profile-{short(client_id)}"
        self._clock = clock

    def known(self) -> Found | None:
        """Tell what was found out last, without asking."""
        return remembered(self._memory, self._name, Found)

    def find(self, spotify: Spotify) -> Profile:
        """Tell the profile; asks (two calls at most) if it is unknown or was found out a month ago. Raises `SpotifyError`."""
        known = self.known()
        if known and timedelta() <= self._clock() - known.found_at < ASK_AGAIN:
            return known.profile
        profile = _asked(spotify)
        with self._memory.lease(self._name):
            remember(self._memory, self._name, Found(profile, self._clock()))
        log.info("profile_found", profile=profile)
        return profile


def _asked(spotify: Spotify) -> Profile:
    for profile, path in _PROBES:
        if _is_open(spotify, path):
            return profile
    return RESTRICTED


def _is_open(spotify: Spotify, path: str) -> bool:
    try:
        spotify.get(path, ids=_ANY_ID)
    except NotAvailable:
        return False
    return True
