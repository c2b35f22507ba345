"""The page's arithmetic against the warehouse's: the same numbers, to the last millisecond, for any range."""

import random
from datetime import date, timedelta

import pytest

from longplay.report import queries

DICE = random.Random(20)
FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)


def ranges():
    """Some ranges of any length, and the two that are special."""
    yield FIRST, LAST
    yield date(2024, 2, 29), date(2024, 2, 29)
    for _ in range(5):
        days = sorted(DICE.randrange((LAST - FIRST).days) for _ in range(2))
        yield FIRST + timedelta(days[0]), FIRST + timedelta(days[1])


def ask(warehouse, sql, first, last):
    """Ask the warehouse about a range of the listener's days."""
    cursor = warehouse.execute(sql, {"user": "me", "first": first, "last": last})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize(("first", "last"), list(ranges()))
def test_every_number_is_the_one_sql_gives(visit, report, warehouse, first, last):
    (expected,) = ask(warehouse, queries.NUMBERS, first, last)

    seen = visit(report).open().choose(first, last)

    assert seen.value("hours") == expected["ms_played"]
    assert seen.value("plays") == expected["plays"]
    assert seen.value("artists") == expected["artists"]
    assert seen.value("skipped") == pytest.approx(expected["skipped"], abs=1e-12)


@pytest.mark.parametrize(("first", "last"), list(ranges())[2:4])
def test_the_sql_shown_beside_a_chart_gives_the_chart(visit, report, warehouse, first, last):
    seen = visit(report).open().choose(first, last)
    shown = {name: seen.page.text_content(f"#sql-{name}") for name in queries.SHOWN}

    days = ask(warehouse, shown["plays"], first, last)
    hours = {(row["weekday"], row["hour"]): row["plays"] for row in ask(warehouse, shown["hours"], first, last)}

    assert [(row["day"], int(row["plays"])) for row in seen.table("plays")] == [(str(d["date"]), d["plays"]) for d in days]
    week = [int(row["plays"]) for row in seen.table("hours")]
    assert week == [hours.get((1 + at // 24, at % 24), 0) for at in range(168)]


@pytest.mark.parametrize(("first", "last"), list(ranges())[2:])
def test_the_top_twelve_are_ranked_as_sql_ranks_them(visit, report, warehouse, first, last):
    expected = ask(warehouse, queries.SHOWN["top"], first, last)

    rows = visit(report).open().choose(first, last).table("top")

    assert [int(row["plays"]) for row in rows] == [row["plays"] for row in expected]
    cut = expected[-1]["plays"]
    assert {row["name"] for row in rows if int(row["plays"]) > cut} == {row["artist"] for row in expected if row["plays"] > cut}


@pytest.mark.parametrize(("kind", "key"), [("track", "recording_key"), ("album", "artist_key, album_name")])
def test_tracks_and_albums_can_be_ranked_by_time(visit, report, warehouse, kind, key):
    sql = f"""select sum(ms_played)::bigint as ms from marts.fct_plays where user_id = $user and content_type = 'track'
              and not is_incognito and not is_covered and not is_excluded and local_started_at::date between $first and $last
              group by {key} order by ms desc limit 12"""
    expected = ask(warehouse, sql, FIRST, LAST)

    seen = visit(report).open("#overview/all-time")
    seen.page.check(f"input[value={kind}]", force=True)
    seen.page.check("input[value=ms]", force=True)
    seen.page.wait_for_selector(f"#figure-top .subtitle:has-text('Hours by {kind}')")

    assert [int(row["ms"]) for row in seen.table("top")] == [row["ms"] for row in expected]


def test_first_time_artists_are_those_whose_first_counted_play_it_was(visit, report, warehouse):
    first, last = date(2024, 5, 1), date(2024, 7, 31)
    sql = """select sum(new_artists) as new from marts.fct_daily_listening
             where user_id = $user and date between $first and $last"""

    (expected,) = ask(warehouse, sql, first, last)

    assert visit(report).open().choose(first, last).value("first-time-artists") == expected["new"]


def test_the_longest_streak_is_the_longest_run_of_days_with_a_play(visit, report, warehouse):
    sql = """with days as (select date, date - row_number() over (order by date)::int as run
                           from marts.fct_daily_listening where user_id = $user and counted_plays > 0
                           and date between $first and $last)
             select count(*) as days from days group by run order by days desc limit 1"""

    (expected,) = ask(warehouse, sql, FIRST, LAST)

    assert visit(report).open("#overview/all-time").value("streak") == expected["days"]
