"""What counts as a play: each named rule counts what a few lines of Python count, on an invented listener's history."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from longplay.choices.rows import choice_rows
from longplay.choices.shape import RULES, Choices, Chosen
from longplay.simulator.catalogue import Track
from longplay.simulator.listener import listener_with
from longplay.simulator.plays import Play, truth_of
from tests.transform.polling import archive_rows, receive_all
from tests.transform.warehouse import ExecutedProject, Warehouse

# As ListenBrainz's importer lists them.
SKIPS = [None, "fwdbtn", "backbtn", "clickrow", "clickside", "endplay", "playbtn", "remote", "logout", "popup", "trackerror",
         "unexpected-exit", "unexpected-exit-while-paused", "unknown"]  # fmt: skip

Rule = Callable[[Play, int | None], bool]


def is_scrobble(play: Play, length: int | None) -> bool:
    """Say whether Last.fm would take it; of a track whose length nobody knows, more than half a minute."""
    if length is None:
        return play.ms_played > 30_000
    return length > 30_000 and (play.ms_played >= length / 2 or play.ms_played >= 4 * 60_000)


COUNTS: dict[str, Rule] = {
    "longplay": lambda play, _: play.ms_played >= 30_000 or (play.reason_end == "trackdone" and play.ms_played > 0),
    "spotify_30s": lambda play, _: play.ms_played >= 30_000 and not play.is_incognito,
    "lastfm": is_scrobble,
    "your_spotify": lambda play, _: play.ms_played >= 30_000,
    "listenbrainz": lambda play, _: (
        not play.is_incognito and not (play.ms_played < 30_000 and (play.is_skipped or (play.reason_end or None) in SKIPS))
    ),
    "finished": lambda play, length: (
        play.ms_played > 0
        and (play.reason_end == "trackdone" or (not play.reason_end and length is not None and play.ms_played >= length))
    ),
}


@pytest.fixture(scope="module")
def plays() -> list[Play]:
    return [play for play in truth_of(listener_with(3_000, seed=21)).values() if isinstance(play.what, Track)]


def length_of(play: Play) -> int | None:
    """Tell the track's length, which the Web API has told of every other track."""
    track = play.what
    return track.length_ms if isinstance(track, Track) and ord(track.uri[-1]) % 2 else None


@pytest.fixture
def history(project: ExecutedProject, plays: list[Play], tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(project)
    rows, archives = archive_rows(plays, "a")
    rows = [row | {"skipped": play.is_skipped} for row, play in zip(rows, plays, strict=True)]
    lengths = {play.what.uri: length_of(play) for play in plays if play.what and length_of(play)}
    tracks: list[dict[str, Any]] = [
        {"track_id": uri.split(":")[2], "track_uri": uri, "duration_ms": length, "fetched_at": "2026-07-02 00:00:00"}
        for uri, length in lengths.items()
    ]
    for table, told in (("streaming_history", rows), ("archives", archives), ("tracks", tracks)):
        receive_all(warehouse, table, told, tmp_path)
    return warehouse


def choose(warehouse: Warehouse, rule: str) -> None:
    """Let everybody have this rule."""
    warehouse.connection.execute("delete from lake.choices")
    warehouse.receive("choices", choice_rows(Choices(Chosen(play_rule=rule)), "v", datetime(2026, 7, 2, tzinfo=UTC)))


def test_each_rule_counts_what_it_says(history: Warehouse, plays: list[Play]) -> None:
    expected = {rule: [play for play in plays if counts(play, length_of(play))] for rule, counts in COUNTS.items()}
    verdicts = [{counts(play, length_of(play)) for counts in COUNTS.values()} for play in plays]

    history.build(None)

    assert set(COUNTS) == set(RULES)
    found = {
        rule: (n, round(hours * 3_600_000))
        for rule, n, hours in history.ask("select rule, plays, hours from marts.rpt_play_rules")
    }
    assert found == {rule: (len(counted), sum(play.ms_played for play in counted)) for rule, counted in expected.items()}
    assert len({n for n, _ in found.values()}) > 3  # they do differ
    assert history.ask("select count(*) from marts.rpt_play_rule_disagreements") == [
        (sum(len(verdict) > 1 for verdict in verdicts),)
    ]


@pytest.mark.parametrize("rule", RULES)
def test_plays_count_by_the_rule_that_is_chosen(history: Warehouse, plays: list[Play], rule: str) -> None:
    choose(history, rule)

    history.build(None)

    assert history.ask("select count(*) from marts.fct_plays where is_counted") == [
        (sum(COUNTS[rule](play, length_of(play)) for play in plays),)
    ]
    assert history.ask("select rule, plays_difference from marts.rpt_play_rules where is_chosen") == [(rule, 0)]
