"""The functions as AWS calls them, with a simulated Spotify on one side and an S3 and a Parameter Store on the other."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import stamina
import time_machine

from longplay.entrypoints import lambdas
from longplay.errors import HomeBusy, NoListener, PoisonPage
from longplay.exports.errors import Damaged
from longplay.lake import layout
from longplay.polling import RateLimited
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from longplay.simulator.web.spotify import SimulatedSpotify
from longplay.spotify.auth import App
from longplay.spotify.door import REDIRECT
from longplay.spotify.errors import SpotifyDown
from longplay.spotify.secret import Secret
from longplay.wiring import fetching_with, parts_of, utc_now
from tests.storage import Storage


class Context:
    """What AWS tells a function about a call."""

    function_name = "longplay"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:000000000000:function:longplay"
    aws_request_id = "00000000-0000-0000-0000-000000000001"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Deployed:
    """The functions of one installation, and the Spotify they ask."""

    def __init__(self, storage: Storage, spotify: SimulatedSpotify, folder: Path) -> None:
        self.storage, self.spotify, self.folder = storage, spotify, folder
        self.answers: list[object] = []

    def signs_in(self, user: str = "me") -> None:
        """Do what `longplay login --store aws` does."""
        cloud = self.storage.cloud()
        cloud.share(App(self.spotify.app.client_id, Secret(self.spotify.app.secret)))
        connection = fetching_with(cloud.settings, parts_of(cloud, self.folder)).connect(user)
        attempt = connection.begin(REDIRECT)
        connection.finish(attempt, self.spotify.visits(attempt.address))
        connection.close()

    def fetch(self, user: str = "me", mode: str = "recent", **more: object) -> dict:
        return self._called(lambdas.fetch, {"listener": user, "mode": mode, **more})

    def process(self, key: str) -> dict:
        return self._called(lambdas.process, {"listener": "me", "key": key})

    def import_export(self, key: str) -> dict:
        return self._called(lambdas.import_export, {"listener": "me", "bucket": self.storage.inbox_name, "key": key})

    def _called(self, handler, event: dict) -> dict:
        answer = json.loads(json.dumps(handler(event, Context())))
        self.answers.append(answer)
        return answer


@pytest.fixture
def deployed(storage, spotify, tmp_path, environment):
    spotify.clock.set(datetime.now(UTC))
    environment |= {"SPOTIFY_ACCOUNTS_ORIGIN": spotify.accounts, "SPOTIFY_API_ORIGIN": spotify.api, "SPOTIFY_PACE": "0"}
    lambdas._settings.cache_clear()
    lambdas._cloud.cache_clear()
    with stamina.set_testing(True, attempts=2, cap=True):
        yield Deployed(storage, spotify, tmp_path)


@pytest.fixture
def polled(deployed) -> Deployed:
    """A listener who has signed in and has played one song."""
    deployed.spotify.has_played("Alright", at=utc_now() - timedelta(minutes=20))
    deployed.signs_in()
    return deployed


@pytest.fixture
def later(spotify) -> Iterator[Callable[..., None]]:
    """Let time pass, at Spotify and here."""
    with ExitStack() as travels:

        def moves(**span: float) -> None:
            now = utc_now() + timedelta(**span)
            spotify.clock.set(now)
            travels.enter_context(time_machine.travel(now, tick=False))

        yield moves


def metrics(said: str) -> dict[str, float]:
    """Give the figures of the last metrics that were handed over."""
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    last = [line for line in lines if line.get("_aws")][-1]
    assert last["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Longplay"
    assert sorted(last["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]) == ["listener", "service"]
    return {name: value[0] for name, value in last.items() if isinstance(value, list)}


# -- fetch and process


def test_a_play_arrives_in_the_processed_lake(polled, capsys):
    fetched = polled.fetch()
    (key,) = fetched["keys"]

    assert fetched == {"listener": "me", "keys": [key], "blocked": None, "healed": False, "plays": 1}
    told = metrics(capsys.readouterr().out)
    assert (told["PollSucceeded"], told["PlaysFetched"], told["Gaps"]) == (1, 1, 0)
    assert told["NewestPlayAge"] == pytest.approx(1200, abs=60)
    assert 178 < told["ConsentDaysLeft"] < 185
    assert 0 < told["BudgetUsed"] < 5

    assert polled.process(key) == {"key": key, "rows": 4, "rejected": 0}
    tables = {key.split("/")[2] for key in polled.storage.objects() if key.startswith("processed/")}
    assert tables == {"recently_played", "tracks", "artists", "albums", "pages"}


def test_the_same_page_again_is_no_key_and_a_page_that_nobody_processed_is_one(polled):
    first = polled.fetch()["keys"]

    assert polled.fetch()["keys"] == first
    polled.process(first[0])
    polled.process(first[0])
    assert polled.fetch() == {"listener": "me", "keys": [], "blocked": None, "healed": False, "plays": 0}


def test_the_daily_run_asks_for_everything(polled):
    datasets = {key.split("/")[2] for key in polled.fetch(mode="daily")["keys"]}

    assert "recently_played" in datasets
    assert len(datasets) > 1


def test_fifty_plays_of_which_none_was_known_are_a_gap(polled, capsys, later):
    polled.fetch()
    later(hours=12)
    for number in range(60):
        polled.spotify.has_played(f"Song {number}", at=polled.spotify.clock() - timedelta(minutes=4 * number + 1))

    assert polled.fetch()["plays"] == 50
    assert metrics(capsys.readouterr().out)["Gaps"] == 1


@pytest.mark.usefixtures("polled")
def test_fetching_imports_neither_database_nor_dbt():
    watched = "duckdb", "dbt", "pandas", "pyarrow", "polars", "altair", "typer", "jinja2", "starlette", "fsspec"
    code = (
        "import sys; from longplay.entrypoints.lambdas import fetch\n"
        "print('plays', fetch({'listener': 'me', 'mode': 'recent'}, None)['plays'])\n"
        f"print('loaded', sorted(set({watched}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=True)

    assert "plays 1\nloaded []\n" in done.stdout


# -- bad days


def test_a_limit_of_minutes_is_waited_for_outside(polled, later):
    polled.spotify.blocks(minutes=4)

    with pytest.raises(RateLimited) as limited:
        polled.fetch()
    told = json.loads(str(limited.value))
    assert 235 <= told["seconds"] <= 240
    assert "no more calls" in told["why"]
    later(seconds=told["seconds"] + 1)
    assert polled.fetch()["plays"] == 1


def test_a_day_long_block_is_told_when_it_begins_and_when_it_ends(polled, later):
    until = polled.spotify.blocks("player", hours=20)

    first, second = polled.fetch(), polled.fetch()
    assert (first["blocked"]["tell"], second["blocked"]["tell"]) == (True, False)
    assert datetime.fromisoformat(first["blocked"]["until"]) == pytest.approx(until, abs=timedelta(seconds=5))
    later(hours=21)
    third, fourth = polled.fetch(), polled.fetch()
    assert (third["blocked"], third["healed"], third["plays"]) == (None, True, 1)
    assert fourth["healed"] is False


def test_a_consent_that_is_over_is_told_once_and_healed_by_signing_in(polled, capsys, later):
    polled.spotify.revokes()
    later(hours=2)

    told = [polled.fetch()["blocked"] for _ in range(3)]
    assert [each["tell"] for each in told] == [True, False, False]
    assert "longplay login" in told[0]["why"]
    assert metrics(capsys.readouterr().out)["PollSucceeded"] == 0
    polled.signs_in()
    assert polled.fetch()["healed"] is True


def test_a_spotify_that_is_down_is_an_error_unless_somebody_gives_up(polled, capsys):
    polled.spotify.is_down(hours=3)

    with pytest.raises(SpotifyDown):
        polled.fetch()
    assert metrics(capsys.readouterr().out)["PollSucceeded"] == 0
    given_up = [polled.fetch(give_up=True)["blocked"]["tell"] for _ in range(2)]
    assert given_up == [True, False]
    with pytest.raises(SpotifyDown):
        polled.fetch()


def test_of_two_executions_at_once_one_waits_and_then_says_so(polled):
    with polled.storage.cloud().state(utc_now).lease("fetch-me"), pytest.raises(HomeBusy):
        polled.fetch()
    assert polled.fetch()["plays"] == 1


def test_a_poison_page_is_told_once_and_redone_when_somebody_says_so(polled):
    (key,) = polled.fetch()["keys"]
    good = polled.storage.objects()[key]
    polled.storage.put(key, b"\x1f\x8b cut off")

    with pytest.raises(PoisonPage, match=key):
        polled.process(key)
    assert [name for name in polled.storage.objects() if name.startswith("processed/")] == []
    assert polled.fetch()["keys"] == []
    polled.storage.put(key, good)
    assert polled.process(key)["rows"] == 4


# -- archives


@pytest.fixture
def archive(tmp_path) -> Path:
    path = tmp_path / "my_spotify_data.zip"
    write_archive(listener_with(400, seed=3), path, "extended-2024")
    return path


def test_an_archive_in_the_inbox_is_imported_and_taken_away(deployed, archive):
    deployed.storage.put("kim/my_spotify_data.zip", archive.read_bytes(), bucket=deployed.storage.inbox_name)

    done = deployed.import_export("kim/my_spotify_data.zip")
    assert done["read"] == done["distinct"] + done["repeated"] + done["rejected"] > 0
    assert (done["listener"], done["layout"]) == ("kim", "extended-2024")
    assert layout.whole_key("kim", done["archive"]) in deployed.storage.objects()
    assert deployed.storage.objects(deployed.storage.inbox_name) == {}
    assert deployed.import_export("kim/my_spotify_data.zip") == {"ignored": True}


def test_a_broken_archive_is_kept_aside(deployed, archive):
    broken = archive.read_bytes()[:2000]
    deployed.storage.put("me/half.zip", broken, bucket=deployed.storage.inbox_name)

    with pytest.raises(Damaged, match=r"half.zip is cut off"):
        deployed.import_export("me/half.zip")
    assert deployed.storage.objects(deployed.storage.inbox_name) == {"failed/me/half.zip": broken}
    assert deployed.import_export("failed/me/half.zip") == {"ignored": True}
    assert [key for key in deployed.storage.objects() if not key.startswith("state/")] == []


def test_an_archive_of_nobody_is_kept_aside(deployed, archive):
    deployed.storage.put("my_spotify_data.zip", archive.read_bytes(), bucket=deployed.storage.inbox_name)

    with pytest.raises(NoListener, match="below no listener's name"):
        deployed.import_export("my_spotify_data.zip")
    assert list(deployed.storage.objects(deployed.storage.inbox_name)) == ["failed/my_spotify_data.zip"]


# -- secrets


def test_no_secret_is_in_what_the_functions_leave_behind(polled, archive, capfd, later):
    polled.storage.put("me/archive.zip", archive.read_bytes(), bucket=polled.storage.inbox_name)
    polled.import_export("me/archive.zip")
    for key in polled.fetch(mode="daily")["keys"]:
        polled.process(key)
    later(hours=2)
    polled.fetch()
    polled.spotify.revokes()
    later(hours=4)
    polled.fetch()

    secrets = {polled.spotify.app.secret, *polled.spotify.tokens.handed_out}
    assert len(secrets) > 4
    left = json.dumps(polled.answers) + "".join(capfd.readouterr())
    for key, content in polled.storage.objects().items():
        left += key + (gzip.decompress(content) if key.endswith(".gz") else content).decode("latin-1")
    assert "played_at" in left
    assert [secret for secret in secrets if secret in left] == []
