"""Asking the Web API for what it knows: bytes as Spotify sent them."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import parse_qsl

import msgspec
import structlog

from longplay.spotify.answers import api_problem, cut_off
from longplay.spotify.bearer import Bearer
from longplay.spotify.errors import SpotifyDown, TokenRefused
from longplay.spotify.line import Line, Question
from longplay.spotify.quota import bucket_of
from longplay.spotify.records import Link

log = structlog.get_logger()

ORIGIN: Final = "https://api.spotify.com/v1"

Query = Mapping[str, str | int]


class Spotify:
    """The Web API on behalf of one listener. Every call may raise a `SpotifyError`; `Blocked` means that none was made."""

    def __init__(self, line: Line, bearer: Bearer, origin: str = ORIGIN) -> None:
        """Know whom to ask, on whose behalf."""
        self._line = line
        self._bearer = bearer
        self._origin = origin

    def get(self, path: str, **query: str | int | None) -> bytes:
        """Give one answer, `get("/me/player/recently-played", limit=50)`; empty where Spotify has nothing to say (204)."""
        return self._get(f"{self._origin}{path}", _said(query))

    def pages(self, path: str, **query: str | int | None) -> Iterator[bytes]:
        """Yield every page of a listing. Each names the next one, so we follow rather than count, and none twice."""
        link: str | None = f"{self._origin}{path}"
        asked: Query | None = _said(query)
        seen: set[object] = set()
        while link and (place := _place(link, asked)) not in seen:
            seen.add(place)
            page = self._get(link, asked)
            yield page
            link, asked = self._next(page), None  # a link brings its own query

    def _next(self, page: bytes) -> str | None:
        """Find where a listing goes on; raises `SpotifyDown` if that is not at Spotify's, for our token goes with us."""
        if not page:
            return None
        try:
            link = msgspec.json.decode(page, type=Link).next
        except msgspec.ValidationError:
            raise cut_off() from None
        if link and not link.startswith(f"{self._origin}/"):
            raise SpotifyDown("Spotify's answer leads to another place, where we do not go.", "Report it if it happens again.")
        return link

    def _get(self, url: str, query: Query | None) -> bytes:
        bucket = bucket_of(url.removeprefix(self._origin).partition("?")[0])
        token = self._bearer.token()
        try:
            return self._line.ask(bucket, api_problem, Question("GET", url, query, bearer=token))
        except TokenRefused:
            log.debug("token_refused", bucket=bucket)
        return self._line.ask(bucket, api_problem, Question("GET", url, query, bearer=self._bearer.another(token)))


def _place(link: str, query: Query | None) -> tuple[str, frozenset[tuple[str, str]]]:
    """Tell places apart, however their queries are ordered."""
    bare, _, rest = link.partition("?")
    return bare, frozenset([*parse_qsl(rest), *((name, str(value)) for name, value in (query or {}).items())])


def _said(query: Mapping[str, str | int | None]) -> Query | None:
    return {name: value for name, value in query.items() if value is not None} or None
