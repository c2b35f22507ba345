"""Longplay as a user has it: a command, a home, an archive."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from tests.command import called


class Longplay:
    """The command line, called on a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str | Path, status: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("LONGPLAY_")}
        everything = plain | {"LONGPLAY_TIMEZONE": "UTC", "COLUMNS": "160"} | environment
        done = called(["--home", self.home, *arguments], self.home.parent, everything)
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *arguments: str | Path, status: int = 0, **environment: str):
        return json.loads(self(*arguments, "--json", status=status, **environment).stdout)


@pytest.fixture
def longplay(tmp_path) -> Longplay:
    return Longplay(tmp_path / "home")


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """A small home in which everything was done once; who changes it takes a copy."""
    folder = tmp_path_factory.mktemp("built")
    write_archive(listener_with(300, seed=3), folder / "archive.zip", spoiled=2)
    longplay = Longplay(folder / "home")
    longplay("run", folder / "archive.zip")
    return longplay.home


@pytest.fixture
def at_home(built, longplay) -> Longplay:
    """The command line on a copy of that home."""
    shutil.copytree(built, longplay.home)
    return longplay
