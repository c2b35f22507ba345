"""What the README, the tutorial and the demo tell one to type is typed here, as it stands there, and answers as they say."""

import re
import shutil
from pathlib import Path

import pytest
import typer.main

from longplay.entrypoints.cli import GLOBAL_FLAGS, GLOBAL_VALUES, app
from tests.house.calls import calls
from tests.house.typed import TUTORIAL, Typed, reader_in, says, typed, wrongly_told

ROOT = Path(__file__).resolve().parents[2]
README, DEMO = ROOT / "README.md", ROOT / "docs" / "demo.md"
TOLD = [README, TUTORIAL, DEMO, *sorted((ROOT / "docs" / "how-to").glob("*.md"))]
pytestmark = pytest.mark.timeout(600)  # a machine may be busy


@pytest.fixture(scope="module")
def reader(tmp_path_factory) -> Path:
    return reader_in(tmp_path_factory.mktemp("reader"))


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
    is_command = not hasattr(group, "commands") or not {*rest} - options
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
