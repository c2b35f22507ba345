"""Endpoints about music: tracks, albums, artists, searching, and how things sound."""

from datetime import datetime
from operator import itemgetter

from longplay.simulator.web.asked import ApiError, Asked
from longplay.simulator.web.discography import AlbumFacts
from longplay.simulator.web.objects import API, Json, audio_features


def track(asked: Asked) -> object:
    """Show one track."""
    return asked.objects.track(asked.track())


def tracks(asked: Asked) -> Json:
    """Show several tracks."""
    return {"tracks": [one and asked.objects.track(one) for one in asked.several(asked.known.tracks, 50)]}


def album(asked: Asked) -> Json:
    """Show one album."""
    return _album(asked, asked.album())


def albums(asked: Asked) -> Json:
    """Show several albums."""
    return {"albums": [one and _album(asked, one) for one in asked.several(asked.known.albums, 20)]}


def _album(asked: Asked, facts: AlbumFacts) -> Json:
    listing = {
        "href": f"{API}/albums/{facts.id}/tracks?offset=0&limit=50",
        "items": [asked.objects.short_track(one) for one in facts.tracks[:50]],
        "limit": 50,
        "next": asked.link(f"/v1/albums/{facts.id}/tracks", offset=50, limit=50) if len(facts.tracks) > 50 else None,  # noqa: PLR2004
        "offset": 0,
        "previous": None,
        "total": len(facts.tracks),
    }
    return asked.objects.album(facts, listing)


def saved_albums(asked: Asked) -> Json:
    """List the albums in the library, whole and newest first: those of which a track was saved, since the first one was."""
    first = {track.album: at for at, track in asked.listener.saved_by(asked.now)}

    def entry(saved: tuple[AlbumFacts, datetime]) -> Json:
        return {"added_at": f"{saved[1]:%Y-%m-%dT%H:%M:%SZ}", "album": _album(asked, saved[0])}

    return asked.page(sorted(first.items(), key=itemgetter(1), reverse=True), entry)


def album_tracks(asked: Asked) -> Json:
    """List the tracks of an album."""
    return asked.page(asked.album().tracks, asked.objects.short_track)


def artist(asked: Asked) -> Json:
    """Show one artist."""
    return asked.objects.artist(asked.artist())


def artists(asked: Asked) -> Json:
    """Show several artists."""
    return {"artists": [one and asked.objects.artist(one) for one in asked.several(asked.known.artists, 50)]}


def artist_albums(asked: Asked) -> Json:
    """List the albums of an artist."""
    default, most = _few(asked)

    def write(facts: AlbumFacts) -> Json:
        group = {} if asked.is_restricted else {"album_group": facts.kind}
        return asked.objects.short_album(facts) | group

    return asked.page(asked.artist().albums, write, default=default, most=most)


def artist_top_tracks(asked: Asked) -> Json:
    """Show what is heard most of an artist."""
    of_artist = [one for album in asked.artist().albums for one in album.tracks]
    best = sorted(of_artist, key=lambda one: (-one.popularity, one.id))[:10]
    return {"tracks": [asked.objects.track(one) for one in best]}


def _few(asked: Asked) -> tuple[int, int]:
    """Tell how many items a page has that was made smaller for apps of today."""
    return (5, 10) if asked.is_restricted else (20, 50)


def search(asked: Asked) -> Json:
    """Find tracks, albums and artists whose names hold the words."""
    words, kinds = asked.query.get("q", "").lower().split(), asked.query.get("type", "").split(",")
    if not words:
        raise ApiError(400, "No search query")
    if not {"track", "album", "artist"}.issuperset(kinds):
        raise ApiError(400, "Bad search type field")
    default, most = _few(asked)
    asked.number("offset", 0, 0, 1000)
    pools = {
        "track": (asked.known.tracks, asked.objects.track),
        "album": (asked.known.albums, asked.objects.short_album),
        "artist": (asked.known.artists, asked.objects.artist),
    }
    return {
        f"{kind}s": asked.page(
            [one for one in known.values() if all(word in one.name.lower() for word in words)],
            write,
            default=default,
            most=most,
        )
        for kind, (known, write) in pools.items()
        if kind in kinds
    }


def one_sound(asked: Asked) -> Json:
    """Say how one track sounds."""
    return audio_features(asked.track())


def sounds(asked: Asked) -> Json:
    """Say how several tracks sound."""
    return {"audio_features": [one and audio_features(one) for one in asked.several(asked.known.tracks, 100)]}
