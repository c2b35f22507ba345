"""The layers of the models, in the order in which they are built, and where dbt finds them."""

from enum import StrEnum
from typing import Final


class Layer(StrEnum):
    """A layer: it looks at those before it and at itself."""

    STAGING = "staging"
    INTERMEDIATE = "intermediate"
    MARTS = "marts"


LAYERS: Final = tuple(Layer)

# All that a layer comes to, with what it needs of later ones: an increment asks first which days were touched, which is an
# intermediate model; calendars are a mart, and polled days are counted by them.
_UP_TO: Final = {
    Layer.STAGING: ["path:seeds", "+path:models/staging"],
    Layer.INTERMEDIATE: ["path:seeds", "+path:models/staging", "+path:models/intermediate"],
    Layer.MARTS: ["path:seeds", "path:models"],
}


def selection(layer: Layer) -> list[str]:
    """Say to dbt which models make up a layer; a test belongs to the one in which all that it looks at is there."""
    before = LAYERS[: LAYERS.index(layer)]
    selected = ["--indirect-selection", "buildable", "--select", *_UP_TO[layer]]
    return [*selected, "--exclude", *_UP_TO[before[-1]]] if before else selected
