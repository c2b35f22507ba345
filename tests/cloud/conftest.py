"""Longplay deployed once for all tests of the cloud: two roots of Terraform, applied to an AWS of our own, unchanged.

It takes a minute, most of it waiting. So it begins with the first test, and those that need no deployment come first.
"""

import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from longplay.simulator.web.spotify import SimulatedSpotify
from tests.cloud.deployment import EMULATOR, KEYS, Deployed, Emulator, until
from tests.cloud.terraform import ARCHITECTURE, LISTENERS, PACKAGE, Terraform, mirrored


@pytest.fixture(scope="session")
def terraform_tools(tmp_path_factory) -> dict[str, str]:
    """What Terraform has to be told to find its provider; skips where there is none."""
    if not shutil.which("terraform"):
        pytest.skip("Terraform is not installed")
    mirror = os.environ.get("LONGPLAY_TF_MIRROR")
    if not mirror:
        pytest.skip("Terraform's AWS provider is not at hand: LONGPLAY_TF_MIRROR names no folder that holds it")
    return mirrored(Path(mirror), tmp_path_factory.mktemp("terraform"))


@pytest.fixture(scope="session")
def package() -> Path:
    """The functions' ZIP for this machine."""
    if not PACKAGE.exists():
        pytest.skip(f"the functions are not built: run `make package ARCH={ARCHITECTURE}`")
    return PACKAGE


@pytest.fixture(scope="session")
def emulator(terraform_tools, package, tmp_path_factory) -> Iterator[Emulator]:  # noqa: ARG001 - without these it is of no use
    """An AWS of our own; skips where there is no Python 3.13 to run it and the functions."""
    if not EMULATOR.exists():
        pytest.skip("no emulated AWS is installed: `make emulator` needs a Python 3.13")
    emulator = Emulator(tmp_path_factory.mktemp("aws"))
    try:
        until(emulator.is_ready)
        yield emulator
    finally:
        emulator.ends()


@pytest.fixture(scope="session")
def cloud_spotify() -> Iterator[SimulatedSpotify]:
    """A Spotify whose clock runs beside that of this machine, as that of the functions does."""
    with SimulatedSpotify(now=lambda: datetime.now(UTC)) as spotify:
        yield spotify


@pytest.fixture(scope="session")
def roots(emulator, terraform_tools, tmp_path_factory) -> dict[str, Terraform]:
    folder = tmp_path_factory.mktemp("infra")
    told = {**terraform_tools, **KEYS, "AWS_ENDPOINT_URL": emulator.origin}
    return {root: Terraform(root, folder, told) for root in ("storage", "pipeline")}


@pytest.fixture(scope="session")
def deploying(emulator, cloud_spotify, roots, package) -> Iterator["Future[Deployed]"]:
    with ThreadPoolExecutor(1) as aside:
        yield aside.submit(_deployed, emulator, cloud_spotify, roots, package)


@pytest.fixture(scope="session", autouse=True)
def begun(request) -> None:
    """Begin to deploy with the first test, if any test needs it; where it cannot be, those that need it tell."""
    if any("deploying" in item.fixturenames for item in request.session.items):
        with suppress(pytest.skip.Exception):
            request.getfixturevalue("deploying")


@pytest.fixture(scope="session")
def deployed(deploying) -> Deployed:
    """Everything applied, as a user would."""
    return deploying.result()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests that need no deployment come before those that do, but not those that build the ZIP anew which it reads."""
    places = [place for place, item in enumerate(items) if item.path.parent == Path(__file__).parent]
    ours = sorted((items[place] for place in places), key=_waits)
    for place, item in zip(places, ours, strict=True):
        items[place] = item


def _waits(item: pytest.Item) -> bool:
    return "deploying" in getattr(item, "fixturenames", ()) or item.path.name == "test_package.py"


def _deployed(emulator: Emulator, cloud_spotify: SimulatedSpotify, roots: dict[str, Terraform], package: Path) -> Deployed:
    """Apply the roots, side by side once the buckets are there."""
    storage, pipeline = roots["storage"], roots["pipeline"]
    simulated = {
        "SPOTIFY_API_ORIGIN": cloud_spotify.api,
        "SPOTIFY_ACCOUNTS_ORIGIN": cloud_spotify.accounts,
        "SPOTIFY_PACE": "0",
    }
    with ThreadPoolExecutor(1) as side:
        kept = side.submit(
            storage.applies, listeners=LISTENERS, spotify_client_id=cloud_spotify.app.client_id, empties_on_destroy=True
        )
        until(lambda: kept.done() or _has_buckets(emulator))
        pipeline.applies(
            listeners=LISTENERS, alarm_email="somebody@example.com", architecture=ARCHITECTURE, package=str(package),
            extra_environment=simulated, enrich=True,
        )  # fmt: skip
        kept.result()
    return Deployed(emulator, cloud_spotify, {**storage.outputs(), **pipeline.outputs()})


def _has_buckets(emulator: Emulator) -> bool:
    try:
        return len(emulator.client("s3").list_buckets()["Buckets"]) == 2
    except ClientError:
        return False


@pytest.fixture
def cloud(deployed) -> Iterator[Deployed]:
    """The deployment on a good day: whatever a test broke is mended for the next one."""
    deployed.mends()
    yield deployed
    deployed.mends()
