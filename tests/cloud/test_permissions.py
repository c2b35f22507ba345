"""Permissions are needed: take one away, and what it is for fails. Every one is taken away but those for logs and traces."""

import gzip
import json
import zipfile
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import count
from pathlib import Path

import pytest

from longplay.fetching import DATASETS
from longplay.simulator.web.ids import spotify_id
from longplay.simulator.web.spotify import SimulatedSpotify
from tests.cloud.deployment import Deployed, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

_NUMBERS = count()


class Stories:
    """What the parts of the cloud do for somebody; each ends with all of it done. `patience` is in seconds."""

    def __init__(self, cloud: Deployed, folder: Path) -> None:
        self.cloud = cloud
        self.folder = folder
        self.patience = 60.0

    # -- functions, called as the state machine calls them

    def a_poll(self) -> None:
        """Somebody's trouble is over: their token is renewed and their play is kept."""
        told = self.cloud.calls("fetch", listener=self._in_trouble(), mode="recent")
        assert (told["plays"], len(told["keys"]), told["healed"]) == (1, 1, True)

    def a_page(self) -> None:
        """A page is given a meaning, and what cannot be read of it is kept aside."""
        name = f"page-{next(_NUMBERS)}"
        key = f"raw/api/recently_played/user={name}/date=2026-11-23/20261123T080000Z-0123456789ab.json.gz"
        self._put(key, gzip.compress(json.dumps({"items": [_PLAY, {"track": None}]}).encode()))
        told = self.cloud.calls("process", listener=name, key=key)
        assert (told["rows"] > 0, told["rejected"]) == (True, 1)

    def an_archive(self) -> None:
        """An archive is imported, and what cannot be read of it is kept aside; then it is gone from the inbox."""
        told = self._imports(_archive(self.folder))
        assert (told["read"], told["distinct"], told["rejected"]) == (2, 1, 1)
        assert self.cloud.names(bucket=self.cloud.inbox) == []

    def an_archive_that_is_known(self) -> None:
        """One that is in the lake already is only summed up."""
        told = self._imports(self._known)
        assert (told["read"], told["distinct"], told["rejected"]) == (2, 1, 1)

    def an_archive_that_is_torn(self) -> None:
        """One that cannot be read is put aside."""
        with pytest.raises(AssertionError, match="Damaged"):
            self._imports(_archive(self.folder)[:-100])
        assert self.cloud.names(bucket=self.cloud.inbox) == ["failed/kim/archive.zip"]

    def an_archive_that_is_gone(self) -> None:
        """An event that comes twice is no failure."""
        assert self.cloud.calls("import_export", listener="kim", bucket=self.cloud.inbox, key="kim/gone.zip") == {
            "ignored": True
        }

    def an_enriching(self) -> None:
        """Spotify is asked for what the laptop found missing."""
        name = self._in_trouble()
        wanted = {"tracks spotify": [{"track_id": spotify_id("track", "Alright", "Paper Lanterns", "Alright")}]}
        self._put(f"state/wanted-{name}.json", json.dumps({"wanted": wanted}).encode())
        assert self.cloud.calls("enrich", listener=name)["answers"] == 1
        assert len(self.cloud.names("raw/api/spotify_tracks/user=" + name)) == 1

    # -- the state machine

    def a_whole_poll(self) -> None:
        """What somebody has played is fetched and processed, and a person is told that their trouble is over."""
        name = self._in_trouble()
        assert self.cloud.polls(name)["status"] == "SUCCEEDED"
        assert self.cloud.titles(name) == ["Alright"]

    def a_daily_run(self) -> None:
        """Others are asked for what was found missing; here, nothing is due at Spotify."""
        name = self.cloud.joins()
        today = self.cloud.spotify.clock().isoformat()
        self._put(f"state/fetch-{name}.json", json.dumps({"done_at": dict.fromkeys(DATASETS, today)}).encode())
        assert self.cloud.polls(name, mode="daily")["status"] == "SUCCEEDED"

    def a_page_that_cannot_be_read(self) -> None:
        """What failed is queued."""
        key = f"raw/api/recently_played/user=kim/date=2026-11-23/20261123T080000Z-{next(_NUMBERS):012}.json.gz"
        self._put(key, b"no page")
        self.cloud.ended(self.cloud.starts(mode="process", listener="kim", key=key))
        assert [letter["error"] for letter in self.cloud.dead_letters()] == ["PoisonPage"]

    def an_event_of_the_inbox(self) -> None:
        """The function that imports is called."""
        gone = self.cloud.starts(mode="import", bucket=self.cloud.inbox, key="kim/gone.zip")
        assert self.cloud.ended(gone)["status"] == "SUCCEEDED"

    # -- what starts it

    def half_an_hour(self) -> None:
        """The schedule starts an execution."""
        self._started_by(self.cloud.emulator.half_an_hour_passes)

    def something_in_the_inbox(self) -> None:
        """It starts an execution."""
        self._started_by(lambda: self._put("kim/archive.zip", b"no archive", self.cloud.inbox))

    # -- how

    def _in_trouble(self) -> str:
        """Let somebody have played, whose access token is over, and of whose trouble a person was told."""
        name = self.cloud.joins("Alright")
        self.cloud.spotify.rotates_refresh_tokens("always")
        self.cloud.spotify.tokens.end_access()
        self._put(f"state/troubles-{name}.json", json.dumps({"troubles": {"consent": None}}).encode())
        return name

    def _imports(self, archive: bytes) -> dict:
        with self.cloud.nothing_starts_by_an_archive():
            self._put("kim/archive.zip", archive, self.cloud.inbox)
            return self.cloud.calls("import_export", listener="kim", bucket=self.cloud.inbox, key="kim/archive.zip")

    @cached_property
    def _known(self) -> bytes:
        archive = _archive(self.folder)
        self._imports(archive)
        return archive

    def knows(self) -> None:
        """Prepare what was imported before."""
        assert self._known

    def _started_by(self, event: Callable[[], None]) -> None:
        before = set(self.cloud.executions())
        event()
        (started,) = until(lambda: set(self.cloud.executions()) - before, seconds=self.patience)
        self.cloud.ended(started)

    def _put(self, key: str, content: bytes, bucket: str = "") -> None:
        self.cloud.client("s3").put_object(Bucket=bucket or self.cloud.lake, Key=key, Body=content)


