"""ReccoBeats, which knows how most recordings sound: `/v1/audio-features` and `/v1/track`.

What it does not know it leaves out without a word, and it keeps no order.
"""

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from longplay.simulator.web.discography import Discography, TrackFacts
from longplay.simulator.web.ids import chance, is_base62, uuid
from longplay.simulator.web.objects import Json, audio_features

_MOST: Final = 40
_UNKNOWN: Final = 0.08
_NOT_SAID: Final = ("analysis_url", "duration_ms", "time_signature", "track_href", "type", "uri")


def knows(track: TrackFacts) -> bool:
    """Tell whether ReccoBeats has the track: most, not all."""
    return chance("reccobeats", track.id) >= _UNKNOWN


class ReccoBeats:
    """Answers below one address, like `https://api.reccobeats.com`."""

    def __init__(self, known: Discography) -> None:
        """Know most of what Spotify knows."""
        self._known = known

    def routes(self, below: str) -> list[Route]:
        """List the paths."""
        return [
            Route(f"{below}/v1/audio-features", self._several(_sound)),
            Route(f"{below}/v1/track", self._several(_track)),
            Route(f"{below}/v1/track/{{id}}", self._one(_track)),
            Route(f"{below}/v1/track/{{id}}/audio-features", self._one(_sound)),
        ]

    def _several(self, write: Callable[[TrackFacts], Json]) -> Callable[[Request], Any]:
        async def several(request: Request) -> Response:
            ids = [one for part in request.query_params.getlist("ids") for one in part.split(",")]
            if not 0 < len(ids) <= _MOST or not all(ids):
                return _error(400, f"ids must have 1 to {_MOST} entries")
            return JSONResponse({"content": [write(track) for track in self._found(ids)]})

        return several

    def _one(self, write: Callable[[TrackFacts], Json]) -> Callable[[Request], Any]:
        async def one(request: Request) -> Response:
            tracks = self._found([request.path_params["id"]])
            return JSONResponse(write(tracks[0])) if tracks else _error(404, "not found")

        return one

    def _found(self, ids: list[str]) -> list[TrackFacts]:
        """Find tracks by Spotify's ids or by ReccoBeats' own, in no order one could rely on."""
        own = (
            {uuid("reccobeats", track.id): track for track in self._known.tracks.values()}
            if not all(map(is_base62, ids))
            else {}
        )
        tracks = {track.id: track for one in ids if (track := self._known.tracks.get(one) or own.get(one)) and knows(track)}
        return [tracks[one] for one in sorted(tracks)]


def _sound(track: TrackFacts) -> Json:
    said = {name: value for name, value in audio_features(track).items() if name not in _NOT_SAID}
    return said | {"id": uuid("reccobeats", track.id), "href": _href(track), "isrc": track.isrc}


def _track(track: TrackFacts) -> Json:
    return {
        "id": uuid("reccobeats", track.id),
        "trackTitle": track.name,
        "artists": [
            {"id": uuid("reccobeats", one.id), "name": one.name, "href": f"https://open.spotify.com/artist/{one.id}"}
            for one in track.artists
        ],
        "durationMs": track.length_ms,
        "isrc": track.isrc,
        "href": _href(track),
        "popularity": track.popularity,
    }


def _href(track: TrackFacts) -> str:
    return f"https://open.spotify.com/track/{track.id}"


def _error(status: int, words: str) -> Response:
    return JSONResponse({"timestamp": None, "error": words, "status": status}, status)
