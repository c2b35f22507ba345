"""Builds the ZIP of the functions: `python infra/package.py arm64`. The same commit gives the same bytes.

Wheels of the architecture are unpacked as pip finds them, whatever this machine is; what a function never reads is left out,
and everything is compiled, which spares a cold start most of its imports. Sources stay, for tracebacks.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
REQUIREMENTS: Final = ROOT / "requirements" / "functions.txt"
DIST: Final = ROOT / "dist"
PYTHON: Final = "3.13"
ARCHITECTURES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
_GLIBC: Final = range(17, 35)  # 2.17 to 2.34, which is that of the functions' system

# What a function never reads, by where it lies.
_NEVER: Final = (
    "bin/*", "**/__pycache__", "**/*.pyi", "**/py.typed",
    "*.dist-info/RECORD", "*.dist-info/INSTALLER", "*.dist-info/REQUESTED", "*.dist-info/direct_url.json",
    "boto3/data", "boto3/examples", "duckdb/experimental", "adbc_driver_duckdb",
)  # fmt: skip
_OF_BOTOCORE: Final = {"ssm", "xray", "endpoints.json", "partitions.json", "_retry.json", "sdk-default-configuration.json"}
_OF_LONGPLAY: Final = ("simulator", "report", "insights", "doctor", "moving", "demo.py")
_ENTRY: Final = {"__init__.py", "lambdas.py"}


def package(architecture: str) -> Path:
    """Build it and give its path."""
    with TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        shutil.copytree(_libraries(architecture), tree)
        _copy_longplay(tree)
        _compile(tree, "longplay")
        target = DIST / f"functions-{architecture}.zip"
        _write_zip(tree, target)
    return target


def _libraries(architecture: str) -> Path:
    """Give a folder of what was installed and compiled for these requirements; it is made once."""
    told = REQUIREMENTS.read_bytes() + Path(__file__).read_bytes() + (_python() or "").encode()
    made = DIST / f".libraries-{architecture}-{hashlib.sha256(told).hexdigest()[:12]}"
    if not made.exists():
        with TemporaryDirectory(dir=_folder(DIST)) as folder:
            tree = Path(folder) / "tree"
            _install(tree, ARCHITECTURES[architecture])
            _trim(tree)
            _compile(tree)
            tree.rename(made)
    return made


def _folder(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    return path


def _install(tree: Path, machine: str) -> None:
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC] + [f"manylinux2014_{machine}"]
    subprocess.run(
        [
            sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile",
            "--require-hashes", "--only-binary", ":all:", "--implementation", "cp", "--python-version", PYTHON,
            *(f"--abi={abi}" for abi in ("cp313", "abi3", "none")), *(f"--platform={each}" for each in platforms),
            "--requirement", str(REQUIREMENTS), "--target", str(tree),
        ],
        check=True,
    )  # fmt: skip


def _trim(tree: Path) -> None:
    services = (path for path in (tree / "botocore" / "data").iterdir() if path.name not in _OF_BOTOCORE)
    for path in (*services, *(path for pattern in _NEVER for path in list(tree.glob(pattern)))):
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _copy_longplay(tree: Path) -> None:
    source = ROOT / "src" / "longplay"

    def left_out(folder: str, names: list[str]) -> set[str]:
        if Path(folder) == source:
            return {"__pycache__", *_OF_LONGPLAY}
        return set(names) - _ENTRY if Path(folder).name == "entrypoints" else {"__pycache__"}

    shutil.copytree(source, tree / "longplay", ignore=left_out)
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    told = _folder(tree / f"longplay-{version}.dist-info") / "METADATA"  # we say to others who we are, and of which version
    told.write_text(f"Metadata-Version: 2.1\nName: longplay\nVersion: {version}\n")


def _compile(tree: Path, below: str = ".") -> None:
    """Compile for the Python of the functions, where this machine has it; paths and order are always the same."""
    python = _python()
    if python is None:
        return
    subprocess.run(
        [
            python, "-m", "compileall", "-q", "-j", "1", "--invalidation-mode", "unchecked-hash",
            "-s", str(tree), "-p", "/var/task", str(tree / below),
        ],
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONHASHSEED": "0"},
    )  # fmt: skip


def _python() -> str | None:
    """Find the Python of the functions on this machine."""
    for candidate in _candidates():
        asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        try:
            told = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError:
            continue
        if told.stdout.strip() == PYTHON:
            return candidate
    return None


def _candidates() -> Iterator[str]:
    yield sys.executable
    yield f"python{PYTHON}"
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from (str(path) for path in sorted(pyenv.glob(f"versions/{PYTHON}*/bin/python")))
    if uv := shutil.which("uv"):
        yield subprocess.run([uv, "python", "find", PYTHON], capture_output=True, text=True, check=False).stdout.strip() or uv


def _write_zip(tree: Path, target: Path) -> None:
    """Write the files in order, all of one date and with one mode."""
    unfinished = target.with_suffix(".unfinished")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, path in sorted((path.relative_to(tree).as_posix(), path) for path in tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system, entry.compress_type = 0o100644 << 16, 3, zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=9)
    unfinished.replace(target)


def main() -> None:
    """Build one and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("architecture", choices=ARCHITECTURES)
    built = package(parser.parse_args().architecture)
    print(f"{built.relative_to(ROOT)}: {built.stat().st_size / 1e6:.1f} MB")
    if _python() is None:
        print(f"Python {PYTHON} is not on this machine, so nothing is compiled: the functions start more slowly.")


if __name__ == "__main__":
    main()
