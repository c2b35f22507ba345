"""The workflows of GitHub: nothing dangerous in them, nothing in them that is not in the repository."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


def test_nothing_in_them_is_dangerous():
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [zizmor, "--offline", "--no-progress", "--strict-collection", "--persona=auditor", GITHUB],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout
    assert "ignored" not in done.stdout + done.stderr


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_pinned_to_a_commit_and_names_its_version(file):
    used = re.findall(r"uses: *(.*)", file.read_text(encoding="utf-8"))

    assert used
    assert [line for line in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_one_action_has_one_version():
    used = {line for file in WORKFLOWS for line in re.findall(r"uses: *(.*)", file.read_text(encoding="utf-8"))}

    assert len({line.split("@")[0] for line in used}) == len(used)


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_nobody_may_do_more_than_they_say(file):
    workflow = yaml.safe_load(file.read_text(encoding="utf-8"))

    assert workflow["permissions"] == {}
    assert all(job["permissions"] and job["timeout-minutes"] for job in workflow["jobs"].values())


def test_only_who_builds_nothing_may_write():
    """Code of ours, and of what we require, runs where nothing can be published."""
    jobs = yaml.safe_load((GITHUB / "workflows" / "release.yml").read_text(encoding="utf-8"))["jobs"]
    writing = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    running = {name for name, job in jobs.items() if any(".ci/" in step.get("run", "") for step in job["steps"])}

    assert running == {"build"}
    assert writing == {"attest", "pypi", "github"}


def test_what_they_run_is_there():
    ran = {word for file in WORKFLOWS for word in re.findall(r"(\.ci/\w+)", file.read_text(encoding="utf-8"))}

    assert ran == {".ci/run", ".ci/release"}
    assert all((ROOT / script).stat().st_mode & 0o111 for script in ran)


@pytest.mark.parametrize("file", sorted((GITHUB / "ISSUE_TEMPLATE").glob("[0-9]*.yml")), ids=lambda file: file.stem)
def test_a_form_has_what_github_asks_of_it(file):
    form = yaml.safe_load(file.read_text(encoding="utf-8"))
    asked = [part for part in form["body"] if part["type"] != "markdown"]

    assert {"name", "description", "labels", "body"} <= form.keys()
    assert asked
    assert all(part["attributes"]["label"] and re.fullmatch(r"[\w-]+", part["id"]) for part in asked)
    assert len({part["id"] for part in asked}) == len(asked)
    assert {part["type"] for part in form["body"]} <= {"markdown", "textarea", "input", "dropdown", "checkboxes"}


def test_nobody_is_asked_for_their_archive():
    form = (GITHUB / "ISSUE_TEMPLATE" / "1-archive.yml").read_text(encoding="utf-8")

    assert "Never attach the archive" in form
    assert "longplay doctor --json" in form
