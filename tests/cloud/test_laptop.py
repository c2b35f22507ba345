"""A laptop and the cloud together: signing in, reading what the functions kept, leaving what they may ask, running again."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from longplay.enrichment.records import Wanted
from longplay.entrypoints import lambdas
from longplay.simulator.archives import write_archive
from longplay.simulator.catalogue import Track
from longplay.simulator.listener import listener_with
from longplay.wiring import utc_now
from longplay.wish_list import leave_list
from tests.api.test_commands import Longplay
from tests.cloud.test_handlers import Context

OF_LISTENING = "raw/", "processed/"


@pytest.fixture
def longplay(storage, spotify, tmp_path, environment) -> Longplay:
    spotify.clock.set(datetime.now(UTC))
    longplay = Longplay(tmp_path / "home", spotify)
    longplay.environment |= storage.environment | {"LONGPLAY_ENRICH": "true", "LONGPLAY_STORE": "folder"}
    for name in ("SPOTIFY_ACCOUNTS_ORIGIN", "SPOTIFY_API_ORIGIN", "SPOTIFY_PACE", "LONGPLAY_ENRICH"):
        environment[name] = longplay.environment[name]
    lambdas._settings.cache_clear()
    lambdas._cloud.cache_clear()
    return longplay


def test_a_listener_signs_in_and_reads_what_the_functions_kept(longplay, spotify):
    spotify.has_played("Alright", at=spotify.clock() - timedelta(minutes=20))
    longplay.login("--store", "aws", "--user", "kim")
    (key,) = lambdas.fetch({"listener": "kim", "mode": "recent"}, Context())["keys"]
    lambdas.process({"listener": "kim", "key": key}, Context())

    status = longplay.json("status", "--store", "aws", "--user", "kim")
    assert status["last_poll"]
    assert status["consent_ends"]
    assert status["newest_play"]
    assert "Loaded 5 files" in longplay("load", "--store", "aws")
    assert longplay.json("query", "--store", "aws", "select track_name from recently_played") == [{"track_name": "Alright"}]
    assert "Loaded 0 files" in longplay("load", "--store", "aws")
    secrets = {*spotify.tokens.handed_out}
    for file in longplay.home.rglob("*"):
        if file.is_file():
            content = file.read_bytes().decode("latin-1")
            assert [secret for secret in secrets if secret in content] == []
    assert not any(secret in said for secret in secrets for said in longplay.said)


def test_a_home_holds_one_lake(longplay, storage, tmp_path):
    archive = tmp_path / "my_spotify_data.zip"
    write_archive(listener_with(300, seed=5), archive, "extended-2024")
    longplay("import", str(archive))

    assert "This home has a lake of its own." in longplay("load", "--store", "aws", status=2)
    mirror = tmp_path / "mirror"
    assert longplay.json("import", str(archive), "--store", "aws", "--home", str(mirror))["archives"][0]["new"] > 200
    assert "This home mirrors the bucket" in longplay("load", "--home", str(mirror), status=2)
    findings = longplay.json("doctor", "--home", str(mirror), "--store", "aws", status=1)["findings"]
    assert {finding["about"] for finding in findings} == {"lake", "models"}  # of which nothing is built yet
    assert any(key.startswith("processed/") for key in storage.objects())


def test_nothing_invented_gets_into_the_cloud(longplay, storage):
    assert "An invented listener does not belong into the cloud." in longplay("demo", "--store", "aws", status=2)
    assert storage.objects() == {}


def test_disconnecting_forgets_the_tokens_and_what_was_polled(longplay, storage, spotify):
    spotify.has_played("Alright", at=spotify.clock() - timedelta(minutes=20))
    longplay.login("--store", "aws")
    (key,) = lambdas.fetch({"listener": "me", "mode": "recent"}, Context())["keys"]
    lambdas.process({"listener": "me", "key": key}, Context())
    spotify.revokes()
    lambdas.fetch({"listener": "me", "mode": "recent", "give_up": True}, Context())
    longplay.login("--store", "aws")
    leave_list(storage.cloud().state(utc_now), "me", lambda *_: [Wanted(track_id="1")])

    elsewhere = longplay.home.with_name("elsewhere")
    longplay("load", "--store", "aws", "--home", str(elsewhere))

    assert "Disconnected. Deleted: 6 files" in longplay("disconnect", "--store", "aws", "--delete-data")
    left = storage.client("ssm").get_parameters_by_path(Path=f"{storage.parameters}/listeners", Recursive=True)
    assert left["Parameters"] == []
    assert [key for key in storage.objects() if key.startswith(OF_LISTENING)] == []
    assert [
        key for key in storage.objects() if key.startswith("state/") and key.endswith("-me.json") and "/leases/" not in key
    ] == []
    assert "took out 5" in longplay("load", "--store", "aws", "--home", str(elsewhere))
    assert list((elsewhere / "lake").rglob("*.parquet")) == []


@pytest.mark.slow
def test_functions_ask_for_what_a_laptop_with_tables_found_missing(longplay, storage, spotify, tmp_path, environment):
    environment |= {"RECCOBEATS_ORIGIN": spotify.reccobeats, "MUSICBRAINZ_ORIGIN": spotify.musicbrainz}
    plays = listener_with(300, seed=5)
    for track in (play.what for play in plays if isinstance(play.what, Track)):
        spotify.known.add(track)
    archive = tmp_path / "my_spotify_data.zip"
    write_archive(plays, archive, "extended-2024")
    longplay("import", "--store", "aws", str(archive))
    longplay("build", "--store", "aws")

    wanted = json.loads(storage.objects()["state/wanted-me.json"])["wanted"]
    assert wanted["features reccobeats"]
    answer = lambdas.enrich({"listener": "me"}, Context())
    assert answer["answers"] > 0
    left = json.loads(storage.objects()["state/wanted-me.json"])["wanted"]
    assert left["features reccobeats"] == []
    assert [key for key in storage.objects() if key.startswith("raw/api/reccobeats")]
    waiting = storage.cloud().lake(tmp_path / "there").unprocessed_pages()
    for page in waiting:
        lambdas.process({"listener": "me", "key": page.key}, Context())
    assert "Loaded" in longplay("load", "--store", "aws")
    assert longplay.json("query", "--store", "aws", "select count(energy) as n from audio_features")[0]["n"] > 50


@pytest.mark.usefixtures("longplay")
def test_nobody_is_asked_before_somebody_has_allowed_it(environment):
    environment["LONGPLAY_ENRICH"] = "false"
    lambdas._settings.cache_clear()

    assert lambdas.enrich({"listener": "me"}, Context()) == {}


# -- what could not be done


class Machine:
    """A queue of what could not be done, and a state machine that does nothing."""

    def __init__(self, storage) -> None:
        self.sqs, self.sfn = storage.client("sqs"), storage.client("stepfunctions")
        self.queue = self.sqs.create_queue(QueueName=storage.lake_name)["QueueUrl"]
        definition = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
        self.arn = self.sfn.create_state_machine(
            name=storage.lake_name, definition=definition, roleArn="arn:aws:iam::000000000000:role/machine"
        )["stateMachineArn"]
        self.environment = {"LONGPLAY_DEAD_LETTERS": self.queue, "LONGPLAY_STATE_MACHINE": self.arn}

    def put(self, body: object) -> str:
        text = body if isinstance(body, str) else json.dumps(body)
        return self.sqs.send_message(QueueUrl=self.queue, MessageBody=text)["MessageId"]

    def messages(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = self.sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return sum(map(int, told.values()))

    def inputs(self) -> dict[str, dict]:
        found = self.sfn.list_executions(stateMachineArn=self.arn)["executions"]
        return {
            each["name"]: json.loads(self.sfn.describe_execution(executionArn=each["executionArn"])["input"]) for each in found
        }


@pytest.fixture
def machine(storage, longplay) -> Machine:
    machine = Machine(storage)
    longplay.environment |= machine.environment
    return machine


def test_every_message_is_run_again_once_and_then_gone(longplay, machine):
    given = {"mode": "process", "listener": "me"}
    letters = [{"input": {**given, "key": f"raw/api/{n}"}, "why": "A page cannot be read."} for n in range(12)]
    ids = [machine.put(letter) for letter in letters]

    said = longplay("redrive")
    assert "Run again: 12 messages." in said
    assert "A page cannot be read." in said
    assert machine.inputs() == {f"redrive-{id_}": letter["input"] for id_, letter in zip(ids, letters, strict=True)}
    assert machine.messages() == 0
    assert "There was nothing to run again." in longplay("redrive")


def test_a_message_that_was_not_taken_stays(longplay, machine):
    machine.put("not of ours")
    told = longplay.json("redrive")

    assert told == {"executions": [], "left": ["it is no message of Longplay's"]}
    assert machine.messages() == 1

    machine.put({"input": {"mode": "recent"}})
    longplay.environment["LONGPLAY_STATE_MACHINE"] = machine.arn + "-that-is-gone"
    assert "AWS refused it" in longplay("redrive")
    assert machine.messages() == 2


def test_without_a_queue_it_says_what_to_set(longplay):
    assert "LONGPLAY_DEAD_LETTERS is not set" in longplay("redrive", status=2)
