"""Killed at any point, the next run ends in the same tables and the same lake as a run that was never killed."""

import pytest

from tests.crash.stopping import broken, killed_before, stopped

pytestmark = pytest.mark.slow

# Each command, and what follows it in the proof: whatever an import leaves has to build like an undisturbed one.
STEPS = {
    "the first import": ["the first build"],
    "the first build": [],
    "a second import": ["a build of what is new"],
    "a build of what is new": [],
    "forgetting": [],
    "loading anew": ["a build from the lake"],
    "a build from the lake": [],
    "a page": [],
}


def test_an_import_killed_at_a_change_of_each_kind_loses_nothing(way):
    step = way.step("a second import")

    assert broken(step, step.one_of_each_kind(), way.folder) == []


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("a build of what is new", {("write", "warehouse.duckdb"), ("write", "warehouse.duckdb.wal")}),
        ("forgetting", {("unlink", "lake/processed")}),
        ("loading anew", {("rename", "warehouse.duckdb"), ("write", "warehouse.duckdb")}),
    ],
)
def test_a_command_killed_while_it_changes_files_loses_nothing(way, name, kinds):
    step = way.step(name)
    points = step.one_of_each_kind(kinds)

    assert len(points) == len(kinds)
    assert broken(step, points, way.folder) == []


def test_an_object_is_on_the_disk_before_it_has_its_name_and_the_name_before_the_next(way):
    changes = way.step("a second import").changes
    named = [number for number, change in enumerate(changes) if change.kind == "rename" and change.place != "lake/.staging"]
    objects = [number for number in named if changes[number].file.startswith("lake/")]

    assert len(objects) > 10
    for number in objects:
        change = changes[number]
        assert any(each.kind == "fsync" and each.file == change.source for each in changes[:number]), change
        assert (changes[number + 1].kind, changes[number + 1].file) == ("fsync", change.file.rpartition("/")[0])


def test_nothing_is_written_under_the_name_of_an_object(way):
    for change in way.step("a second import").changes:
        is_object = change.file.endswith(".parquet") and change.place != "lake/.staging"
        assert not is_object or change.kind in {"rename", "chmod"}, change


@pytest.mark.prove
@pytest.mark.parametrize("name", STEPS)
def test_killed_at_any_change_nothing_is_lost(way, name):
    step, *then = map(way.step, [name, *STEPS[name]])

    assert broken(step, step.points(), way.folder, *then) == []


@pytest.mark.prove
def test_a_page_is_drawn_from_models_that_were_built_to_their_end(way):
    build = way.step("a build of what is new")
    (between_two_models,) = build.one_of_each_kind({("write", "warehouse.duckdb.wal")})
    home, _ = stopped(build, killed_before(between_two_models), way.folder)

    assert home.plain("report").status == 0
    assert home.found().tables == build.after.tables
