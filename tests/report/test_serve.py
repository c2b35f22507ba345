"""The page over HTTP: on this machine alone, as the warehouse is, until Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import httpx2
import pytest

from longplay.errors import HomeBusy
from longplay.lake.state import State
from longplay.loopback import listener_on
from longplay.serving import Pages

COMMAND = str(Path(sys.executable).with_name("longplay"))


@pytest.fixture
def home(warehouse, tmp_path):
    """A home with the invented listener's tables in it, and a few plays of somebody else."""
    (tmp_path / "home").mkdir()
    file = tmp_path / "home" / "warehouse.duckdb"
    warehouse.execute(f"attach '{file}' as home")
    warehouse.execute("create schema home.marts")
    for table in ("fct_plays", "fct_daily_listening"):
        warehouse.execute(f"create table home.marts.{table} as from memory.marts.{table}")
    warehouse.execute("detach home")
    return tmp_path / "home"


@contextmanager
def serving(home, *options: str) -> Iterator[tuple[httpx2.Client, subprocess.Popen[str]]]:
    """Run `longplay serve` as a user does, and give a client that knows where it is."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("LONGPLAY_")}
    command = [COMMAND, "--home", str(home), "serve", "--port", "0", "--json", *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=home, env=plain | {"LONGPLAY_TIMEZONE": "UTC"}
    )
    try:
        assert process.stdout
        address = json.loads(process.stdout.readline())["page"]
        with httpx2.Client(base_url=address, timeout=30) as client:
            yield client, process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_it_serves_the_page_of_each_listener_until_ctrl_c(home):
    with serving(home) as (client, process):
        page, named, other, nobody = (client.get(path) for path in ("/", "/me", "/somebody", "/nobody"))
        elsewhere = [
            client.get(path).status_code for path in ("/warehouse.duckdb", "/state/home.lock", "/%2e%2e/warehouse.duckdb")
        ]
        refused = client.post("/").status_code
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)

    assert [page.status_code, named.status_code, other.status_code, nobody.status_code] == [200, 200, 200, 404]
    assert "Hollow" not in other.text
    assert named.content == page.content != other.content
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "private, no-cache"
    assert page.headers["cross-origin-resource-policy"] == "same-origin"
    assert elsewhere == [404, 404, 404]
    assert refused == 405
    assert (process.returncode, errors.strip()) == (0, "Ended.")
    assert not (home / "report.html").exists()


def test_it_is_drawn_anew_when_the_warehouse_has_changed_and_only_then(home):
    with serving(home) as (client, _):
        first = client.get("/")
        unchanged = client.get("/", headers={"if-none-match": first.headers["etag"]})
        with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
            connection.execute("delete from marts.fct_plays where year(local_started_at) = 2025")
        changed = client.get("/", headers={"if-none-match": first.headers["etag"]})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert len(changed.content) < len(first.content)


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1", 404), ("localhost:80", 404), ("evil.example", 400), ("127.0.0.1.evil.example", 400), ("", 400)],
)
def test_only_who_calls_this_machine_by_its_name_is_answered(served, host, status):
    assert served.get("/nobody", headers={"host": host}).status_code == status


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts; create table marts.fct_plays (user_id varchar)")
    with serving(folder) as (client, _):
        yield client


def test_nothing_else_listens(served):
    port = served.base_url.port
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)} - {"127.0.0.1"}

    for address in [*addresses, "127.0.0.2"]:
        with closing(socket.socket()) as other:
            other.settimeout(2)
            assert other.connect_ex((str(address), port)) != 0
    listening = listening_ports()
    assert listening is None or listening[port] == {"0100007F"}


def listening_ports():
    """Read from the kernel at which addresses which port is listened on."""
    try:
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    except OSError:
        return None
    found: dict[int, set[str]] = {}
    for line in lines:
        address, port = line.split()[1].split(":")
        if line.split()[3] == "0A":
            found.setdefault(int(port, 16), set()).add(address)
    return found


def test_a_port_in_use_is_refused_in_a_sentence(home):
    with closing(listener_on(0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [COMMAND, "--home", str(home), "serve", "--port", str(port)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    assert done.returncode == 2
    assert done.stderr.strip() == f"Port {port} cannot be listened on: Address already in use. Choose another one with --port."


def test_models_that_are_gone_are_told_in_the_browser(served):
    answer = served.get("/")

    assert answer.status_code == 503
    assert answer.text == "The models are not built. Run `longplay build`.\n"
    assert answer.headers["retry-after"] == "5"


# Without HTTP


def test_while_another_run_works_the_page_stays_as_it_was(tmp_path):
    """The real lock of a home, held by another run."""
    ours, theirs = State(tmp_path / "state", patience=0), State(tmp_path / "state", patience=0)
    stamps = iter([(1,), (2,), (2,), (2,)])

    def draw(user, out):
        with ours.alone():
            out.write_text(f"{user} {next(drawings)}")
        return out

    drawings = iter(["first", "second"])
    pages = Pages(draw, lambda: next(stamps), tmp_path)

    before = pages.page("me").html
    with theirs.alone():
        meanwhile = pages.page("me").html
        with pytest.raises(HomeBusy):
            pages.page("kim")
    after = pages.page("me").html

    assert [before, meanwhile, after] == [b"me first", b"me first", b"me second"]
    assert not list(tmp_path.glob("*.html"))