Story = Callable[[Stories], None]
_PLAY = {"track": {"uri": "spotify:track:4hTThsAxmC0rpGJH1LJkNi", "name": "Alright"}, "played_at": "2026-11-23T08:00:00Z"}


def _archive(folder: Path) -> bytes:
    """Give an archive as Spotify sends it, with one row that can be read and one that cannot."""
    spotify, path = SimulatedSpotify(), folder / "archive.zip"
    spotify.has_played(f"Alright, take {next(_NUMBERS)}", at="07:10")  # the same archive again would bring nothing
    spotify.sends_archive(path)
    with zipfile.ZipFile(path) as whole:
        members = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w") as whole:
        for name, content in members.items():
            rows = json.loads(content) if "Audio" in name else None
            whole.writestr(name, json.dumps([*rows, {**rows[0], "ts": "never"}]) if rows else content)
    return path.read_bytes()


# role, statement, the end of one of its resources: which story needs it
NEEDED: dict[tuple[str, str, str], Story] = {
    ("fetch", "ListObjects", "lake-000000000000"): Stories.a_poll,
    ("fetch", "ReadObjects", "/state/*"): Stories.a_poll,
    ("fetch", "ReadObjects", "/rejected/*"): Stories.a_poll,
    ("fetch", "WriteObjects", "/raw/api/*"): Stories.a_poll,
    ("fetch", "WriteObjects", "/state/*"): Stories.a_poll,
    ("fetch", "DeleteObjects", "/state/*"): Stories.a_poll,
    ("fetch", "ReadParameters", "/app/*"): Stories.a_poll,
    ("fetch", "ReadParameters", "/listeners/*"): Stories.a_poll,
    ("fetch", "WriteParameters", "/listeners/*"): Stories.a_poll,
    ("process", "ReadObjects", "/raw/api/*"): Stories.a_page,
    ("process", "WriteObjects", "/processed/*"): Stories.a_page,
    ("process", "WriteObjects", "/rejected/*"): Stories.a_page,
    ("import-export", "ListObjects", "lake-000000000000"): Stories.an_archive,
    ("import-export", "ListObjects", "inbox-000000000000"): Stories.an_archive_that_is_gone,
    ("import-export", "ReadObjects", "inbox-000000000000/*"): Stories.an_archive,
    ("import-export", "ReadObjects", "/processed/*"): Stories.an_archive,
    ("import-export", "ReadObjects", "/rejected/*"): Stories.an_archive_that_is_known,
    ("import-export", "WriteObjects", "/raw/export/*"): Stories.an_archive,
    ("import-export", "WriteObjects", "/processed/*"): Stories.an_archive,
    ("import-export", "WriteObjects", "/rejected/*"): Stories.an_archive,
    ("import-export", "WriteObjects", "/failed/*"): Stories.an_archive_that_is_torn,
    ("import-export", "DeleteObjects", "inbox-000000000000/*"): Stories.an_archive,
    ("enrich", "ListObjects", "lake-000000000000"): Stories.an_enriching,
    ("enrich", "ReadObjects", "/state/*"): Stories.an_enriching,
    ("enrich", "WriteObjects", "/raw/api/*"): Stories.an_enriching,
    ("enrich", "WriteObjects", "/state/*"): Stories.an_enriching,
    ("enrich", "ReadParameters", "/app/*"): Stories.an_enriching,
    ("enrich", "ReadParameters", "/listeners/*"): Stories.an_enriching,
    ("enrich", "WriteParameters", "/listeners/*"): Stories.an_enriching,
    ("state-machine", "CallFetch", ""): Stories.a_whole_poll,
    ("state-machine", "CallProcess", ""): Stories.a_whole_poll,
    ("state-machine", "CallImportExport", ""): Stories.an_event_of_the_inbox,
    ("state-machine", "CallEnrich", ""): Stories.a_daily_run,
    ("state-machine", "TellAPerson", ""): Stories.a_whole_poll,
    ("state-machine", "QueueWhatFailed", ""): Stories.a_page_that_cannot_be_read,
    ("schedule", "StartTheStateMachine", ""): Stories.half_an_hour,
    ("inbox", "StartTheStateMachine", ""): Stories.something_in_the_inbox,
}
FOR_LOGS_AND_TRACES = {"WriteLog", "SendTraces", "DeliverLog"}


