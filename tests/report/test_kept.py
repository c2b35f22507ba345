"""What all pages share is made once on a machine, and made anew when anything changes of which it is made."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from longplay import cache
from longplay.report import page
from longplay.report.page import CHARTS

DRAWN = """
import sys
from pathlib import Path
import platformdirs
platformdirs.user_cache_path = lambda name: Path(sys.argv[1])
from longplay.report import page
sys.stdout.write(page._parts()["charts"] + " " + str("altair" in sys.modules))
"""


def drawn(folder) -> list[str]:
    done = subprocess.run([sys.executable, "-c", DRAWN, str(folder)], capture_output=True, text=True, check=True)
    return done.stdout.rsplit(" ", 1)


def test_the_charts_are_made_once_and_the_next_page_does_without_what_made_them(tmp_path):
    first, second = drawn(tmp_path), drawn(tmp_path)

    assert first[0] == second[0]
    assert [first[1], second[1]] == ["True", "False"]


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """Give a copy of all that charts are made of, in place of the real files, and an empty cache folder."""
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr(page, "CHARTS", Path(shutil.copytree(CHARTS, tmp_path / "charts")))
    for module in (page.look, page.spelling):
        monkeypatch.setattr(module, "__file__", shutil.copy(str(module.__file__), tmp_path))
    return tmp_path


@pytest.mark.parametrize("changed", ["charts/taste.py", "look.py", "spelling.py"])
def test_a_chart_is_drawn_anew_when_something_changes_of_which_it_is_made(sources, monkeypatch, changed):
    said = ["one", "another"]
    monkeypatch.setattr(page, "_charts", lambda: said.pop(0).encode())

    before = [page._kept_charts(), page._kept_charts()]
    with (sources / changed).open("a") as file:
        file.write("# other colours\n")

    assert [*before, page._kept_charts()] == ["one", "one", "another"]


def test_charts_are_made_of_nothing_else_of_ours():
    imported = {
        node.module
        for file in CHARTS.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("longplay")
    }

    assert imported == {"longplay.report.charts", "longplay.report.charts.grammar", "longplay.report.look"}
