"""The worked examples for contributors are applied to a copy of the project and do what they say."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from tests.house.blocks import Block, blocks

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("CONTRIBUTING.md", *(f"docs/contributing/{name}.md" for name in ("dataset", "provider", "model", "chart")))
COPIED = ("src", "transform", "tests", "docs", "pyproject.toml")


def changed(text: str, diff: str) -> str:
    """Apply the hunks of a diff; each must fit at exactly one place."""
    for hunk in diff.split("@@\n"):
        lines = [line if line.strip() else f" {line[-1]}" for line in hunk.splitlines(keepends=True)]
        before, after = ("".join(line[1:] for line in lines if line[0] in signs) for signs in (" -", " +"))
        assert text.count(before) == 1, f"this is found {text.count(before)} times:\n{before}"
        text = text.replace(before, after)
    return text


class Copy:
    """A copy of the project, in which a contributor works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, folder / name)

    def follow(self, page: str) -> None:
        """Do what a page says: its files are written, its diffs applied."""
        for block in blocks(ROOT / page, "diff", "python", "sql", "yaml"):
            self._write(block)

    def _write(self, block: Block) -> None:
        file = self.folder / block.file
        file.parent.mkdir(parents=True, exist_ok=True)
        text = changed(file.read_text(encoding="utf-8"), block.text) if block.language == "diff" else block.text
        file.write_text(text, encoding="utf-8")

    def __call__(self, *command: str | Path, **environment: str) -> str:
        """Run a program of the environment over the copy; gives what it printed."""
        program, *arguments = map(str, command)
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("LONGPLAY_", "PYTEST_"))}
        done = subprocess.run(
            [str(Path(sys.executable).with_name(program)), *arguments],
            cwd=self.folder,
            env=plain | {"PYTHONPATH": str(self.folder / "src"), "LONGPLAY_TIMEZONE": "UTC", "DO_NOT_TRACK": "1"} | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Copy:
    """A copy in which all pages were followed, in the order in which they build on each other."""
    copy = Copy(tmp_path_factory.mktemp("clone"))
    for page in PAGES:
        copy.follow(page)
    return copy


@pytest.fixture(scope="module")
def home(copy) -> Path:
    """A home that the copy made of three months of listening."""
    archive, home = copy.folder / "archive.zip", copy.folder / "home"
    write_archive(invent(11, date(2024, 1, 1), date(2024, 3, 31)), archive, layout="extended-2025")
    copy("longplay", "--home", home, "run", archive)
    return home


def test_a_first_change_holds(copy):
    assert "1 passed" in copy("pytest", "-q", "src/longplay/enrichment/tags.py")


def test_a_dataset_is_fetched_and_lands(copy):
    described = "tests/house/test_documents.py::test_the_landing_tables_are_described_as_they_are"

    assert "2 passed" in copy("pytest", "-q", "tests/api/test_saved_albums.py", described)


def test_a_provider_answers_and_is_asked_once(copy, home):
    assert "1 passed" in copy("pytest", "-q", "tests/enrichment/test_theaudiodb.py")
    assert "TheAudioDB" in copy("longplay", "--home", home, "status")


def test_a_model_is_built_and_holds_its_rule(copy, home):
    begun = "select count(*)::int as days, count(distinct date)::int as dates from rpt_day_openers"
    heard = "select count(*)::int as days from fct_daily_listening where counted_plays > 0"
    where = {
        "LONGPLAY_WAREHOUSE": str(home / "warehouse.duckdb"),
        "DBT_PROJECT_DIR": "transform",
        "DBT_PROFILES_DIR": "transform",
    }

    done = copy("dbt", "test", "--select", "rpt_day_openers", **where)

    assert "PASS rpt_day_openers::a_day_begins_with_its_first_counted_play_of_music" in done
    (days,) = json.loads(copy("longplay", "--home", home, "query", heard, "--json"))
    assert json.loads(copy("longplay", "--home", home, "query", begun, "--json")) == [{**days, "dates": days["days"]}]
    assert days["days"] > 60


def test_a_chart_stands_on_the_page(browser, home):
    page = browser.new_page()
    page.goto(f"file://{home / 'report.html'}#mood/all-time")
    page.wait_for_selector("html[data-drawn]", state="attached")

    figure = page.locator("#figure-openers")
    assert "day" in figure.locator("h2").inner_text()
    assert figure.locator(".chart svg").count() == 1
    told = page.evaluate("figureOf('openers').table.rows.map((row) => row.facts.days)")
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        days = connection.execute(
            "select count(*) as days from marts.rpt_day_openers group by artist_key order by 1 desc"
        ).fetchall()
    assert told == [each for (each,) in days]


def test_what_may_be_changed_is_there():
    rows = re.findall(r"^\| .* \| (.*) \|$", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    named = [path for row in rows for path in re.findall(r"`((?:\w+/)+[\w./]*)`", row)]

    assert len(named) > 40
    assert [path for path in named if not (ROOT / path).exists()] == []
