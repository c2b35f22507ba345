"""What follows from a name alone: ids, codes and chances that come out the same every time."""

from functools import lru_cache
from hashlib import blake2b
from typing import Final

_BASE62: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ID_LENGTH: Final = 22


def number(*names: object) -> int:
    """Turn names into a number of 128 bits."""
    return int.from_bytes(blake2b("\x1f".join(map(str, names)).encode(), digest_size=16).digest())


@lru_cache(maxsize=100_000)
def spotify_id(*names: object) -> str:
    """Turn names into an id as Spotify gives them.

    >>> spotify_id("artist", "Paper Lanterns")
    '5cIkZdp9rz7z0z2vebRkgW'
    """
    left, letters = number(*names), ""
    for _ in range(ID_LENGTH):
        left, rest = divmod(left, len(_BASE62))
        letters = _BASE62[rest] + letters
    return letters


def chance(*names: object) -> float:
    """Turn names into a number from 0 up to 1."""
    return (number(*names) >> 75) / 2**53


def uuid(*names: object) -> str:
    """Turn names into an id as MusicBrainz and ReccoBeats give them."""
    digits = f"{number(*names):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"


def is_base62(text: str) -> bool:
    """Tell whether it could be one of Spotify's ids."""
    return len(text) == ID_LENGTH and all(letter in _BASE62 for letter in text)
