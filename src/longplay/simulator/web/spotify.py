"""A Spotify of our own, whose owner decides what has been played, what time it is, and what goes wrong.

with SimulatedSpotify() as spotify:
    spotify.has_played("Alright", at="07:40")
    ...  # talk to spotify.api and spotify.accounts over HTTP
    assert spotify.calls.made_while_blocked() == []
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, Self

import httpx2
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from longplay.simulator.archives import Written, write_archive
from longplay.simulator.catalogue import Track
from longplay.simulator.plays import Play
from longplay.simulator.private import USERNAME
from longplay.simulator.web.accounts import AGREES, REFUSES, THINKS, Accounts
from longplay.simulator.web.api import Api, json_error
from longplay.simulator.web.apps import SCOPES, App, Consent, Tokens
from longplay.simulator.web.calls import Calls
from longplay.simulator.web.clock import Clock
from longplay.simulator.web.discography import Discography
from longplay.simulator.web.faults import FAULTS, Faults
from longplay.simulator.web.front import Front
from longplay.simulator.web.ids import spotify_id, uuid
from longplay.simulator.web.lastfm import LastFm
from longplay.simulator.web.limits import EVERYTHING, Limits
from longplay.simulator.web.listings import EXACT, Listing, Manners
from longplay.simulator.web.musicbrainz import MusicBrainz
from longplay.simulator.web.objects import PROFILES, RESTRICTED
from longplay.simulator.web.people import Listener
from longplay.simulator.web.reccobeats import ReccoBeats
from longplay.simulator.web.server import serving

START: Final = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class SimulatedSpotify:
    """Accounts and Web API on one loopback address, from one play log."""

    def __init__(
        self,
        plays: Iterable[Play] = (),
        *,
        now: datetime | Callable[[], datetime] = START,
        manners: Manners = EXACT,
        port: int = 0,
    ) -> None:
        """Invent a Spotify with one listener, who is signed in, and one app for each profile."""
        self.clock = Clock(now)
        self.calls = Calls()
        self.faults = Faults(self.clock)
        self.limits = Limits(self.clock)
        self.tokens = Tokens(self.clock)
        self.known = Discography()
        self.listeners: dict[str, Listener] = {}
        self.apps = {profile: _app(profile) for profile in PROFILES}
        self._by_id = {app.client_id: app for app in self.apps.values()}
        self.accounts_part = Accounts(self.clock, self._by_id, self.tokens, USERNAME)
        self.api_part = Api(self.clock, self.tokens, self.limits, self.listeners, self.known)
        self.reccobeats_part = ReccoBeats(self.known)
        self.musicbrainz_part = MusicBrainz(self.clock, self.known)
        self.lastfm_part = LastFm(self.known)
        self._port = port
        self._running = ExitStack()
        self.origin = ""
        self.listener = self.joins(USERNAME, plays, manners)

    # -- where it is

    def __enter__(self) -> Self:
        """Begin to listen."""
        self.origin = self._running.enter_context(serving(self.asgi(), self._port))
        return self

    def __exit__(self, *error: object) -> None:
        """End."""
        self._running.close()

    def asgi(self) -> Front:
        """Give the whole as an application, for those who need no sockets."""
        routes = [
            Route("/authorize", self.accounts_part.authorize, methods=["GET"]),
            Route("/api/token", self.accounts_part.token, methods=["POST"]),
            *self.api_part.routes(),
            *self.reccobeats_part.routes("/reccobeats"),
            *self.musicbrainz_part.routes("/musicbrainz"),
            *self.lastfm_part.routes("/lastfm"),
        ]
        return Front(
            Starlette(routes=routes, exception_handlers={404: _unknown, 405: _unknown}), self.clock, self.calls, self.faults
        )

    @property
    def api(self) -> str:
        """The address that stands for `https://api.spotify.com/v1`."""
        return f"{self.origin}/v1"

    @property
    def accounts(self) -> str:
        """The address that stands for `https://accounts.spotify.com`."""
        return self.origin

    @property
    def reccobeats(self) -> str:
        """The address that stands for `https://api.reccobeats.com`."""
        return f"{self.origin}/reccobeats"

    @property
    def musicbrainz(self) -> str:
        """The address that stands for `https://musicbrainz.org`."""
        return f"{self.origin}/musicbrainz"

    @property
    def lastfm(self) -> str:
        """The address that stands for `https://ws.audioscrobbler.com`."""
        return f"{self.origin}/lastfm"

    # -- apps and consent

    @property
    def app(self) -> App:
        """The app that anybody gets who registers one today."""
        return self.apps[RESTRICTED]

    def registers(self, app: App) -> App:
        """Know one more app."""
        self._by_id[app.client_id] = app
        return app

    def visits(self, address: str) -> str:
        """Do what the browser does with the address of `/authorize`: tell where it is sent, or what the page says."""
        answer = httpx2.get(address, verify=False)  # it is plain HTTP, and reading certificates takes its time
        return answer.headers.get("location") or answer.text

    def listener_agrees(self) -> None:
        """Let the person in front of the browser agree from now on."""
        self.accounts_part.listener = AGREES

    def listener_refuses(self) -> None:
        """Let the person in front of the browser refuse from now on."""
        self.accounts_part.listener = REFUSES

    def listener_thinks(self) -> None:
        """Show the person in front of the browser a page from now on, with two buttons."""
        self.accounts_part.listener = THINKS

    def signs_in(self, name: str) -> None:
        """Let somebody else sit in front of the browser."""
        self.accounts_part.signed_in = name

    def consents(self, app: App | None = None, scopes: Iterable[str] = SCOPES, *, who: str = USERNAME) -> dict[str, Any]:
        """Agree without a browser: tokens as `/api/token` gives them."""
        consent = Consent(app or self.app, who, frozenset(scopes), self.clock())
        self.tokens.consents.append(consent)
        access, refresh = self.tokens.access_token(consent), self.tokens.refresh_token(consent)
        scope = " ".join(sorted(consent.scopes))
        return {"access_token": access, "token_type": "Bearer", "expires_in": 3600, "refresh_token": refresh, "scope": scope}

    def rotates_refresh_tokens(self, how: str) -> None:
        """Bring a new refresh token `always`, `never` or `sometimes`."""
        self.accounts_part.rotation = how

    def revokes(self, who: str = USERNAME) -> None:
        """Take back all consent, as a listener can on the account's page."""
        self.tokens.revoke(who)

    # -- what is played

    def joins(self, name: str, plays: Iterable[Play] = (), manners: Manners = EXACT) -> Listener:
        """Let one more listener join."""
        self.listeners[name] = Listener(name, plays, self.known, manners)
        return self.listeners[name]

    def has_played(  # noqa: PLR0913 - each is something that differs between plays
        self,
        title: str,
        at: str | datetime,
        *,
        artist: str = "Paper Lanterns",
        album: str | None = None,
        ms: int = 200_000,
        ms_played: int | None = None,
        listed_at: datetime | None = None,
        kind: str = "track",
        private: bool = False,
        reason_end: str = "trackdone",
        who: str | None = None,
    ) -> Play:
        """Let a track end at an instant, `"07:40"` of the clock's day; kinds are track, local, episode, nameless."""
        album = album or title
        track = Track(f"spotify:track:{spotify_id('track', title, artist, album)}", title, artist, album, ms)
        play = _play(track, self.instant(at), ms if ms_played is None else ms_played, reason_end, is_incognito=private)
        listener = self.listeners[who or self.listener.name]
        listener.plays_more([play])
        listener.change(play, kind=kind, listed_at=listed_at)
        return play

    def instant(self, at: str | datetime) -> datetime:
        """Read `"07:40"` as an instant of the clock's day."""
        return at if isinstance(at, datetime) else datetime.combine(self.clock().date(), time.fromisoformat(at), UTC)

    def sends_archive(self, path: Path, layout: str = "extended-2025", *, who: str | None = None) -> Written:
        """Write the archive a listener would be sent now."""
        return write_archive(self.listeners[who or self.listener.name].plays, path, layout, up_to=self.clock())

    # -- the truth

    def shown(self) -> list[Listing]:
        """Tell every entry that a whole answer of recently-played held, once each, the oldest first."""
        return self.calls.shown()

    # -- what goes wrong

    def break_down(  # noqa: PLR0913 - when, where, how often
        self,
        how: str,
        path: str = "",
        *,
        times: int | None = 1,
        since: datetime | None = None,
        until: datetime | None = None,
        seconds: float | None = None,
    ) -> None:
        """Let calls fail (`FAULTS` names how): so many times, or between two instants; only below a path, if one is given."""
        fault = FAULTS[how] if seconds is None else replace(FAULTS[how], seconds=seconds)
        self.faults.plan(fault, path, times=None if until else times, since=since, until=until)

    def is_down(self, how: str = "network gone", **span: float) -> None:
        """Let every call fail from now on for so long, `is_down(hours=3)`."""
        self.break_down(how, until=self.clock() + timedelta(**span))

    def is_strict(self) -> None:
        """Limit how often one may ask, about as tightly as was reported of the real ones."""
        self.limits.calls_in_30_s = 90
        self.limits.calls_a_day = {"tracks": 500, "albums": 500, "artists": 500, "artist-albums": 60, "search": 400}
        self.musicbrainz_part.is_strict = True

    def blocks(self, bucket: str = EVERYTHING, app: App | None = None, **span: float) -> datetime:
        """Let a developer's quota for a bucket (`player`, `me`, `tracks`) or all calls of an app be used up for so long."""
        until = self.clock() + timedelta(**span)
        self.limits.block(app or self.app, bucket, until, is_quota=bucket != EVERYTHING)
        return until


def _app(profile: str) -> App:
    return App(
        client_id=uuid("app", profile).replace("-", ""), secret=uuid("secret", profile).replace("-", ""), profile=profile
    )


def _play(track: Track, end: datetime, ms_played: int, reason_end: str, *, is_incognito: bool) -> Play:
    return Play(
        started_at=end - timedelta(milliseconds=ms_played),
        ended_at=end,
        reported_at=end,
        ms_played=ms_played,
        what=track,
        reason_start="clickrow",
        reason_end=reason_end,
        shuffle=False,
        offline=False,
        offline_timestamp=int(end.timestamp()) - ms_played // 1000,
        is_incognito=is_incognito,
        country="NO",
        platform="ios",
        is_video=False,
        repeats=0,
        place="album",
    )


async def _unknown(_request: Request, error: Exception) -> Response:
    """Answer in Spotify's words where there is no such path or no such verb."""
    status = getattr(error, "status_code", 404)
    answer = json_error(status, "Service not found" if status == 404 else "Method not allowed")  # noqa: PLR2004
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer
