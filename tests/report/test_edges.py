"""The page at its edges: little, much, nothing between, names of every kind, several listeners."""

import re
from datetime import datetime, timedelta

import duckdb
import pytest

from longplay.report import queries
from longplay.report.page import Beside, draw_page
from longplay.report.years import years

from .conftest import DAILY, warehouse_of

NOON = datetime(2025, 3, 3, 12, 0)
TABS = ("overview", "discovery", "taste", "mood", "years", "hood")
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"
ENDS_A_SCRIPT = "</script><script>document.title='owned'</script>"
NAMES = (
    HOSTILE, ENDS_A_SCRIPT, "فيروز", "คาราบาว", "宇多田ヒカル", "🦆🎺", ("Très long " * 30).strip(), "${7*7}{{7*7}}",
)  # fmt: skip

# What is written along each axis that can be seen.
AXES = """[...document.querySelectorAll(".chart .role-axis-label")]
    .filter((axis) => axis.getBoundingClientRect().width)
    .map((axis) => [...axis.querySelectorAll("text")].map((one) => one.textContent))"""


def rows(play, days, artists=("Amber Choir",), *, first=NOON, each=1):
    """Play something of each artist on each day."""
    return [
        play(first + timedelta(days=day, minutes=5 * number), artist, artist, artist, 200_000, nonce=f"{day}-{number}-{time}")
        for day in days
        for number, artist in enumerate(artists)
        for time in range(each)
    ]


def every_tab(seen, range_="all-time"):
    """Walk through all tabs; nothing is complained about and nothing sticks out."""
    for tab in TABS:
        seen.go(f"#{tab}/{range_}")
        titles = seen.page.locator(f"#{tab} figure:visible h2").all_inner_texts()
        assert all(title.strip() and not {"undefined", "NaN", "null"} & set(title.split()) for title in titles), titles
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
    assert seen.complaints == []


@pytest.mark.parametrize(
    "days", [[0], range(7), [0, 3650], [*range(100), *range(3750, 3800)]], ids=["one play", "a week", "ten years", "twice"]
)
def test_little_and_long_silence_are_told_without_a_stumble(visit, page_of, play, days):
    every_tab(visit(page_of(rows(play, days))).open())


def test_without_genres_and_sound_the_page_says_so_and_draws_no_zeros(visit, warehouse, tmp_path):
    warehouse.execute(
        """create table marts.rpt_mood as
           select distinct user_id, 'month' as dimension, strftime(date, '%Y-%m') as bucket, 1 as bucket_order,
                  1000 as counted_ms, 0 as known_ms, 0.0 as coverage, null::double as valence, null::double as energy
           from marts.fct_daily_listening"""
    )
    page = draw_page(warehouse, "me", tmp_path / "report.html")
    warehouse.execute("drop table marts.rpt_mood")

    seen = visit(page).open("#taste/all-time")

    assert seen.page.is_visible("#no-genres")
    assert seen.page.locator("#figure-genres:visible, #figure-ranks:visible").count() == 0
    seen.go("#mood/all-time")
    assert seen.page.inner_text("#figure-mood h2") == "How it sounds is not known"
    assert seen.page.locator("#chart-mood svg").count() == 0
    assert seen.page.locator("#figure-survival:visible").count() == 0, "there is no table of it"


def test_names_of_every_kind_are_text_everywhere(visit, page_of, play):
    seen = visit(page_of(rows(play, range(200), NAMES)), width=390).open()

    every_tab(seen)
    for name in NAMES:
        seen.go("#overview/all-time")
        seen.page.fill("#search-words", name.split()[0])
        seen.page.wait_for_selector("#search li a")
        seen.page.evaluate("name => goLook({ kind: 'track', name, artist: name })", name)
        seen.page.wait_for_selector("#look:visible")
        seen.page.locator("#look-name", has_text=name.strip()).wait_for()
        assert seen.page.evaluate("document.documentElement.scrollWidth") == 390
        assert seen.page.inner_text("[data-fact=Plays] .value") == "200"
    assert seen.page.locator("img").count() == 0
    assert seen.page.title() == "Longplay"
    assert seen.complaints == []


def test_a_third_of_the_genres_is_enough_for_a_finding_and_no_record(visit, warehouse, tmp_path):
    # of each month 30 % is known, of which half is jazz
    warehouse.execute(
        """create table marts.rpt_genre_evolution as
           select user_id, 'month' as period, cast(date_trunc('month', date) as date) as period_start, false as is_unfinished,
                  family, true as is_known, 1e6 * part as counted_ms, part as share, null::double as share_of_known,
                  1 as rank, 0.3 as coverage
           from marts.fct_daily_listening, (values ('jazz', 0.15), ('rock', 0.15), ('unknown', 0.7)) as parts(family, part)
           where user_id = 'me' group by all"""
    )
    warehouse.execute(
        """create schema if not exists intermediate; create table intermediate.int_artist_families as
           select artist_key, case when random() < 0.5 then 'jazz' else 'rock' end as family, 1.0 as weight
           from (select artist_key, row_number() over (order by artist_key) as nth from marts.fct_plays group by artist_key)
           where nth % 10 < 3"""
    )
    try:
        seen = visit(draw_page(warehouse, "me", tmp_path / "report.html")).open("#taste/all-time")
        largest = {f"{family} is the largest part: 50\u00a0%" for family in ("Jazz", "Rock")}
        assert seen.page.inner_text("#figure-genres h2") in largest
        seen.go("#overview/all-time")
        assert "heard before" in seen.page.inner_text("#record-legend")
    finally:
        warehouse.execute("drop table marts.rpt_genre_evolution; drop table intermediate.int_artist_families")


