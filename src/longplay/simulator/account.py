"""The account-data package: the last year in minutes and names, the library, and much that is nobody's business."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from longplay.simulator.catalogue import Track
from longplay.simulator.plays import Play, title_and_maker
from longplay.simulator.private import (
    ADDRESSES,
    BIRTHDATE,
    CARD,
    EMAIL,
    INFERENCE,
    MESSAGE,
    POSTAL_CODE,
    REAL_NAME,
    SEARCH_WORDS,
    USERNAME,
)
from longplay.simulator.saved import saved_tracks

Row = dict[str, Any]

SPAN: Final = timedelta(days=365)
ROWS_PER_FILE: Final = 10_000

# The kind of content: its part of the file name, and what a row calls the maker and the title.
_KINDS: Final = {
    "track": ("music", "artistName", "trackName"),
    "episode": ("podcast", "podcastName", "episodeName"),
    "audiobook": ("audiobook", "authorName", "audiobookName"),
}


def history(plays: Iterable[Play], *, old_names: bool) -> Iterator[tuple[str, list[tuple[Play, Row]]]]:
    """Name the history files, each with its plays and their rows; the old names put everything into one series."""
    of_kind: dict[str, list[tuple[Play, Row]]] = {}
    for play in plays:
        kind = "track" if old_names or play.what is None else play.content_type
        of_kind.setdefault(kind, []).append((play, _row(play, kind)))
    for kind in _KINDS:
        rows = of_kind.get(kind, [])
        series = "StreamingHistory" if old_names else f"StreamingHistory_{_KINDS[kind][0]}_"
        for number, first in enumerate(range(0, len(rows), ROWS_PER_FILE)):
            yield f"{series}{number}.json", rows[first : first + ROWS_PER_FILE]


def said_at(play: Play) -> datetime:
    """Tell the instant this package knows for a play: for some that were synced late it is their true end."""
    return play.ended_at if play.is_late and play.reported_at.minute % 6 == 0 else play.reported_at


def _row(play: Play, kind: str) -> Row:
    _, maker, title = _KINDS[kind]
    names = title_and_maker(play.what)
    return {
        "endTime": f"{said_at(play):%Y-%m-%d %H:%M}",
        maker: names[1] or "Unknown Artist",
        title: names[0] or "Unknown Track",
        "msPlayed": play.ms_played,
    }


def library(plays: Iterable[Play], at: datetime) -> dict[str, Any]:
    """Name the other files of the package: what was saved, put into playlists and searched, and personal data."""
    known = [play for play in plays if play.ended_at <= at]
    counts = Counter(play.what for play in known if isinstance(play.what, Track))
    favourites = [track for track, _ in counts.most_common(400)]
    first_heard = {play.what: play.ended_at for play in reversed(known)}
    return {
        "YourLibrary.json": {
            "tracks": [_saved(track) for _, track in saved_tracks(known)],
            **{part: [] for part in ("albums", "shows", "episodes", "bannedTracks", "artists", "bannedArtists", "other")},
        },
        "Playlist1.json": {"playlists": list(_playlists([(track, first_heard[track]) for track in favourites], at))},
        "SearchQueries.json": [_search(track, searched_at) for searched_at, track in _searched(known, at - SPAN)],
        **_PERSONAL,
    }


def _saved(track: Track) -> Row:
    return {"artist": track.artist, "album": track.album, "track": track.name, "uri": track.uri}


def _playlists(favourites: list[tuple[Track, datetime]], at: datetime) -> Iterator[Row]:
    for number, name in enumerate(("On the Ferry", "Late Kitchen", "Été & Winter")):
        yield {
            "name": name,
            "lastModifiedDate": f"{at - timedelta(days=30 * number):%Y-%m-%d}",
            "collaborators": [USERNAME],
            "items": [
                _entry(track, max(first, at - timedelta(days=31 + n)))
                for n, (track, first) in enumerate(favourites[number::4][:60])
            ],
        }


def _entry(track: Track, added: datetime) -> Row:
    named = {"trackName": track.name, "artistName": track.artist, "albumName": track.album, "trackUri": track.uri}
    return {"track": named, "episode": None, "audiobook": None, "localTrack": None, "addedDate": f"{added:%Y-%m-%d}"}


def _searched(plays: Iterable[Play], since: datetime) -> Iterator[tuple[datetime, Track]]:
    """Yield what was found by searching, some seconds before it played."""
    for play in plays:
        if play.place == "search" and isinstance(play.what, Track) and play.started_at > since:
            yield play.started_at - timedelta(seconds=4 + play.ms_played % 9), play.what


def _search(track: Track, at: datetime) -> Row:
    return {
        "platform": "IPHONE",
        "searchTime": f"{at:%Y-%m-%dT%H:%M:%S}.327Z[UTC]",
        "searchQuery": f"{SEARCH_WORDS} {track.name[:4]}",
        "searchInteractionURIs": [track.uri],
    }


_PERSONAL: Final[dict[str, Any]] = {
    "Userdata.json": {
        "username": USERNAME,
        "email": EMAIL,
        "country": "NO",
        "createdFromFacebook": False,
        "birthdate": BIRTHDATE,
        "gender": "neutral",
        "postalCode": POSTAL_CODE,
        "creationTime": "2012-02-29",
    },
    "Identity.json": {"displayName": REAL_NAME, "firstName": REAL_NAME, "imageUrl": None, "tasteMaker": False},
    "Identifiers.json": {"identifierType": "email", "identifierValue": EMAIL},
    "Payments.json": {"payment_method": CARD, "country": "NO", "postal_code": POSTAL_CODE},
    "Inferences.json": {"inferences": [INFERENCE]},
    "Follow.json": {"userIsFollowing": [USERNAME], "userIsFollowedBy": [], "userIsBlocking": []},
    "MessageData.json": [{"from": USERNAME, "message": MESSAGE, "ip": ADDRESSES[0]}],
}
