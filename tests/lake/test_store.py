"""The lake keeps files whole, once, and for its owner only."""

import pytest

from longplay.errors import LakeError
from longplay.lake import layout
from longplay.lake.store import Lake


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path / "lake")


def keep(lake: Lake, key: str, content: str) -> None:
    with lake.staged() as folder:
        (folder / "file").write_text(content)
        lake.keep(folder / "file", key)


def test_what_is_kept_is_there_whole_and_only_for_its_owner(lake):
    key = layout.raw_export_key("me", "1f0c", "endsong_0-3f2a")
    keep(lake, key, "plays")

    path = lake.local_path(key)
    assert path.read_text() == "plays"
    assert path.stat().st_mode & 0o777 == 0o600
    assert {parent.stat().st_mode & 0o777 for parent in path.parents if parent.is_relative_to(lake.folder)} == {0o700}


def test_what_is_there_is_never_changed(lake):
    keep(lake, layout.whole_key("me", "1f0c"), "first")
    keep(lake, layout.whole_key("me", "1f0c"), "second")

    assert lake.local_path(layout.whole_key("me", "1f0c")).read_text() == "first"


def test_a_writer_that_fails_leaves_nothing(lake):
    with pytest.raises(LakeError), lake.staged() as folder:
        (folder / "file").write_text("half")
        raise OSError(28, "No space left on device")

    assert [path for path in lake.folder.rglob("*") if path.is_file()] == []


def test_an_archive_without_its_sum_is_not_there_yet(lake):
    keep(lake, layout.processed_key("streaming_history", "me", "1f0c", "endsong_0-3f2a"), "rows")
    assert list(lake.whole_archives()) == []

    keep(lake, layout.whole_key("me", "1f0c"), "sum")
    assert {found.table for found in lake.whole_archives()} == {"streaming_history", "archives"}


def test_forgetting_one_archive_leaves_the_others_and_other_listeners(lake):
    for user, archive in (("me", "1f0c"), ("me", "2f0c"), ("kim", "1f0c")):
        keep(lake, layout.whole_key(user, archive), "sum")
        keep(lake, layout.raw_export_key(user, archive, "endsong_0-3f2a"), "rows")

    assert lake.forget("me", "1f0c") == 2
    assert {(found.user, found.archive) for found in lake.whole_archives()} == {("me", "2f0c"), ("kim", "1f0c")}
    assert list(lake.keys("raw/export/user=me/1f0c/")) == []
