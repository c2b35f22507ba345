"""What the README, the tutorial and the demo tell one to type is typed here, as it stands there, and answers as they say."""

import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer.main

from longplay.entrypoints.cli import GLOBAL_FLAGS, GLOBAL_VALUES, app
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from tests.house.blocks import Block, blocks
from tests.house.calls import calls, commands

ROOT = Path(__file__).resolve().parents[2]
README, TUTORIAL, DEMO = ROOT / "README.md", ROOT / "docs" / "tutorial.md", ROOT / "docs" / "demo.md"
TOLD = [README, TUTORIAL, DEMO, *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
pytestmark = pytest.mark.timeout(600)  # a machine may be busy

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


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Path:
    """A home folder in which lies what Spotify sent, and nothing else."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "Downloads").mkdir()
    write_archive(invent(7, FIRST.date(), LAST.date()), folder / "Downloads" / "my_spotify_data.zip", up_to=LAST)
    return folder


@pytest.fixture(scope="module")
def tutorial(reader) -> Typed:
    return typed(TUTORIAL, reader)


@pytest.fixture(scope="module")
def settled(reader, tutorial) -> Path:
    """Where the tutorial ends; the invented listener's own home is a copy of the reader's."""
    assert tutorial
    [warehouse] = reader.rglob("warehouse.duckdb")
    shutil.copytree(warehouse.parent, reader / "longplay-demo")
    return reader


def typed(page: Path, reader: Path) -> Typed:
    """Type all blocks of a page into one shell; gives each block beside what the last one typed had answered."""
    told = blocks(page, "sh", "text")
    script = "set -euo pipefail\n" + "".join(f"{_here(block)}\necho '::'\n" for block in told if block.language == "sh")
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
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


@pytest.mark.slow
def test_the_tutorial_answers_as_it_says(tutorial):
    assert wrongly_told(tutorial) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", [README, DEMO], ids=lambda page: page.name)
def test_what_a_page_tells_to_type_works(page, settled):
    assert wrongly_told(typed(page, settled)) == []


@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_every_command_and_option_of_a_page_exists(page):
    assert [call for call in calls(page) if unknown(call)] == []


def unknown(call: list[str]) -> list[str]:
    """Give the words of a call that the command line does not know."""
    group = typer.main.get_command(app)
    options, rest = {name for param in group.params for name in param.opts}, []
    words = iter(call)
    for word in words:
        if word in GLOBAL_VALUES:
            next(words, None)
        elif word not in GLOBAL_FLAGS:
            rest.append(word)
    while rest and rest[0] in getattr(group, "commands", {}):
        group = group.commands[rest.pop(0)]  # pyright: ignore[reportAttributeAccessIssue]
        options = {name for param in group.params for name in param.opts}
    options |= {"--help"}
    is_command = not hasattr(group, "commands") or not {*rest} - {"--help"}
    return [word for word in rest if word.startswith("--") and word not in options] if is_command else call


def test_every_verb_of_make_that_is_told_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    told = {
        verb
        for page in TOLD
        for verb in re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }

    assert [verb for verb in told if not re.search(rf"^{verb}:", makefile, flags=re.MULTILINE)] == []


def test_what_is_said_of_others_is_what_the_comparison_says():
    comparison = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8").splitlines()
    section = README.read_text(encoding="utf-8").split("## How it differs")[1].split("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]

    assert table
    assert [line for line in table if line not in comparison] == []


def test_an_answer_that_is_told_wrongly_is_found():
    assert says("plays  …\nskips  3", "hours 9\nplays  12\n\nskips  3 of 12\n")
    assert not says("skips  3\nplays  …", "plays  12\nskips  3\n")
    assert not says("plays  13", "plays  12\n")
    assert unknown(["report", "--puplic"])
    assert unknown(["raport"])
    assert not unknown(["--home", "x", "report", "--public", "--json"])
