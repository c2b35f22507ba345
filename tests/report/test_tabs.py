"""All six tabs on a home that was imported, enriched and built: looked at, walked through, and counted again by SQL."""

import os
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from longplay.report import queries, reports
from tests.report.counting import ask, counted, some_ranges, span

from .conftest import Visit

pytestmark = pytest.mark.slow

TABS = ("overview", "discovery", "taste", "mood", "years", "hood")
ALONE = {"ranks", "mood-hours", "skip-newness", "coverage", "enriched"}  # speak of the whole history


@pytest.fixture(scope="module")
def pages(browser, home):
    """Give one page for each width and scheme, with everything it asked for and complained about."""
    made = {}

    def page(width: int = 1440, scheme: str = "light"):
        if (width, scheme) not in made:
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            seen = Visit(context.new_page(), home.home.page)
            seen.page.on("request", lambda request: seen.requests.append(request.url))
            seen.page.on("console", lambda message: seen.complaints.append(message.text))
            seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
            made[width, scheme] = seen.open("#overview/all-time")
        return made[width, scheme]

    yield page
    for seen in made.values():
        seen.page.context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (1024, "dark"), (390, "light")])
def test_every_tab_is_whole_quiet_and_open_to_everybody(pages, tmp_path, width, scheme):
    seen = pages(width, scheme)
    folder = Path(os.environ.get("LONGPLAY_ARTEFACTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)

    for tab in TABS:
        seen.go(f"#{tab}/all-time")
        seen.page.screenshot(path=folder / f"{tab}_{scheme}_{width}.png", full_page=True)
        assert seen.page.evaluate("document.documentElement.scrollWidth") == width, tab
        for title in seen.page.locator(f"#{tab} figure:visible h2").all_inner_texts():
            assert title.strip(), tab
            assert not {"undefined", "NaN", "null", "Infinity"} & set(title.replace(":", " ").split()), title
        if width == 1440:
            found = Axe().run(seen.page)
            assert found.response["violations"] == [], f"{tab}: {found.generate_report()}"
    assert [url for url in seen.requests if not url.startswith(("data:", "blob:"))] == [f"file://{seen.file}"]
    assert seen.complaints == []


def test_every_tab_is_reached_and_used_by_keyboard(pages):
    seen = pages()
    seen.go("#overview/all-time")

    for tab in TABS[1:]:
        seen.page.focus(f"#tabs a[href^='#{tab}']")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_selector(f"#{tab}:visible")
        button = seen.page.locator(f"#{tab} figure:visible [data-toggle]").first
        button.focus()
        seen.page.keyboard.press("Enter")
        assert button.get_attribute("aria-expanded") == "true"
        assert seen.page.locator(f"#{tab} .table:visible table").count() > 0
        seen.page.keyboard.press("Enter")


def test_the_address_brings_back_tab_range_comparison_and_who_is_looked_up(pages):
    seen = pages()
    seen.go("#years/2026/2025")
    told = seen.page.inner_text("#figure-versus h2")

    seen.page.reload()
    seen.page.wait_for_selector("html[data-ready]", state="attached")

    assert seen.page.url.endswith("#years/2026/2025")
    assert seen.page.inner_text("#figure-versus h2") == told
    assert seen.page.input_value("#compared") == "2025"


def test_two_periods_of_ones_own_choice_are_compared(pages, marts):
    seen = pages().go("#overview/2026")
    before = seen.page.inner_text("[data-figure=plays] .change")

    seen.page.select_option("#compared", "dates")
    seen.page.wait_for_selector("#other-dates:visible")
    seen.page.fill("#then-from", "2025-03-01")
    seen.page.fill("#then-to", "2025-03-31")
    seen.page.wait_for_selector("[data-figure=plays] .change:has-text('March 2025')")

    assert seen.page.inner_text("[data-figure=plays] .change") != before
    then = ask(marts, queries.NUMBERS, date(2025, 3, 1), date(2025, 3, 31))[0]["plays"]
    now = seen.value("plays")
    assert now >= 3 * then
    assert seen.page.url.endswith("#overview/2026/2025-03-01..2025-03-31")


def test_somebody_is_found_and_looked_at(pages, marts):
    seen = pages().go("#overview/all-time")
    name, key, plays = marts.execute(
        """select mode(artist_name), artist_key, count(*) from marts.fct_plays
           where content_type = 'track' and is_counted and not is_incognito and not is_covered and not is_excluded
           group by artist_key order by 3 desc, 1 limit 1"""
    ).fetchone()

    seen.page.fill("#search-words", name[:7].upper())
    seen.page.wait_for_selector("#search li a")
    seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_selector("#look:visible")
    seen.go(f"#overview/all-time?artist={quote(name)}")

    assert seen.page.inner_text("#look-name") == name
    assert seen.page.inner_text("[data-fact=Plays] .value") == f"{plays:,}"
    values = {"user": "me", "first": date(2000, 1, 1), "last": date(2100, 1, 1), "key": key}
    hours = dict(marts.execute(queries.SHOWN["look-hours"], values).fetchall())
    assert [row["plays"] for row in seen.facts("look-hours")] == [hours.get(hour, 0) for hour in range(24)]
    ranks = marts.execute(queries.SHOWN["look-ranks"], {"user": "me", "key": key}).fetchall()
    assert [(int(row["year"]), row["rank"], row["plays"]) for row in seen.facts("look-ranks")] == ranks
    assert sum(row["plays"] for row in seen.facts("look-months")) == plays


def test_plays_are_listed_page_by_page_and_sifted(pages, marts):
    seen = pages().go("#overview/all-time")
    count = """select count(*) from marts.fct_plays where user_id = 'me' and content_type = 'track' and not is_incognito
               and not is_covered and not is_excluded"""
    place = seen.page.locator("#every-play")

    assert int(place.get_attribute("data-plays")) == marts.execute(count).fetchone()[0]
    assert place.locator("tbody tr").count() == 50
    place.locator("[data-turn=on]").click()
    assert place.locator(".where").inner_text().startswith("51 to 100 of ")
    place.locator("input[type=checkbox]").check()
    skipped = marts.execute(f"{count} and is_skipped").fetchone()[0]
    assert int(place.get_attribute("data-plays")) == skipped
    place.locator("input[type=checkbox]").uncheck()


def test_a_card_and_an_image_can_be_kept(pages):
    seen = pages().go("#years/all-time")

    for button, name in (
        ("[data-card='2025-portrait']", "longplay-2025.png"),
        ("[data-save=calendar]", "longplay-calendar.png"),
    ):
        with seen.page.expect_download() as download:
            seen.page.click(button)
        assert download.value.suggested_filename == name
        assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_printed_pages_cut_no_chart(pages):
    seen = pages(1024, "dark")
    seen.page.emulate_media(media="print")
    for tab in TABS:
        seen.go(f"#{tab}/2026")
        tall = seen.page.evaluate(
            "[...document.querySelectorAll('figure.card')]"
            ".filter(one => one.offsetParent && one.offsetHeight > 1000).map(one => one.id)"
        )
        assert tall == []
        breaks = seen.page.evaluate("[...document.querySelectorAll('.card')].map(one => getComputedStyle(one).breakInside)")
        assert set(breaks) == {"avoid"}
        assert seen.page.pdf(width="210mm", height="297mm").startswith(b"%PDF")
    seen.page.emulate_media(media="screen")


# -- counted again


def test_for_thirty_ranges_every_count_sum_and_rank_is_that_of_sql(pages, marts):
    begin, end = span(marts)
    for first, last in some_ranges(begin, end, 30):
        counted(pages(), marts, first, last)


def test_what_sql_gives_by_month_is_shown_by_month(pages, marts):
    seen, (first, last) = pages(), (date(2025, 1, 1), date(2025, 12, 31))
    told = {name: ask(marts, sql, first, last) for name, sql in reports.SHOWN.items()}
    in_range = {
        name: [row for row in rows if "month" in row and first <= row["month"] <= last] for name, rows in told.items()
    }  # fmt: skip

    seen.go("#discovery/2025")
    channels = {row["channel"]: row["songs"] for row in seen.facts("channels")}
    for channel, songs in channels.items():
        assert songs == sum(row["discoveries"] for row in in_range["channels"] if row["channel"] == channel)
    artists = [row for row in in_range["stayed"] if row["entity_type"] == "artist"]
    (stayed,) = [row for row in seen.facts("stayed") if (row["days"], row["kind"]) == (90, "Artists")]
    assert (stayed["stuck"], stayed["judged"]) == (
        sum(row["stuck_90"] for row in artists),
        sum(row["judged_90"] for row in artists),
    )

    seen.go("#taste/2025")
    assert [(row["day"], row["effective"]) for row in seen.facts("variety")] == [
        (str(row["month"]), row["effective_artists"]) for row in in_range["variety"]
    ]
    known = {}
    for row in in_range["genres"]:
        known[str(row["month"])] = known.get(str(row["month"]), 0) + (row["ms"] if row["family"] != "unknown" else 0)
    assert {row["day"]: row["known"] for row in seen.facts("genres")} == known

    seen.go("#mood/2025")
    mood = [row for row in in_range["mood"] if row["valence"] is not None]
    ms = sum(row["known_ms"] for row in mood)
    you = seen.page.evaluate("moodOf(listening, stateNow().range)")
    assert you["valence"] == pytest.approx(sum(row["valence"] * row["known_ms"] for row in mood) / ms)
    assert sum(row["sessions"] for row in seen.facts("sessions")) == sum(row["sessions"] for row in in_range["sessions"])
    assert sum(row["ms"] for row in seen.facts("platforms")) == sum(row["ms"] for row in in_range["platforms"])
    survival = [row for row in told["survival"] if row["period"] == "2025"]
    assert [(row["seconds"], row["share"]) for row in seen.facts("survival")] == [
        (row["seconds"], row["share"]) for row in survival
    ]

    seen.go("#hood/all-time")
    days = {row["coverage"]: row["days"] for row in seen.facts("coverage")}
    assert sum(days.values()) == sum(row["days"] for row in told["coverage"])


def test_under_the_hood_every_import_adds_up_and_every_table_has_its_rows(pages, marts):
    seen = pages().go("#hood/all-time")

    (row,) = seen.page.eval_on_selector_all("#imports tbody tr", "rows => rows.map(row => ({...row.dataset}))")
    assert int(row["read"]) == int(row["distinct"]) + int(row["repeated"]) + int(row["rejected"])
    rows = seen.page.get_attribute("#lineage [data-table=int_plays_reconciled]", "data-rows")
    assert int(rows) == marts.execute("select count(*) from intermediate.int_plays_reconciled").fetchone()[0]
    assert "stg_spotify__listening_history" in seen.page.inner_text("#lineage [data-table=int_plays_reconciled] small")
    assert "The last build made" in seen.page.inner_text("#card-results h2")
