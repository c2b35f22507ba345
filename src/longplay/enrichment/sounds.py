"""How a track sounds, in the words that Spotify gave them and others took over."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, structs

from longplay.enrichment.records import Sound, Wanted

_NO_KEY = -1  # where no key could be heard


class Features(Struct, frozen=True, kw_only=True):
    """What sources tell of a track; each may be missing."""

    acousticness: float | None = None
    danceability: float | None = None
    energy: float | None = None
    instrumentalness: float | None = None
    liveness: float | None = None
    loudness: float | None = None
    speechiness: float | None = None
    tempo: float | None = None
    valence: float | None = None
    key: int | None = None
    mode: int | None = None

    def of(self, track_id: str) -> Sound:
        """Say it of a track."""
        told = {field.name: getattr(self, field.name) for field in structs.fields(Features)}
        return Sound(track_id, **told | {"key": None if self.key == _NO_KEY else self.key})


def not_told(asked: Sequence[Wanted], sounds: Mapping[str, Sound]) -> Iterator[Sound]:
    """Give a sound for each track that was asked for, an empty one where nothing was told; what nobody asked is left out."""
    for item in asked:
        if item.track_id:
            yield sounds.get(item.track_id) or Sound(item.track_id)
