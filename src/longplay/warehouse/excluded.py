"""What an exclusion takes out of the statistics, asked of the plays before it is built; and what is worth one."""

from datetime import date
from typing import Any, Final

import duckdb
from msgspec import Struct

from longplay.warehouse.ask import answers
from longplay.warehouse.overview import has_table

SUGGESTIONS: Final = "rpt_exclusion_suggestions"
_ALIKE: Final = 0.75  # of Jaro and Winkler: what is less so was hardly meant


def _spelled(column: str) -> str:
    return f"trim(lower(regexp_replace({column}, '[[:space:]]+', ' ', 'g')))"


# As the models do: a title is that of all its releases.
_TITLES: Final = f"""(
    select recording_key from staging.stg_spotify__tracks
    where ($artist is null or {_spelled("artist_name")} = $artist)
        and (recording_title = $name or recording_title in (
            select recording_title from staging.stg_spotify__tracks where {_spelled("track_name")} = $name
        ))
)"""  # noqa: S608  ours

_IS_MEANT: Final = {
    "artist": f"content_type = 'track' and {_spelled('artist_name')} = $name",
    "show": f"content_type in ('episode', 'audiobook') and {_spelled('artist_name')} = $name",
    "track": f"content_type = 'track' and recording_key in {_TITLES}",
    "hours": "content_type <> 'unknown' and list_contains($hours::int[], hour(local_started_at)::int) "
    "and local_started_at::date between coalesce($since, date '0001-01-01') and coalesce($until, date '9999-12-31')",
}
_NAMES: Final = {
    "artist": "artist_name as name from marts.fct_plays where content_type = 'track'",
    "show": "artist_name as name from marts.fct_plays where content_type in ('episode', 'audiobook')",
    "track": "track_name as name from marts.fct_plays where content_type = 'track'",
}


class Meant(Struct, frozen=True, kw_only=True):
    """Something to be excluded: names in lower case and single spaces, hours of the local day. No user: everybody's."""

    kind: str
    name: str = ""
    artist: str | None = None
    hours: list[int] = []
    since: date | None = None
    until: date | None = None
    user: str | None = None


class Taken(Struct, frozen=True):
    """What that takes out: plays that would else be in the statistics, and their hours."""

    plays: int
    hours: float


def taken_out(connection: duckdb.DuckDBPyConnection, meant: Meant) -> Taken:
    """Count what statistics lose."""
    condition = _IS_MEANT[meant.kind]
    asked = {"name": meant.name, "artist": meant.artist, "hours": meant.hours, "since": meant.since, "until": meant.until}
    row = connection.execute(
        "select count(*), coalesce(sum(ms_played), 0) / 3600000.0 from marts.fct_plays "  # noqa: S608  values are bound
        f"where not is_incognito and not is_covered and ($user is null or user_id = $user) and {condition}",
        {"user": meant.user} | {key: value for key, value in asked.items() if f"${key}" in condition},
    ).fetchone()
    return Taken(*row) if row else Taken(0, 0.0)


def nearest(connection: duckdb.DuckDBPyConnection, meant: Meant) -> str | None:
    """Give the name among those that were played that is most like this one; none where nothing is like it."""
    if meant.kind not in _NAMES:
        return None
    row = connection.execute(
        f"with names as (select {_NAMES[meant.kind]}), "  # noqa: S608  values are bound
        f"alike as (select name, count(*) as plays, jaro_winkler_similarity({_spelled('name')}, $name) as likeness "
        "from names group by 1) "
        "select name from alike where likeness > $least order by likeness desc, plays desc, name limit 1",
        {"name": meant.name, "least": _ALIKE},
    ).fetchone()
    return row[0] if row else None


def suggestions(connection: duckdb.DuckDBPyConnection, user: str) -> list[dict[str, Any]] | None:
    """List what one may want to exclude, most hours first; none where these models know of no suggestions."""
    if not has_table(connection, "marts", SUGGESTIONS):
        return None
    return answers(
        connection,
        f"select kind, name, hours, plays, why from marts.{SUGGESTIONS} where user_id = $user order by hours desc, kind, name",  # noqa: S608  ours
        {"user": user},
    )
