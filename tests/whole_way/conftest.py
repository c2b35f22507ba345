"""Longplay as a user has it: a command, a home, an archive."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [str(Path(sys.executable).with_name("longplay"))]


class Longplay:
    """The command line, called as a process on a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self, *arguments: str | Path, status: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        plain = {key: value for key, value in os.environ.items() if not key.startswith("LONGPLAY_")}
        done = subprocess.run(
            [*COMMAND, "--home", str(self.home), *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
            cwd=self.home.parent,
            env=plain | {"LONGPLAY_TIMEZONE": "UTC", "COLUMNS": "160"} | environment,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done

    def json(self, *arguments: str | Path, status: int = 0, **environment: str):
        return json.loads(self(*arguments, "--json", status=status, **environment).stdout)


@pytest.fixture
def longplay(tmp_path) -> Longplay:
    return Longplay(tmp_path / "home")
