"""Airflow as it is installed here, the daily DAG in it, and a person who is told."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".airflow" / "venv" / "bin"
DAGS = ROOT / "orchestration" / "dags"
LONGPLAY = str(Path(sys.executable).with_name("longplay"))
DAG = "longplay_daily"


class Person:
    """Somebody who reads what is sent to a webhook."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.late: list[str] = []  # said where a run begins later than it should be done
        told = self.tell

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told(json.loads(self.rfile.read(int(self.headers["content-length"])))["text"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
                """Say nothing on standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def tell(self, message: str) -> None:
        (self.late if "is late" in message else self.messages).append(message)

    def leaves(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Airflow:
    """Airflow with a home of its own, in which the daily DAG works on a home of Longplay's."""

    def __init__(self, folder: Path, home: Path, **settings: str) -> None:
        self.folder = folder
        self.home = home
        plain = {
            key: value for key, value in os.environ.items() if not key.startswith(("LONGPLAY_", "AIRFLOW", "AWS_", "SPOTIFY_"))
        }
        self.environment = plain | {
            "AIRFLOW_HOME": str(folder),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}",
            "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "DO_NOT_TRACK": "1",
            "NO_PROXY": "127.0.0.1",
            "LONGPLAY_HOME": str(home),
            "LONGPLAY_COMMAND": LONGPLAY,
            "LONGPLAY_TIMEZONE": "UTC",
            "LONGPLAY_RETRIES": "0",
            "SPOTIFY_PACE": "0",
            "SPOTIFY_PATIENCE": "0",
        } | settings  # fmt: skip

    def run(self, *command: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            capture_output=True, text=True, check=False, timeout=timeout, env=self.environment, cwd=self.folder,
        )  # fmt: skip

    def day(self, **settings: str) -> str:
        """Let one daily run take its way; gives the state in which it ended."""
        self.environment |= settings
        done = self.run("airflow", "dags", "test", DAG, timeout=600)
        self.log = done.stdout + done.stderr
        return self.rows("select state from dag_run order by id desc limit 1")[0][0]

    def states(self) -> dict[str, str]:
        """Tell in which state each step ended."""
        return dict(
            self.rows(
                "select task_id, state from task_instance where run_id = (select run_id from dag_run order by id desc limit 1)"
            )
        )

    def assets(self) -> list[str]:
        """Name the assets that were emitted, in this order."""
        rows = self.rows(
            "select asset.name from asset_event join asset on asset.id = asset_event.asset_id order by asset_event.id"
        )
        return [name for (name,) in rows]

    def rows(self, sql: str) -> list[tuple]:
        with sqlite3.connect(self.folder / "airflow.db") as connection:
            return connection.execute(sql).fetchall()

    def failure(self, person: Person) -> str:
        """Give the only message that was sent, which has to name the step that failed and where its log is."""
        failed = [step for step, state in self.states().items() if state == "failed"]
        (message,), (step,) = person.messages, failed
        assert f"the daily run failed at {step}\n" in message
        assert "/dags/longplay_daily/runs/" in message
        assert f"/tasks/{step}" in message
        person.messages.clear()
        return f"{step}: {message.splitlines()[1]}"


def prepared_in(folder: Path) -> Path:
    """Make Airflow's database, the longest part of setting one up; skips where Airflow is not installed."""
    if not (BIN / "airflow").exists():
        pytest.skip("Airflow is not installed here: `make airflow-ready` does it")
    folder.mkdir(exist_ok=True)
    airflow = Airflow(folder, Path("/nowhere"))
    done = airflow.run("airflow", "db", "migrate")
    assert done.returncode == 0, done.stderr
    return airflow.folder
