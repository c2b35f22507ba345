"""How a track sounds, in the words that Spotify gave them and others took over."""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import structs

from longplay.enrichment.records import Features, Sound, Wanted

_NO_KEY = -1  # where no key could be heard


def sound_of(track_id: str, told: Features) -> Sound:
    """Say of a track what was told."""
    values = {field.name: getattr(told, field.name) for field in structs.fields(Features)}
    return Sound(track_id, **values | {"key": None if told.key == _NO_KEY else told.key})


def not_told(asked: Sequence[Wanted], sounds: Mapping[str, Sound]) -> Iterator[Sound]:
    """Give a sound for each track that was asked for, an empty one where nothing was told; what nobody asked is left out."""
    for item in asked:
        if item.track_id:
            yield sounds.get(item.track_id) or Sound(item.track_id)
