"""A build layer by layer is one build: as if it had been made in one go, also where something happens in between."""

import pytest
from dbt.cli.main import dbtRunner

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from longplay.warehouse.layers import LAYERS, selection
from longplay.warehouse.transform import project
from tests.whole_way.test_increments import differences


@pytest.fixture
def archive(tmp_path):
    """An archive with other plays than the home has that was built once."""
    write_archive(listener_with(400, seed=5), tmp_path / "another.zip")
    return tmp_path / "another.zip"


@pytest.mark.slow
def test_every_model_and_every_test_belongs_to_one_layer(tmp_path, environment):
    environment["LONGPLAY_WAREHOUSE"] = str(tmp_path / "warehouse.duckdb")
    places = ["--project-dir", str(project()), "--profiles-dir", str(project()), "--target-path", str(tmp_path)]

    def listed(*which: str) -> list[str]:
        named = dbtRunner().invoke(["ls", "--quiet", "--exclude-resource-type", "source", *places, *which])
        assert named.success, named.exception
        return sorted(str(name) for name in named.result)  # pyright: ignore[reportGeneralTypeIssues, reportOptionalIterable]

    of_layers = [name for layer in LAYERS for name in listed(*selection(layer))]

    assert sorted(of_layers) == listed()


@pytest.mark.slow
def test_the_first_layer_sees_what_was_loaded_since_the_last_build(at_home, archive, tmp_path):
    longplay = at_home
    longplay("import", archive)

    for layer in LAYERS:
        longplay("build", "--layer", layer)

    assert differences(longplay, tmp_path / "copy") == []


@pytest.mark.slow
def test_what_is_loaded_between_two_layers_is_built_by_the_next_build(at_home, archive, tmp_path):
    longplay = at_home
    longplay("build", "--layer", "staging")
    longplay("import", archive)
    longplay("build", "--layer", "intermediate")
    longplay("build", "--layer", "marts")
    plays = "select count(*) as plays from fct_plays"
    before = longplay.json("query", plays)

    for layer in LAYERS:
        longplay("build", "--layer", layer)

    assert longplay.json("query", plays)[0]["plays"] > before[0]["plays"]
    assert differences(longplay, tmp_path / "copy") == []


@pytest.mark.slow
def test_a_build_that_stopped_between_two_layers_is_healed_by_the_next_and_then_over(longplay, archive, tmp_path):
    longplay("import", archive)
    longplay("build", "--layer", "staging")
    too_early = longplay("build", "--layer", "marts", status=2)
    unfinished = longplay("insights", status=2)

    longplay("build")

    assert "--layer staging" in too_early.stderr
    assert "not built yet, or its build was stopped" in unfinished.stderr
    assert "Run `longplay build`" in unfinished.stderr
    assert longplay.json("build", "--layer", "intermediate")["steps"] == 0
    assert differences(longplay, tmp_path / "copy") == []


@pytest.mark.slow
def test_whether_a_build_is_whole_is_decided_with_its_first_layer(at_home):
    longplay = at_home
    hour = "select local_started_at from fct_plays order by play_id limit 1"
    before = longplay.json("query", hour)
    longplay("build", "--layer", "staging", LONGPLAY_TIMEZONE="Asia/Tokyo")

    otherwise = longplay("build", "--layer", "intermediate", status=2)
    for layer in LAYERS[1:]:
        longplay("build", "--layer", layer, LONGPLAY_TIMEZONE="Asia/Tokyo")

    assert "--layer staging" in otherwise.stderr
    assert longplay.json("query", hour) != before
