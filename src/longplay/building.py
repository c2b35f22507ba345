"""Building: how a build begins, goes on layer by layer, and ends; so that one that was stopped is made good by the next.

A build in three starts is one build: what is loaded in between waits for the next one, and whether it is a whole one is decided
once. Where another build was made meanwhile, there is nothing left to go on with.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final

import msgspec
import structlog
from msgspec import Struct
from msgspec.structs import replace

from longplay.errors import WrongCall
from longplay.lake.state import State
from longplay.warehouse import built, transform
from longplay.warehouse.layers import LAYERS, Layer

log = structlog.get_logger()

_BUILD: Final = "build"  # noted as begun in the state, while it lasts
_BEGUN: Final = "building"  # the note of a build that goes on layer by layer


def building_of(elsewhere: str | None) -> str:
    """Name the work that is noted while models are built, in the home or in a warehouse elsewhere."""
    return f"{_BUILD} {elsewhere}" if elsewhere else _BUILD


class Building(Struct, frozen=True):
    """How a build began: up to which load, with which fingerprint of all else, as a whole or not; and which layers are done."""

    load_number: int
    fingerprint: str
    whole: bool
    done: tuple[Layer, ...] = ()

    def with_layer(self, layer: Layer) -> "Building":
        """Give the same with one more layer done; those after it have to be done anew."""
        return replace(self, done=LAYERS[: LAYERS.index(layer) + 1])


class Builder(Struct, frozen=True):
    """Builds in a home that nobody else works on meanwhile."""

    state: State
    warehouse: Callable[[], AbstractContextManager[Any]]
    load: Callable[[], object]
    run_dbt: Callable[..., list[transform.Node]]
    time_zone: str
    elsewhere: str | None = None  # none: the tables of the home

    def build(
        self, on_node: Callable[[str], None], *, tests: bool, rules: bool, whole: bool, layer: Layer | None
    ) -> list[transform.Node]:
        """Build all layers, or the one given; nothing, where the build it belongs to was ended by another one."""
        begins, ends = layer in {None, LAYERS[0]}, layer in {None, LAYERS[-1]}
        if layer and not begins and self._is_overtaken():
            return []
        building = self._begin(whole=whole) if begins or not layer else self._begun(layer)
        nodes = self.run_dbt(on_node=on_node, tests=tests, rules=rules, whole=building.whole, layer=layer)
        if ends or not layer:
            self._end(building)
        else:
            self.state.write(self._note, msgspec.json.encode(building.with_layer(layer)))
        log.info("built", nodes=len(nodes), whole=building.whole, layer=layer)
        return nodes

    def _is_overtaken(self) -> bool:
        """Say whether a build of all layers has ended since one began layer by layer."""
        if self.state.read(self._note) or building_of(self.elsewhere) in self.state.begun:
            return False
        with self.warehouse() as connection:
            return built.is_current(connection)

    def _begin(self, *, whole: bool) -> Building:
        self.state.begin(building_of(self.elsewhere))
        self.state.forget(self._note)
        self.load()
        fingerprint = transform.fingerprint(self.time_zone)
        with self.warehouse() as connection:
            load_number, before = built.last_load(connection), built.built_from(connection)
            whole = whole or before is None or before[1] != fingerprint
            if whole:
                built.forget_built(connection)
        return Building(load_number, fingerprint, whole)

    def _begun(self, layer: Layer) -> Building:
        """Give how the build began that goes on with this layer; raises `WrongCall` where none can."""
        noted = self.state.read(self._note)
        building = msgspec.json.decode(noted, type=Building) if noted else None
        is_turn = building is not None and len(building.done) >= LAYERS.index(layer)
        if building is None or not is_turn or building.fingerprint != transform.fingerprint(self.time_zone):
            raise WrongCall(
                f"No build can go on with {layer.value}: what comes before is not built.",
                f"Run `longplay build --layer {LAYERS[0].value}` first, then each layer in turn; or `longplay build`.",
            )
        return building

    def _end(self, building: Building) -> None:
        with self.warehouse() as connection:
            built.note_built(connection, building.load_number, building.fingerprint)
        self.state.forget(self._note)
        self.state.end(building_of(self.elsewhere))
        if not self.elsewhere:
            self.state.write(built.NAME, built.record(self.time_zone))

    @property
    def _note(self) -> str:
        return f"{_BEGUN}-{self.elsewhere}" if self.elsewhere else _BEGUN
