"""Spotify's objects as JSON, with the fields that an app of each profile gets.

Addresses inside objects are Spotify's own, as in every recorded answer; only the links of pages lead to the simulator.
"""

from typing import Any, Final

import msgspec

from longplay.simulator.web.discography import LEANINGS, AlbumFacts, ArtistFacts, TrackFacts
from longplay.simulator.web.ids import chance, number

Json = dict[str, Any]

EXTENDED: Final = "extended"
LEGACY: Final = "legacy_dev"
RESTRICTED: Final = "restricted_dev"
PROFILES: Final = (EXTENDED, LEGACY, RESTRICTED)

API: Final = "https://api.spotify.com/v1"
_MARKETS: Final = ["DE", "GB", "IN", "IT", "JP", "NO", "PT", "SE", "US", "ZA"]
# What restricted apps no longer get.
_REMOVED: Final = {
    "track": ("available_markets", "linked_from", "popularity"),
    "album": ("album_group", "available_markets", "label", "popularity"),
    "artist": ("followers", "popularity"),
    "user": ("country", "email", "explicit_content", "followers", "product"),
}
_SOUNDS: Final = ("acousticness", "danceability", "energy", "instrumentalness", "liveness", "speechiness", "valence")


class Objects:
    """Writes objects for apps of one profile; what was written once is kept, for polls ask for the same again and again."""

    def __init__(self, profile: str) -> None:
        """Speak as to apps of that profile."""
        self._profile = profile
        self._tracks: dict[str, tuple[int, msgspec.Raw]] = {}

    def track(self, facts: TrackFacts) -> msgspec.Raw:
        """Write a track whole, its album in short. Albums grow, so what is kept goes with their size."""
        size = len(facts.album.tracks)
        kept = self._tracks.get(facts.id)
        if kept and kept[0] == size:
            return kept[1]
        written = msgspec.Raw(msgspec.json.encode(self._track(facts)))
        self._tracks[facts.id] = size, written
        return written

    def _track(self, facts: TrackFacts) -> Json:
        more = {"album": self.short_album(facts.album), "external_ids": {"isrc": facts.isrc}, "popularity": facts.popularity}
        return self._kept("track", self.short_track(facts) | more)

    def short_track(self, facts: TrackFacts) -> Json:
        """Write a track as albums list it."""
        track = {
            "artists": [short_artist(artist) for artist in facts.artists],
            "available_markets": _MARKETS,
            "disc_number": 1,
            "duration_ms": facts.length_ms,
            "explicit": facts.is_explicit,
            "is_local": False,
            "name": facts.name,
            "preview_url": None,
            "track_number": facts.number,
        }
        return self._kept("track", track | named("track", facts.id))

    def short_album(self, facts: AlbumFacts) -> Json:
        """Write an album without its tracks."""
        album = {
            "album_type": facts.kind,
            "artists": [short_artist(facts.artist)],
            "available_markets": _MARKETS,
            "images": images("ab67616d", facts.id),
            "name": facts.name,
            "release_date": facts.released,
            "release_date_precision": facts.precision,
            "total_tracks": len(facts.tracks),
        }
        return self._kept("album", album | named("album", facts.id))

    def album(self, facts: AlbumFacts, tracks: Json) -> Json:
        """Write an album whole, with the first page of its tracks."""
        more = {
            "copyrights": [{"text": f"{facts.released[:4]} {facts.artist.name}", "type": "P"}],
            "external_ids": {"upc": facts.upc},
            "genres": [],
            "label": f"{facts.artist.name} Recordings",
            "popularity": int(chance("popularity", facts.id) * 80),
            "tracks": tracks,
        }
        return self._kept("album", self.short_album(facts) | more)

    def artist(self, facts: ArtistFacts) -> Json:
        """Write an artist whole."""
        artist = {
            "followers": {"href": None, "total": number("followers", facts.name) % 900_000},
            "genres": list(facts.spotify_genres),
            "images": images("ab676161", facts.id),
            "name": facts.name,
            "popularity": facts.popularity,
        }
        return self._kept("artist", artist | named("artist", facts.id))

    def user(self, account: Json) -> Json:
        """Write the account as far as an app of this profile may know it."""
        return self._kept("user", account)

    def _kept(self, kind: str, fields: Json) -> Json:
        if self._profile != RESTRICTED:
            return fields
        return {key: value for key, value in fields.items() if key not in _REMOVED[kind]}


def named(kind: str, item_id: str) -> Json:
    """Write what every object has: its id and where it is found."""
    return {
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{item_id}"},
        "href": f"{API}/{kind}s/{item_id}",
        "id": item_id,
        "type": kind,
        "uri": f"spotify:{kind}:{item_id}",
    }


def short_artist(facts: ArtistFacts) -> Json:
    """Write an artist as tracks and albums name them."""
    return named("artist", facts.id) | {"name": facts.name}


def images(kind: str, item_id: str) -> list[Json]:
    """Point to pictures that do not exist."""
    return [
        {"height": size, "url": f"https://i.scdn.co/image/{kind}0000{size:04x}{number(item_id):032x}"[:72], "width": size}
        for size in (640, 300, 64)
    ]


def _leaning(facts: TrackFacts) -> Json:
    """Let energy and cheerfulness lean where the artist's genre does, most recordings a little."""
    energy, valence = LEANINGS[facts.artists[0].genres[0]]
    return {
        name: round(min(1.0, max(0.0, towards + 0.5 * (chance(name, facts.isrc) + chance(f"more {name}", facts.isrc) - 1))), 3)
        for name, towards in (("energy", energy), ("valence", valence))
    }


def audio_features(facts: TrackFacts) -> Json:
    """Say how a recording sounds; every release of it the same."""
    sounds: Json = {name: round(chance(name, facts.isrc), 3) for name in _SOUNDS}
    sounds |= _leaning(facts)
    return sounds | {
        "analysis_url": f"{API}/audio-analysis/{facts.id}",
        "duration_ms": facts.length_ms,
        "id": facts.id,
        "key": number("key", facts.isrc) % 12,
        "loudness": round(-20 * chance("loudness", facts.isrc), 3),
        "mode": number("mode", facts.isrc) % 2,
        "tempo": round(60 + 120 * chance("tempo", facts.isrc), 3),
        "time_signature": 4,
        "track_href": f"{API}/tracks/{facts.id}",
        "type": "audio_features",
        "uri": f"spotify:track:{facts.id}",
    }
