"""The page as somebody meets it: in a browser, from a file, without a network."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from longplay.report.page import draw_page

NOON = datetime(2025, 3, 3, 12, 0)
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"


def test_it_opens_from_a_folder_and_asks_nothing_of_anybody(visit, report):
    seen = visit(report).open()

    seen.page.click("[data-range='all-time']")
    seen.page.wait_for_selector("html[data-drawn='all-time']", state="attached")

    assert [url for url in seen.requests if not url.startswith(("data:", "blob:"))] == [f"file://{report}"]
    assert seen.complaints == []
    assert seen.page.locator("#overview .chart svg").count() == 3


def test_a_request_from_inside_the_page_is_refused_by_the_browser(visit, report):
    seen = visit(report).open()

    seen.page.evaluate("new Image().src = 'http://127.0.0.1:9/pixel.gif'")
    seen.page.wait_for_timeout(100)

    assert "Content Security Policy" in " ".join(seen.complaints)


def test_only_its_owner_may_read_the_file(report):
    assert report.stat().st_mode & 0o777 == 0o600


def test_drawing_again_leaves_one_file_that_says_the_same(warehouse, tmp_path):
    once = draw_page(warehouse, "me", tmp_path / "report.html").read_bytes()
    twice = draw_page(warehouse, "me", tmp_path / "report.html").read_bytes()

    assert once == twice
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]


def test_the_address_keeps_the_range_over_a_reload(visit, report):
    seen = visit(report).open().choose("2024-02-01", "2024-02-29")
    plays = seen.value("plays")

    seen.page.reload()
    seen.page.wait_for_selector("html[data-ready]", state="attached")

    assert seen.page.url.endswith("#overview/2024-02-01..2024-02-29")
    assert seen.value("plays") == plays
    assert seen.page.inner_text("#range-words") == "1 February 2024 to 29 February 2024"


def test_an_address_that_means_nothing_shows_the_last_twelve_months(visit, report):
    seen = visit(report).open("#nowhere/2024-13-77..never")

    assert seen.page.get_attribute("html", "data-drawn") == "12-months"
    assert seen.complaints == []


def test_a_track_may_be_called_anything(visit, page_of, play):
    ends_a_script = "</script><script>document.title='owned'</script>"
    rows = [play(NOON + timedelta(minutes=n), HOSTILE, ends_a_script, HOSTILE, 200_000, nonce=str(n)) for n in range(5)]

    seen = visit(page_of(rows)).open()
    seen.page.check("input[value=track]", force=True)
    seen.page.wait_for_selector("#chart-top text:has-text('script')")
    seen.page.locator("#chart-top .mark-rect path").first.hover()
    seen.page.wait_for_selector(".tip:not([hidden])")

    assert HOSTILE in seen.page.inner_text(".tip")
    assert ends_a_script in seen.page.inner_text("#figure-top h2")
    assert seen.page.locator("img").count() == 0
    assert seen.page.title() == "Longplay"
    assert seen.complaints == []


def test_a_notice_is_text_too(visit, warehouse, tmp_path):
    file = draw_page(warehouse, "me", tmp_path / "report.html", notice=HOSTILE)

    assert visit(file).open().page.inner_text(".notice") == HOSTILE


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_nothing_has_to_be_pushed_sideways(visit, report, width):
    seen = visit(report, width=width).open()
    seen.table("plays")
    seen.table("top")

    assert seen.page.evaluate("document.documentElement.scrollWidth") == width


def test_the_first_chart_shows_without_scrolling_on_a_laptop(visit, report):
    chart = visit(report, width=1440, height=900).open().page.locator("#chart-plays").bounding_box()

    assert chart is not None
    assert chart["y"] + chart["height"] / 2 < 900


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(visit, report, scheme):
    seen = visit(report, scheme=scheme).open()
    seen.table("top")
    seen.page.click("[aria-controls='sql-plays']")

    found = Axe().run(seen.page)

    assert found.response["violations"] == [], found.generate_report()


def test_it_works_without_a_mouse(visit, report):
    seen = visit(report).open()

    seen.page.focus("[data-range='90-days']")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("html[data-drawn='90-days']", state="attached")
    seen.page.focus("input[value=artist]")
    seen.page.keyboard.press("ArrowRight")
    seen.page.wait_for_selector("#figure-top .subtitle:has-text('by track')")

    assert seen.page.get_attribute("[data-range='90-days']", "aria-pressed") == "true"


def test_the_theme_somebody_chose_stays(visit, report):
    seen = visit(report).open()
    seen.page.click("#theme")
    seen.page.reload()

    assert seen.page.get_attribute("html", "data-theme") == "dark"


def test_an_image_of_a_chart_can_be_kept(visit, report):
    seen = visit(report).open()

    with seen.page.expect_download() as download:
        seen.page.click("[data-save=top]")

    assert download.value.suggested_filename == "longplay-top.png"
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
    assert seen.complaints == []


def test_without_plays_the_page_says_what_to_do(visit, page_of):
    seen = visit(page_of([])).open()

    assert seen.page.inner_text(".hero").split("\n\n") == [
        "No plays yet.",
        "Run longplay demo, or longplay import with the archive Spotify sent you.",
    ]
    assert seen.complaints == []


def test_a_range_without_plays_says_so(visit, page_of, play):
    rows = [play(NOON + timedelta(days=day), "Amber Choir", "Salt", "Low", 200_000) for day in (0, 40)]

    seen = visit(page_of(rows)).open().choose("2025-03-10", "2025-03-20")

    assert seen.page.inner_text("#headline") == "Not a single play."
    assert seen.page.locator("figure:visible").count() == 0
    assert seen.complaints == []


def test_days_are_floored_and_short_listening_is_said_in_hours(visit, page_of, play):
    rows = [play(NOON + timedelta(minutes=4 * n), "Amber Choir", "Salt", "Low", 239_000, nonce=str(n)) for n in range(32)]

    seen = visit(page_of(rows)).open()

    assert seen.page.inner_text("#headline") == "You pressed play for 2 hours."
    assert seen.page.inner_text("#sub-line") == "32 plays by 1 artist."


def test_the_first_ninety_days_are_no_discoveries(visit, report):
    seen = visit(report).open().choose("2023-01-01", "2023-03-31")

    assert seen.page.inner_text("[data-figure='first-time-artists'] .value") == "–"
    assert "first 90 days" in seen.page.inner_text("[data-figure='first-time-artists'] .change")
    assert seen.page.locator("#record [fill^='var(--new']").count() == 0


@pytest.mark.slow
def test_half_a_million_plays_stay_under_3_3_megabytes(page_of, half_a_million_plays):
    assert page_of(half_a_million_plays).stat().st_size < 3_300_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_pictures_of_the_page_are_kept(visit, report, tmp_path, scheme, width):
    device = "phone" if width < 500 else "desktop"
    folder = Path(os.environ.get("LONGPLAY_ARTEFACTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"overview_{scheme}_{device}.png"

    visit(report, width=width, scheme=scheme).open().page.screenshot(path=picture, full_page=True)

    assert picture.stat().st_size > 20_000


def test_plays_that_name_no_artist_are_counted_and_ranked_nowhere(visit, page_of, play):
    nameless = {"artist_key": None, "artist_name": None, "recording_key": None, "track_name": None, "album_name": None}
    rows = [play(NOON + timedelta(minutes=n), "Amber Choir", "Salt", "Low", 200_000, nonce=str(n)) for n in range(3)]
    rows += [play(NOON + timedelta(hours=n), "", "", "", 200_000, nonce=str(n), **nameless) for n in range(1, 5)]

    seen = visit(page_of(rows)).open()

    assert seen.value("plays") == 7
    assert seen.value("artists") == 1
    assert [row["name"] for row in seen.table("top")] == ["Amber Choir"]
    assert seen.complaints == []
