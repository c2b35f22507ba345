"""Archives that are sent to the inbox: imported and gone, or put aside and told; what failed is run again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from longplay.simulator.web.spotify import SimulatedSpotify
from tests.cloud.deployment import Deployed, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    """What Spotify sends: three plays."""
    spotify = SimulatedSpotify()
    for title, at in (("Alright", "07:10"), ("Hold On", "07:20"), ("Paper Lanterns", "07:30")):
        spotify.has_played(title, at=at)
    path = tmp_path_factory.mktemp("archive") / "my_spotify_data.zip"
    spotify.sends_archive(path)
    return path


def arrives(cloud: Deployed, path: Path, key: str) -> dict:
    """Do what `aws s3 cp` does, and wait for what comes of it."""
    before = set(cloud.executions())
    cloud.client("s3").upload_file(str(path), cloud.inbox, key)
    (started,) = until(lambda: set(cloud.executions()) - before)
    return cloud.ended(started)


def rows(cloud: Deployed, user: str) -> int:
    return len(cloud.names(f"processed/v1/archives/user={user}/"))


def test_an_archive_in_the_inbox_is_imported_and_gone(cloud, archive):
    ended = arrives(cloud, archive, "archived/my_spotify_data.zip")

    assert ended["status"] == "SUCCEEDED"
    assert '"distinct": 3' in ended["output"]
    assert (cloud.names(bucket=cloud.inbox), rows(cloud, "archived")) == ([], 1)
    assert (cloud.mail(), cloud.dead_letters()) == ([], [])


@pytest.mark.parametrize("key", ["torn/my_spotify_data.zip", "lost.zip"])
def test_an_archive_that_cannot_be_imported_is_told_and_put_aside(cloud, archive, tmp_path, key):
    torn = tmp_path / "torn.zip"
    torn.write_bytes(archive.read_bytes()[:-200])

    ended = arrives(cloud, torn, key)

    assert ended["status"] == "FAILED"
    assert cloud.names(bucket=cloud.inbox) == [f"failed/{key}"]
    (letter,) = cloud.mail(1)
    assert f"failed/{key}" in letter["text"]
    assert cloud.dead_letters() == [], "the same bytes would fail again"
    assert cloud.names("processed/v1/archives/user=torn/") == []
    cloud.client("s3").delete_object(Bucket=cloud.inbox, Key=f"failed/{key}")


def redrives(cloud: Deployed, home: Path) -> None:
    """Do what a person does who was told, and wait for what comes of it."""
    before = set(cloud.executions())
    subprocess.run(
        [str(Path(sys.executable).with_name("longplay")), "redrive"],
        env={**os.environ, **cloud.environment(), "LONGPLAY_HOME": str(home)}, check=True, timeout=120, cwd=home.parent,
    )  # fmt: skip
    for started in set(cloud.executions()) - before:
        cloud.ended(started)


def test_redrive_imports_what_failed_once_the_cause_is_gone(cloud, archive, tmp_path):
    with cloud.without("longplay-import-export", "WriteObjects", "/processed/*"):
        ended = arrives(cloud, archive, "again/my_spotify_data.zip")
    assert (ended["status"], rows(cloud, "again")) == ("FAILED", 0)
    (letter,) = cloud.mail(1)
    assert "longplay redrive" in letter["text"]

    redrives(cloud, tmp_path / "home")

    assert (cloud.names(bucket=cloud.inbox), rows(cloud, "again"), cloud.dead_letters()) == ([], 1, [])


def test_redrive_processes_a_page_once_the_cause_is_gone(cloud, tmp_path):
    name = cloud.joins("Alright")
    with cloud.without("longplay-process", "WriteObjects", "/processed/*"):
        assert cloud.polls(name)["status"] == "FAILED"
    assert cloud.titles(name) == []

    redrives(cloud, tmp_path / "home")

    assert (cloud.titles(name), cloud.dead_letters()) == (["Alright"], [])


def test_the_next_poll_completes_what_the_last_one_could_not(cloud):
    name = cloud.joins("Alright")
    with cloud.without("longplay-process", "WriteObjects", "/processed/*"):
        cloud.polls(name)

    cloud.polls(name)

    assert cloud.titles(name) == ["Alright"]
