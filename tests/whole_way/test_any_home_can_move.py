"""Whatever a home holds, and whatever its names look like: an export carries it over as it is."""

import csv
import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from longplay.home import Home
from longplay.lake.state import State
from longplay.lake.store import Lake
from longplay.stages import Stages
from tests.whole_way.test_bad_input import MEMBER, ROW, zipped
from tests.whole_way.test_moving_house import files_below, rows_of

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HOSTILE = [
    "=cmd()|'/c calc'!A0", "+1", "-1", "@SUM(A1)", '"', '""', "a,b", "a;b", "line\nbreak", "cr\rhere", "crlf\r\n", "\ttab", "",
    " ", "NULL", "null", "\\N", "nan", "0012", "1e3", "true", "\u2028", "\ufeff", "\x00", "🎧", "\u202eevil", "2024-01-01", "'",
]  # fmt: skip

names = st.one_of(st.none(), st.sampled_from(HOSTILE), st.text(max_size=12))
rows = st.fixed_dictionaries(
    {"minute": st.integers(0, 5), "ms_played": st.integers(-1, 5), "artist": names, "title": names, "uri": st.integers(0, 2)}
)
archives = st.lists(st.tuples(st.sampled_from(["me", "kim"]), st.lists(rows, min_size=1, max_size=6)), min_size=1, max_size=4)


def stages_at(folder: Path, user: str = "me") -> Stages:
    home = Home(folder)
    home.make()
    return Stages(home=home, lake=Lake(home.lake), state=State(home.state, 0), user=user, time_zone="UTC")


def archive(path: Path, told: list[dict]) -> Path:
    return zipped(path, {MEMBER: json.dumps([spotify_row(row) for row in told])})


def spotify_row(row: dict) -> dict:
    at = datetime(2024, 5, 4, tzinfo=UTC) + timedelta(minutes=row["minute"])
    return ROW | {
        "ts": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ms_played": row["ms_played"],
        "master_metadata_album_artist_name": row["artist"],
        "master_metadata_track_name": row["title"],
        "spotify_track_uri": f"spotify:track:{row['uri']}" if row["uri"] else None,
    }


def landing_of(stages: Stages) -> dict[str, list[str]]:
    with duckdb.connect(str(stages.home.warehouse), read_only=True) as connection:
        tables = connection.execute("select table_name from information_schema.tables where table_schema = 'lake'").fetchall()
        return {table: rows_of(connection, f"lake.{table}") for (table,) in tables}


def written_names(path: Path) -> list[tuple[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return sorted((row["artist_name"], row["track_name"]) for row in csv.DictReader(file))


def known_names(stages: Stages) -> list[tuple[str, str]]:
    with duckdb.connect(str(stages.home.warehouse), read_only=True) as connection:
        found = connection.execute("select artist_name, track_name from lake.streaming_history").fetchall()
    return sorted((artist or "", title or "") for artist, title in found)


@pytest.mark.slow
@settings(max_examples=6 if settings().max_examples <= 100 else 200)
@given(archives)
@example([("me", [{"minute": 0, "ms_played": 1, "artist": name, "title": name, "uri": 1} for name in HOSTILE])])
def test_any_home_is_the_same_after_it_has_moved(household):
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for number, (user, told) in enumerate(household):
            brought = stages_at(folder / "home", user).import_archives([[archive(folder / f"{number}.zip", told)]], NOW)
            assert not brought.refused
        here, there = stages_at(folder / "home"), stages_at(folder / "there")

        here.export(folder / "export", NOW)
        moved = there.import_archives([[folder / "export"]], NOW)
        again = there.import_archives([[folder / "export"]], NOW)

        assert landing_of(there) == landing_of(here)
        assert files_below(there.home.lake) == files_below(here.home.lake)
        assert (moved.refused, again.refused) == ([], [])
        assert moved.total("read") == moved.total("distinct") + moved.total("repeated") + moved.total("rejected")
        assert moved.total("distinct") == moved.total("new") + moved.total("known")
        assert (again.total("new"), again.total("distinct")) == (0, moved.total("distinct"))
        assert written_names(folder / "export" / "landing" / "streaming_history.csv") == known_names(here)