def test_a_household_finds_each_others_pages(visit, warehouse, tmp_path):
    beside = Beside(insights=["You play on Fridays."], listeners={"kim": "report-kim.html", "me": "report-me.html"})

    seen = visit(draw_page(warehouse, "me", tmp_path / "report-me.html", beside=beside)).open()

    assert seen.page.inner_text("#listeners [aria-current]") == "me"
    assert seen.page.get_attribute("#listeners a", "href") == "report-kim.html"
    assert seen.page.inner_text(".insights li") == "You play on Fridays."


@pytest.mark.prove
def test_two_million_plays_are_drawn_and_filtered_within_a_second(visit, tmp_path):
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'; create schema marts")
    connection.execute(f"create table marts.fct_plays as from ({_MANY})")
    connection.execute(DAILY)

    seen = visit(draw_page(connection, "me", tmp_path / "report.html")).open("#overview/all-time")
    filtered = """async range => {
      const began = performance.now(), changed = new Promise(done => addEventListener("hashchange", done, { once: true }));
      location.hash = `#overview/${range}`;
      await changed;
      await drawing;
      return performance.now() - began;
    }"""
    ranges = ("2020", "2018-03-01..2025-06-01", "all-time", "90-days")
    rounds = [[seen.page.evaluate(filtered, range_) for range_ in ranges] for _ in range(3)]
    took = [min(times) for times in zip(*rounds, strict=True)]  # what the page takes; the machine may be busy

    assert seen.value("plays") > 0
    assert max(took) < 1000, took
    assert seen.file.stat().st_size < 14_000_000


_MANY = """
select md5(nth::varchar) as play_id, 'me' as user_id, instant as started_at, instant as local_started_at,
       180000 + song * 37 % 90000 as ms_played, 'track' as content_type, md5(song::varchar) as recording_key,
       md5((song // 20)::varchar) as artist_key, 'Song ' || song as track_name, 'Artist ' || (song // 20) as artist_name,
       'Album ' || (song // 10) as album_name, 'spotify:track:' || song as spotify_uri, true as is_counted,
       nth % 7 = 0 as is_skipped, false as is_incognito, false as is_covered, false as is_excluded, 'ios' as platform
from (
    select nth, timestamp '2016-01-01' + to_seconds(nth * 150 + hash(nth) % 140) as instant,
           cast(40000 * pow((hash(nth, 7) % 1000003) / 1000003.0, 3) as int) as song
    from range(2000000) as all_plays(nth)
)
"""


# Who is no artist, and counts that are small


def test_various_artists_can_be_looked_up_and_are_no_artist(visit, tmp_path, play):
    names = ["Various Artists"] * 4 + ["Amber Choir"] * 3 + ["Glass Atlas"]
    plays = [play(NOON + timedelta(hours=n), who, f"Song {n}", "Low", 200_000) for n, who in enumerate(names)]
    warehouse = warehouse_of(plays, tmp_path)
    seen = visit(draw_page(warehouse, "me", tmp_path / "report.html")).open("#overview/all-time")
    range_ = {"user": "me", "first": NOON.date(), "last": NOON.date() + timedelta(1)}

    assert seen.value("artists") == warehouse.execute(queries.NUMBERS, range_).fetchall()[0][2] == 2
    assert (seen.value("plays"), years(warehouse, "me")[NOON.year].artists) == (8, 2)
    assert [row["name"] for row in seen.table("top")] == ["Amber Choir", "Glass Atlas"]
    assert [row[0] for row in warehouse.execute(queries.SHOWN["top"], range_).fetchall()] == ["Amber Choir", "Glass Atlas"]
    assert "Amber Choir most of all" in seen.page.inner_text("#sub-line")
    seen.go("#taste/all-time")
    assert seen.page.inner_text("#headline") == "1 artist of 2 is half of it."
    seen.go("#overview/all-time?artist=Various+Artists")
    assert seen.page.inner_text("[data-fact=Plays] .value") == "4"
    assert seen.page.inner_text("[data-fact=Place] .value") == "–"


def test_an_axis_of_counts_has_whole_ticks_each_once(visit, page_of, play):
    days = [n for n in range(0, 800, 40) for _ in range(2 if n % 120 == 0 else 1)]
    file = page_of(
        play(NOON - timedelta(days=n, minutes=9 * at), f"Artist {at}", f"Song {at}", "Low", 200_000, is_skipped=at % 3 == 0)
        for at, n in enumerate(days)
    )
    seen, ticks = visit(file).open(), []
    for hash_ in ("#overview/all-time", "#discovery/all-time", "#overview/all-time?artist=Artist+3"):
        seen.go(hash_)
        ticks += seen.page.evaluate(AXES)

    counts = [axis for axis in ticks if all(re.fullmatch(r"[\d.,]+", text) for text in axis)]
    assert len(counts) >= 4
    assert [axis for axis in counts if len(set(axis)) < len(axis) or "." in "".join(axis)] == []
