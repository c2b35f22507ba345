"""What the container files say is there: every file they take, every option they call, and no way to the page from outside.

The image itself is built by whoever has an engine; what its steps do is done by the tests of the wheel.
"""

import inspect
import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path

import pytest
import typer.main
import yaml

from longplay.entrypoints.cli import app
from longplay.entrypoints.serve import serve
from longplay.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def steps():
    """The instructions of the Containerfile, in order: word and rest."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Containerfile").read_text(encoding="utf-8"))
    return [tuple(line.split(maxsplit=1)) for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def service():
    (service,) = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"].values()
    return service


def said(steps, word: str) -> list[str]:
    return [rest for each, rest in steps if each == word]


def test_it_takes_the_locked_requirements_and_the_wheel_and_nothing_else(steps):
    taken = [rest.split()[0] for rest in said(steps, "COPY") if not rest.startswith("--from=")]
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line.removeprefix("!") for line in ignored if line.startswith("!")]

    assert taken == let_in == ["requirements/run.txt", "dist/longplay-*.whl"]
    assert (ROOT / taken[0]).is_file()
    assert fnmatch(f"dist/longplay-{project_version()}-py3-none-any.whl", taken[1])
    assert "*" in ignored


def project_version() -> str:
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert found
    return found[1]


def test_what_it_installs_is_checked_by_hash_or_is_ours(steps):
    installs = [part for rest in said(steps, "RUN") for part in rest.split("&&") if "pip install" in part]

    assert len(installs) == 2
    assert all("--no-deps" in install for install in installs)
    assert ["--require-hashes" in install for install in installs] == ["longplay-*.whl" not in install for install in installs]


def test_it_runs_a_command_that_there_is(steps):
    entry, command = (json.loads(*said(steps, word)) for word in ("ENTRYPOINT", "CMD"))
    called = typer.main.get_command(app)

    assert entry == ["longplay"]
    context = called.make_context("longplay", command, resilient_parsing=True)
    assert called.resolve_command(context, command)[0] == "serve"  # pyright: ignore[reportAttributeAccessIssue]
    options = {option for parameter in called.commands["serve"].params for option in parameter.opts}  # pyright: ignore[reportAttributeAccessIssue]
    assert {word for word in command if word.startswith("--")} <= options


def test_it_is_nobody_of_importance_and_keeps_everything_in_one_place(steps):
    variables = dict(word.split("=", 1) for rest in said(steps, "ENV") for word in shlex.split(rest))
    (volume,), (user,) = said(steps, "VOLUME"), said(steps, "USER")
    last = [word for word, _ in steps].index("USER")

    assert variables.keys() - {"PATH"} <= {str(field.alias) for field in Settings.model_fields.values()}
    assert variables["LONGPLAY_HOME"] == volume == "/data"
    assert user == "longplay"
    assert "RUN" not in {word for word, _ in steps[last:]}
    assert any(f"--owner longplay --mode 0700 {volume}" in rest for rest in said(steps, "RUN"))


def test_its_health_is_asked_where_the_page_is(steps):
    (check,) = said(steps, "HEALTHCHECK")
    default = inspect.signature(serve).parameters["port"].default

    assert f"http://127.0.0.1:{default}/" in check


def test_no_port_is_opened_to_anybody(steps, service):
    """On the host's network the page's loopback address is the host's, and no other one is needed."""
    assert said(steps, "EXPOSE") == []
    assert service["network_mode"] == "host"
    assert "ports" not in service
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True


def test_the_example_builds_this_file_and_keeps_the_home(steps, service):
    assert (ROOT / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    assert [volume.split(":")[1] for volume in service["volumes"]] == said(steps, "VOLUME")
