"""The pictures of the README are those of the code that is here."""

import json
import re
import runpy
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "docs" / "pictures"
AGAIN = "run `make pictures`"


@pytest.fixture(scope="module")
def made():
    return json.loads((PICTURES / "made-from.json").read_text(encoding="utf-8"))


def test_the_pictures_were_drawn_by_this_code(made):
    assert made["sources"] == runpy.run_path(str(ROOT / "docs" / "make_pictures.py"))["fingerprint"](), AGAIN


def test_the_pictures_are_those_that_were_drawn(made):
    there = {file.name: sha256(file.read_bytes()).hexdigest() for file in PICTURES.iterdir() if file.suffix != ".json"}

    assert there == made["pictures"], AGAIN


def test_the_pictures_are_few_and_small():
    assert sum(file.stat().st_size for file in PICTURES.iterdir()) < 400_000


def test_the_readme_shows_every_picture(made):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert sorted(set(re.findall(r"docs/pictures/([\w.-]+)", readme))) == sorted(made["pictures"])


def test_no_picture_asks_for_a_typeface(made):
    """Who shows a README lends a picture none."""
    assert [name for name in made["pictures"] if name.endswith(".svg") and "<text" in (PICTURES / name).read_text()] == []
