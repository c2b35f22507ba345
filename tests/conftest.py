"""What every story needs: a place for real samples, and how hard to try with invented ones."""

import gc
import os
import shutil
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from xdist.scheduler import LoadFileScheduling

from longplay.simulator.web.spotify import SimulatedSpotify

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("prove", settings.get_profile("default"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Folders whose files share what is expensive to set up, so one worker runs all of them; the longest begin first.
_TOGETHER = ("cloud", "orchestration", "snowflake")
_FIRST = ("cloud", "snowflake", "orchestration", "whole_way", "report", "transform", "api", "crash", "enrichment")


gc.set_threshold(50_000)  # what all tests and libraries keep is so much that looking through it takes a tenth of the time


class ByFile(LoadFileScheduling):
    """Workers take whole files, as their fixtures are made once for a file, or whole folders where these share more."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        folder = file.rpartition("/")[0]
        return folder if folder.rpartition("/")[2] in _TOGETHER else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no worker is left with it alone in the end."""
    place = {suite: number for number, suite in enumerate(_FIRST)}
    items.sort(key=lambda item: place.get(item.path.parent.name, len(place)))


@pytest.fixture(scope="session")
def samples() -> Path:
    folder = os.environ.get("LONGPLAY_SAMPLES")
    if not folder:
        pytest.skip("real archives are not at hand: LONGPLAY_SAMPLES is not set")
    return Path(folder)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give the one browser of a worker, or skip where there is none."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: no page can be looked at")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def environment() -> Iterator[MutableMapping[str, str]]:
    """The environment's variables: what a test sets or takes away is as before after it."""
    before = dict(os.environ)
    yield os.environ
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def spotify() -> Iterator[SimulatedSpotify]:
    """A Spotify of our own on a port of the moment; it is Monday, eight o'clock, until its clock is moved."""
    with SimulatedSpotify() as spotify:
        yield spotify


@pytest.fixture(scope="session")
def emulated_storage(tmp_path_factory) -> Iterator[str]:
    """An S3 and a Parameter Store on this machine: their address."""
    from tests.storage import emulated  # noqa: PLC0415  boto3 takes half a second

    with emulated(tmp_path_factory.mktemp("storage")) as endpoint:
        yield endpoint


@pytest.fixture
def storage(emulated_storage, environment):
    """Buckets and parameters for one test, and an environment that names them."""
    from tests.storage import Storage  # noqa: PLC0415

    storage = Storage(emulated_storage)
    environment.update(storage.environment)
    return storage


def pytest_terminal_summary(terminalreporter) -> None:
    """Tell how long each suite took."""
    seconds: dict[str, float] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                suite = "/".join(report.nodeid.split("::")[0].split("/")[:2])
                seconds[suite] = seconds.get(suite, 0.0) + report.duration
    terminalreporter.section("seconds of each suite")
    for suite, took in sorted(seconds.items(), key=lambda item: -item[1]):
        terminalreporter.write_line(f"{took:8.1f}  {suite}")
