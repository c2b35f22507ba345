"""Endpoints about the listener: account, recent plays, rankings, library, player."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from longplay.simulator.catalogue import Track
from longplay.simulator.web.asked import ApiError, Asked
from longplay.simulator.web.discography import TrackFacts
from longplay.simulator.web.listings import Listing
from longplay.simulator.web.objects import API, Json, named
from longplay.simulator.web.people import RANGES


def me(asked: Asked) -> Json:
    """Tell who it is."""
    return asked.objects.user(asked.listener.account())


def recently_played(asked: Asked) -> Json:
    """Show the list of recent plays, or what of it is later or earlier than an instant.

    `after` gives the newest of what is later and does not walk on from there.
    """
    limit = asked.limit()
    if "after" in asked.query and "before" in asked.query:
        raise ApiError(400, "Only one of after and before may be given")
    after, before = (_instant(asked, name) for name in ("after", "before"))
    shown = [
        listing
        for listing in asked.listener.recent(asked.now)
        if (after is None or listing.played_at > after) and (before is None or listing.played_at < before)
    ][:limit]
    asked.call.showed = tuple(shown)
    asked_for = {name: asked.query[name] for name in ("after", "before") if name in asked.query}
    return _history(asked, shown, limit) | {"href": asked.link(**asked_for, limit=limit)}


def _history(asked: Asked, shown: list[Listing], limit: int) -> Json:
    if not shown:
        return {"items": [], "next": None, "cursors": None, "limit": limit}
    oldest = str(_milliseconds(shown[-1].played_at))
    return {
        "items": [_item(asked, listing) for listing in shown],
        "next": asked.link(before=oldest, limit=limit),
        "cursors": {"after": str(_milliseconds(shown[0].played_at)), "before": oldest},
        "limit": limit,
    }


def _instant(asked: Asked, name: str) -> datetime | None:
    if name not in asked.query:
        return None
    try:
        return datetime.fromtimestamp(int(asked.query[name]) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        raise ApiError(400, f"Invalid {name}") from None


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def said(at: datetime) -> str:
    """Write an instant as `played_at` is written."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def _item(asked: Asked, listing: Listing) -> Json:
    return {"track": _track(asked, listing), "played_at": said(listing.played_at), "context": _context(listing.context)}


def _track(asked: Asked, listing: Listing) -> msgspec.Raw | Json | None:
    what = listing.play.what
    if listing.kind == "nameless" or not isinstance(what, Track):
        return None
    track = asked.objects.track(asked.known.add(what))
    if listing.kind == "local":
        return _local_file(what)
    if listing.kind == "episode":
        return msgspec.json.decode(track) | named("episode", what.uri.rpartition(":")[2])
    return track


def _local_file(what: Track) -> Json:
    """Write a file of the listener's own: it has names and a length, and no ids."""
    plain = {"external_urls": {}, "href": None, "id": None}
    words = (what.artist, what.album, what.name, str(what.length_ms // 1000))
    album: Json = {"album_type": None, "artists": [], "images": [], "name": what.album, "release_date": None, "type": "album"}
    return plain | {
        "album": album | plain | {"release_date_precision": None, "uri": None},
        "artists": [plain | {"name": what.artist, "type": "artist", "uri": None}],
        "disc_number": 0,
        "duration_ms": what.length_ms,
        "explicit": False,
        "external_ids": {},
        "is_local": True,
        "name": what.name,
        "preview_url": None,
        "track_number": 0,
        "type": "track",
        "uri": f"spotify:local:{':'.join(word.replace(' ', '+') for word in words)}",
    }


def _context(uri: str | None) -> Json | None:
    if uri is None:
        return None
    kind, _, item_id = uri.removeprefix("spotify:").rpartition(":")
    if item_id == "collection":
        return {
            "external_urls": {"spotify": "https://open.spotify.com/collection/tracks"},
            "href": f"{API}/me/tracks",
            "type": "collection",
            "uri": uri,
        }
    return {name: value for name, value in named(kind, item_id).items() if name != "id"}


def _range(asked: Asked) -> str:
    span = asked.query.get("time_range", "medium_term")
    if span not in RANGES:
        raise ApiError(400, "Invalid time range")
    return span


def top_tracks(asked: Asked) -> Json:
    """Rank tracks over weeks, months or a year."""
    return asked.page(asked.listener.top_tracks(_range(asked), asked.now), asked.objects.track)


def top_artists(asked: Asked) -> Json:
    """Rank artists over weeks, months or a year."""
    return asked.page(asked.listener.top_artists(_range(asked), asked.now), asked.objects.artist)


def saved_tracks(asked: Asked) -> Json:
    """List the library, newest first."""

    def entry(saved: tuple[datetime, TrackFacts]) -> Json:
        return {"added_at": f"{saved[0]:%Y-%m-%dT%H:%M:%SZ}", "track": asked.objects.track(saved[1])}

    return asked.page(asked.listener.saved_by(asked.now), entry)


def nothing_saved(asked: Asked) -> Json:
    """List a part of the library in which there is nothing: the listener saves tracks and their albums only."""
    return asked.page([], str)


def followed_artists(asked: Asked) -> Json:
    """List whom the listener follows, which is nobody."""
    href = asked.link(type="artist", limit=asked.limit())
    return {"artists": {"href": href, "items": [], "limit": asked.limit(), "next": None, "cursors": None, "total": 0}}


def library_contains(asked: Asked) -> list[bool]:
    """Tell for each URI whether it is saved."""
    uris = [uri for uri in asked.query.get("uris", "").split(",") if uri]
    if not 0 < len(uris) <= 40:  # noqa: PLR2004 - documented
        raise ApiError(400, "Invalid uris")
    saved = {f"spotify:track:{track.id}" for _, track in asked.listener.saved_by(asked.now)}
    return [uri in saved for uri in uris]


def currently_playing(asked: Asked) -> Json | None:
    """Tell what plays at this instant; nothing, if nothing does."""
    play = asked.listener.playing(asked.now)
    if play is None or not isinstance(play.what, Track):
        return None
    done: dict[str, Any] = {"timestamp": _milliseconds(play.started_at), "context": None, "is_playing": True}
    return done | {
        "progress_ms": round((asked.now - play.started_at).total_seconds() * 1000),
        "currently_playing_type": "track",
        "actions": {"disallows": {"resuming": True}},
        "item": asked.objects.track(asked.known.add(play.what)),
    }
