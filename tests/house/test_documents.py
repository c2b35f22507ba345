"""What the documents say is what the code does."""

import importlib
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer.main
import yaml
from pydantic import SecretStr

from longplay.entrypoints.cli import app
from longplay.entrypoints.order import ORDER
from longplay.errors import LongplayError, StaleData
from longplay.exports.members import members_of
from longplay.fetching import DATASETS
from longplay.lake.tables import LANDING
from longplay.polling import RateLimited
from longplay.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN_BY_LOAD = {"source_file", "load_number"}
WRITERS = ("dictionary", "commands", "settings", "lake", "metrics", "messages")
UNSPOKEN = {RateLimited, StaleData}  # the first speaks to the state machine, the second says the first of the findings


@pytest.fixture(scope="module")
def writer():
    """Give what writes a page, by name."""
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(DOCS))
        yield lambda name: importlib.import_module(f"write_{name}")


@pytest.fixture(scope="module")
def dictionary(writer):
    return writer("dictionary")


def read(page):
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", WRITERS)
def test_a_written_page_is_current(writer, name):
    page = writer(name)

    assert read(f"docs/{page.PAGE}") == getattr(page, name)(), "run `make docs`"


def test_no_document_was_left_half_merged():
    half_merged = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)

    assert [page for page in (*ROOT.glob("*.md"), *DOCS.rglob("*.md")) if half_merged.search(read(page))] == []


def test_help_tells_of_every_command_and_first_of_what_comes_first():
    group = typer.main.get_group(app)
    listed = group.list_commands(group.context_class(group))

    assert listed[:3] == ["demo", "run", "import"]
    assert sorted(listed) == sorted(ORDER)


def test_every_writer_is_known_here():
    assert {path.stem for path in DOCS.glob("write_*.py")} == {f"write_{name}" for name in WRITERS}


def test_the_landing_tables_are_described_as_they_are(dictionary):
    described = {table["name"]: {column["name"] for column in table["columns"]} for table in dictionary.sources()}
    described = {name: columns for name, columns in described.items() if name in LANDING}

    assert described == {name: set(columns) | WRITTEN_BY_LOAD for name, columns in LANDING.items()}


def test_every_model_has_a_grain_and_every_column_a_meaning(dictionary):
    models = [model for layer in dictionary.LAYERS for model in dictionary.models(layer)]
    files = {path.stem for path in (ROOT / "transform" / "models").rglob("*.sql")}

    assert {model["name"] for model in models} == files
    assert all(model["description"].startswith(("One row", "A row")) for model in models), "a description begins with the grain"
    assert [(m["name"], c["name"]) for m in models for c in m["columns"] if not c.get("description")] == []


def test_every_command_and_option_has_a_sentence():
    page, unsaid = read("docs/reference/commands.md"), []
    for name, command in _commands(typer.main.get_command(app), "longplay"):
        assert f"## `{name}`\n\n{command.help.splitlines()[0]}" in page
        unsaid += [(name, p.opts) for p in command.params if not p.help or f"`{p.opts[0]}" not in page.replace("`[", "`")]

    assert [(name, opts) for name, opts in unsaid if opts[0].startswith("-")] == []


def _commands(group, name):
    for word, command in group.commands.items():
        yield from _commands(command, f"{name} {word}") if hasattr(command, "commands") else [(f"{name} {word}", command)]


def test_every_setting_has_a_sentence_and_its_default(writer):
    offered = {setting.name: setting for _, found in writer("settings").offered() for setting in found}
    defaults = {str(one.alias): one.get_default(call_default_factory=True) for one in Settings.model_fields.values()}

    assert {name: one.default for name, one in offered.items()} == {name: _spelled(one) for name, one in defaults.items()}
    assert [name for name, one in offered.items() if not one.meaning.endswith(".")] == []


def _spelled(default):
    """Spell a default as a person would write it; what is not set is empty."""
    told = default.get_secret_value() if isinstance(default, SecretStr) else default
    return "" if told is None else str(told).lower() if isinstance(told, bool) else str(told)


def test_every_dataset_and_landing_table_stands_in_the_lake():
    page = read("docs/reference/lake.md")

    assert [name for name in [*DATASETS, *LANDING] if f"`{name}`" not in page] == []


def test_every_alarm_and_metric_says_what_to_do(writer):
    metrics = writer("metrics")
    terraform = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "infra").rglob("*.tf"))
    alarms = {name: meaning for name, _, meaning in metrics.alarms()}
    letters = read("docs/running-on-aws.md").partition("## What a letter means")[2]

    assert len(metrics.RESOURCE.findall(terraform)) == terraform.count('resource "aws_cloudwatch_metric_alarm"')
    assert [name for name, meaning in alarms.items() if len(meaning.split(". ")) < len(("what happened", "what to do"))] == []
    assert [name for name in alarms if f"`…{name.removeprefix('longplay')}`" not in letters] == ["longplay-errors-fetch"]


def test_every_error_is_among_the_messages(writer):
    messages, page = writer("messages"), read("docs/reference/messages.md")
    told = [kind for kind in messages.kinds() if kind.__module__.startswith("longplay.") and not kind.__subclasses__()]

    assert [kind.__name__ for kind in told if kind not in UNSPOKEN and f"## {kind.__name__}\n" not in page] == []


def test_what_a_person_is_told_stands_there_word_for_word(tmp_path):
    (tmp_path / "torn.zip").write_bytes(b"PK\x03\x04torn")
    for path, words in (
        (tmp_path / "nowhere.zip", "There is no file […]. | Check the path."),
        (tmp_path / "torn.zip", "[…] is cut off"),
    ):
        with pytest.raises(LongplayError) as told:
            members_of([path])
        row = next(line for line in read("docs/reference/messages.md").splitlines() if words in line)
        says, action = (cell.strip() for cell in row.strip("|").split("|"))
        assert re.fullmatch(re.escape(says).replace(re.escape("[…]"), ".+"), told.value.message)
        assert told.value.action == action


def test_the_readme_names_every_command():
    readme = read("README.md")
    commands = typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]

    assert [name for name in commands if f"`longplay {name}" not in readme] == []


# Links and the navigation


def test_every_link_of_a_document_leads_somewhere():
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)\s]+)\)", _prose(page)) if "://" not in link]

    assert [f"{page.relative_to(ROOT)}: {link}" for page, link in links if not _leads_somewhere(page, link)] == []


def _leads_somewhere(page, link):
    path, _, anchor = link.partition("#")
    target = page.parent / path if path else page
    return target.exists() and (not anchor or target.suffix != ".md" or anchor in _anchors(target))


def _prose(page):
    return re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)


def _anchors(page):
    """Name the headings as GitHub and the site do."""
    titles = re.findall(r"^#+ (.+)$", _prose(page), flags=re.MULTILINE)
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).lower() for title in titles)
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in plain}


def test_every_page_is_in_the_navigation_of_the_site_and_every_entry_is_a_page():
    told = re.search(r"^nav:\n(?:[ ].*\n|\n)+", read("mkdocs.yml"), flags=re.MULTILINE)
    assert told
    entries = list(_entries(yaml.safe_load(told[0])["nav"]))
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    from_above = {"contributing.md", "changelog.md"}

    assert [page for page in pages if not any(page == entry or fnmatch(page, f"{entry}.md") for entry in entries)] == []
    assert [entry for entry in entries if "*" not in entry and entry not in pages | from_above] == []


def _entries(nav):
    for entry in nav:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            yield from _entries(value) if isinstance(value, list) else [value]
