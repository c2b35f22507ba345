"""An import that is killed or runs out of room leaves nothing behind that counts: the next one reports like the first."""

import os
import resource
import subprocess
import time

import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from tests.whole_way.conftest import COMMAND


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.7, 0.9, 1.2, 1.6])
def test_an_import_killed_at_any_moment_is_as_if_it_had_never_begun(longplay, tmp_path, seconds):
    written = write_archive(listener_with(12_000, seed=9), tmp_path / "export.zip", rows_per_file=1_000)
    process = subprocess.Popen(
        [*COMMAND, "--home", str(longplay.home), "import", str(tmp_path / "export.zip")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"LONGPLAY_TIMEZONE": "UTC"},
    )
    time.sleep(seconds)
    process.kill()
    process.wait()
    was_finished = bool(longplay.json("imports"))

    again = longplay.json("import", tmp_path / "export.zip")

    assert again["read"] == written.read
    assert again["new"] == (0 if was_finished else written.distinct)
    assert longplay.json("import", tmp_path / "export.zip")["new"] == 0
    assert not list((longplay.home / "lake" / ".staging").glob("*"))


@pytest.mark.slow
@pytest.mark.parametrize("room", [2_000, 60_000, 1_000_000])
def test_a_full_disk_is_said_and_nothing_is_lost(longplay, tmp_path, room):
    written = write_archive(listener_with(12_000, seed=9), tmp_path / "export.zip", rows_per_file=3_000)

    def in_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    full = subprocess.run(
        [*COMMAND, "--home", str(longplay.home), "import", str(tmp_path / "export.zip")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=in_little_room,
    )
    again = longplay.json("import", tmp_path / "export.zip")

    assert full.returncode == 1
    assert "cannot be written" in full.stderr
    assert "Traceback" not in full.stderr
    assert (again["read"], again["new"]) == (written.read, written.distinct)
