"""A page to publish: the same page, drawn from marts that know less.

Beside the warehouse stands a second database for as long as the page is drawn. In it are the tables the page reads, under the
same names, with every instant cut to its hour, without what is to be left out, with or without names. So no query and no chart
has to remember what may be published: what is not in these tables cannot come into the page.
"""

# ruff: noqa: S608  the pieces put together are ours; what is not comes in as a parameter

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import duckdb

from longplay.errors import WrongCall
from longplay.report import queries

NAME: Final = "published"  # of the database that knows less

# What says nothing of anybody; what tells of a listener in sums, in hours and by keys that only published plays give a name.
# A table that is not here is not there.
SHARED: Final = ("marts.dim_date", "intermediate.int_artist_families")
OF_A_LISTENER: Final = (
    "intermediate.int_discovery_events",
    "intermediate.int_listening_sessions",
    "intermediate.int_rediscoveries",
    "lake.archives",
    "lake.pages",
    "marts.fct_daily_listening",
    "marts.rpt_artist_diversity",
    "marts.rpt_completeness",
    "marts.rpt_discovery_analysis",
    "marts.rpt_discovery_channels",
    "marts.rpt_genre_evolution",
    "marts.rpt_listening_trends",
    "marts.rpt_mood",
    "marts.rpt_play_rules",
    "marts.rpt_skip_behaviour",
    "marts.rpt_skip_survival",
)
PLAYS: Final = "marts.fct_plays"
TRACKS, ARTISTS = "marts.dim_tracks", "marts.dim_artists"
_NAMES: Final = ("artist_name", "track_name", "album_name")
_CODES: Final = frozenset({"isrc"})  # which names a track as its name does
_MADE_FROM_INSTANTS: Final = ("play_id", "session_id", "discovery_id", "rediscovery_id", "context_uri", "source_file")
_OF_FILES: Final = ("member", "page", "unknown_fields")  # their names and what stood in them
_BY_NUMBER: Final = {"archive": "cast(dense_rank() over (order by archive) as varchar)"}  # else a hash tells whose it is

# Whole words, but for letters that are written without spaces between words: there any part of a name is meant.
_IS_MEANT: Final = r"regexp_matches(strip_accents(lower({column})), '(^|[^a-z0-9])' || $pattern || '($|[^a-z0-9])')"
_PATTERN: Final = "select regexp_escape(strip_accents(lower(?)))"

# Plays of one hour that are alike in all that is counted share their time, so that none keeps its length to the millisecond.
_HOUR: Final = "date_trunc('hour', local_started_at)"
_ALIKE: Final = f"{_HOUR}, content_type, artist_key, recording_key, album_name, is_counted, is_skipped"
_SHARED_MS: Final = f"""cast(
    sum(ms_played) over (partition by {_ALIKE}) // count(*) over (partition by {_ALIKE})
    + cast(row_number() over (partition by {_ALIKE} order by started_at, ms_played)
           <= sum(ms_played) over (partition by {_ALIKE}) % count(*) over (partition by {_ALIKE}) as int)
as bigint)"""


@dataclass(frozen=True)
class Rules:
    """What a published page leaves out: artists, tracks or albums by name, or all names."""

    exclude: Sequence[str] = ()
    is_anonymous: bool = False


@dataclass(frozen=True)
class Marts:
    """A listener's tables, and the connection that shows them: `source` is the name of the database they are in."""

    connection: duckdb.DuckDBPyConnection
    source: str
    user: str


@contextmanager
def published(marts: Marts, rules: Rules) -> Iterator[dict[str, int]]:
    """Let the connection see only what may be published; yields how many plays each excluded name took out.

    Raises `WrongCall` for a name that takes nothing out: it may be misspelled, and would be published.
    """
    connection = marts.connection
    connection.execute(f"attach ':memory:' as {NAME}")
    try:
        connection.execute(f"create schema {NAME}.marts; create schema {NAME}.intermediate; create schema {NAME}.lake")
        taken = _plays(marts, rules)
        for table in (*SHARED, *OF_A_LISTENER):
            _cut(marts, table, "where user_id = $user" if table in OF_A_LISTENER else "")
        _named_as_published(marts, TRACKS, "track_key", ("artist_name", "track_name", "album_name", "spotify_uri"))
        if not rules.is_anonymous:  # it leads to Spotify
            _named_as_published(marts, ARTISTS, "artist_key", ("artist_name",))
        connection.execute(f"use {NAME}")
        yield taken
    finally:
        connection.execute(f"use {marts.source}")
        connection.execute(f"detach {NAME}")


def _plays(marts: Marts, rules: Rules) -> dict[str, int]:
    """Make the plays: each in its hour, in no order within it."""
    connection, source = marts.connection, f"{marts.source}.{PLAYS}"
    columns = _columns(marts, PLAYS)
    replaced = (
        _replaced(columns) | {"ms_played": _SHARED_MS} | {name: "null" for name in _MADE_FROM_INSTANTS if name in columns}
    )
    connection.execute(
        f"create table {NAME}.{PLAYS} as select {_selected(columns, replaced)} from {source} "
        f"where user_id = $user order by {_ALIKE}, ms_played",
        {"user": marts.user},
    )
    taken = {name: _taken_out(marts, name) for name in rules.exclude}
    if rules.is_anonymous:
        _name_by_number(marts)
    return taken


