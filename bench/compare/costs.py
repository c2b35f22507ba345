"""What it costs each tool to bring in an archive, and how many rows come out."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench.compare.peers import Tool
from bench.compare.probes import rows_of
from bench.compare.running import Cost, Given, interleaved

ROUNDS: Final = 3


class Line(Struct):
    """One tool on one archive; `cost` is the median of all rounds."""

    tool: str
    cost: Cost
    kept: int


class Compared(Struct):
    """One archive: its rows, how many plays they tell of, and what each tool made of it."""

    archive: str
    read: int
    distinct: int
    lines: list[Line]


def compared(name: str, given: Given, tools: Sequence[Tool], rounds: int = ROUNDS) -> Compared:
    """Let every tool work on an archive."""
    kept: dict[str, int] = {}
    costs = interleaved({tool.name: _job(tool, given, kept) for tool in tools}, rounds)
    read, distinct = counted(given)
    return Compared(name, read, distinct, [Line(tool, cost, kept[tool]) for tool, cost in costs.items()])


def _job(tool: Tool, given: Given, kept: dict[str, int]) -> Callable[[Path], Cost]:
    def job(out: Path) -> Cost:
        cost = tool.run(given, out)
        kept[tool.name] = len(rows_of(tool, out))
        return cost

    return job


def counted(given: Given) -> tuple[int, int]:
    """Count the rows of plays in an archive and the different ones among them: by end, time played and what was played."""
    rows = [row for path in sorted(given.folder.rglob("*.json")) for row in _plays(path)]
    named = ("spotify_track_uri", "spotify_episode_uri", "audiobook_chapter_uri")
    plays = set()
    for row in rows:
        what = next((row[name] for name in named if row.get(name)), None)
        names = [value for name, value in row.items() if name.endswith(("Name", "_name"))]
        plays.add((row.get("ts") or row["endTime"], row.get("ms_played", row.get("msPlayed")), what or str(names)))
    return len(rows), len(plays)


def _plays(path: Path) -> list[dict]:
    content = json.loads(path.read_bytes())
    rows = content if isinstance(content, list) else []
    return [row for row in rows if isinstance(row, dict) and ("ts" in row or "endTime" in row)]
