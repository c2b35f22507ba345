"""What the how-to guides say can be done: their commands run, their questions have answers, their files can be read.

Blocks in `sh` and `python` are run and those in `sql` asked, page by page over one home. `console` and `text` show what needs
an account, a schedule or a person; of their commands is only looked whether they exist.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
import typer.main

from longplay.choices.shape import read_choices
from longplay.entrypoints.cli import GLOBAL_FLAGS, GLOBAL_VALUES, app
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from tests.house.blocks import Block, blocks

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs" / "how-to"
PAGES = sorted(path.stem for path in GUIDES.glob("*.md"))
ARCHIVES = {
    "an_older_archive.zip": (11, date(2023, 8, 1), date(2023, 11, 1)),
    "my_spotify_data.zip": (11, date(2023, 10, 1), date(2024, 3, 10)),
    "kims_data.zip": (5, date(2024, 2, 1), date(2024, 2, 20)),
}


def of(language: str) -> list:
    """Give every block of a language as a parameter, named after its page and place."""
    pages = sorted(path for folder in ("how-to", "explanation") for path in (ROOT / "docs" / folder).glob("*.md"))
    found = [(page.stem, block) for page in pages for block in blocks(page, language)]
    return [pytest.param(block, id=f"{page}-{number}") for number, (page, block) in enumerate(found)]


class Guided:
    """Somebody who does what the guides say, in a folder with three archives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name, (seed, first, last) in ARCHIVES.items():
            write_archive(invent(seed, first, last), folder / name, layout="extended-2025")

    def do(self, page: str) -> None:
        """Run the commands of a page in their order."""
        for block in blocks(GUIDES / f"{page}.md", "sh"):
            self.run("sh", "-e", "-c", block.text)

    def run(self, *command: str) -> None:
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("LONGPLAY_", "SPOTIFY_"))}
        ours = {"LONGPLAY_HOME": str(self.folder / "home"), "LONGPLAY_TIMEZONE": "Europe/Berlin"}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=plain | ours | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
        assert done.returncode == 0, f"{command[-1]}\n{done.stdout}\n{done.stderr}"
        assert done.stdout.strip(), f"{command[-1]} says nothing"

    def ask(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.folder / "home" / "warehouse.duckdb"), read_only=True) as connection:
            connection.execute("set search_path = 'marts,intermediate,staging,lake'")
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def guided(tmp_path_factory) -> Guided:
    """A household, as its page makes it."""
    guided = Guided(tmp_path_factory.mktemp("guided"))
    guided.do("household")
    return guided


@pytest.fixture(scope="module")
def exported(guided) -> Guided:
    guided.do("notebooks")
    return guided


def commands(page: str) -> Iterator[list[str]]:
    """Give every command of ours that a page names, in a block or in a line, as words."""
    text = (GUIDES / f"{page}.md").read_text(encoding="utf-8")
    for said in re.findall(r"(?:^|`|/)longplay ([^`\n]*)", text, flags=re.MULTILINE):
        if words := shlex.split(re.split(r"[>|&#]", said)[0].replace("…", "")):
            yield words


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_guide_exists(page):
    ours = typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]

    for words in commands(page):
        values = {at + 1 for at, word in enumerate(words) if word in GLOBAL_VALUES}
        plain = [word for at, word in enumerate(words) if word not in GLOBAL_VALUES and at not in values]
        options = {name for parameter in ours[plain[0]].params for name in parameter.opts} | {*GLOBAL_FLAGS, "--help"}
        assert [word for word in plain if word.startswith("--") and word not in options] == [], " ".join(words)


@pytest.mark.parametrize("block", of("toml"))
def test_every_choice_can_be_read(block: Block):
    assert read_choices(block.text)


@pytest.mark.slow
@pytest.mark.parametrize("block", of("sql"))
def test_every_question_has_an_answer(guided, block: Block):
    assert guided.ask(block.text)


@pytest.mark.slow
@pytest.mark.parametrize("block", of("python"))
def test_every_notebook_finds_the_plays(exported, block: Block):
    for module in re.findall(r"^import (\w+)", block.text, flags=re.MULTILINE):
        pytest.importorskip(module, reason=f"{module} is no part of Longplay, and not installed here")

    exported.run(sys.executable, "-c", block.text)


@pytest.mark.slow
@pytest.mark.parametrize("page", ["backfill", "move-house", "leave", "choices"])
def test_what_a_guide_says_can_be_done(guided, page):
    guided.do(page)


def test_every_page_with_commands_is_followed():
    followed = {"household", "notebooks", "backfill", "move-house", "leave", "choices"}

    assert {page for page in PAGES if blocks(GUIDES / f"{page}.md", "sh")} == followed


def test_every_room_is_in_the_architecture():
    drawn = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = [path.name + "/" * path.is_dir() for path in (ROOT / "src" / "longplay").iterdir() if not path.name.startswith("_")]

    assert [room for room in rooms if f"`{room}`" not in drawn] == []


def test_what_an_explanation_names_is_there():
    """Each ends in where code and tests are: files, models, and the unit tests of their rules."""
    models = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "transform").rglob("*.yml"))
    for page in (ROOT / "docs" / "explanation").glob("*.md"):
        _, _, where = page.read_text(encoding="utf-8").partition("## Where it is")
        named = re.findall(r"`([^`]+)`", where)
        assert named, page.name
        missing = [name for name in named if not (ROOT / name).exists() and f"name: {name}\n" not in models]
        assert [name for name in missing if not any((ROOT / "src").rglob(name))] == [], page.name
