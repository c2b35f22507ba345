"""The card of a year: the numbers of SQL, a picture of the right size and colours, and names that can do nothing."""

import re
import struct
import zlib
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from longplay.report import card as cards
from longplay.report import lettering, record
from longplay.report.card import PORTRAIT, SHAPES, SQUARE, card
from longplay.report.look import DARK, LIGHT, in_variables
from longplay.report.picture import png
from longplay.report.years import NEWNESS, years
from tests.report.conftest import warehouse_of

NUMBER = r"-?\d*\.?\d+"
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<img src=x onerror=\"document.title='owned'\">"
NAMES = [
    HOSTILE, "]]></text><script>document.title='owned'</script>", "&amp; &lt;", "a" * 300, "word " * 60,
    "أم كلثوم ألف ليلة وليلة", "ไทยแลนด์", "宇多田ヒカル", "방탄소년단", "\u202egnihtyrevE", "a\x00b\x0bc\ud83d",
    "👩\u200d👩\u200d👧 Family", "🦄", "\u200b", "",
    "e\u0301" * 80, "' onload='alert(1)", "url(#x)", "var(--ink)", "{record}",
]  # fmt: skip


@pytest.fixture(scope="module")
def found(warehouse):
    return years(warehouse, "me")


def ask(warehouse, sql, **values: int):
    return warehouse.execute(sql, {"user": "me", **values}).fetchall()


# The numbers


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_the_record_of_a_year_has_the_numbers_of_sql(warehouse, found, year):
    sql = """select date, counted_plays::int, new_artists::int from marts.fct_daily_listening
             where user_id = $user and year(date) = $year order by date"""
    days = found[year].days
    settled = date(2023, 1, 1) + timedelta(days=90)

    expected = ask(warehouse, sql, year=year)

    assert days.first == expected[0][0]
    assert days.last == expected[-1][0]
    assert [sum(part) for part in days.parts] == [plays for _, plays, _ in expected]
    assert [part[2] for part in days.parts] == [new if day >= settled else 0 for day, _, new in expected]


def test_the_card_counts_and_ranks_as_sql_does(warehouse, found):
    music = """from marts.fct_plays where user_id = $user and content_type = 'track' and not is_incognito and not is_covered
               and not is_excluded and year(local_started_at) = 2024"""
    counted = f"count(*) filter (where is_counted) {music}"

    year = found[2024]

    assert [(year.ms_played, year.artists, year.songs)] == ask(
        warehouse,
        f"""select sum(ms_played)::bigint, count(distinct artist_key) filter (where is_counted),
            count(distinct recording_key) filter (where is_counted) {music}""",
    )
    assert [(year.plays,)] == ask(warehouse, f"select {counted}")
    top = ask(warehouse, f"select {counted} group by artist_key order by 1 desc limit 5")
    assert [(artist.plays,) for artist in year.top_artists] == top
    songs = ask(warehouse, f"select {counted} group by recording_key order by 1 desc limit 5")
    assert [(song.plays,) for song in year.top_songs] == songs


def test_the_page_draws_the_same_record_of_a_year(visit, report, found):
    """Two programs draw it, and both say the same: spoke by spoke, and point by point."""
    seen = visit(report).open("#overview/2024")
    script = """async ([first, last]) => {
        const days = daysOf(await openPlays(), dayOf("2023-01-01"), dayOf("2025-12-31"));
        const made = spokes(days, {first: dayOf(first), last: dayOf(last)});
        const parts = made.spokes.map((one) => [one.plays - one.newArtists - one.newTracks, one.newTracks, one.newArtists]);
        return {parts, paths: recordPaths(made.spokes.map((spoke, at) => ({...spoke, parts: parts[at]})))};
    }"""
    days = found[2024].days

    theirs = seen.page.evaluate(script, [str(days.first), str(days.last)])
    mine = record.spokes(days)

    assert [list(spoke.parts) for spoke in mine] == theirs["parts"]
    for here, there in zip(record.paths(mine), theirs["paths"], strict=True):
        assert [re.sub(r"[\d. -]+", " ", path) for path in (here,)] == [re.sub(r"[\d. -]+", " ", there)]
        points = [[float(number) for number in re.findall(r"-?\d+\.?\d*", path)] for path in (here, there)]
        assert points[0] == pytest.approx(points[1], abs=0.06)


