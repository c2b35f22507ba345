"""What becomes of an archive whose every play is known, in each tool."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
from msgspec import Struct

from bench.compare.known import Known
from bench.compare.peers import Row, Tool
from bench.compare.running import Given
from longplay.simulator import private
from longplay.simulator.plays import Play

# What the tools call the same thing, in the order in which it is looked for.
_ENDS: Final = ("reported_at", "ended_at", "timestamp", "at", "ts")
_SKIPS: Final = ("is_skipped", "skipped")
Spot = tuple[datetime, int]
_PATIENCE: Final = 300  # seconds by which a tool may move a play

KINDS: Final = ("music of 30 s and more", "shorter music", "music videos", "podcasts", "audiobooks", "rows that name nothing")
PRIVATE: Final = {
    "addresses (IP)": private.ADDRESSES,
    "user name": (private.USERNAME,),
    "user agent": (private.USER_AGENT,),
    "ids of devices": private.DEVICE_IDS,
    "coordinates": (private.CITY, str(private.LATITUDE)),
    "e-mail address": (private.EMAIL,),
    "payment card": (private.CARD,),
    "messages": (private.MESSAGE,),
}


class Survival(Struct):
    """Of each kind of play, how many were kept of how many, and what is known of them."""

    kinds: dict[str, tuple[int, int]]
    moved: int  # plays that were kept under another second
    rows: int
    skips: bool
    reasons: bool
    uris: bool


class Repeats(Struct):
    """Rows after an archive, after the same again, and after a newer one that holds `distinct` plays."""

    once: int
    twice: int
    newer: int
    distinct: int


class Found(Struct):
    """Everything that was found out about a tool."""

    survival: Survival
    private: list[str]
    hours_moved: float | None
    repeats: Repeats
    faults: dict[str, str]
    of_a_zip: str


def found_out(tool: Tool, known: Known) -> Found:
    """Try a tool in every way."""
    return Found(
        survival=survival(tool, known),
        private=private_kept(tool, known),
        hours_moved=moved_by_zone(tool, known),
        repeats=repeats(tool, known),
        faults=after_faults(tool, known),
        of_a_zip=of_a_zip(tool, known),
    )


def survival(tool: Tool, known: Known) -> Survival:
    """Look for every play of an archive, and for what is known of it."""
    rows = brought_in(tool, known.today)
    kept, unit = Counter(map(_key, rows)), 1000 if any("seconds" in row for row in rows) else 1
    kinds: dict[str, tuple[int, int]] = dict.fromkeys(KINDS, (0, 0))
    places = _places(known.plays, kept, unit)
    for play, place in places.items():
        of = kinds[_kind(play)]
        kinds[_kind(play)] = (of[0] + (place is not None), of[1] + 1)
    return Survival(
        kinds=kinds,
        moved=sum(1 for place in places.values() if place),
        rows=len(rows),
        skips=len({row[name] for row in rows for name in _SKIPS if row.get(name) is not None}) > 1,
        reasons=any(value == "fwdbtn" for row in rows for value in row.values()),
        uris=any(str(value).startswith("spotify:track:") for row in rows for value in row.values()),
    )


def private_kept(tool: Tool, known: Known) -> list[str]:
    """Name what is private in archives of all layouts and stands in any file that a tool made of them."""
    texts = []
    for given in known.layouts.values():
        with TemporaryDirectory() as folder:
            brought_in(tool, given, Path(folder))
            texts += everything(Path(folder))
    return [name for name, words in PRIVATE.items() if any(word in text for word in words for text in texts)]


def everything(out: Path) -> Iterator[str]:
    """Yield all that stands in any file a tool made, packed or not."""
    for path in (path for path in out.rglob("*") if path.is_file()):
        if path.suffix == ".parquet":
            yield str(duckdb.execute(f"from read_parquet('{path}')").fetchall())
        elif path.suffix == ".duckdb":
            with closing(duckdb.connect(str(path), read_only=True)) as connection:
                names = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
                yield from (str(connection.execute(f"from {name}").fetchall()) for (name,) in names)
        elif path.suffix in {".db", ".sqlite"}:
            with closing(sqlite3.connect(path)) as connection:
                yield from connection.iterdump()
        else:
            yield path.read_text(encoding="utf-8", errors="replace")


def moved_by_zone(tool: Tool, known: Known) -> float | None:
    """Tell by how many hours plays are moved on a machine that keeps New York's time; None where nothing is kept."""
    rows = brought_in(tool, known.today, TZ="America/New_York")
    ends = [play.reported_at.replace(tzinfo=None) for play in known.plays]
    last = max((_key(row)[0] for row in rows), default=None)
    return None if last is None else round((last - max(ends)).total_seconds() / 3600)


