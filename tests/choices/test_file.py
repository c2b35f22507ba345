"""What people write into `choices.toml` is read as they mean it, or they are told the line and what to do."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longplay.choices.lines import with_table, without_table
from longplay.choices.rows import choice_rows
from longplay.choices.shape import Exclude, read_choices
from longplay.errors import ChoicesError

HOUSEHOLD = """\
# mine
play_rule = "longplay"

[[exclude]]
artist = "Rain Sounds"   # the baby

[[zone]]
zone = "America/New_York"
[[zone]]
since = 2019-05-01
zone = "Europe/Berlin"

[listener.kim]
play_rule = "lastfm"

# Kim's nights
[[listener.kim.exclude]]
hours = "23-1"
since = 2024-01-01
until = 2024-02-29
"""
AT = datetime(2026, 11, 23, 8)


def rows_of(text, user):
    told = choice_rows(read_choices(text), "v", AT)
    return [{key: value for key, value in row.items() if value is not None} for row in told if row["user_id"] == user]


def test_everybody_has_what_stands_at_the_top_and_one_who_is_named_has_their_own_on_top_of_it():
    everybody, kim = (rows_of(HOUSEHOLD, user) for user in (None, "kim"))

    assert [row["name"] for row in everybody if row["kind"] == "play_rule"] == ["longplay"]
    assert [row["name"] for row in kim if row["kind"] == "play_rule"] == ["lastfm"]
    assert [row["name"] for row in everybody + kim if row["kind"] == "artist"] == ["Rain Sounds", "Rain Sounds"]
    assert [row["hour"] for row in kim if row["kind"] == "hours"] == [0, 23]
    assert [row["zone"] if "zone" in row else row["name"] for row in kim if row["kind"] == "zone"] == [
        "Europe/Berlin", "America/New_York",
    ]  # fmt: skip


def test_a_zone_holds_from_its_own_midnight_until_that_of_the_next():
    berlin, new_york = (row for row in rows_of(HOUSEHOLD, None) if row["kind"] == "zone")

    assert berlin == {"version": "v", "chosen_at": AT, "kind": "zone", "name": "Europe/Berlin",
                      "since_on": date(2019, 5, 1), "from_at": datetime(2019, 4, 30, 22)}  # fmt: skip
    assert new_york == {"version": "v", "chosen_at": AT, "kind": "zone", "name": "America/New_York",
                        "until_on": date(2019, 4, 30), "until_at": datetime(2019, 4, 30, 22)}  # fmt: skip


def test_no_two_zones_hold_at_one_instant_where_a_day_is_crossed():
    """Who flies west to east over the date line on the next day has no time left in the zone between."""
    text = (
        '[[zone]]\nzone = "Asia/Tokyo"\n[[zone]]\nzone = "Pacific/Pago_Pago"\nsince = 2024-05-01\n'
        '[[zone]]\nzone = "Pacific/Kiritimati"\nsince = 2024-05-02'
    )
    last, between, first = (row for row in rows_of(text, None) if row["kind"] == "zone")

    assert first["until_at"] == last["from_at"] == datetime(2024, 5, 1, 10)
    assert between["from_at"] == datetime(2024, 5, 1, 11)
    assert between["until_at"] == datetime(2024, 5, 1, 10)  # it ends before it begins: never


def test_no_day_of_an_hour_is_left_out_twice():
    text = "".join(
        f'[[exclude]]\nhours = "1-2"\nsince = {first}\nuntil = {last}\n'
        for first, last in [("2024-03-01", "2024-03-31"), ("2024-01-01", "2024-01-20"), ("2024-01-20", "2024-02-01")]
    )

    hours = [(row["since_on"], row["until_on"]) for row in rows_of(text, None) if row["kind"] == "hours"]

    assert hours == [(date(2024, 1, 1), date(2024, 2, 1)), (date(2024, 3, 1), date(2024, 3, 31))]


def test_an_empty_file_chooses_the_default_rule_and_nothing_else():
    assert [(row["kind"], row["name"]) for row in rows_of("", None)] == [("play_rule", "longplay")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('play_rule = "longplay"\n[[exclude]\nartist = "A"', "line 2: "),
        ('# rules\n\nplay_rule = "last.fm"', "line 3: no play_rule is called 'last.fm'; there are longplay, spotify_30s,"),
        ('[[exclude]]\nartist = "A"\n\n[[exclude]]\nartst = "B"', "line 5: 'artst' means nothing here."),
        ('[[exclude]]\nartist = "A"\n\n[[exclude]]\nartist = 3', "line 5: this should be text in quotes."),
        ("[[exclude]]\n# nothing", "line 1: name one of artist, track, show or hours"),
        ('[[exclude]]\nshow = "A"\nartist = "B"', "name one of artist, track, show or hours"),
        ('[[exclude]]\nhours = "9"', "line 2: hours cannot be '9'; they look like 1-5 or 23-6."),
        ('[[exclude]]\nhours = "1-5"\nsince = 2024-02-01\nuntil = 2024-01-01', "line 1: it ends before it begins."),
        ('[[exclude]]\nartist = "A"\nsince = 2024-02-01', "line 1: since and until are for hours only."),
        ('[[exclude]]\nartist = " "', "line 1: artist is empty."),
        ('[[zone]]\nsince = 2019\nzone = "Europe/Berlin"', "line 2: this should be a day such as 2019-05-01."),
        ('[[zone]]\nzone = "Berlin"', "line 2: no time zone is called 'Berlin'; a name looks like Europe/Berlin."),
        ('[[zone]]\nzone = "UTC"\n[[zone]]\nzone = "Asia/Tokyo"', "two zones begin on the same day."),
        ('[zone]\nzone = "UTC"', "this should be a list of tables with two brackets each, such as [[exclude]]."),
        ('play_rule = "lastfm"\n[listener.kim]\nplay_rule = "x"', "line 3: no play_rule is called 'x'"),
        ('[listener.Kim]\nplay_rule = "lastfm"', "line 1: no listener can be called 'Kim'"),
        ('listener = "kim"', "line 1: a listener is a table, such as [listener.kim]."),
    ],
)  # fmt: skip
def test_what_cannot_be_understood_is_said_with_its_line(text, said):
    with pytest.raises(ChoicesError) as refused:
        read_choices(text)

    assert said in refused.value.message
    assert refused.value.message.startswith("choices.toml")
    assert refused.value.message.count(". ") == 0
    assert refused.value.action


@given(names=st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=5, unique=True), data=st.data())
def test_whatever_is_excluded_and_taken_back_again_leaves_the_file_as_it_was(names, data):
    text = HOUSEHOLD
    for name in names:
        text = with_table(text, "exclude", {"artist": name})
    written = [each.artist for each in read_choices(text).everybody.exclude]
    assert written == ["Rain Sounds", *names]

    while len(read_choices(text).everybody.exclude) > 1:
        text = without_table(text, "exclude", data.draw(st.integers(1, len(read_choices(text).everybody.exclude) - 1)))

    assert text.rstrip() == HOUSEHOLD.rstrip()


def test_taking_one_out_leaves_the_comments_of_the_others():
    text = without_table(HOUSEHOLD, "exclude", 0)

    assert "the baby" not in text
    assert "# mine" in text
    assert "# Kim's nights" in text
    assert read_choices(text).everybody.exclude == []
    assert read_choices(text).listeners == read_choices(HOUSEHOLD).listeners


def test_the_same_thing_is_known_however_it_is_spelled():
    assert Exclude(artist="Rain  Sounds ").key == Exclude(artist="rain sounds").key
    assert Exclude(track="Rain", artist="Sea").key != Exclude(track="Rain").key
