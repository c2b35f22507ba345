"""The pictures of the README are those of the code that is here."""

import json
import re
import runpy
from hashlib import sha256
from pathlib import Path

import pytest

from longplay.insights import QUESTIONS

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
AGAIN = "run `make pictures`"


@pytest.fixture(scope="module")
def made():
    return json.loads((PICTURES / "made-from.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def drawing():
    return runpy.run_path(str(ROOT / "docs" / "make_pictures.py"))


def test_the_pictures_were_drawn_by_this_code(made, drawing):
    assert made["sources"] == drawing["fingerprint"](), AGAIN


def test_every_question_is_answered_beside_its_picture(drawing):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert {*drawing["FIGURES"]} == {*QUESTIONS}
    assert readme.split(drawing["BEGIN"])[1].split(drawing["END"])[0] == drawing["questions"](), AGAIN


def test_the_pictures_are_those_that_were_drawn(made):
    there = {file.name: sha256(file.read_bytes()).hexdigest() for file in PICTURES.iterdir() if file.suffix != ".json"}

    assert there == made["pictures"], AGAIN


def test_the_pictures_are_few_and_small():
    assert max(file.stat().st_size for file in PICTURES.iterdir()) < 90_000
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) < 800_000


def test_the_readme_shows_every_picture(made):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert sorted(set(re.findall(r"docs/pictures/([\w.-]+)", readme))) == sorted(made["pictures"])


def test_no_picture_asks_for_a_typeface(made):
    """Who shows a README lends a picture none."""
    assert [name for name in made["pictures"] if name.endswith(".svg") and "<text" in (PICTURES / name).read_text()] == []
