"""What `imports` and `status` tell: short questions to tables that may not be built yet."""

from typing import Any

from longplay.warehouse.ask import answers
from longplay.warehouse.engine import Connection

NOTHING: dict[str, Any] = {
    "archives": 0,
    "plays": 0,
    "counted_plays": 0,
    "hours": 0,
    "first_play": None,
    "newest_play": None,
    "days_without_data": 0,
    "coverage": {},
}

# In words that DuckDB and Snowflake both understand.
_IMPORTS = """
select
    archive, max(layout) as layout, cast(sum(read) as bigint) as read, cast(sum(distinct_rows) as bigint) as "distinct",
    cast(sum(repeated) as bigint) as repeated, cast(sum(rejected) as bigint) as rejected, min(first_at) as "first",
    max(last_at) as "last", min(case when is_complete then 1 else 0 end) = 1 as is_complete, count(*) as files
from lake.archives where user_id = $user group by archive order by min(first_at), archive
"""

_PLAYS = """
select
    count(*) as plays, count_if(is_counted and not is_incognito) as counted_plays,
    coalesce(sum(
        case when content_type = 'track' and not is_incognito and not is_covered and not is_excluded then ms_played end
    ), 0) / 3600000.0 as hours,
    min(started_at) as first_play, max(ended_at) as newest_play
from marts.fct_plays where user_id = $user
"""

_GAPS = "select count(*) as days_without_data from marts.fct_daily_listening where user_id = $user and coverage = 'gap'"

_COVERAGE = "select coverage, count(*) as days from marts.fct_daily_listening where user_id = $user group by 1 order by 1"

# Snowflake writes names in capitals.
_HELD = """
select 1 from information_schema.tables where lower(table_schema) = ? and lower(table_name) = ?
union select 1 from information_schema.views where lower(table_schema) = ? and lower(table_name) = ?
"""


def imports(connection: Connection, user: str) -> list[dict[str, Any]]:
    """List the archives of a listener with their sums."""
    if not has_table(connection, "lake", "archives"):
        return []
    return answers(connection, _IMPORTS, {"user": user})


def status(connection: Connection, user: str) -> dict[str, Any]:
    """Sum up a listener: archives, plays, hours of music, first and newest play (UTC)."""
    facts = dict(NOTHING, archives=len(imports(connection, user)))
    if has_table(connection, "marts", "fct_plays"):
        facts |= answers(connection, _PLAYS, {"user": user})[0]
    if has_table(connection, "marts", "fct_daily_listening"):
        facts |= answers(connection, _GAPS, {"user": user})[0]
        facts["coverage"] = {row["coverage"]: row["days"] for row in answers(connection, _COVERAGE, {"user": user})}
    return facts


def has_table(connection: Connection, schema: str, table: str) -> bool:
    """Say whether a table or view is there."""
    found = connection.execute(_HELD, [schema, table, schema, table]).fetchone()
    return found is not None


def listeners(connection: Connection) -> list[str]:
    """Name everybody who listened."""
    return [row["user_id"] for row in answers(connection, "select distinct user_id from marts.fct_plays order by user_id")]
