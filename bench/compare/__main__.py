"""`python -m bench.compare`: let everyone work on the same archives and write `docs/comparison.md`.

The archives are the real ones of `LONGPLAY_SAMPLES` where that is set, and an invented one; what survives is looked for in
invented ones, for only their every play is known.
"""

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import msgspec
from jinja2 import Environment, StrictUndefined
from msgspec import Struct

from bench.compare import environments
from bench.compare.costs import ROUNDS, Compared, compared
from bench.compare.known import known
from bench.compare.peers import Tool, ours, peers
from bench.compare.probes import KINDS, Found, found_out
from bench.compare.running import Given, unpacked
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with

PAGE: Final = environments.ROOT / "docs" / "comparison.md"
TEMPLATE: Final = Path(__file__).with_name("comparison.md.jinja")
LAST: Final = environments.FOLDER / "last.json"
INVENTED: Final = 20_000  # plays


class Told(Struct):
    """A tool as the document speaks of it."""

    name: str
    version: str
    commands: list[str]


class Results(Struct):
    """All that one run found; `absent` are peers that could not run, and why."""

    day: date
    machine: str
    rounds: int
    tools: list[Told]
    absent: dict[str, str]
    costs: list[Compared]
    found: dict[str, Found]


def archives(folder: Path) -> Iterator[tuple[str, Given]]:
    """Yield the archives to work on, the real ones first."""
    samples = os.environ.get("LONGPLAY_SAMPLES")
    for path in sorted(Path(samples).glob("*.zip")) if samples else ():
        yield path.name, unpacked(path, folder / path.stem)
    written = write_archive(listener_with(INVENTED, seed=11), folder / "invented.zip")
    yield f"invented, {INVENTED:,} plays", unpacked(written.path, folder / "invented")


def results(rounds: int) -> Results:
    """Let everyone work on everything."""
    longplay = f"longplay {version('longplay')}"
    others, absent = peers()
    one, with_models = (ours(longplay, with_build=with_build) for with_build in (False, True))
    with TemporaryDirectory() as name:
        invented = known(Path(name))
        return Results(
            day=datetime.now(UTC).date(),
            machine=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {os.cpu_count()} cores, "
            f"{os.getloadavg()[2]:.0f} processes waiting for them",
            rounds=rounds,
            tools=[Told(tool.name, tool.version, tool.spelled()) for tool in (one, with_models, *others)],
            absent=absent,
            found={tool.name: found_out(tool, invented) for tool in map(_told, (one, *others))},
            costs=[
                compared(archive, given, [one, with_models, *others], rounds)
                for archive, given in map(_told, archives(Path(name)))
            ],
        )


def _told(thing: Any) -> Any:
    """Say what is next: it takes a while."""
    print(thing.name if isinstance(thing, Tool) else thing[0], file=sys.stderr, flush=True)
    return thing


def page(found: Results) -> str:
    """Write the document: figures from a run, words from the template."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(msgspec.structs.asdict(found), kinds=KINDS)


def main() -> None:
    """Compare, keep what was found, and write the document."""
    parser = argparse.ArgumentParser(prog="make compare", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--last", action="store_true", help="write the document anew from what the last run found")
    asked = parser.parse_args()
    if not asked.last:
        environments.FOLDER.mkdir(parents=True, exist_ok=True)
        LAST.write_bytes(msgspec.json.encode(results(asked.rounds)))
    PAGE.write_text(page(msgspec.json.decode(LAST.read_bytes(), type=Results)), encoding="utf-8")
    print(f"written: {PAGE.relative_to(environments.ROOT)}")


if __name__ == "__main__":
    main()
