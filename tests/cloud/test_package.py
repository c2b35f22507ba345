"""The functions' ZIP, for either architecture: small enough, the same each time, and with all that is needed and no more."""

import os
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = {
    "_duckdb", "aws_lambda_powertools", "aws_xray_sdk", "blake3", "boto3", "botocore", "duckdb", "fsspec", "httpx2",
    "isal", "longplay", "msgspec", "obstore", "pydantic", "pydantic_core", "pydantic_settings", "stamina",
    "structlog", "tzdata", "tzlocal",
}  # fmt: skip
LEFT_OUT = {"dbt", "altair", "typer", "rich", "jinja2", "pandas", "pyarrow", "starlette", "snowflake", "tests"}
NOT_OURS = {"simulator", "report", "doctor", "insights", "moving"}

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def make(architecture: str) -> Path:
    """Build it, unless it is there and nothing has changed since."""
    zip_file = ROOT / "dist" / f"functions-{architecture}.zip"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    done = subprocess.run(
        ["make", zip_file.relative_to(ROOT)], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if "No matching distribution" in done.stderr or "Temporary failure" in done.stderr:
        pytest.skip("the wheels of the functions cannot be had here")
    assert done.returncode == 0, done.stderr
    return zip_file


@pytest.fixture(scope="module", params=["arm64", "x86_64"])
def package(request) -> Path:
    return make(request.param)


def test_it_holds_what_functions_need_and_is_small_enough(package):
    with zipfile.ZipFile(package) as archive:
        names, unpacked = archive.namelist(), sum(entry.file_size for entry in archive.infolist())
    top = {name.partition("/")[0].partition(".")[0] for name in names}
    ours = {name.split("/")[1] for name in names if name.startswith("longplay/")}

    assert package.stat().st_size < 50e6
    assert unpacked < 250e6
    assert top >= LIBRARIES
    assert not top & LEFT_OUT
    assert not ours & NOT_OURS
    entries = {name for name in names if name.startswith("longplay/entrypoints/") and name.endswith(".py")}
    assert entries == {"longplay/entrypoints/__init__.py", "longplay/entrypoints/lambdas.py"}
    assert {name.split("/")[2] for name in names if name.startswith("botocore/data/") and name.count("/") > 3} == {
        "ssm",
        "xray",
    }


def test_its_libraries_are_of_its_architecture(package):
    machine = {"arm64": 0xB7, "x86_64": 0x3E}[package.stem.removeprefix("functions-")]
    with zipfile.ZipFile(package) as archive:
        libraries = [name for name in archive.namelist() if name.endswith(".so")]
        heads = {name: archive.open(name).read(20) for name in libraries}

    assert len(libraries) > 4
    assert {int.from_bytes(head[18:20], "little") for head in heads.values()} == {machine}


def test_the_same_commit_gives_the_same_bytes():
    package = make("arm64")
    first = package.read_bytes()
    subprocess.run([sys.executable, ROOT / "infra" / "package.py", "arm64"], check=True)

    assert sha256(package.read_bytes()).hexdigest() == sha256(first).hexdigest()
    with zipfile.ZipFile(package) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())


def test_every_function_can_be_imported_from_it_and_from_nothing_else(tmp_path):
    machine = {"aarch64": "arm64", "arm64": "arm64", "x86_64": "x86_64"}.get(os.uname().machine)
    python = subprocess.run(
        [sys.executable, "-c", "import package; print(package._python() or '')"],
        cwd=ROOT / "infra", capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    if sys.platform != "linux" or not machine or not python:
        pytest.skip("no Python 3.13 of the functions' kind is here")
    with zipfile.ZipFile(make(machine)) as archive:
        archive.extractall(tmp_path)
        compiled = sum(name.endswith(".cpython-313.pyc") for name in archive.namelist())
        sources = sum(name.endswith(".py") for name in archive.namelist())
    assert compiled > 0.9 * sources
    code = (
        "from longplay.entrypoints.lambdas import fetch, process, import_export, enrich\n"
        "import longplay.processing, longplay.inbox, longplay.lake.remote_state, longplay.lake.parameters\n"
        "import boto3, sys; boto3.client('ssm', region_name='eu-west-1'); print(longplay.__file__)"
    )
    done = subprocess.run(
        [python, "-S", "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(tmp_path / "longplay" / "__init__.py")
