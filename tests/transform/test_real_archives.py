"""What the rules make of the listening of real people."""

import json
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.transform.polling import receive_all
from tests.transform.warehouse import Warehouse

FIELDS = {
    "ms_played": "ms_played", "track_name": "master_metadata_track_name", "artist_name": "master_metadata_album_artist_name",
    "track_uri": "spotify_track_uri", "episode_name": "episode_name", "episode_uri": "spotify_episode_uri",
    "reason_end": "reason_end",
}  # fmt: skip
OVERLAP = """
with placed as (
    select *, max(ended_at) over (order by started_at, ended_at, play_id
        rows between unbounded preceding and 1 preceding) as busy_until
    from marts.fct_plays where sources <> 'account'
)
select sum(greatest(0, least(ms_played, coalesce(date_diff('millisecond', started_at, busy_until), 0)))) / sum(ms_played)
from placed
"""


def offline_at(value: int | None) -> str | None:
    """Return the instant, which is in milliseconds or seconds."""
    if not value or value == 1:
        return None
    return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC).replace(tzinfo=None).isoformat(" ")


def landing_row(row: dict[str, Any]) -> dict[str, Any]:
    """Read one row of either kind, as plainly as can be."""
    if "endTime" in row:
        return {
            "reported_at": row["endTime"], "ms_played": row["msPlayed"], "content_type": "track",
            "artist_name": row["artistName"], "track_name": row["trackName"],
        }  # fmt: skip
    return {name: row.get(field) for name, field in FIELDS.items()} | {
        "reported_at": row["ts"].removesuffix("Z"),
        "offline_at": offline_at(row.get("offline_timestamp")),
    }


def receive(warehouse: Warehouse, archive: Path, folder: Path) -> None:
    """Bring one archive into the landing tables."""
    name = sha256(archive.name.encode()).hexdigest()[:16]
    with zipfile.ZipFile(archive) as opened:
        for member in (m for m in opened.namelist() if m.endswith(".json")):
            rows = json.loads(opened.read(member))
            table = "account_history" if "endTime" in rows[0] else "streaming_history"
            about = {
                "user_id": "me", "archive": name, "layout": "account" if "endTime" in rows[0] else "extended-2023",
                "member": member,
            }  # fmt: skip
            landed = [about | {"row_number": n} | landing_row(row) for n, row in enumerate(rows)]
            instants = [row["reported_at"] for row in landed]
            told = about | {"first_at": min(instants), "last_at": max(instants), "is_complete": False}
            receive_all(warehouse, table, landed, folder)
            receive_all(warehouse, "archives", [told], folder)


def test_two_archives_of_one_listener_tell_each_play_once(warehouse: Warehouse, samples: Path, tmp_path: Path) -> None:
    warehouse.clear()
    receive(warehouse, samples / "endsong-old-layout.zip", tmp_path)
    receive(warehouse, samples / "account-data-old-layout.zip", tmp_path)

    warehouse.build()

    matched = dict(warehouse.ask("select matched_by, count(*) from marts.fct_plays where matched_by is not null group by 1"))
    assert matched["minute"] == 425
    assert matched["minute_unnamed"] == 219
    assert len(warehouse.plays("play_id")) <= 19_883
    assert warehouse.ask("select count(*) - count(distinct play_id) from marts.fct_plays") == [(0,)]


@pytest.mark.parametrize("archive", ["endsong-old-layout.zip", "extended-small.zip"])
def test_a_listener_hardly_overlaps_themselves(warehouse: Warehouse, samples: Path, tmp_path: Path, archive: str) -> None:
    warehouse.clear()
    receive(warehouse, samples / archive, tmp_path)

    warehouse.build()

    [(share,)] = warehouse.ask(OVERLAP)
    assert share <= 0.01
