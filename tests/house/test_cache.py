"""What is made once for all homes, and what becomes of it when it is damaged, old or cannot be kept."""

import os

import pytest

from longplay import cache


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Give a maker that counts how often it was asked, over an empty cache folder."""
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / name)
    made = []

    def ask(content="the library, ünd more", packages=("altair",), source=b"how it is made"):
        found = cache.cached("part", lambda: made.append(content) or content.encode(), packages=packages, source=source)
        return found.decode(), len(made)

    return ask


def test_what_all_homes_share_is_made_once(make):
    assert [make(), make()] == [("the library, ünd more", 1), ("the library, ünd more", 1)]


@pytest.mark.parametrize("other", [{"packages": ("altair", "duckdb")}, {"source": b"made otherwise"}])
def test_another_version_is_made_anew_beside_the_old(make, other):
    make("old")

    assert [make("new", **other), make("old")] == [("new", 2), ("old", 2)]


def test_what_nobody_used_for_a_month_goes_when_something_new_comes(make, tmp_path):
    make("old")
    (old,) = (tmp_path / "longplay").iterdir()
    os.utime(old, (0, 0))

    make("new", source=b"made otherwise")

    assert [file.read_text().endswith("new") for file in (tmp_path / "longplay").iterdir()] == [True]


@pytest.mark.parametrize(
    "damage", [lambda kept: kept[:-1], lambda kept: kept + b"!", lambda _: b"", lambda kept: kept[:70] + b"\xff"]
)
def test_what_is_damaged_is_thrown_away_and_made_again(make, tmp_path, damage):
    make()
    (file,) = (tmp_path / "longplay").iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))

    assert make() == ("the library, ünd more", 2)
    assert file.read_bytes() == whole


def test_nobody_needs_a_cache_folder(make, tmp_path):
    (tmp_path / "longplay").write_text("a file where the folder should be")

    assert [make(), make()] == [("the library, ünd more", 1), ("the library, ünd more", 2)]


def test_only_its_owner_may_read_what_is_kept(make, tmp_path):
    make()

    assert {path.stat().st_mode & 0o077 for path in [tmp_path / "longplay", *(tmp_path / "longplay").iterdir()]} == {0}
