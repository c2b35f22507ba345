"""What is measured of Longplay, each step a function that a fresh process runs: `python -m bench.steps NAME ARGUMENTS`.

A step imports what it needs when it runs, so that it pays for nothing else. What it returns it says as JSON.
"""

# ruff: noqa: PLC0415  see above

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Facts = dict[str, Any]


def archive(path: Path, plays: str, seed: str, layout: str, fault: str) -> Facts:
    """Write an invented archive."""
    from bench import invented

    return {"rows": invented.write(path, invented.logs(int(plays), int(seed)), layout, fault)}


def raw_and_typed(path: Path, out: Path) -> Facts:
    """Bring an archive into an empty lake: what `longplay import` does, without the warehouse."""
    from longplay.importing import import_archive
    from longplay.lake.store import Lake

    done = import_archive([path], "me", Lake(out), datetime.now(UTC))
    return {name: done.total(name) for name in ("read", "distinct", "repeated", "rejected")}


def typed_alone(path: Path, out: Path) -> Facts:
    """Write the typed rows of an archive, without raw ones and without a sum."""
    from bench.typed_half import write_typed_alone

    return {"typed": write_typed_alone(path, out)}


STEPS: dict[str, Callable[..., Facts]] = {step.__name__: step for step in (archive, raw_and_typed, typed_alone)}


def main(name: str, *arguments: str) -> None:
    """Run a step; what looks like a path is one."""
    facts = STEPS[name](*(Path(each) if "/" in each else each for each in arguments))
    print(json.dumps(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])
