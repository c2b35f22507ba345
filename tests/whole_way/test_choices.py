"""From the file a listener writes to the statistics it changes, through the command line."""

import duckdb
import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with

pytestmark = pytest.mark.slow

MUSIC = "select count(*)::int as plays, sum(ms_played)::bigint as ms from fct_plays where {} and not is_incognito"
DAILY = "select sum(plays)::int as plays, sum(ms_played)::bigint as ms from fct_daily_listening"
LOUDEST = "select artist_name from fct_plays where content_type = 'track' group by 1 order by sum(ms_played) desc limit 1"


def objects(longplay):
    """Name what the lake holds of choices."""
    return sorted(path.name for path in (longplay.home / "lake").rglob("*") if "choices" in path.parts and path.is_file())


def test_what_is_left_out_leaves_every_sum_and_comes_back(at_home):
    longplay = at_home
    (before,) = longplay.json("query", DAILY)
    artist = longplay.json("query", LOUDEST)[0]["artist_name"]
    page = (longplay.home / "report.html").read_bytes()

    said = longplay("exclude", "artist", artist.upper()).stdout
    (theirs,) = longplay.json("query", MUSIC.format(f"content_type = 'track' and artist_name = '{artist}'"))
    assert f"{theirs['plays']:,} plays" in said
    assert "longplay build" in said
    assert longplay.json("query", DAILY) == [before]  # until the next build

    longplay("run")
    assert longplay.json("query", DAILY) == [{key: before[key] - theirs[key] for key in before}]
    assert longplay.json("query", MUSIC.format("is_excluded")) == [theirs]
    assert (longplay.home / "report.html").read_bytes() != page

    longplay("exclude", "--undo")
    longplay("build")
    assert longplay.json("query", DAILY) == [before]


def test_an_unchanged_file_writes_nothing_and_one_that_is_lost_comes_back_as_it_was(longplay):
    longplay("exclude", "hours", "1-5")
    written = longplay.home / "choices.toml"
    written.write_text(f"# nights\n{written.read_text()}")
    longplay("load")
    first = objects(longplay)
    written.touch()

    longplay("load")
    assert objects(longplay) == first
    assert len(first) == 2

    written.unlink()
    longplay("load")
    assert written.read_text().startswith("# nights\n")
    assert objects(longplay) == first

    before = written.read_text()
    longplay("exclude", "artist", "Rain")
    longplay("load")
    written.write_text(before)  # and back again: what was chosen first is chosen now
    longplay("load")
    assert len(objects(longplay)) == 6
    assert {row["kind"] for row in longplay.json("exclude", "--list")} == {"hours"}


def test_choices_move_house_with_the_listening(longplay, tmp_path):
    write_archive(listener_with(300, seed=8), tmp_path / "export.zip")
    longplay("import", tmp_path / "export.zip")
    longplay("exclude", "hours", "8-20", "--user", "me")
    longplay("export", tmp_path / "export")
    there = type(longplay)(tmp_path / "there")

    there("import", tmp_path / "export")
    there("build")

    question = "select count_if(is_excluded)::int as n, count_if(is_counted)::int as counted from fct_plays"
    assert there.json("query", question) == longplay.json("query", question)
    assert there.json("query", question)[0]["n"] > 0
    assert (there.home / "choices.toml").read_bytes() == (longplay.home / "choices.toml").read_bytes()
    assert there.json("doctor", LONGPLAY_TIMEZONE="UTC")["is_well"]


def test_a_file_that_cannot_be_understood_stops_the_build_with_its_line_and_changes_nothing(longplay):
    longplay("exclude", "artist", "Rain")
    with (longplay.home / "choices.toml").open("a") as file:
        file.write('\n[[exclude]]\nartst = "Sea"\n')
    written = (longplay.home / "choices.toml").read_bytes()

    refused = longplay("build", status=1).stderr
    longplay("exclude", "artist", "Sky", status=1)
    found = longplay.json("doctor", status=1)["findings"]

    assert "choices.toml, line 5: 'artst' means nothing here." in refused
    assert [one["about"] for one in found if "'artst' means nothing here." in one["message"]] == ["choices"]
    assert (longplay.home / "choices.toml").read_bytes() == written
    assert objects(longplay) == []


def test_a_name_that_nobody_played_is_a_warning_with_the_nearest_one(at_home):
    artist = at_home.json("query", LOUDEST)[0]["artist_name"]
    misspelled = f"{artist[:-1]}"

    at_once = at_home("exclude", "artist", misspelled).stderr
    later = at_home("build").stderr

    assert f"did you mean {artist!r}?" in at_once
    assert f"choices.toml, line 2: no play is of the artist {misspelled!r}; did you mean {artist!r}?" in later


@pytest.mark.parametrize(
    "call",
    [("artist",), ("genre", "Rain"), ("hours", "five"), ("artist", "A", "--by", "B"), ("artist", "A", "--since", "2024-01-01"),
     ("--undo", "artist", "A"), ("--undo",)],
)  # fmt: skip
def test_a_wrong_call_writes_nothing(longplay, call):
    longplay("exclude", *call, status=2)

    assert not (longplay.home / "choices.toml").exists()


def test_a_file_in_a_hand_of_its_own_is_left_to_its_writer(longplay):
    longplay("exclude")
    (longplay.home / "choices.toml").write_text('exclude = [{ artist = "Rain" }]  # inline\n')

    said = longplay("exclude", "artist", "Sea", status=1).stderr
    longplay("exclude", "--undo", "artist", "Rain", status=1)

    assert "[[exclude]]" in said
    assert (longplay.home / "choices.toml").read_text() == 'exclude = [{ artist = "Rain" }]  # inline\n'


def test_suggestions_are_listed_where_the_models_make_any(longplay):
    longplay("load")
    none = longplay("exclude", "--suggest").stdout
    with duckdb.connect(str(longplay.home / "warehouse.duckdb")) as connection:
        connection.execute("create schema marts; create table marts.fct_plays (user_id varchar)")
        connection.execute(
            "create table marts.rpt_exclusion_suggestions as from (values ('me', 'hours', '1-5', 9.5, 120, 'asleep'), "
            "('me', 'artist', 'Rain', 30.0, 400, 'noise'), ('kim', 'show', 'Sleep', 1.0, 2, 'noise')) "
            "as told (user_id, kind, name, hours, plays, why)"
        )

    suggested = longplay.json("exclude", "--suggest")

    assert "suggest nothing" in none
    assert suggested == [
        {"kind": "artist", "name": "Rain", "hours": 30.0, "plays": 400, "why": "noise"},
        {"kind": "hours", "name": "1-5", "hours": 9.5, "plays": 120, "why": "asleep"},
    ]
