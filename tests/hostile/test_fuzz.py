"""A short share of what `make fuzz` does: from the same beginning, the same number of inputs."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris runs on Linux x86_64 only")


def fuzzed(folder: Path, *options: str) -> None:
    script = Path(__file__).with_name("fuzz_reader.py")
    done = subprocess.run([sys.executable, script, "--crashes", folder, *options], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-4_000:]
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_mutated_archives_are_read_or_refused(tmp_path):
    fuzzed(tmp_path, "--runs", "60")


@pytest.mark.prove
def test_mutated_archives_are_read_or_refused_for_minutes(tmp_path):
    fuzzed(tmp_path, "--seconds", "600", "--seed", "0")
