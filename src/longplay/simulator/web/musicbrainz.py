"""MusicBrainz, which knows the genres of most artists: by their address at Spotify, or by name.

One address that is unknown is a 404, several are a list without it. More than one call a second is answered with 503.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from longplay.simulator.web.clock import Clock
from longplay.simulator.web.discography import ArtistFacts, Discography
from longplay.simulator.web.ids import chance, uuid
from longplay.simulator.web.objects import Json

_MOST: Final = 100
_PACE: Final = timedelta(seconds=1)
_NO_ADDRESS: Final = 0.2  # artists whose address at Spotify nobody entered
_NO_GENRE: Final = 0.1
_NAMESAKES: Final = 0.15
_ARTIST: Final = "https://open.spotify.com/artist/"
_QUOTED: Final = re.compile(r'(\w+):"((?:[^"\\]|\\.)*)"')


def mbid(artist: ArtistFacts) -> str:
    """Give an artist's id at MusicBrainz."""
    return uuid("musicbrainz", artist.id)


def has_address(artist: ArtistFacts) -> bool:
    """Tell whether MusicBrainz can find an artist by the address at Spotify."""
    return chance("musicbrainz address", artist.id) >= _NO_ADDRESS


def genres(artist: ArtistFacts) -> tuple[str, ...]:
    """Tell the genres that MusicBrainz has for an artist, the most agreed upon first."""
    return () if chance("musicbrainz genre", artist.id) < _NO_GENRE else artist.genres


class MusicBrainz:
    """Answers below one address, like `https://musicbrainz.org`."""

    def __init__(self, clock: Clock, known: Discography) -> None:
        """Know whom Spotify knows."""
        self._clock = clock
        self._known = known
        self._last: datetime | None = None
        self._by_mbid: dict[str, ArtistFacts] = {}
        self._by_name: dict[str, list[ArtistFacts]] = {}
        self.is_strict = False  # whether more than one call a second is refused

    def routes(self, below: str) -> list[Route]:
        """List the paths."""
        return [
            Route(f"{below}/ws/2/url", self._paced(self._addresses)),
            Route(f"{below}/ws/2/artist", self._paced(self._artists_named)),
            Route(f"{below}/ws/2/artist/{{id}}", self._paced(self._artist)),
            Route(f"{below}/ws/2/recording", self._paced(self._recordings_named)),
        ]

    def _paced(self, answer: Callable[[Request], Response]) -> Callable[[Request], Any]:
        async def paced(request: Request) -> Response:
            if not request.headers.get("user-agent"):
                return _error(403, "Your requests have no User-Agent and are declined.")
            now, last = self._clock(), self._last
            self._last = now
            if self.is_strict and last is not None and now - last < _PACE:
                return _error(503, "Your requests are exceeding the allowable rate limit.")
            return answer(request)

        return paced

    def _addresses(self, request: Request) -> Response:
        resources = request.query_params.getlist("resource")
        if not 0 < len(resources) <= _MOST:
            return _error(400, "Between 1 and 100 resources may be asked for.")
        found = [artist for one in resources if (artist := self._at(one))]
        if len(resources) == 1:
            return JSONResponse(_address(found[0])) if found else _error(404, "Not Found")
        unordered = sorted(dict.fromkeys(found), key=mbid)
        return JSONResponse({"url-count": len(unordered), "url-offset": 0, "urls": [_address(one) for one in unordered]})

    def _at(self, address: str) -> ArtistFacts | None:
        artist = self._known.artists.get(address.removeprefix(_ARTIST))
        return artist if artist and has_address(artist) else None

    def _artist(self, request: Request) -> Response:
        self._look_around()
        artist = self._by_mbid.get(request.path_params["id"])
        if artist is None:
            return _error(404, "Not Found")
        wanted = request.query_params.get("inc", "").replace("+", " ").split()
        said = [{"count": 9 - place, "name": name} for place, name in enumerate(genres(artist))]
        more = {"genres": [one | {"id": uuid("genre", one["name"]), "disambiguation": ""} for one in said], "tags": said}
        return JSONResponse(_named(artist) | {kind: more[kind] for kind in wanted if kind in more})

    def _named(self, name: str) -> list[ArtistFacts]:
        self._look_around()
        return self._by_name.get(name.casefold(), [])

    def _look_around(self) -> None:
        """Learn who has become known since."""
        for artist in list(self._known.artists.values())[len(self._by_mbid) :]:
            self._by_mbid[mbid(artist)] = artist
            self._by_name.setdefault(artist.name.casefold(), []).append(artist)

    def _artists_named(self, request: Request) -> Response:
        found = self._named(_asked_for(request).get("artist", ""))
        artists = [_named(one) | {"score": 100} for one in found]
        artists += [_namesake(one) for one in found if chance("namesake", one.id) < _NAMESAKES]
        return JSONResponse(
            {"created": f"{self._clock():%Y-%m-%dT%H:%M:%S.000Z}", "count": len(artists), "offset": 0, "artists": artists}
        )

    def _recordings_named(self, request: Request) -> Response:
        asked = {name: words.casefold() for name, words in _asked_for(request).items()}
        found = {
            track.isrc: track
            for artist in self._named(asked.get("artist", ""))
            for album in artist.albums
            for track in album.tracks
            if track.name.casefold() == asked.get("recording")
        }
        recordings = [
            {
                "id": uuid("recording", code),
                "score": 100,
                "title": track.name,
                "length": track.length_ms,
                "artist-credit": [{"name": one.name, "artist": _named(one)} for one in track.artists],
            }
            for code, track in found.items()
        ]
        return JSONResponse({"count": len(recordings), "offset": 0, "recordings": recordings})


def _asked_for(request: Request) -> dict[str, str]:
    """Read a search such as `artist:"Paper Lanterns" AND recording:"Low Tide"`."""
    return {field: re.sub(r"\\(.)", r"\1", words) for field, words in _QUOTED.findall(request.query_params.get("query", ""))}


def _named(artist: ArtistFacts) -> Json:
    return {"id": mbid(artist), "name": artist.name, "sort-name": artist.name, "disambiguation": "", "type": "Group"}


def _namesake(artist: ArtistFacts) -> Json:
    return _named(artist) | {"id": uuid("namesake", artist.id), "disambiguation": "another one", "score": 97}


def _address(artist: ArtistFacts) -> Json:
    relation = {
        "type": "free streaming",
        "target-type": "artist",
        "direction": "backward",
        "attributes": [],
        "begin": None,
        "end": None,
        "ended": False,
        "artist": _named(artist),
    }
    return {"id": uuid("url", artist.id), "resource": f"{_ARTIST}{artist.id}", "relations": [relation]}


def _error(status: int, words: str) -> Response:
    return JSONResponse({"error": words, "help": "For usage, please see: https://musicbrainz.org/development/mmd"}, status)
