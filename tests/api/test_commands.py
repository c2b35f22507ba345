"""The commands as a listener has them: signing in, polling, bad days, signing out. Each trouble ends in a sentence."""

import json
import os
import re
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from longplay.simulator.web.spotify import SimulatedSpotify
from tests.command import COMMAND, called

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/authorize\?\S+")


class Longplay:
    """The command line on a home of its own, with a simulated Spotify in place of the real one."""

    def __init__(self, home: Path, spotify: SimulatedSpotify) -> None:
        self.home, self.spotify = home, spotify
        self.said: list[str] = []
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("LONGPLAY_", "SPOTIFY_", "DISPLAY"))}
        self.environment = plain | {
            "LONGPLAY_HOME": str(home), "LONGPLAY_TIMEZONE": "UTC", "COLUMNS": "200", "SPOTIFY_PACE": "0",
            "SPOTIFY_CLIENT_ID": spotify.app.client_id,
            "SPOTIFY_ACCOUNTS_ORIGIN": spotify.accounts, "SPOTIFY_API_ORIGIN": spotify.api,
        }  # fmt: skip

    def __call__(self, *arguments: str, status: int = 0, **environment: str) -> str:
        done = called(arguments, self.home.parent, self.environment | environment)
        return self.end(done, done.stdout, done.stderr, status)

    def begin(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments],
            text=True,
            cwd=self.home.parent,
            env=self.environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def end(
        self, process: "subprocess.Popen[str] | subprocess.CompletedProcess[str]", out: str, err: str, status: int = 0
    ) -> str:
        said = " ".join((out + err).split())
        self.said.append(said)
        assert "Traceback" not in said
        assert process.returncode == status, (process.returncode, said)
        return said

    def json(self, *arguments: str, status: int = 0):
        done = called([*arguments, "--json"], self.home.parent, self.environment)
        self.end(done, done.stdout, done.stderr, status)
        return json.loads(done.stdout)

    def login(self, *arguments: str, status: int = 0, answer: str | None = None, **environment: str) -> str:
        """Do what a person does: open the address that is printed, then go where Spotify sends the browser."""
        process = self.begin("login", "--wait", "5", *arguments, **environment)
        assert process.stderr
        told = ""
        while not (found := ADDRESS.search(told)):
            line = process.stderr.readline()
            if not line:
                return self.end(process, *process.communicate(timeout=60), status)
            told += line
        redirect = self.spotify.visits(found[0])
        if answer is not None:
            out, err = process.communicate(answer.replace("REDIRECT", redirect), timeout=60)
        else:
            if redirect.startswith("http"):
                httpx2.get(redirect)
            out, err = process.communicate(timeout=60)
        return self.end(process, out, err, status)


@pytest.fixture
def longplay(spotify, tmp_path) -> Longplay:
    spotify.clock.set(datetime.now(UTC))
    spotify.has_played("Alright", at=spotify.clock() - timedelta(minutes=20))
    return Longplay(tmp_path / "home", spotify)


def test_signing_in_says_until_when_the_consent_lasts(longplay):
    said = longplay.login()

    ends = datetime.fromisoformat(longplay.json("status")["consent_ends"])
    assert f"lasts until {ends.day} {ends:%B %Y}" in said
    assert 179 < (ends.replace(tzinfo=UTC) - datetime.now(UTC)).days < 185


def test_the_redirect_may_be_pasted(longplay):
    assert "Signed in" in longplay.login(answer="REDIRECT\n")


