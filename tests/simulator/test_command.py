"""`longplay simulator` says where it listens and how to use it, and ends with Ctrl-C."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulator.asking import HTTP

COMMAND = [str(Path(sys.executable).with_name("longplay")), "simulator"]


@pytest.mark.slow
def test_the_command_tells_how_to_use_it_and_ends_with_ctrl_c():
    with subprocess.Popen([*COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        lines = []
        while not lines or "longplay login" not in lines[-1]:
            lines.append(running.stdout.readline())
        said = "".join(lines)
        exported = dict(re.findall(r"export (\w+)=(\S+)", said))
        page = HTTP.get(
            f"{exported['SPOTIFY_ACCOUNTS_ORIGIN']}/authorize",
            params={
                "client_id": exported["SPOTIFY_CLIENT_ID"],
                "response_type": "code",
                "redirect_uri": "http://127.0.0.1:1/callback",
            },
        )
        asked = HTTP.get(f"{exported['SPOTIFY_API_ORIGIN']}/me")
        running.send_signal(signal.SIGINT)
        rest, errors = running.communicate(timeout=30)

    assert "Agree" in page.text
    assert asked.status_code == 401
    assert rest.endswith("Ended.\n")
    assert (running.returncode, errors) == (0, "")


@pytest.mark.slow
def test_a_port_that_is_taken_is_said_in_a_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        done = subprocess.run([*COMMAND, "--port", str(port)], capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"Port {port} cannot be listened on" in done.stderr
    assert "--port" in done.stderr
