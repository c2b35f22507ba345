"""A page of the documents, typed into a shell as it stands there, beside what it says will be answered."""

import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from tests.house.blocks import Block, blocks
from tests.house.calls import commands

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"

Typed = list[tuple[Block, str]]
FIRST, LAST = datetime(2024, 5, 1, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC)

# What is not typed here, by how it begins; names of commands and options are looked up all the same.
NOT_HERE = {
    "git clone": "the project is here already, and has no address of its own here",
    "make setup": "whoever runs tests has done it",
    "make run": "is `longplay run` or `longplay demo` after `make setup`, which the tutorial types",
    "export PATH": "the tests put their own environment first",
    "longplay --home ~/longplay-demo demo": "takes a minute; tests/api/test_demo.py types it, and its home stands in here",
    "longplay serve": "goes on until Ctrl-C; tests/report opens what it serves",
}


def reader_in(folder: Path) -> Path:
    """Give a home folder in which lies what Spotify sent, and nothing else."""
    (folder / "Downloads").mkdir(parents=True)
    write_archive(invent(7, FIRST.date(), LAST.date()), folder / "Downloads" / "my_spotify_data.zip", up_to=LAST)
    return folder


def typed(page: Path, reader: Path, ours: Path = Path(sys.executable).parent) -> Typed:
    """Type all blocks of a page into one shell, in which `ours` has the command.

    Gives each block beside what the last one typed had answered.
    """
    told = blocks(page, "sh", "text")
    script = "set -euo pipefail\n" + "".join(f"{_here(block)}\necho '::'\n" for block in told if block.language == "sh")
    path = f"{ours}:/usr/bin:/bin"
    home = {"HOME": str(reader), "PATH": path, "LONGPLAY_TIMEZONE": "Europe/Berlin", "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=reader, env=home, capture_output=True, text=True, timeout=550, check=False
    )
    assert done.returncode == 0, f"{page.name}: {done.stdout[-2000:]}{done.stderr}"
    answers, answer, beside = iter(done.stdout.split("::\n")), "", []
    for block in told:
        answer = next(answers) if block.language == "sh" else answer
        beside.append((block, answer))
    return beside


def wrongly_told(beside: Typed) -> list[str]:
    return [block.text for block, answer in beside if block.language == "text" and not says(block.text, answer)]


def _here(block: Block) -> str:
    return "\n".join(command for command in commands(block.text) if not command.startswith(tuple(NOT_HERE)))


def says(told: str, answered: str) -> bool:
    """Tell whether an answer has the lines that are told, in their order; `…` stands for anything."""
    lines = [
        r"[^\n]*".join(map(re.escape, line.rstrip().split("…"))) + r"[^\n]*"
        for line in told.splitlines()
        if line.strip() != "…"
    ]
    return re.search(r"\n(?:.*\n)*?".join(lines), answered) is not None
