"""A lake in a bucket behaves as one in a folder: whole, once, and read by DuckDB from a folder that mirrors it."""

from datetime import UTC, datetime

import obstore
import pytest

from longplay.errors import LakeError
from longplay.lake import layout
from longplay.lake.store import Lake


def utc(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)


ROWS = layout.processed_key("streaming_history", "me", "1f0c", "endsong_0-3f2a")
WHOLE = layout.whole_key("me", "1f0c")


@pytest.fixture
def lake(storage, tmp_path) -> Lake:
    return storage.cloud().lake(tmp_path / "here")


def keep(lake: Lake, key: str, content: str) -> None:
    with lake.staged() as folder:
        (folder / "file").write_text(content)
        lake.keep(folder / "file", key)


def test_what_is_kept_is_in_the_bucket_and_at_hand(lake, storage):
    keep(lake, ROWS, "plays")

    assert storage.objects() == {ROWS: b"plays"}
    assert lake.has(ROWS)
    assert lake.local_path(ROWS).read_text() == "plays"


def test_what_is_there_is_never_changed(lake, storage):
    keep(lake, WHOLE, "first")
    keep(lake, WHOLE, "second")
    page = layout.raw_key("recently_played", "me", utc("2026-11-23"), "3f2a9c1b7d40")

    assert [lake.receive(content, page, "me") for content in (b"first", b"second")] == [True, False]
    assert storage.objects() == {WHOLE: b"first", page: b"first"}


def test_another_machine_reads_what_this_one_kept(lake, storage, tmp_path):
    keep(lake, ROWS, "plays")
    keep(lake, WHOLE, "sum")

    there = storage.cloud().lake(tmp_path / "there")
    assert {found.key for found in there.loadable()} == {ROWS, WHOLE}
    there.bring([ROWS, WHOLE])
    assert (tmp_path / "there" / ROWS).read_text() == "plays"
    assert (tmp_path / "there" / ROWS).stat().st_mode & 0o777 == 0o600
    assert list(there.unfinished()) == []


def test_forgetting_takes_what_makes_it_whole_first_and_nothing_of_others(lake, storage, monkeypatch):
    others = layout.whole_key("kim", "1f0c")
    for key in (ROWS, WHOLE, others):
        keep(lake, key, "rows")
    asked: list[list[str]] = []
    delete = obstore.delete
    monkeypatch.setattr(obstore, "delete", lambda store, keys: (asked.append(keys), delete(store, keys)))

    assert lake.forget("me", "1f0c") == 2
    assert asked == [[WHOLE], [ROWS]]
    assert list(storage.objects()) == [others]
    assert not (lake.folder / ROWS).exists()


def test_pages_that_wait_are_found_without_those_of_others_and_of_long_ago(lake):
    for user, day, dataset in (
        ("me", "2026-11-23", "recently_played"),
        ("me", "2026-10-01", "saved_tracks"),
        ("kim", "2026-11-23", "recently_played"),
    ):
        lake.receive(b"page", layout.raw_key(dataset, user, utc(day), "3f2a9c1b7d40"), user)
    done = layout.raw_key("recently_played", "me", utc("2026-11-22"), "aaaaaaaaaaaa")
    lake.receive(b"page", done, "me")
    keep(lake, layout.page_key("pages", "me", layout.RawPage.parse(done).stem), "done")

    assert [page.dataset for page in lake.waiting_pages("me", utc("2026-11-20").date())] == ["recently_played"]
    assert [page.dataset for page in lake.waiting_pages("me", utc("2006-01-01").date())] == ["saved_tracks", "recently_played"]
    assert len(lake.unprocessed_pages()) == 3


def test_a_page_of_which_it_is_known_that_it_cannot_be_read_does_not_wait(lake):
    page = layout.raw_key("recently_played", "me", utc("2026-11-23"), "3f2a9c1b7d40")
    lake.receive(b"page", page, "me")
    keep(lake, layout.RawPage.parse(page).rejected_key, "reason")

    assert lake.waiting_pages("me", utc("2026-11-20").date()) == []


def test_a_bucket_that_is_not_there_is_a_sentence(storage, tmp_path):
    lake = storage.cloud(LONGPLAY_LAKE_BUCKET="another").lake(tmp_path)

    with pytest.raises(LakeError, match=r"The bucket another cannot be used .*LONGPLAY_LAKE_BUCKET"):
        lake.receive(b"page", layout.raw_key("recently_played", "me", utc("2026-11-23"), "3f2a9c1b7d40"), "me")
