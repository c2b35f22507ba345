"""The wheel holds everything: installed in an empty environment, it works in an empty folder without the repository."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.house.typed import TUTORIAL, reader_in, typed, wrongly_told

ROOT = Path(__file__).resolve().parents[2]
PLACES = {"src/longplay/": "longplay/", "transform/": "longplay/transform/", "infra/snowflake/": "longplay/snowflake_setup/"}
OF_GIT = {"GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # half a minute on a machine that does nothing else


def build(source: Path, folder: Path, *kinds: str) -> list[Path]:
    """Build as `make dist` does."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", folder, *(f"--target={kind}" for kind in kinds)],
        cwd=source, env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"}, capture_output=True, check=True,
    )  # fmt: skip
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel and the sources."""
    wheel, sources = build(ROOT, tmp_path_factory.mktemp("dist"))
    return wheel, sources


def test_the_wheel_holds_every_file_of_ours_and_no_other(built):
    names = {name for name in zipfile.ZipFile(built[0]).namelist() if ".dist-info/" not in name}

    assert names == {new + file.removeprefix(old) for old, new in PLACES.items() for file in kept_by_git(old)}


def kept_by_git(folder: str) -> list[str]:
    if not (ROOT / ".git").exists():
        pytest.skip("only a clone knows which files are ours")
    environment = {name: value for name, value in os.environ.items() if name not in OF_GIT}
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", folder]
    said = subprocess.run(asked, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    return [file for file in said.splitlines() if (ROOT / file).exists() and not Path(file).name.startswith(".")]


def test_the_sources_build_the_same_wheel_whatever_lies_about(built, tmp_path):
    """What dbt leaves behind names the machine and its owner."""
    wheel, sources = built
    with tarfile.open(sources) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    (unpacked / "transform" / ".user.yml").write_text("id: mine")
    for left in ("transform/logs/dbt.log", "transform/target/manifest.json", ".env", "my_spotify_data.zip"):
        (unpacked / left).parent.mkdir(exist_ok=True)
        (unpacked / left).write_text("mine")

    (again,) = build(unpacked, tmp_path / "dist", "wheel")

    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_the_sources_hold_no_tests_no_pictures_and_no_cloud(built):
    with tarfile.open(built[1]) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]

    assert {name.split("/")[0] for name in names if "/" in name} == {"src", "transform", "infra", "requirements"}
    assert {name.split("/")[1] for name in names if name.startswith("infra/")} == {"snowflake"}


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """An environment that has what Longplay requires, from here, and Longplay itself, from the wheel."""
    folder = tmp_path_factory.mktemp("an environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    where = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    site = Path(subprocess.run(where, capture_output=True, text=True, check=True).stdout.strip())
    (site / "required.pth").write_text(sysconfig.get_path("purelib"))  # its own .pth, which names the clone, is not read
    subprocess.run(
        [
            sys.executable, "-m", "pip", "--python", python, "install",
            "--quiet", "--no-deps", "--no-index", "--ignore-installed", built[0],
        ],
        check=True,
    )  # fmt: skip
    for path in [*site.rglob("*"), site]:
        path.chmod(path.stat().st_mode & ~0o222)
    yield folder, site
    for path in [site, *site.rglob("*")]:
        path.chmod(path.stat().st_mode | 0o200)


@pytest.fixture(scope="module")
def longplay(installed, tmp_path_factory):
    """The command of that environment, in an empty folder, on a machine on which nothing is set."""
    machine = tmp_path_factory.mktemp("an empty machine")
    environment = {
        "PATH": "/usr/bin:/bin", "HOME": str(machine), "XDG_CACHE_HOME": str(machine / "cache"),
        "LONGPLAY_TIMEZONE": "Europe/Berlin", "LONGPLAY_HOME": str(machine / "a home (mine)"),
    }  # fmt: skip

    def run(*words: str) -> str:
        done = subprocess.run(
            [installed[0] / "bin" / "longplay", *words],
            cwd=machine,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_it_does_the_tutorial_in_an_empty_folder(installed, longplay, tmp_path):
    folder, site = installed
    before = contents(site)

    assert longplay("--version") == f"longplay {version()}\n"
    assert wrongly_told(typed(TUTORIAL, reader_in(tmp_path / "somebody new"), folder / "bin")) == []
    assert contents(site) == before


def contents(folder: Path) -> dict[str, float]:
    """Give every file with its time; what Python compiled is nobody's concern."""
    return {str(path): path.stat().st_mtime for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


def version() -> str:
    """Read it where it stands, and only there."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def test_it_leans_on_nothing_of_the_clone(installed):
    folder, site = installed
    code = (
        "import longplay.wiring, sys; from longplay.warehouse.transform import project;"
        "from longplay.warehouse.snowflake import setup;"
        "print(project(), setup._folder(), longplay.__file__, *sys.path, sep='\\n')"
    )
    said = subprocess.run([folder / "bin" / "python", "-I", "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    ours = site / "longplay"

    assert said.stdout.splitlines()[:3] == [str(ours / "transform"), str(ours / "snowflake_setup"), str(ours / "__init__.py")]
    assert str(ROOT / "src") not in said.stdout.splitlines()


@pytest.mark.skipif(not shutil.which("bash"), reason="bash is not here")
def test_bash_completes_what_was_begun(installed, tmp_path):
    """The script that `longplay --install-completion` writes, in a real bash."""
    environment = {"PATH": f"{installed[0] / 'bin'}:/usr/bin:/bin", "HOME": str(tmp_path)}
    script = """
        source <(longplay --show-completion bash)
        for typed in "longplay ins" "longplay serve --ev"; do
            COMP_WORDS=($typed)
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _longplay_completion longplay
            echo "${COMPREPLY[@]}"
        done
    """
    said = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)

    assert said.stdout.split() == ["insights", "--every"]
