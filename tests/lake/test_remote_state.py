"""What several machines share: notes and leases in the bucket, tokens in the parameters and nowhere else."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from longplay.errors import HomeBusy, LakeError
from longplay.lake.remote_state import RemoteState

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TOKENS = b'{"refresh":"AQDsentinel"}'


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def state(storage, clock) -> RemoteState:
    return storage.cloud(LONGPLAY_PATIENCE="0").state(clock, lasts=timedelta(minutes=5))


def test_notes_are_replaced_named_and_forgotten(state):
    for content in (b"1", b"2"):
        state.write("fetch-me", content)
    state.write("fetch-kim", b"3")

    assert state.read("fetch-me") == b"2"
    assert state.names("fetch-") == ["kim", "me"]
    state.forget("fetch-me")
    state.forget("fetch-me")
    assert state.read("fetch-me") is None
    assert state.names("fetch-") == ["kim"]


def test_tokens_are_a_secure_parameter_and_in_no_bucket(state, storage):
    state.write("tokens-me", TOKENS)
    with state.lease("tokens-me"):
        state.write("tokens-kim", TOKENS)

    assert state.read("tokens-me") == TOKENS
    assert state.names("tokens-") == ["kim", "me"]
    parameters = storage.client("ssm").get_parameters_by_path(Path=storage.parameters, Recursive=True)["Parameters"]
    assert {(each["Name"], each["Type"]) for each in parameters} == {
        (f"{storage.parameters}/listeners/{user}/tokens", "SecureString") for user in ("me", "kim")
    }
    assert all(b"AQDsentinel" not in content for content in storage.objects().values())
    for user in ("me", "kim", "kim"):
        state.forget(f"tokens-{user}")
    assert (state.read("tokens-me"), state.names("tokens-")) == (None, [])


def test_a_lease_keeps_others_out_until_it_is_given_back(state):
    with state.lease("fetch-me"):
        with pytest.raises(HomeBusy), state.lease("fetch-me"):
            pass
        with state.lease("fetch-kim"):
            pass
    with state.lease("fetch-me"):
        pass


def test_the_lease_of_a_run_that_was_killed_is_free_when_its_time_is_over(state, clock, storage):
    killed = state.lease("fetch-me")
    killed.__enter__()

    clock.now = NOW + timedelta(minutes=4)
    with pytest.raises(HomeBusy), state.lease("fetch-me"):
        pass
    clock.now = NOW + timedelta(minutes=5)
    with state.lease("fetch-me"):
        held = storage.objects()["state/leases/fetch-me.json"]
        killed.__exit__(None, None, None)  # it was not dead but slow: it gives nothing back that is another's
        assert storage.objects()["state/leases/fetch-me.json"] == held


def test_of_many_who_want_a_lease_at_once_one_has_it(storage):
    inside, most, done = [], [], []

    def work(number: int) -> None:
        state = storage.cloud(LONGPLAY_PATIENCE="30").state(lambda: datetime.now(UTC))
        with state.lease("quota"):
            inside.append(number)
            most.append(len(inside))
            state.write("quota", str(int(state.read("quota") or b"0") + 1).encode())
            inside.remove(number)
        done.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(done) == 8
    assert set(most) == {1}
    assert storage.objects()["state/quota.json"] == b"8"


def test_what_aws_refuses_is_a_sentence_that_holds_no_value(state, monkeypatch):
    def refuses(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": TOKENS.decode()}}, "PutParameter")

    monkeypatch.setattr(state._parameters._client, "put_parameter", refuses)
    with pytest.raises(LakeError, match="AccessDenied") as told:
        state.write("tokens-me", TOKENS)
    assert "sentinel" not in str(told.value)
    assert told.value.__suppress_context__
