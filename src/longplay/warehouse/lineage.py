"""What the last build did: every model with what it is made of, how it went and how long it took; and what tests said."""

from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct, field

_FAILED: Final = frozenset({"fail", "error"})


class _Node(Struct):
    name: str
    resource_type: str
    depends_on: dict[str, list[str]] = field(default_factory=dict)


class _Source(Struct):
    name: str


class _Manifest(Struct):
    nodes: dict[str, _Node]
    sources: dict[str, _Source]


class _Result(Struct):
    unique_id: str
    status: str
    execution_time: float


class _Results(Struct):
    results: list[_Result]


def last_build(work: Path) -> dict[str, Any] | None:
    """Read what dbt left in its folder: `models` (name, of, status, seconds) and `tests`; None where nothing is readable."""
    try:
        manifest = msgspec.json.decode((work / "manifest.json").read_bytes(), type=_Manifest)
        done = msgspec.json.decode((work / "run_results.json").read_bytes(), type=_Results).results
    except (OSError, msgspec.MsgspecError):
        return None
    names = {key: node.name for key, node in (manifest.nodes | manifest.sources).items()}
    told = [(manifest.nodes[result.unique_id], result) for result in done if result.unique_id in manifest.nodes]
    return {
        "models": [
            {
                "name": node.name,
                "of": sorted({names[parent] for parent in node.depends_on.get("nodes", []) if parent in names}),
                "status": result.status,
                "seconds": round(result.execution_time, 2),
            }
            for node, result in told
            if node.resource_type in {"model", "seed"}
        ],
        "tests": {
            "passed": sum(result.status == "pass" for node, result in told if node.resource_type == "test"),
            "failed": [node.name for node, result in told if node.resource_type == "test" and result.status in _FAILED],
        },
    }
