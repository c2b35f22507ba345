"""What the page says, counted again by SQL."""

import random
from datetime import timedelta

import pytest

from longplay.report import queries


def ask(marts, sql, first, last):
    """Ask the warehouse about a range of the listener's days."""
    values = {"user": "me", "first": first, "last": last}
    cursor = marts.execute(sql, {name: value for name, value in values.items() if f"${name}" in sql})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def some_ranges(first, last, many):
    """Some ranges of any length, of which a third are whole months."""
    dice = random.Random(8)
    for number in range(many):
        begin, end = sorted(dice.randrange((last - first).days) for _ in range(2))
        begin, end = first + timedelta(begin), first + timedelta(end)
        if number % 3 == 0:
            begin, end = begin.replace(day=1), end.replace(day=1) - timedelta(1)
        yield (begin, end) if begin <= end else (begin, begin)


def counted(seen, marts, first, last):
    """Compare every count, sum and rank of a range."""
    shown = {name: ask(marts, sql, first, last) for name, sql in queries.SHOWN.items() if not name.startswith("look")}
    (numbers,) = ask(marts, queries.NUMBERS, first, last)
    seen.go(f"#overview/{first}..{last}")
    if not numbers["plays"]:
        assert seen.page.inner_text("#headline") == "Not a single play."
        return
    assert (seen.value("hours"), seen.value("plays"), seen.value("artists")) == (
        numbers["ms_played"], numbers["plays"], numbers["artists"],
    )  # fmt: skip
    assert [(row["day"], row["plays"]) for row in seen.facts("plays")] == [(str(d["date"]), d["plays"]) for d in shown["plays"]]
    week = {(row["weekday"], row["hour"]): row["plays"] for row in shown["hours"]}
    assert [row["plays"] for row in seen.facts("hours")] == [week.get((1 + at // 24, at % 24), 0) for at in range(168)]
    assert [row["plays"] for row in seen.facts("top") if row["plays"]] == [row["plays"] for row in shown["top"] if row["plays"]]

    seen.go(f"#discovery/{first}..{last}")
    new = seen.facts("newness")
    for kind, column in (("artist", "new_artist"), ("track", "new_track"), ("rest", "rest")):
        assert sum(row[kind] for row in new) == sum(row[column] for row in shown["newness"]), kind
    assert sum(row["artists"] for row in seen.facts("first-timers")) == sum(row["artists"] for row in shown["first-timers"])
    if (last - first).days > 200:
        by_month = {str(row["month"].date()): (row["new_artist"], row["new_track"], row["rest"]) for row in shown["newness"]}
        assert {
            row["day"]: (row["artist"], row["track"], row["rest"]) for row in new if row["artist"] + row["track"] + row["rest"]
        } == by_month
        seen.go(f"#taste/{first}..{last}")
        half = {str(row["month"].date()): row["artists"] for row in shown["half"]}
        assert {row["day"]: row["artists"] for row in seen.facts("half")} == half

    seen.go(f"#mood/{first}..{last}")
    skips = {row["hour"]: (row["plays"], row["skips"]) for row in shown["skip-hours"]}
    assert {row["hour"]: (row["plays"], row["skips"]) for row in seen.facts("skip-hours") if row["hour"] in skips} == skips

    seen.go(f"#years/{first}..{last}")
    assert [(row["day"], row["plays"]) for row in seen.facts("calendar")][::-1] == [
        (str(d["date"]), d["plays"]) for d in shown["calendar"]
    ]
    assert [row["ms"] / 3_600_000 for row in seen.facts("versus")][-1] == pytest.approx(shown["versus"][-1]["hours"])


def span(marts):
    return marts.execute(queries.SPAN, {"user": "me"}).fetchall()[0]
