"""An environment for each peer, from requirements that are locked and hashed."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = ROOT / ".bench" / "compare"


class NotAtHand(Exception):
    """A peer cannot run on this machine; the message says why."""


def environment(name: str, pythons: tuple[str, ...]) -> Path:
    """Give the folder of the programs of a peer's environment, which is made if it is not there or out of date."""
    requirements = ROOT / "requirements" / f"compare-{name}.txt"
    programs = FOLDER / name / "bin"
    ready = FOLDER / name / f"{hashlib.sha256(requirements.read_bytes()).hexdigest()[:12]}.ready"
    if not ready.exists():
        shutil.rmtree(FOLDER / name, ignore_errors=True)
        _run(_python(pythons), "-m", "venv", FOLDER / name)
        pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _run(*pip, "--require-hashes", "--no-deps", "-r", requirements)
        ready.touch()
    return programs


def version(programs: Path, package: str) -> str:
    """Read the version of an installed package."""
    asked = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    return subprocess.run(
        [programs / "python", "-c", asked, package], check=True, capture_output=True, text=True
    ).stdout.strip()


def _python(pythons: tuple[str, ...]) -> str:
    """Find the first of some Pythons, on the path or where pyenv keeps them."""
    for name in pythons:
        kept = sorted(Path.home().glob(f".pyenv/versions/{name.removeprefix('python')}*/bin/{name}"))
        for found in filter(None, (shutil.which(name), *map(str, kept))):
            if subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0:
                return found
    raise NotAtHand(f"needs {' or '.join(pythons)}, and this machine has none")


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise NotAtHand(f"cannot be installed here: {done.stderr.strip().rpartition(chr(10))[2]}")
