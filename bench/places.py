"""Where the bench keeps what it makes, and the two Pythons it runs: Longplay's, and that of the peers."""

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / ".bench"
ARCHIVES: Final = FOLDER / "archives"
WORK: Final = FOLDER / "work"
PAGE: Final = ROOT / "docs" / "performance.md"
PEERS: Final = FOLDER / "venv" / "bin" / "python"
HERE: Final = Path(sys.executable)
ZONE: Final = "Europe/Oslo"  # where the invented listeners live


def step(name: str, *arguments: object) -> list[str]:
    """Spell the command that runs one of `bench.steps` in a fresh process."""
    return [str(HERE), "-m", "bench.steps", name, *map(str, arguments)]


def peer(script: str, *arguments: object) -> list[str]:
    """Spell the command that runs a script of the peers' environment."""
    return [str(PEERS), str(ROOT / "bench" / script), *map(str, arguments)]


def longplay(home: Path, *arguments: object) -> list[str]:
    """Spell a call of Longplay's command line on a home."""
    return [str(HERE), "-m", "longplay.entrypoints.cli", "--home", str(home), "--json", *map(str, arguments)]
