"""What rides in the page: the same bytes for the same plays, and the parts that are kept for the next page."""

import random
from datetime import datetime, timedelta
from importlib.resources import files
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from longplay.report import fonts, kept


def test_the_page_says_the_same_in_whatever_order_its_plays_lie(page_of, play):
    dice = random.Random(7)
    plays = [
        play(
            datetime(2024, 5, 1, 12) + timedelta(minutes=dice.randrange(600)),  # many begin at one instant
            artist := f"Artist {dice.randrange(9)}", f"Track {dice.randrange(30)}", f"{artist} {dice.randrange(3)}",
            dice.choice([20_000, 180_000, 179_500]), is_skipped=dice.random() < 0.5, nonce=f"{number}",
        )
        for number in range(3000)
    ]  # fmt: skip

    once = page_of(plays).read_bytes()

    assert page_of(sorted(plays, key=lambda row: row["play_id"])).read_bytes() == once


def test_a_typeface_that_is_cut_bears_its_own_date_and_not_todays():
    source = TTFont(str(files("fontpkg_figtree") / "files" / "Figtree[wght].ttf"))

    cut = TTFont(BytesIO(fonts._latin("fontpkg_figtree", "Figtree[wght].ttf", {"wght": 400})))

    assert cut["head"].modified == source["head"].modified


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Give a maker that counts how often it was asked, over an empty cache folder."""
    monkeypatch.setattr(kept, "user_cache_path", lambda name: tmp_path / name)
    made = []

    def ask(content="the library, ünd more", packages=("altair",)):
        return kept.kept("part", lambda: made.append(content) or content, packages=packages, source=__file__), len(made)

    return ask


def test_what_all_pages_share_is_made_once(make):
    assert [make(), make()] == [("the library, ünd more", 1), ("the library, ünd more", 1)]


def test_another_version_is_made_anew_and_takes_the_place_of_the_old(make, tmp_path):
    make("old")

    assert make("new", packages=("altair", "duckdb")) == ("new", 2)
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


def test_a_page_needs_no_cache_folder(make, tmp_path):
    (tmp_path / "longplay").write_text("a file where the folder should be")

    assert [make(), make()] == [("the library, ünd more", 1), ("the library, ünd more", 2)]


def test_only_its_owner_may_read_what_is_kept(make, tmp_path):
    make()

    assert {path.stat().st_mode & 0o077 for path in [tmp_path / "longplay", *(tmp_path / "longplay").iterdir()]} == {0}
