"""Start Airflow on this machine with the daily DAG, until Ctrl-C. `make airflow` calls it with Airflow's Python.

Everything Airflow writes is in `.airflow/home`. The environment's settings go before those here.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PORT: Final = os.environ.get("AIRFLOW__API__PORT", "8080")
ADDRESS: Final = f"http://127.0.0.1:{PORT}"

SETTINGS: Final = {
    "AIRFLOW_HOME": str(ROOT / ".airflow" / "home"),
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "orchestration" / "dags"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
    "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",  # only this machine reaches it
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{ADDRESS}/execution/",
    "AIRFLOW__API__HOST": "127.0.0.1",
    "AIRFLOW__API__PORT": PORT,
    "AIRFLOW__API__BASE_URL": ADDRESS,
    "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    "DO_NOT_TRACK": "1",
}

WHERE: Final = f"""Airflow starts; in half a minute look at {ADDRESS}/dags/longplay_daily
The DAG is paused: switch it on there for a run every day at 04:15 UTC, or trigger a single one.
It works on the home that `longplay status` names. docs/orchestration.md says how to set it up and what to do when it fails.
"""


def main() -> int:
    """Start all of Airflow's parts, and end them together."""
    print(WHERE, flush=True)  # noqa: T201 - said to the person who started it
    programs = Path(sys.executable).parent
    path = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}  # Airflow calls itself by its bare name
    command = [str(programs / "airflow"), "standalone"]
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which a shell lets what runs in the background ignore, and so would Airflow
    running = subprocess.Popen(command, env=SETTINGS | os.environ | path, start_new_session=True)  # noqa: S603 - our own
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: running.send_signal(signal.SIGINT))
    status = running.wait()
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGTERM)  # whatever it has left
    return status


if __name__ == "__main__":
    sys.exit(main())
