"""A page to publish: the same charts from tables that know less. What must not leave is looked for in every byte."""

import base64
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from longplay.errors import WrongCall
from longplay.report import queries
from longplay.report.page import draw_page
from longplay.report.public import Marts, Rules, published, told
from tests.report.conftest import warehouse_of
from tests.riding import riding

NOON = datetime(2025, 3, 3, 12)
FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)
UNSAID = "Zwölf Unsagbare"


def publish(warehouse, folder, **rules: Any):
    """Draw the page to publish."""
    with published(Marts(warehouse, "memory", "me"), Rules(**rules)) as taken:
        return draw_page(warehouse, "me", folder / "public.html", notice=told(Rules(**rules), taken), published=True)


def parts(file):
    """Give everything that rides in a page, opened."""
    html = file.read_text()
    icons = re.findall(r"base64,([A-Za-z0-9+/=]+)", html)
    return riding(html) | {"page": html.encode()} | {f"icon-{at}": base64.b64decode(icon) for at, icon in enumerate(icons)}


@pytest.fixture(scope="module")
def page(warehouse, tmp_path_factory):
    return publish(warehouse, tmp_path_factory.mktemp("published"))


def test_no_play_keeps_its_minute(visit, page, report):
    minutes, own = (visit(file).open().page.evaluate("Array.from(listening.plays.minute)") for file in (page, report))

    assert {minute % 60 for minute in minutes} == {0}
    assert len({minute % 60 for minute in own}) == 60
    assert [minute // 60 for minute in own] == [minute // 60 for minute in minutes]


def test_no_instant_finer_than_an_hour_is_anywhere_in_it(page):
    finer = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:(?!00\b)|\d\d:\d\d:(?!00)\d\d|\b1[67]\d{8}(\d{3})?\b")

    assert {name: finer.findall(content) for name, content in parts(page).items() if name != "runtime"} == {
        name: [] for name in parts(page) if name != "runtime"
    }


def test_plays_of_an_hour_stand_in_no_order(tmp_path, play):
    """Which of two came first is told by nothing: the same page comes of both orders."""
    pages = []
    for at, order in enumerate(([0, 1, 2], [2, 1, 0])):
        folder = tmp_path / f"{at}"
        folder.mkdir()
        before = [play(NOON - timedelta(days=1, minutes=n), f"Artist {n}", "Salt", "Low", 180_000) for n in range(3)]
        rows = [play(NOON + timedelta(minutes=9 * n), f"Artist {order[n]}", "Salt", "Low", 180_000) for n in range(3)]
        pages.append(publish(warehouse_of(before + rows, folder), folder).read_bytes())

    assert pages[0] == pages[1]


def test_plays_that_are_alike_share_their_time(tmp_path, play):
    lengths = (180_000, 170_001, 95_000)
    rows = [play(NOON + timedelta(minutes=9 * n), "Amber Choir", "Salt", "Low", ms) for n, ms in enumerate(lengths)]
    warehouse = warehouse_of(rows, tmp_path)

    with published(Marts(warehouse, "memory", "me"), Rules()):
        shared = [ms for (ms,) in warehouse.execute("select ms_played from marts.fct_plays").fetchall()]

    assert sum(shared) == sum(lengths)
    assert max(shared) - min(shared) <= 1


@pytest.mark.parametrize(
    ("first", "last"), [(FIRST, LAST), (date(2024, 2, 29), date(2024, 2, 29)), (date(2024, 5, 3), date(2025, 1, 9))]
)
def test_a_published_page_counts_as_sql_does(visit, page, warehouse, first, last):
    asked = warehouse.execute(queries.NUMBERS, {"user": "me", "first": first, "last": last}).fetchone()

    seen = visit(page).open().choose(first, last)

    assert [seen.value(name) for name in ("hours", "plays", "artists")] == list(asked[:3])
    assert seen.value("skipped") == pytest.approx(asked[3], abs=1e-12)
    assert seen.complaints == []


def test_it_says_at_its_top_what_it_still_tells(visit, page):
    seen = visit(page).open()

    assert "No play keeps its minute" in seen.page.inner_text(".notice")
    assert seen.page.get_attribute("html", "data-published") is not None


def everywhere(play):
    """Let a name turn up wherever a name can."""
    spellings = [UNSAID, UNSAID.upper(), f"The {UNSAID} Trio", "Zwolf Unsagbare"]
    for at, name in enumerate(spellings):
        yield play(NOON + timedelta(minutes=at), name, "Salt", "Low", 180_000)
        yield play(NOON + timedelta(hours=2, minutes=at), "Amber Choir", f"Salt (feat. {name})", "Low", 180_000)
        yield play(NOON + timedelta(hours=3, minutes=at), "Amber Choir", "Low Water", f"{name}, Live", 180_000)
    for at in range(9):
        yield play(NOON + timedelta(days=1, minutes=at), "Amber Choir", "Overnight", "Low", 180_000)


def test_an_excluded_name_is_in_none_of_its_bytes(tmp_path, play):
    warehouse = warehouse_of(everywhere(play), tmp_path)
    spelled = [name.encode() for name in (UNSAID, UNSAID.upper(), "Zwolf Unsagbare", "Unsagbare")]

    file = publish(warehouse, tmp_path, exclude=[UNSAID.lower()])
    own = draw_page(warehouse, "me", tmp_path / "report.html")

    assert [name for content in parts(file).values() for name in spelled if name.lower() in content.lower()] == []
    assert b"Amber Choir" in parts(file)["packed-names"]
    assert all(UNSAID.encode() in parts(own)[part] for part in ("packed-names", "packed-cards"))


def test_only_whole_words_are_meant(tmp_path, play):
    names = ["Air", "Air Supply", "Fairground", "R.E.M.", "REM", "宇多田ヒカル"]
    warehouse = warehouse_of(
        [play(NOON + timedelta(hours=at), name, f"Song {at}", "Low", 180_000) for at, name in enumerate(names)], tmp_path
    )

    with published(Marts(warehouse, "memory", "me"), Rules(exclude=["air", "R.E.M.", "宇多田"])) as taken:
        left = [name for (name,) in warehouse.execute("select artist_name from marts.fct_plays order by 1").fetchall()]

    assert left == ["Fairground", "REM"]
    assert taken == {"air": 2, "R.E.M.": 1, "宇多田": 1}


@pytest.mark.parametrize("name", ["Amber Chior", "", "  ", "%", ".*"])
def test_a_name_that_nobody_played_is_refused(tmp_path, play, name):
    warehouse = warehouse_of([play(NOON, "Amber Choir", "Salt", "Low", 180_000)], tmp_path)

    with pytest.raises(WrongCall, match="nothing was written"):
        publish(warehouse, tmp_path, exclude=[name])

    assert not (tmp_path / "public.html").exists()
    assert warehouse.execute("select current_database()").fetchall() == [("memory",)]


def test_an_anonymous_page_holds_no_name_and_no_link(warehouse, tmp_path):
    names = {
        name.encode()
        for (name,) in warehouse.execute(
            "select distinct unnest([artist_name, track_name, spotify_uri[15:]]) from marts.fct_plays"
        ).fetchall()
    }

    opened = parts(publish(warehouse, tmp_path, is_anonymous=True))
    texts = b"\n".join(content for name, content in opened.items() if name.startswith(("packed-names", "packed-cards")))

    assert len(names) > 2000
    assert [name for name in names if name in texts and not name.isdigit()] == []
    assert b'"Artist 1"' in opened["packed-names"]


def test_artist_1_is_who_was_played_most(visit, warehouse, tmp_path):
    file = publish(warehouse, tmp_path, is_anonymous=True)

    top = visit(file).open("#overview/all-time").table("top")

    assert [row["name"] for row in top] == [f"Artist {number}" for number in range(1, 13)]


def test_nobody_elses_plays_and_no_other_table_can_be_seen(warehouse):
    with published(Marts(warehouse, "memory", "me"), Rules()):
        assert warehouse.execute("select distinct user_id from marts.fct_plays").fetchall() == [("me",)]
        tables = warehouse.execute("select table_name from duckdb_tables() where database_name = 'published'").fetchall()
    assert {name for (name,) in tables} == {"fct_plays", "fct_daily_listening"}