def repeats(tool: Tool, known: Known) -> Repeats:
    """Bring in an older archive twice, then a newer one."""
    with TemporaryDirectory() as folder:
        counts = [len(brought_in(tool, given, Path(folder))) for given in (known.before, known.before, known.today)]
    return Repeats(*counts, distinct=len(known.plays))


def after_faults(tool: Tool, known: Known) -> dict[str, str]:
    """Say what one bad row in the middle of a file does to the rows around it."""
    before = len(brought_in(tool, known.good))
    return {name: _after_fault(tool, given, before) for name, given in known.faulty.items()}


def _after_fault(tool: Tool, given: Given, before: int) -> str:
    with TemporaryDirectory() as folder:
        status = tool.run(given, Path(folder)).status
        after = len(rows_of(tool, Path(folder)))
    end = " and ends with an error" if status else ""
    if after < before:
        return f"loses {before - after} of {before} good rows{end}"
    return ("drops that row" if after == before else "keeps it as a play") + end


def of_a_zip(tool: Tool, known: Known) -> str:
    """Say what a tool does with the ZIP that Spotify sends."""
    with TemporaryDirectory() as folder:
        status = tool.run(Given(known.good.zip, known.good.zip), Path(folder)).status
        is_read = bool(rows_of(tool, Path(folder)))
    return "reads it" if is_read else f"does not read it, ends with {'an error' if status else 'success'}"


def brought_in(tool: Tool, given: Given, out: Path | None = None, **environment: str) -> list[Row]:
    """Bring an archive into a folder, an empty one if none is named, and give the rows that are there then."""
    if out is None:
        with TemporaryDirectory() as folder:
            return brought_in(tool, given, Path(folder), **environment)
    tool.run(given, out, **environment)
    return rows_of(tool, out)


def rows_of(tool: Tool, out: Path) -> list[Row]:
    """Give what a tool kept: nothing where there is no table to look into."""
    try:
        return tool.rows(out)
    except (duckdb.Error, sqlite3.Error):
        return []


def _kind(play: Play) -> str:
    if play.content_type == "track":
        return KINDS[2] if play.is_video else KINDS[0] if play.ms_played >= 30_000 else KINDS[1]  # noqa: PLR2004 - as it says
    return {"episode": KINDS[3], "audiobook": KINDS[4]}.get(play.content_type, KINDS[5])


def _places(plays: Sequence[Play], kept: Counter[Spot], unit: int) -> dict[Play, int | None]:
    """Tell of each play by how many seconds it was moved, None where it is not there. Those that were not moved go first."""
    places: dict[Play, int | None] = dict.fromkeys(plays)
    for play in plays:
        if kept[_spot(play, 0, unit)] > 0:
            places[play] = 0
            kept[_spot(play, 0, unit)] -= 1
    for play in (play for play, place in places.items() if place is None):
        places[play] = next((seconds for seconds in range(1, _PATIENCE) if kept[_spot(play, seconds, unit)] > 0), None)
        kept[_spot(play, places[play] or 0, unit)] -= 1
    return places


def _spot(play: Play, seconds: int, unit: int) -> Spot:
    return play.reported_at.replace(tzinfo=None) + timedelta(seconds=seconds), play.ms_played // unit * unit


def _key(row: Row) -> Spot:
    """Give the end of a play, UTC to the second, and its milliseconds; some tools know whole seconds only."""
    return _instant(_first(row, _ENDS)), int(row["seconds"] * 1000 if "seconds" in row else row["ms_played"])


def _instant(value: Any) -> datetime:
    if isinstance(value, int):
        value = datetime.fromtimestamp(value, UTC)
    elif isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC).replace(tzinfo=None, microsecond=0) if value.tzinfo else value


def _first(row: Row, names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)
