"""A listener whose recent plays were polled, as rows: what Spotify's list showed whenever somebody looked."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from longplay.simulator.catalogue import Track
from longplay.simulator.plays import Play
from longplay.simulator.web.discography import Discography
from longplay.simulator.web.listings import Listing, Manners
from longplay.simulator.web.people import Listener
from tests.transform.warehouse import Warehouse

Rows = list[dict[str, Any]]
Page = tuple[datetime, list[Listing]]  # when it was fetched, and what it showed


def polls(plays: Iterable[Play], manners: Manners, moments: Iterable[datetime]) -> Iterator[Page]:
    """Look at the list at each of the moments; give what shows something else than the page before."""
    listener = Listener("me", plays, Discography(), manners)
    before: list[Listing] = []
    for at in moments:
        shown = listener.recent(at)
        if shown and {id(one) for one in shown} != {id(one) for one in before}:
            yield at, shown
            before = shown


def every(minutes: int, start: datetime, end: datetime) -> Iterator[datetime]:
    """Give the instants at which somebody who never sleeps looks."""
    while start < end:
        yield start
        start += timedelta(minutes=minutes)


def page_rows(pages: Sequence[Page]) -> tuple[Rows, Rows]:
    """Write the pages as `recently_played` and `pages` hold them."""
    rows: Rows = []
    told: Rows = []
    for number, (at, shown) in enumerate(pages):
        page = f"{number:06}"
        rows += [_item(listing, position, page, at) for position, listing in enumerate(shown)]
        told.append({
            "user_id": "me", "dataset": "recently_played", "page": page, "items": len(shown), "rejected": 0,
            "first_at": _utc(min(one.played_at for one in shown)), "last_at": _utc(max(one.played_at for one in shown)),
            "fetched_at": _utc(at),
        })  # fmt: skip
    return rows, told


def _item(listing: Listing, position: int, page: str, at: datetime) -> dict[str, Any]:
    track = listing.play.what
    assert isinstance(track, Track)
    return {
        "user_id": "me", "played_at": _utc(listing.played_at), "position": position, "track_uri": track.uri,
        "track_name": track.name, "artist_name": track.artist, "album_name": track.album, "duration_ms": track.length_ms,
        "context_uri": listing.context, "page": page, "fetched_at": _utc(at),
    }  # fmt: skip


def archive_rows(plays: Iterable[Play], archive: str) -> tuple[Rows, Rows]:
    """Write what an archive of these plays holds as `streaming_history` and `archives` hold it."""
    rows: Rows = [
        {
            "user_id": "me", "archive": archive, "layout": "extended-2025", "member": "history", "row_number": number,
            "reported_at": _utc(play.reported_at), "ms_played": play.ms_played, "reason_start": play.reason_start,
            "reason_end": play.reason_end, "incognito_mode": play.is_incognito, "shuffle": play.shuffle, **_music(play),
            "offline_at": _noted(play.offline_timestamp),
        }
        for number, play in enumerate(plays)
    ]  # fmt: skip
    ends = [row["reported_at"] for row in rows]
    told = {
        "user_id": "me", "archive": archive, "layout": "extended-2025", "member": "history", "is_complete": True,
        "first_at": min(ends), "last_at": max(ends),
    }  # fmt: skip
    return rows, [told]


def _noted(timestamp: int | None) -> str | None:
    """Read a device's note of a start, in seconds; 0 and 1 say nothing."""
    return _utc(datetime.fromtimestamp(timestamp, UTC)) if timestamp and timestamp > 1 else None


def _music(play: Play) -> dict[str, Any]:
    if not isinstance(play.what, Track):
        return {"episode_name": play.what.name, "episode_uri": play.what.uri} if play.what else {}
    track = play.what
    return {"track_name": track.name, "artist_name": track.artist, "album_name": track.album, "track_uri": track.uri}


def receive_all(warehouse: Warehouse, table: str, rows: Rows, folder: Path) -> None:
    """Insert many rows into a landing table at once."""
    path = folder / f"{table}.json"
    path.write_text(json.dumps(rows))
    types = dict(warehouse.ask(f"select column_name, column_type from (describe lake.{table})"))
    columns = ", ".join(f"{name}: '{types[name]}'" for name in {name for row in rows for name in row})
    warehouse.connection.execute(
        f"insert into lake.{table} by name select * from read_json('{path}', columns = {{{columns}}}, format = 'array')"
    )


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
