"""The Web API: which endpoints there are, for which apps, and everything that is checked before one answers."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from longplay.simulator.web import of_listeners, of_music
from longplay.simulator.web.apps import Consent, Tokens
from longplay.simulator.web.asked import ApiError, Asked
from longplay.simulator.web.calls import Call
from longplay.simulator.web.clock import Clock
from longplay.simulator.web.discography import Discography
from longplay.simulator.web.limits import Limits, Refusal
from longplay.simulator.web.objects import LEGACY, PROFILES, RESTRICTED, Objects
from longplay.simulator.web.people import Listener

_JSON: Final = "application/json; charset=utf-8"
_DEV: Final = frozenset({LEGACY, RESTRICTED})
NOT_PREMIUM: Final = (
    "Active premium subscription required for the owner of the app. When the subscription status changes, "
    "it can take a few hours before requests are allowed again."
)
NOT_LISTED: Final = "Check settings on developer.spotify.com/dashboard, the user may not be registered."


class Endpoint(Struct, frozen=True):
    """A path, what answers it, whose quota it uses, what a listener has to have agreed to, and for whom it is closed."""

    path: str
    answer: Callable[[Asked], Any] | None
    bucket: str
    scope: str | None = None
    closed: frozenset[str] = frozenset()
    is_mute: bool = False  # the refusal has no message


def _closed(bucket: str, paths: Iterable[str]) -> Iterable[Endpoint]:
    return (Endpoint(path, None, bucket, closed=frozenset(PROFILES)) for path in paths)


_RESTRICTED: Final = frozenset({RESTRICTED})
_LIBRARY: Final = "user-library-read"
ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    Endpoint("/me", of_listeners.me, "me"),
    Endpoint("/me/player/recently-played", of_listeners.recently_played, "player", "user-read-recently-played"),
    Endpoint("/me/player/currently-playing", of_listeners.currently_playing, "player", "user-read-currently-playing"),
    Endpoint("/me/player", of_listeners.currently_playing, "player", "user-read-playback-state"),
    Endpoint("/me/top/tracks", of_listeners.top_tracks, "me", "user-top-read"),
    Endpoint("/me/top/artists", of_listeners.top_artists, "me", "user-top-read"),
    Endpoint("/me/tracks", of_listeners.saved_tracks, "me", _LIBRARY),
    Endpoint("/me/albums", of_music.saved_albums, "me", _LIBRARY),
    *(Endpoint(f"/me/{kind}", of_listeners.nothing_saved, "me", _LIBRARY) for kind in ("shows", "episodes")),
    Endpoint("/me/following", of_listeners.followed_artists, "me", "user-follow-read"),
    Endpoint("/me/playlists", of_listeners.nothing_saved, "playlists", "playlist-read-private"),
    Endpoint("/me/library/contains", of_listeners.library_contains, "me", _LIBRARY),
    Endpoint("/tracks/{id}", of_music.track, "tracks"),
    Endpoint("/albums/{id}", of_music.album, "albums"),
    Endpoint("/albums/{id}/tracks", of_music.album_tracks, "albums"),
    Endpoint("/artists/{id}", of_music.artist, "artists"),
    Endpoint("/artists/{id}/albums", of_music.artist_albums, "artist-albums"),
    Endpoint("/search", of_music.search, "search"),
    Endpoint("/tracks", of_music.tracks, "tracks", closed=_RESTRICTED),
    Endpoint("/albums", of_music.albums, "albums", closed=_RESTRICTED),
    Endpoint("/artists", of_music.artists, "artists", closed=_RESTRICTED),
    Endpoint("/artists/{id}/top-tracks", of_music.artist_top_tracks, "artists", closed=_RESTRICTED),
    Endpoint("/audio-features", of_music.sounds, "tracks", closed=_DEV, is_mute=True),
    Endpoint("/audio-features/{id}", of_music.one_sound, "tracks", closed=_DEV, is_mute=True),
    *_closed("browse", ("/markets", "/browse/new-releases", "/browse/categories", "/recommendations", "/users/{id}")),
    *_closed("artists", ("/artists/{id}/related-artists",)),
    *_closed("tracks", ("/audio-analysis/{id}",)),
)


class Api:
    """The Web API over everything the simulator knows."""

    def __init__(
        self, clock: Clock, tokens: Tokens, limits: Limits, listeners: Mapping[str, Listener], known: Discography
    ) -> None:
        """Look everything up in what others fill."""
        self._clock = clock
        self._tokens = tokens
        self._limits = limits
        self._listeners = listeners
        self._known = known
        self._nobody = Listener("", (), known)
        self._objects = {profile: Objects(profile) for profile in PROFILES}

    def routes(self) -> list[Route]:
        """List the paths below `/v1`."""
        return [Route(f"/v1{endpoint.path}", self._answering(endpoint), methods=["GET"]) for endpoint in ENDPOINTS]

    def _answering(self, endpoint: Endpoint) -> Callable[[Request], Any]:
        async def answering(request: Request) -> Response:
            try:
                return self._answer(endpoint, request)
            except ApiError as error:
                return json_error(error.status, error.message)

        return answering

    def _answer(self, endpoint: Endpoint, request: Request) -> Response:
        call: Call = request.scope["call"]
        consent = self._consent(request)
        app = consent.app
        call.client_id, call.listener, call.bucket = app.client_id, consent.listener, endpoint.bucket
        refused = self._limits.refusal(app, endpoint.bucket)
        if refused:
            call.was_blocked = refused.was_told
            return self._too_many(refused)
        if not app.owner_has_premium:
            return Response(NOT_PREMIUM, 403, media_type="text/plain")
        if app.users is not None and consent.listener and consent.listener not in app.users:
            return Response(NOT_LISTED, 403, media_type="text/plain")
        _check(endpoint, consent)
        return _written(endpoint.answer(self._asked(request, consent)) if endpoint.answer else None)

    def _consent(self, request: Request) -> Consent:
        header = request.headers.get("authorization")
        if header is None:
            raise ApiError(401, "No token provided")
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(400, "Only valid bearer authentication supported")
        consent = self._tokens.consent_of(token)
        if consent is None:
            raise ApiError(401, "Invalid access token")
        if self._tokens.is_over(token):
            raise ApiError(401, "The access token expired")
        return consent

    def _asked(self, request: Request, consent: Consent) -> Asked:
        return Asked(
            listener=self._listeners.get(consent.listener, self._nobody),
            profile=consent.app.profile,
            objects=self._objects[consent.app.profile],
            known=self._known,
            now=self._clock(),
            origin=f"{request.url.scheme}://{request.url.netloc}",
            path=request.scope["path"],
            query=request.query_params,
            at=request.path_params,
            call=request.scope["call"],
        )

    def _too_many(self, refused: Refusal) -> Response:
        headers = {"retry-after": str(refused.seconds)} if self._limits.tells_seconds else {}
        if not self._limits.tells_in_json:
            return Response("Too many requests", 429, headers, "text/plain")
        error = {"status": 429, "message": "Too many requests" if refused.is_quota else "API rate limit exceeded"}
        reason = {"reason": "QUOTA_EXCEEDED"} if refused.is_quota else {}
        return Response(msgspec.json.encode({"error": error | reason}), 429, headers, _JSON)


def _check(endpoint: Endpoint, consent: Consent) -> None:
    """Keep out apps to which the endpoint is closed, and those the listener has not agreed to it for.

    An app that speaks for itself alone has no listener, and nothing of `/me`.
    """
    if not consent.listener and endpoint.path.startswith("/me"):
        raise ApiError(401, "Permissions missing")
    if consent.app.profile in endpoint.closed:
        raise ApiError(403, None if endpoint.is_mute else "Forbidden")
    if endpoint.scope and endpoint.scope not in consent.scopes:
        raise ApiError(403, "Insufficient client scope")


def _written(answer: Any) -> Response:
    """Write an answer; one that says nothing is 204."""
    if answer is None:
        return Response(status_code=204)
    return Response(msgspec.json.encode(answer), media_type=_JSON, headers={"cache-control": "private, max-age=0"})


def json_error(status: int, message: str | None) -> Response:
    """Write an error as the Web API does."""
    error = {"status": status} | ({} if message is None else {"message": message})
    return Response(msgspec.json.encode({"error": error}), status, media_type=_JSON)