def days_of(many):
    return record.Days(date(2024, 1, 1), [(number % 7 + 1, 1, 0) for number in range(many)])


@pytest.mark.parametrize(
    ("days", "width"), [(1, 1), (100, 1), (101, 7), (366, 7), (1505, 7), (1506, 14), (3010, 14), (6020, 28), (9000, 56)]
)
def test_a_spoke_is_as_many_days_as_can_be_read(days, width):
    drawn = record.spokes(days_of(days))

    assert {spoke.days for spoke in drawn[:-1]} <= {width}
    assert len(drawn) == -(-days // width)
    assert sum(sum(spoke.parts) for spoke in drawn) == sum(map(sum, days_of(days).parts))
    assert all(after.first - before.first == timedelta(days=width) for before, after in pairwise(drawn))


def test_nothing_sticks_out_of_the_record():
    drawn = record.spokes(days_of(366))

    numbers = [float(number) for path in record.paths(drawn) for number in re.findall(r"-?\d+\.?\d*", path)]

    assert max(map(abs, numbers)) == pytest.approx(record.RIM)


# Genres


def genres(warehouse, known):
    """Let the first so many artists, by name, have a genre."""
    warehouse.execute("create or replace schema intermediate")
    warehouse.execute(
        """create or replace table intermediate.int_artist_families as
           select artist_key, family, weight from (select artist_key, row_number() over (order by artist_name) as nth
           from marts.fct_plays group by artist_key, artist_name),
           lateral (values ('rock', 0.7), (if(nth % 2 = 0, 'jazz', 'rock and roll'), 0.3)) as families(family, weight)
           where nth <= ?""",
        [known],
    )


@pytest.mark.parametrize(("known", "is_by_genre"), [(1, False), (2, True), (4, True)])
def test_segments_are_genres_where_they_are_known_of_half_of_the_plays(tmp_path, play, known, is_by_genre):
    noon = datetime(2025, 3, 3, 12)
    rows = [play(noon + timedelta(hours=n), f"Artist {n % 4}", f"Song {n}", "Album", 200_000) for n in range(400)]
    warehouse = warehouse_of(rows, tmp_path)
    genres(warehouse, known)

    (year,) = years(warehouse, "me").values()

    assert year.is_by_genre == is_by_genre
    assert sum(map(sum, year.days.parts)) == 400
    if is_by_genre:
        sums = dict(zip(year.segments, map(sum, zip(*year.days.parts, strict=True)), strict=True))
        assert sums == {"rock": known * 100, "Other": 0, "Unknown": 400 - known * 100}
        assert LIGHT.genres[0] in card(year, PORTRAIT, LIGHT)
        assert ">Rock<" in card(year, PORTRAIT, LIGHT)


def test_the_legend_leaves_out_the_smallest_genres_where_all_have_no_room(found):
    names = [
        "psychedelic rock",
        "experimental electronic",
        "singer-songwriter",
        "contemporary classical",
        "hip hop",
        "jazz",
        "folk",
    ]
    segments = [*names, "Other", "Unknown"]
    days = record.Days(date(2024, 1, 1), [tuple(range(9, 0, -1))])

    svg = card(type(found[2024])(**{**vars(found[2024]), "segments": segments, "days": days}), PORTRAIT, LIGHT)

    shown = [name for name in segments if f">{name.capitalize()}<" in svg]
    assert shown[0] == names[0]
    assert shown[-2:] == ["Other", "Unknown"]
    assert 3 < len(shown) < 9
    assert shown == [name for name in segments if name in shown]


def test_without_genres_it_shows_new_and_known(found):
    assert {tuple(year.segments) for year in found.values()} == {NEWNESS}


# The words


def test_the_headline_floors_whole_days(found):
    days = found[2024].ms_played // 86_400_000

    assert cards.headline(found[2024]) == f"You pressed play for {days} whole days."


@pytest.mark.parametrize(
    ("ms", "words"), [(59_000, "0 minutes"), (60_000, "1 minute"), (3_600_000, "1 hour"), (172_799_999, "47 hours")]
)
def test_little_listening_is_told_in_hours_or_minutes(found, ms, words):
    year = found[2024]

    assert cards.headline(type(year)(**{**vars(year), "ms_played": ms})) == f"You pressed play for {words}."


def test_a_year_that_is_not_over_says_so(tmp_path, play):
    rows = [play(datetime(2025, 3, 3, 12), "Amber Choir", "Salt", "Low", 200_000)]

    (year,) = years(warehouse_of(rows, tmp_path), "me").values()

    assert cards.title(year) == "2025 so far, on record"
    assert cards.headline(year) == "You pressed play for 3 minutes."


# The picture


def pixels(picture):
    """Decode a PNG of 8 bits and four channels into rows of colours."""
    width, height = struct.unpack(">II", picture[16:24])
    data, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        data += picture[at + 8 : at + 8 + length] if picture[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    raw, stride, rows, above = zlib.decompress(data), width * 4, [], bytes(width * 4)
    for start in range(0, len(raw), stride + 1):
        row = bytearray(raw[start + 1 : start + 1 + stride])
        for i in range(stride):
            left, up, corner = (row[i - 4] if i > 3 else 0), above[i], (above[i - 4] if i > 3 else 0)
            near = min((abs(up - corner), 0, left), (abs(left - corner), 1, up), (abs(left + up - 2 * corner), 2, corner))[2]
            row[i] = (row[i] + (0, left, up, (left + up) // 2, near)[raw[start]]) % 256
        rows.append([f"#{bytes(row[i : i + 3]).hex().upper()}" for i in range(0, stride, 4)])
        above = bytes(row)
    assert len(rows) == height
    return rows


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_a_card_is_a_picture_in_the_colours_of_its_theme(found, shape, look):
    svg = card(found[2024], SHAPES[shape], look)

    size = struct.unpack(">II", png(svg)[16:24])
    seen = Counter(colour for row in pixels(png(svg, 0.2)) for colour in row)

    assert size == {"portrait": (1080, 1350), "square": (1080, 1080)}[shape]
    assert seen.most_common(1)[0][0] == look.page
    assert seen[look.rest_strong] > 400
    assert min(seen[look.ink], seen[look.new_track], seen[look.new_artist]) > 5


def test_the_same_year_is_the_same_picture(found):
    assert png(card(found[2023], SQUARE, DARK)) == png(card(found[2023], SQUARE, DARK))


def card_of_names(names, tmp_path, play):
    noon = datetime(2025, 3, 3, 12)
    spelled = [name.encode("utf-8", "ignore").decode() for name in names]
    rows = [
        play(noon + timedelta(minutes=9 * n + m), name, name, "Album", 200_000, nonce=f"{m}")
        for n, name in enumerate(spelled)
        for m in range(9 - n)
    ]
    (year,) = years(warehouse_of(rows, tmp_path), "me").values()
    return year


@pytest.mark.parametrize("names", [NAMES[at : at + 5] for at in range(0, len(NAMES), 5)], ids=range(4))
@pytest.mark.parametrize("spell", [lettering.clean, lettering.readable])
def test_a_name_may_be_anything_and_stays_text_in_its_place(tmp_path, play, names, spell):
    year = card_of_names(names, tmp_path, play)

    svg = card(year, PORTRAIT, LIGHT, spell=spell)
    root = ET.fromstring(svg)  # noqa: S314 - ours

    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {"svg", "rect", "text", "g", "circle", "path"}
    assert {name for element in root.iter() for name in element.attrib} <= {
        "width", "height", "viewBox", "x", "y", "rx", "r", "dy", "d", "fill", "stroke", "stroke-opacity", "transform",
        "font-family", "font-weight", "font-size", "letter-spacing", "text-anchor",
    }  # fmt: skip
    said = [text.text or "" for text in root.iter(f"{SVG}text") if text.get("font-size") == f"{cards.LIST}"]
    assert all(lettering.width(text, lettering.BOLD, cards.LIST) <= cards.COLUMN for text in said)
    assert png(svg, 0.1).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", [name for name in NAMES if name.strip()])
def test_no_name_is_drawn_as_boxes(name):
    spelled = lettering.readable(name)

    assert all(lettering.can_draw(letter) for letter in spelled)
    assert spelled or not lettering.clean(name)


def test_what_no_font_here_draws_is_told_by_its_script(monkeypatch):
    monkeypatch.setattr(lettering, "can_draw", str.isascii)

    assert [lettering.readable(name) for name in ("宇多田ヒカル", "ไทย", "방탄", "BTS (방탄소년단)", "🦄", "🦄 Unicorn")] == [
        "A name in Japanese", "A name in Thai", "A name in Korean", "BTS", "A name of signs alone", "Unicorn",
    ]  # fmt: skip


def test_a_letter_is_told_from_the_box_that_stands_for_none():
    assert lettering.can_draw("é")
    assert lettering._drawn("A") != lettering._drawn("\u0378")  # that one is assigned to nobody


def test_a_long_name_is_cut_between_letters():
    cut = lettering.cut("e\u0301" * 80, lettering.BOLD, 29, 100)

    assert cut.endswith("\u0301…")
    assert lettering.width(cut, lettering.BOLD, 29) <= 100


# In the page


def test_the_card_in_the_page_follows_the_theme_and_can_be_kept(visit, report):
    seen = visit(report, scheme="dark").open()

    seen.page.evaluate("placeCard(document.body.appendChild(element('div', '', {id: 'placed'})), 2024)")
    seen.page.wait_for_selector("#placed svg")
    background = seen.page.evaluate("getComputedStyle(document.querySelector('#placed rect')).fill")
    with seen.page.expect_download() as download:
        seen.page.evaluate("saveCard(2024, 'square')")
    kept = download.value.path().read_bytes()

    assert seen.page.evaluate("yearsWithCards()") == [2025, 2024, 2023]
    assert "whole days" in (seen.page.get_attribute("#placed svg", "aria-label") or "")
    assert background == "rgb(12, 14, 21)"
    assert download.value.suggested_filename == "longplay-2024-square.png"
    assert struct.unpack(">II", kept[16:24]) == (1080, 1080)
    assert DARK.page in pixels(kept)[0]
    assert seen.complaints == []


def test_hostile_names_do_nothing_in_the_page_either(visit, page_of, play):
    noon = datetime(2025, 3, 3, 12)
    file = page_of(play(noon + timedelta(minutes=n), HOSTILE, NAMES[1], "Album", 200_000, nonce=f"{n}") for n in range(5))

    seen = visit(file).open()
    seen.page.evaluate("placeCard(document.body.appendChild(element('div', '', {id: 'placed'})), 2025)")
    seen.page.wait_for_selector("#placed svg")
    with seen.page.expect_download():
        seen.page.evaluate("saveCard(2025)")

    assert "onerror" in seen.page.inner_text("#placed")
    assert seen.page.locator("img").count() == 0
    assert seen.page.title() == "Longplay"
    assert seen.complaints == []


def test_the_page_puts_a_card_together_as_python_draws_it(visit, report, found):
    seen = visit(report).open()

    for name, shape in SHAPES.items():
        svg = card(found[2024], shape, in_variables(), is_demo=True)
        put_together = seen.page.evaluate("async (shape) => (await cardOf(2024, shape)).svg.outerHTML", name)
        theirs, mine = (ET.canonicalize(drawn) for drawn in (put_together, svg))
        assert re.sub(NUMBER, "#", theirs) == re.sub(NUMBER, "#", mine)
        points = [[float(number) for number in re.findall(NUMBER, drawn)] for drawn in (theirs, mine)]
        assert points[0] == pytest.approx(points[1], abs=0.06)


def test_the_icon_of_a_page_is_the_record(report, warehouse):
    assert cards.favicon(years(warehouse, "me")).count("<path") == 3
    assert "image/svg+xml;base64," in report.read_text()