@pytest.fixture(scope="module")
def of_all(deployed, tmp_path_factory) -> Stories:
    """What the stories share: an archive that was imported before."""
    stories = Stories(deployed, tmp_path_factory.mktemp("archives"))
    stories.knows()
    return stories


@pytest.fixture
def stories(cloud, of_all) -> Iterator[Stories]:
    of_all.patience = 60.0
    yield of_all
    for key in cloud.names(bucket=cloud.inbox):
        cloud.client("s3").delete_object(Bucket=cloud.inbox, Key=key)


def named(permission: tuple[str, str, str]) -> str:
    return " ".join(word.strip("/*") for word in permission if word)


@pytest.mark.parametrize("story", [pytest.param(each, id=each.__name__) for each in dict.fromkeys(NEEDED.values())])
def test_with_every_permission_it_works(stories, story):
    story(stories)


@pytest.mark.parametrize("permission", [pytest.param(each, id=named(each)) for each in NEEDED])
def test_without_a_permission_it_fails(stories, permission):
    role, sid, resource = permission
    stories.patience = 3.0  # in which nothing begins
    with stories.cloud.without(f"longplay-{role}", sid, resource), pytest.raises(AssertionError):
        NEEDED[permission](stories)


def test_no_permission_is_forgotten(deployed):
    """Whatever a role may do is taken away by one of the stories."""
    granted = {
        (role.removeprefix("longplay-"), statement["Sid"], resource)
        for role in {f"longplay-{role}" for role, _, _ in NEEDED}
        for statement in deployed.permissions(role)
        if statement["Sid"] not in FOR_LOGS_AND_TRACES
        for resource in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])
    }

    left = {each for each in granted if not any(each[:2] == (role, sid) and each[2].endswith(end) for role, sid, end in NEEDED)}
    assert left == set()
    assert len(granted) == len(NEEDED)
