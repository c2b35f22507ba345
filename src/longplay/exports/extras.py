"""The rest of the account data that tells of music: the library, playlists, and what a search led to.

Only what is named here is kept: no words of a search, no descriptions, nobody else's names.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from longplay.exports.elements import objects
from longplay.exports.members import Member

Row = dict[str, str | int | None]

_UTC: Final = re.compile(r"\[.*\]$")


def _content(member: Member) -> dict[str, Any]:
    try:
        decoded = msgspec.json.decode(b"".join(member.chunks()))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def _texts(source: Any, fields: dict[str, str]) -> Row:
    """Take texts out of an object under the names we have for them."""
    held = source if isinstance(source, dict) else {}
    return {name: value if isinstance(value := held.get(field), str) else None for name, field in fields.items()}


def library_rows(member: Member) -> Iterator[Row]:
    """Yield each saved track."""
    fields = {field: field for field in ("uri", "track", "artist", "album")}
    for number, track in enumerate(_dicts(_content(member).get("tracks"))):
        yield {"row_number": number, **_texts(track, fields)}


def playlist_rows(member: Member) -> Iterator[Row]:
    """Yield each track of each playlist with its position."""
    fields = {field: field for field in ("trackUri", "trackName", "artistName", "albumName")}
    number = 0
    for playlist in _dicts(_content(member).get("playlists")):
        about = _texts(playlist, {"name": "name", "lastModifiedDate": "lastModifiedDate"})
        for position, item in enumerate(_dicts(playlist.get("items"))):
            if track := item.get("track") or item.get("localTrack"):
                added = _texts(item, {"addedDate": "addedDate"})
                yield {"row_number": number, "position": str(position), **about, **added, **_texts(track, fields)}
                number += 1


def search_rows(member: Member) -> Iterator[Row]:
    """Yield each result somebody touched, with the time of the search."""
    number = 0
    for search in objects(member.chunks()):
        about = _texts(search, {"searchTime": "searchTime"})
        uris = search.get("searchInteractionURIs")
        for uri in uris if isinstance(uris, list) else []:
            if isinstance(uri, str) and about["searchTime"]:
                yield {"row_number": number, "searchTime": _UTC.sub("", about["searchTime"]), "uri": uri}
                number += 1


EXTRAS: Final[dict[str, Callable[[Member], Iterator[Row]]]] = {
    "library": library_rows,
    "playlists": playlist_rows,
    "searches": search_rows,
}