def test_polling_imports_neither_database_nor_dbt(longplay):
    longplay.login()
    watched = "duckdb", "dbt", "pandas", "pyarrow", "polars", "altair"
    code = (
        "import sys; from longplay.entrypoints.cli import main\n"
        "try: main(['fetch'])\nexcept SystemExit: pass\n"
        f"print('loaded', sorted(set({watched}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=longplay.environment, check=True)

    assert "Fetched: 1 new page." in done.stdout
    assert "loaded []" in done.stdout


def test_a_run_fetches_processes_loads_builds_and_draws(longplay, spotify):
    longplay.login()

    facts = longplay.json("run")

    assert facts["fetched"][0]["pages"] > 1
    assert Path(facts["page"]).exists()
    assert longplay.json("query", "select distinct track_name from recently_played") == [{"track_name": "Alright"}]
    standing = longplay.json("status")
    assert standing["last_poll"]
    assert standing["app_profile"] == "restricted_dev"
    assert standing["newest_play"][:16] == (spotify.clock() - timedelta(minutes=20)).isoformat()[:16]


def test_a_run_without_a_login_is_done_all_the_same(longplay, spotify):
    assert "Ask Spotify for yours at spotify.com/account/privacy" in longplay("run")
    assert len(spotify.calls) == 0


def test_polling_without_a_login_says_what_to_do(longplay):
    assert "Run `longplay login`" in longplay("fetch", status=1)


def test_a_dead_consent_shows_in_the_status_and_on_the_page(longplay, spotify):
    longplay.login()
    longplay("fetch")
    spotify.revokes()
    tokens = longplay.home / "state" / "tokens-me.json"
    tokens.write_text(re.sub(r'"ends_at":"[^"]*"', '"ends_at":"2020-01-01T00:00:00Z"', tokens.read_text()))

    assert "longplay login" in longplay("fetch", status=1)
    assert "longplay login" in longplay("run", status=1)
    assert "The consent is over" in (longplay.home / "report.html").read_text()
    assert "over" in longplay.json("status")["warning"]


def test_a_consent_that_ends_soon_is_said_at_every_turn(longplay):
    longplay.login()
    tokens = longplay.home / "state" / "tokens-me.json"
    given = (datetime.now(UTC) - timedelta(days=170)).isoformat()
    tokens.write_text(re.sub(r'"authorized_at":"[^"]*"', f'"authorized_at":"{given}"', tokens.read_text()))

    assert "The consent ends on" in longplay("fetch")
    assert "The consent ends on" in longplay("status")


def test_a_blocked_quota_is_no_failure_and_is_told(longplay, spotify):
    longplay.login()
    spotify.blocks("player", hours=24)

    assert "no more calls (player) before" in longplay("fetch")
    assert "no more calls (player) before" in longplay("fetch")
    assert "player" in longplay.json("status")["blocked"]
    assert spotify.calls.made_while_blocked() == []


REFUSALS = {
    "the listener refuses": (lambda s: s.listener_refuses(), "agree"),
    "the account is not on the app's list": (lambda s: setattr(s.app, "users", frozenset({"x"})), "User Management"),
    "the owner has no Premium": (lambda s: setattr(s.app, "owner_has_premium", False), "Premium"),
    "the network goes half-way": (lambda s: s.break_down("network gone", "/v1/me", times=None), "cut off"),
}


@pytest.mark.parametrize("trouble", REFUSALS)
def test_a_sign_in_that_comes_to_nothing_says_what_to_do_and_leaves_nothing(longplay, spotify, trouble):
    befalls, words = REFUSALS[trouble]
    befalls(spotify)

    assert words in longplay.login(status=1)
    assert not list((longplay.home / "state").glob("tokens-*"))


def test_a_wrong_client_id_is_said_when_nobody_comes_back(longplay):
    assert "compare SPOTIFY_CLIENT_ID" in longplay.login(status=1, SPOTIFY_CLIENT_ID="0" * 32)
    assert "SPOTIFY_CLIENT_ID is not set" in longplay("login", status=2, SPOTIFY_CLIENT_ID="")


def test_an_answer_to_another_attempt_is_refused(longplay):
    pasted = "http://127.0.0.1/callback?code=AQ&state=another\n"

    assert "another attempt" in longplay.login(status=1, answer=pasted)
    assert "not the address" in longplay.login(status=1, answer="yes\n")


def test_a_taken_port_is_said(longplay):
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"http://127.0.0.1:{other.getsockname()[1]}/callback"

        assert "taken by another program" in longplay("login", status=1, SPOTIFY_REDIRECT_URI=address)


def test_a_network_that_is_gone_fails_this_poll_and_the_next_continues(longplay, spotify):
    longplay.login()
    spotify.break_down("network gone", times=4)

    assert "the next run tries again" in longplay("fetch", status=1)
    assert "1 new page" in longplay("fetch")


def test_a_wrong_clock_is_said(longplay, spotify):
    longplay.login()
    spotify.clock.move(hours=3)

    assert "clock is 180 minutes behind" in longplay("fetch") or "clock is 179 minutes behind" in longplay.said[-1]


def test_two_polls_at_once_both_end_well(longplay):
    longplay.login()
    both = [longplay.begin("fetch") for _ in range(2)]

    said = [longplay.end(process, *process.communicate(timeout=60)) for process in both]

    assert sorted("1 new page" in each for each in said) == [False, True]


def test_a_household_is_polled_together_and_another_account_is_refused(longplay, spotify):
    longplay.login()
    spotify.joins("lou.example")
    spotify.has_played("Breezeblocks", at=spotify.clock() - timedelta(minutes=5), who="lou.example")
    spotify.signs_in("lou.example")

    assert "tied to another account" in longplay.login(status=1)
    longplay.login("--user", "lou")
    assert {each["user"] for each in longplay.json("fetch")["listeners"]} == {"me", "lou"}
    assert [each["user"] for each in longplay.json("fetch", "--user", "lou")["listeners"]] == ["lou"]
    longplay("process")
    longplay("load")
    rows = longplay.json("query", "select distinct user_id, track_name from recently_played order by 1")
    assert rows == [{"user_id": "lou", "track_name": "Breezeblocks"}, {"user_id": "me", "track_name": "Alright"}]


def test_one_consent_that_is_over_keeps_no_other_listener_from_being_polled(longplay, spotify):
    longplay.login()
    spotify.joins("lou.example")
    spotify.has_played("Breezeblocks", at=spotify.clock() - timedelta(minutes=5), who="lou.example")
    spotify.signs_in("lou.example")
    longplay.login("--user", "lou")
    spotify.revokes("lou.example")

    assert "The consent" in longplay("fetch", "--leave-consents")
    assert longplay.json("fetch", status=1)["listeners"][0]["problem"]
    spotify.revokes()
    assert "longplay login" in longplay("fetch", "--leave-consents", status=1), "nobody could be asked for"


def test_disconnecting_forgets_the_sign_in_and_if_asked_all_that_was_polled(longplay):
    longplay.login()
    longplay("fetch")
    longplay("process")
    longplay("load")

    assert "stays" in longplay("disconnect")
    assert longplay.json("status")["consent_ends"] is None
    assert list((longplay.home / "lake" / "raw" / "api").rglob("*.gz"))

    assert longplay.json("disconnect", "--delete-data")["deleted"] > 0
    assert not [path for path in (longplay.home / "lake").rglob("*") if path.is_file()]
    assert longplay.json("query", "select count(*)::int as n from recently_played") == [{"n": 0}]


def test_no_secret_is_in_any_log_file_or_error_at_its_loudest(longplay, spotify):
    spotify.rotates_refresh_tokens("always")
    longplay.login("--debug", SPOTIFY_CLIENT_SECRET=spotify.app.secret)
    longplay("--debug", "run", SPOTIFY_CLIENT_SECRET=spotify.app.secret)
    spotify.break_down("server error", "/v1", times=5)
    spotify.revokes()
    longplay.begin("--debug", "fetch").communicate(timeout=60)
    longplay("--debug", "status")

    texts = dict(enumerate(longplay.said))
    files = {path: path.read_bytes() for path in longplay.home.rglob("*") if path.is_file()}
    secrets = [*spotify.tokens.handed_out, spotify.app.secret]
    assert len(secrets) > 2
    assert '"event": "asked"' in " ".join(longplay.said)
    assert [secret for secret in secrets for text in texts.values() if secret in text] == []
    holding = {path.name for path, content in files.items() for secret in secrets if secret.encode() in content}
    assert holding <= {"tokens-me.json"}
    assert "Bearer " not in " ".join(longplay.said)
    assert "Authorization" not in " ".join(longplay.said)
    assert {oct(path.stat().st_mode & 0o777) for path in files if "dbt" not in path.parts} == {"0o600"}
