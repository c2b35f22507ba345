"""The models as dbt understands them: parsed once for all homes, since that takes longer than building a short history."""

from typing import TYPE_CHECKING, Any, Final

from longplay.cache import cached
from longplay.warehouse.engine import Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from dbt.contracts.graph.manifest import Manifest

_PARSERS: Final = ("dbt-core", "dbt-adapters", "dbt-common")


def parsed_models(target: Target, source: str, parse: "Callable[[], Any]") -> "Manifest":
    """Give what `parse` makes of the project; `source` names all that it depends on besides dbt itself.

    Every run gets one of its own, for dbt writes into it what it compiles.
    """
    from dbt.contracts.graph.manifest import Manifest  # noqa: PLC0415  dbt takes seconds to import
    from dbt.parser.manifest import extended_mashumaro_encoder, extended_mashumuro_decoder  # noqa: PLC0415

    content = cached(
        f"models-{target.name}",
        lambda: parse().to_msgpack(extended_mashumaro_encoder),
        packages=(*_PARSERS, target.adapter),
        source=source.encode(),
    )
    manifest = Manifest.from_msgpack(content, decoder=extended_mashumuro_decoder)
    manifest.build_flat_graph()
    return manifest
