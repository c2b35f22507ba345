"""Permissions are needed: take one away, and what it is for fails.

`make test` takes one of each kind away, `make prove` all of them. Two are not tried, since the emulated S3 answers alike with
and without them: that `process` and `import_export` may list, which makes AWS say 404 and not 403 of what is missing.
"""

import json
from collections.abc import Callable
from itertools import count

import pytest

from longplay.simulator.web.spotify import SimulatedSpotify
from tests.cloud.deployment import Deployed, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

Story = Callable[[Deployed], None]
_NUMBERS = count()


def a_poll(cloud: Deployed, mode: str = "recent") -> None:
    """Somebody's trouble is over: their token is renewed, their plays arrive, and a person is told."""
    name = cloud.joins("Alright")
    cloud.spotify.rotates_refresh_tokens("always")
    cloud.spotify.tokens.end_access()
    note = json.dumps({"troubles": {"consent": None}})
    cloud.client("s3").put_object(Bucket=cloud.lake, Key=f"state/troubles-{name}.json", Body=note.encode())
    assert cloud.polls(name, mode=mode)["status"] == "SUCCEEDED"
    assert cloud.titles(name) == ["Alright"]


def a_daily_run(cloud: Deployed) -> None:
    """Everything is fetched, and others are asked for what the laptop found missing."""
    a_poll(cloud, mode="daily")


def a_failure(cloud: Deployed) -> None:
    """A page that cannot be processed is queued."""
    name = cloud.joins("Alright")
    with cloud.without("longplay-process", "WriteObjects"):
        cloud.polls(name)
    assert len(cloud.dead_letters()) == 1


def an_archive(cloud: Deployed, *, is_torn: bool = False) -> dict:
    spotify, before = SimulatedSpotify(), set(cloud.executions())
    spotify.has_played(f"Alright, take {next(_NUMBERS)}", at="07:10")  # the same archive again would bring nothing
    path = cloud.emulator.log.with_name("archive.zip")
    spotify.sends_archive(path)
    body = path.read_bytes()[:-100] if is_torn else path.read_bytes()
    path.unlink()
    cloud.client("s3").put_object(Bucket=cloud.inbox, Key="kim/archive.zip", Body=body)
    (started,) = until(lambda: set(cloud.executions()) - before, seconds=10)
    return cloud.ended(started)


def an_import(cloud: Deployed) -> None:
    """An archive arrives, is imported, and is gone."""
    assert an_archive(cloud)["status"] == "SUCCEEDED"
    assert cloud.names(bucket=cloud.inbox) == []


def an_import_of_a_broken_one(cloud: Deployed) -> None:
    """An archive that is torn is put aside."""
    assert an_archive(cloud, is_torn=True)["error"] == "Damaged"
    assert cloud.names(bucket=cloud.inbox) == ["failed/kim/archive.zip"]


def an_event_that_comes_twice(cloud: Deployed) -> None:
    """What is gone from the inbox is no failure."""
    gone = cloud.starts(mode="import", bucket=cloud.inbox, key="kim/gone.zip")
    assert cloud.ended(gone)["status"] == "SUCCEEDED"


def half_an_hour(cloud: Deployed) -> None:
    """The schedule starts an execution."""
    before = set(cloud.executions())
    cloud.emulator.half_an_hour_passes()
    (started,) = until(lambda: set(cloud.executions()) - before, seconds=5)
    cloud.ended(started)


# role, statement, the end of one of its resources: which story needs it
NEEDED: dict[tuple[str, str, str], Story] = {
    ("fetch", "ListObjects", "lake-000000000000"): a_poll,
    ("fetch", "ReadObjects", "/state/*"): a_poll,
    ("fetch", "ReadObjects", "/rejected/*"): a_poll,
    ("fetch", "WriteObjects", "/raw/api/*"): a_poll,
    ("fetch", "WriteObjects", "/state/*"): a_poll,
    ("fetch", "DeleteObjects", "/state/*"): a_poll,
    ("fetch", "ReadParameters", "/app/*"): a_poll,
    ("fetch", "ReadParameters", "/listeners/*"): a_poll,
    ("fetch", "WriteParameters", "/listeners/*"): a_poll,
    ("process", "ReadObjects", "/raw/api/*"): a_poll,
    ("process", "WriteObjects", "/processed/*"): a_poll,
    ("import-export", "ReadObjects", "inbox-000000000000/*"): an_import,
    ("import-export", "WriteObjects", "/raw/export/*"): an_import,
    ("import-export", "WriteObjects", "/processed/*"): an_import,
    ("import-export", "WriteObjects", "/failed/*"): an_import_of_a_broken_one,
    ("import-export", "DeleteObjects", "inbox-000000000000/*"): an_import,
    ("state-machine", "CallFetch", ""): a_poll,
    ("state-machine", "CallProcess", ""): a_poll,
    ("state-machine", "CallImportExport", ""): an_import,
    ("state-machine", "CallEnrich", ""): a_daily_run,
    ("state-machine", "TellAPerson", ""): a_poll,
    ("state-machine", "QueueWhatFailed", ""): a_failure,
    ("schedule", "StartTheStateMachine", ""): half_an_hour,
    ("inbox", "StartTheStateMachine", ""): an_import,
}


@pytest.fixture
def clean_inbox(cloud):
    yield cloud
    for key in cloud.names(bucket=cloud.inbox):
        cloud.client("s3").delete_object(Bucket=cloud.inbox, Key=key)


STORIES = {story.__name__: story for story in [*NEEDED.values(), an_event_that_comes_twice]}
OF_EACH_KIND = (
    ("fetch", "WriteObjects", "/raw/api/*"),
    ("fetch", "ReadParameters", "/listeners/*"),
    ("import-export", "DeleteObjects", "inbox-000000000000/*"),
    ("state-machine", "CallProcess", ""),
    ("state-machine", "TellAPerson", ""),
    ("state-machine", "QueueWhatFailed", ""),
    ("schedule", "StartTheStateMachine", ""),
)


def named(permission: tuple[str, str, str]) -> str:
    return " ".join(word.strip("/*") for word in permission if word)


@pytest.mark.parametrize("story", STORIES)
def test_with_every_permission_it_works(clean_inbox, story):
    STORIES[story](clean_inbox)


@pytest.mark.parametrize(
    "permission",
    [pytest.param(each, id=named(each), marks=() if each in OF_EACH_KIND else pytest.mark.prove) for each in NEEDED],
)
def test_without_a_permission_it_fails(clean_inbox, permission):
    role, sid, resource = permission
    with clean_inbox.without(f"longplay-{role}", sid, resource), pytest.raises(AssertionError):
        NEEDED[permission](clean_inbox)
