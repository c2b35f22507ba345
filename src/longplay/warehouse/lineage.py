"""What the last build did: every model with what it is made of, how it went and how long it took; and what tests said.

dbt would write down all it knows of the project to tell as much, which takes a second of every build.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult

_NAME: Final = "last_build.json"
_FAILED: Final = frozenset({"fail", "error"})


def note_build(work: Path, results: "Sequence[RunResult]") -> None:
    """Write down in `work` what dbt did."""
    tests = [(ran.node.name, str(ran.status)) for ran in results if str(ran.node.resource_type) == "test"]
    noted = {
        "models": [_model(ran) for ran in results if str(ran.node.resource_type) in {"model", "seed"}],
        "tests": {
            "passed": sum(status == "pass" for _, status in tests),
            "failed": [name for name, status in tests if status in _FAILED],
        },
    }
    work.mkdir(parents=True, exist_ok=True)
    (work / _NAME).write_bytes(msgspec.json.encode(noted))


def _model(ran: "RunResult") -> dict[str, Any]:
    parents = {parent.rpartition(".")[2] for parent in ran.node.depends_on_nodes}
    return {"name": ran.node.name, "of": sorted(parents), "status": str(ran.status), "seconds": round(ran.execution_time, 2)}


def last_build(work: Path) -> dict[str, Any] | None:
    """Read it again: `models` (name, of, status, seconds) and `tests`; None where nothing is readable."""
    try:
        return msgspec.json.decode((work / _NAME).read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError):
        return None
