"""Last.fm, which knows tags of artists. Its errors come with status 200."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from longplay.simulator.web.discography import Discography
from longplay.simulator.web.ids import chance, uuid

_UNKNOWN: Final = 0.1


class LastFm:
    """Answers below one address, like `https://ws.audioscrobbler.com`."""

    def __init__(self, known: Discography) -> None:
        """Know most of whom Spotify knows."""
        self._known = known
        self.key = uuid("lastfm", "key").replace("-", "")
        self.is_busy = False  # whether every call is one too many

    def routes(self, below: str) -> list[Route]:
        """List the one path there is."""
        return [Route(f"{below}/2.0", self._answer)]

    async def _answer(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("api_key") != self.key:
            return _error(10, "Invalid API key - You must be granted a valid key by last.fm")
        if self.is_busy:
            return _error(29, "Rate Limit Exceeded")
        if asked.get("method", "").lower() != "artist.gettoptags":
            return _error(3, "Invalid Method - No method with that name in this package")
        name = asked.get("artist", "").casefold()
        artist = next((one for one in self._known.artists.values() if one.name.casefold() == name), None)
        if artist is None or chance("lastfm", artist.id) < _UNKNOWN:
            return _error(6, "The artist you supplied could not be found")
        words = [*artist.genres, "seen live", "favourites"]
        tags = [{"name": word, "count": 100 // (place + 1), "url": ""} for place, word in enumerate(words)]
        return JSONResponse({"toptags": {"tag": tags, "@attr": {"artist": artist.name}}})


def _error(number: int, words: str) -> Response:
    return JSONResponse({"error": number, "message": words})
