"""Dice that come out the same for the same seed."""

from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Dice(Generic[T]):
    """Faces that come up as often as their weights say."""

    def __init__(self, weights: dict[T, float]) -> None:
        """Weigh each face."""
        self._faces = tuple(weights)
        self._sums = tuple(accumulate(weights.values()))

    def throw(self, rng: Random) -> T:
        """Pick a face."""
        return rng.choices(self._faces, cum_weights=self._sums)[0]


def happens(rng: Random, chance: float) -> bool:
    """Tell whether it happens this time."""
    return rng.random() < chance
