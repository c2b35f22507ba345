"""What comes in late tells of plays that were there before: the tables then say what building them anew would say."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from longplay.choices.shape import read_choices
from tests.transform.brought import MOMENTS, NEWER, OLDER, Play, Rows, extended, page
from tests.transform.home import InventedHome
from tests.transform.warehouse import ExecutedProject

# Two songs of one album in a row, and what another archive says was played between them.
IN_A_ROW = extended("me", "a", "extended-2025", [(4, 0, 60_000, 0, None), (4, 2, 60_000, 5, None)], renamed=False)
HOW_BODY_WAS_FOUND = """
select channel from intermediate.int_discovery_events
inner join intermediate.int_recordings on recording_key = entity_key
where track_name = 'Body'
"""
BETWEEN = extended("me", "b", "extended-2025", [(4, 1, 29_000, 2, None)], renamed=False)


def first_listens(home: InventedHome) -> list[tuple[Any, ...]]:
    """Return the days with new artists, and how many."""
    return home.kept.ask("select date, new_artists from marts.fct_daily_listening where new_artists > 0 order by date")


def test_an_older_archive_moves_a_first_listen_back(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    home.load("me", "a", NEWER)
    home.build()
    before = first_listens(home)

    home.load("me", "b", OLDER)
    home.build()

    assert before == [(date(2024, 7, 15), 2)]
    assert first_listens(home) == [(date(2024, 1, 31), 1), (date(2024, 7, 15), 1)]
    assert home.differences() == {}


def test_what_is_looked_up_later_tells_of_the_plays_before(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    home.load("me", "a", NEWER)
    home.build()
    moods = "select coverage, valence from marts.rpt_mood where dimension = 'month'"
    genres = "select family, share, coverage from marts.rpt_genre_evolution where period = 'month' order by family"
    before = home.kept.ask(moods), home.kept.ask(genres)

    told = {"fetched_at": datetime(2024, 8, 1)}
    features: Rows = [{"track_id": "w", "source": "table", "valence": 0.25, "energy": 0.5} | told]
    artists: Rows = [
        {"artist_name": "Kendrick Lamar", "source": "musicbrainz", "genre": "Conscious Hip-Hop", "votes": 1} | told
    ]
    home.poll("me", "looked_up", {"audio_features": features, "artist_genres": artists})
    home.build()

    assert before == ([(0.0, None)], [("unknown", 1.0, 0.0)])
    assert home.kept.ask(moods) == [(0.5, 0.25)]
    assert home.kept.ask(genres) == [("hip hop", 0.5, 0.5), ("unknown", 0.5, 0.5)]
    assert home.differences() == {}


def test_what_is_known_to_have_played_between_decides_how_a_song_was_found(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    found = []
    for deed in (lambda: home.load("me", "a", IN_A_ROW), lambda: home.load("me", "b", BETWEEN), lambda: home.forget("me", "b")):
        deed()
        home.build()
        assert home.differences() == {}
        found += home.kept.ask(HOW_BODY_WAS_FOUND)

    assert found == [("album",), ("unknown",), ("album",)]


def heard_at(instants: Sequence[datetime]) -> list[Play]:
    """Give plays of one song that ended then, as minutes after a moment."""
    return [(0, int((at - MOMENTS[0]).total_seconds() // 60), 200_000, 2, None) for at in instants]


def test_one_more_play_pairs_others_anew_weeks_before_it(project: ExecutedProject, tmp_path: Path) -> None:
    """Each play is nearer to the next than to the one before, so the last decides, two by two, who is left for whom."""
    ends = [datetime(2024, 3, 2) - timedelta(hours=sum(range(62, 62 + steps))) for steps in reversed(range(9))]
    home = InventedHome(project, tmp_path)
    home.load("me", "a", extended("me", "a", "extended-2025", heard_at([*ends[:-1:2], datetime(2024, 3, 20)]), renamed=False))
    home.poll("me", "p", page("me", "p", [(play, 0) for play in heard_at(ends[1::2])]))
    home.build()
    archived = "select archive_reported_at from intermediate.int_play_matches order by 1"
    before = home.kept.ask(archived)

    home.load("me", "b", extended("me", "b", "extended-2025", heard_at(ends[-1:]), renamed=False))
    home.build()

    assert before == [(end,) for end in ends[:-1:2]]
    assert home.kept.ask(archived) == [(end,) for end in ends[2::2]]
    assert home.differences() == {}


# A play of a hundred seconds, and a poll that tells, later and of other listening, that its track is three minutes long.
HALF_HEARD = extended("me", "a", "extended-2025", [(4, 0, 100_000, 2, None)], renamed=False)
TOLD_LATER = page("me", "r", [((5, 0, 200_000, 2, None), 0)])


def counted(home: InventedHome) -> list[tuple[Any, ...]]:
    """Return how many of the archive's plays count, and how many are left out."""
    return home.kept.ask("select count_if(is_counted), count_if(is_excluded) from marts.fct_plays where sources = 'archive'")


def test_a_length_that_is_told_late_decides_whether_an_old_play_counts(project: ExecutedProject, tmp_path: Path) -> None:
    late = TOLD_LATER | {"tracks": [row | {"duration_ms": 240_000} for row in TOLD_LATER["tracks"]]}
    home = InventedHome(project, tmp_path)
    home.choose(read_choices('play_rule = "lastfm"'))
    home.load("me", "a", HALF_HEARD)
    home.build()
    before = counted(home)

    home.poll("me", "r", late)
    home.build()

    assert (before, counted(home)) == ([(1, 0)], [(0, 0)])
    assert home.differences() == {}


def test_choices_that_change_hold_for_plays_of_any_time(project: ExecutedProject, tmp_path: Path) -> None:
    home = InventedHome(project, tmp_path)
    home.load("me", "a", NEWER)
    home.build()
    before = counted(home)

    home.choose(read_choices('[[exclude]]\nartist = "KENDRICK  LAMAR"'))
    home.build()
    left_out = counted(home)
    home.choose(read_choices(""))
    home.build()

    assert (before, left_out, counted(home)) == ([(2, 0)], [(1, 1)], [(2, 0)])
    assert home.differences() == {}