def _taken_out(marts: Marts, name: str) -> int:
    """Take out every play that names it; returns how many those were."""
    (pattern,) = marts.connection.execute(_PATTERN, [name.strip()]).fetchone() or ("",)
    is_meant = " or ".join(_IS_MEANT.format(column=column) for column in _NAMES)
    gone = (
        marts.connection.execute(f"delete from {NAME}.{PLAYS} where {is_meant} returning 1", {"pattern": pattern}).fetchall()
        if pattern
        else []
    )
    if not gone:
        raise WrongCall(f"No play is of {name!r}; nothing was written.", "Write the name as the page does.")
    return len(gone)


def _name_by_number(marts: Marts) -> None:
    """Call the artist with most plays "Artist 1", and tracks and albums alike; what leads to Spotify goes."""
    keys = {"artist_name": "artist_key", "track_name": "recording_key", "album_name": "artist_key, album_name"}
    numbered = ", ".join(f"{_by_number(name, key)} as {name}" for name, key in keys.items())
    sums = ", ".join(
        f"count(*) filter (where is_counted and content_type = 'track') over (partition by {key}) as {name}_plays"
        for name, key in keys.items()
    )
    table = f"{NAME}.{PLAYS}"
    marts.connection.execute(
        f"create or replace table {table} as select * exclude ({', '.join(f'{name}_plays' for name in keys)}) "
        f"replace ({numbered}, null as spotify_uri) from (select *, {sums} from {table}) as sums"
    )


def _by_number(name: str, key: str) -> str:
    """Call what is played most by 1. "Various Artists" is nobody's name, and no artist under its own alone: it keeps it."""
    kept = queries.NO_ARTIST if name == "artist_name" else "false"
    place = f"dense_rank() over (order by {kept}, sums.{name}_plays desc, {key})"
    return (
        f"case when {kept} then {name} when {name} is not null then '{name.removesuffix('_name').capitalize()} ' || {place} end"
    )


def _named_as_published(marts: Marts, table: str, key: str, names: Sequence[str]) -> None:
    """Show of what plays are of only what published plays are of, under its published names."""
    columns = _columns(marts, table)
    if not columns:
        return
    replaced = (
        _replaced(columns, "known.")
        | {name: f"plays.{name}" for name in names}
        | dict.fromkeys(_CODES & columns.keys(), "null")
    )
    found = ", ".join(f"min({name}) as {name}" for name in names)
    marts.connection.execute(
        f"create table {NAME}.{table} as select {_selected(columns, replaced, 'known.')} from {marts.source}.{table} as known "
        f"join (select {key}, {found} from {NAME}.{PLAYS} group by {key}) as plays on plays.{key} = known.{key}"
    )


def _cut(marts: Marts, table: str, where: str) -> None:
    """Show a table with its instants cut to the hour; nothing where the warehouse has none of that name."""
    columns = _columns(marts, table)
    if columns:
        selected = _selected(columns, _replaced(columns))
        marts.connection.execute(
            f"create table {NAME}.{table} as select {selected} from {marts.source}.{table} {where}",
            {"user": marts.user} if where else {},
        )


def _columns(marts: Marts, table: str) -> dict[str, str]:
    """Give the columns of a table of the warehouse and their types."""
    schema, name = table.split(".")
    asked = marts.connection.execute(
        "select column_name, data_type from duckdb_columns() where database_name = ? and schema_name = ? and table_name = ? "
        "order by column_index",
        [marts.source, schema, name],
    )
    return dict(asked.fetchall())


def _replaced(columns: dict[str, str], of: str = "") -> dict[str, str]:
    """Cut every column that holds instants to the hour, and empty those that were made from them or name a file."""
    hours = {name: f"date_trunc('hour', {of}{name})" for name, kind in columns.items() if kind.startswith("TIMESTAMP")}
    emptied = {name: "null" for name in (*_MADE_FROM_INSTANTS, *_OF_FILES) if name in columns}
    return hours | emptied | {name: number for name, number in _BY_NUMBER.items() if name in columns}


def _selected(columns: dict[str, str], replaced: dict[str, str], of: str = "") -> str:
    return ", ".join(f"{replaced[name]} as {name}" if name in replaced else f"{of}{name}" for name in columns)


def told(rules: Rules, taken: dict[str, int]) -> str:
    """Say at the top of a published page what it still tells."""
    said = (
        "This page was made to be published. It still tells what was played in which hour of which day, how often, for how long"
    )
    names = " Names are numbers here; habits and genres are not." if rules.is_anonymous else ""
    left_out = " Some music is left out." if taken else ""
    return f"{said}, and what was skipped. No play keeps its minute.{names}{left_out}"
