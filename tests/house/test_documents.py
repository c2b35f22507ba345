"""What the documents say is what the code does."""

import re
import runpy
from pathlib import Path

import pytest
import typer.main

from longplay.entrypoints.cli import app
from longplay.lake.tables import LANDING
from longplay.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
WRITTEN_BY_LOAD = {"source_file", "load_number"}


@pytest.fixture(scope="module")
def dictionary():
    return runpy.run_path(str(ROOT / "docs" / "write_dictionary.py"))


def test_the_data_dictionary_is_current(dictionary):
    assert (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8") == dictionary["dictionary"](), "run `make docs`"


def test_the_landing_tables_are_described_as_they_are(dictionary):
    described = {table["name"]: {column["name"] for column in table["columns"]} for table in dictionary["_sources"]()}
    described = {name: columns for name, columns in described.items() if name in LANDING}

    assert described == {name: set(columns) | WRITTEN_BY_LOAD for name, columns in LANDING.items()}


def test_every_model_has_a_grain_and_every_column_a_meaning(dictionary):
    models = [model for layer in dictionary["LAYERS"] for model in dictionary["_models"](layer)]
    files = {path.stem for path in (ROOT / "transform" / "models").rglob("*.sql")}

    assert {model["name"] for model in models} == files
    assert all(model["description"].startswith(("One row", "A row")) for model in models), "a description begins with the grain"
    assert [(m["name"], c["name"]) for m in models for c in m["columns"] if not c.get("description")] == []


def test_every_setting_has_a_sentence():
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    offered = re.findall(r"^# .*\n([A-Z_]+)=", example, flags=re.MULTILINE)

    assert sorted(offered) == sorted(field.alias or "" for field in Settings.model_fields.values())


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]

    assert [name for name in commands if f"`longplay {name}" not in readme] == []


def test_every_link_of_a_document_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))]

    assert [f"{page.name}: {link}" for page, link in links if "://" not in link and not (page.parent / link).exists()] == []
