"""The end: nothing is left to change, the pipeline goes and the plays stay, then everything goes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cloud.terraform import changes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def test_a_second_plan_changes_nothing(deployed, roots):
    assert deployed
    with ThreadPoolExecutor(2) as side:
        plans = list(side.map(lambda root: changes(roots[root].plan()), ("storage", "pipeline")))

    assert plans == [[], []]


def test_destroying_the_pipeline_keeps_what_was_played_and_destroying_both_leaves_nothing(deployed, roots):
    deployed.client("s3").put_object(Bucket=deployed.lake, Key="raw/kept", Body=b"a play")

    roots["pipeline"].destroys()

    assert deployed.client("lambda").list_functions()["Functions"] == []
    assert "raw/kept" in deployed.names()

    roots["storage"].destroys()

    assert deployed.client("s3").list_buckets()["Buckets"] == []
