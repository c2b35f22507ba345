"""The demo shows an invented listener whose newest plays were polled."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_the_demo_polls_what_its_listener_played_since_their_archive(tmp_path):
    def longplay(*arguments: str):
        command = [str(Path(sys.executable).with_name("longplay")), "--home", str(tmp_path / "home"), *arguments, "--json"]
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ | {"LONGPLAY_TIMEZONE": "UTC"}
        )
        return json.loads(done.stdout)

    done = longplay("demo")
    standing = longplay("status")
    polled = longplay("query", "select count(distinct played_at)::int as plays, max(played_at) as newest from recently_played")[
        0
    ]

    assert done["pages"] > 50
    assert polled["plays"] > 50
    assert polled["newest"] > done["import"]["archives"][0]["last"]
    assert standing["newest_play"][:19] == polled["newest"][:19]
    assert (standing["is_demo"], standing["consent_ends"], standing["archives"]) == (True, None, 1)
