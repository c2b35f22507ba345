"""What rides in the page: the same bytes for the same plays."""

import random
from datetime import datetime, timedelta
from importlib.resources import files
from io import BytesIO

from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from longplay.report import fonts
from longplay.report.spelling import spelled
from tests.riding import unspelled


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


@given(st.binary(max_size=60))
def test_what_is_spelled_in_letters_can_be_read_again(content):
    text = spelled(content)

    assert unspelled(text) == content
    assert not set(text) & set("<>&\n ")
    assert len(text) <= 16 * len(content) / 13 + 2


def test_a_typeface_that_is_cut_bears_its_own_date_and_not_todays():
    source = TTFont(str(files("fontpkg_figtree") / "files" / "Figtree[wght].ttf"))

    cut = TTFont(BytesIO(fonts._latin("fontpkg_figtree", "Figtree[wght].ttf", {"wght": 400})))

    assert cut["head"].modified == source["head"].modified
