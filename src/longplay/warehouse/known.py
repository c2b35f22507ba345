"""The second half of an import's sum: which plays of an archive another archive of the listener already holds."""

import duckdb

# A play is what was played, when and for how long; a row without an address is the play of the same names that has one.
_DISTINCT_PLAYS = """
select distinct
    user_id, archive, reported_at, ms_played, names,
    coalesce(uri, min(uri) over (partition by user_id, archive, reported_at, ms_played, names)) as uri
from (
    select
        user_id, archive, reported_at, ms_played,
        coalesce(track_uri, episode_uri, chapter_uri, audiobook_uri) as uri,
        lower(concat_ws(chr(31), artist_name, track_name, show_name, episode_name, audiobook_title, chapter_title)) as names
    from lake.streaming_history
    where user_id = $user
)
"""

_ACCOUNT_PLAYS = """
select distinct user_id, archive, reported_at, ms_played, lower(concat_ws(chr(31), artist_name, track_name)) as names
from lake.account_history
where user_id = $user
"""

# The account data knows minutes: it holds a play that ended within one minute, as long, and as named (or unnamed).
_KNOWN = f"""
with plays as ({_DISTINCT_PLAYS}),
account as ({_ACCOUNT_PLAYS}),
mine as (select * from plays where archive = $archive),
others as (select * from plays where archive <> $archive),
by_address as (
    select distinct m.reported_at, m.ms_played, coalesce(m.uri, m.names) as what
    from mine m join others o on o.reported_at = m.reported_at and o.ms_played = m.ms_played and o.uri = m.uri
),
by_name as (
    select distinct m.reported_at, m.ms_played, coalesce(m.uri, m.names) as what
    from mine m join others o on o.reported_at = m.reported_at and o.ms_played = m.ms_played and o.names = m.names
    where m.uri is null or o.uri is null
),
by_minute as (
    select distinct m.reported_at, m.ms_played, coalesce(m.uri, m.names) as what
    from mine m join account a
        on a.archive <> $archive and a.ms_played = m.ms_played and (a.names = m.names or m.names = '')
        and abs(date_diff('minute', a.reported_at, m.reported_at)) <= 1
),
my_minutes as (select * from account where archive = $archive),
account_known as (
    select m.reported_at, m.ms_played, m.names from my_minutes m
    semi join account a on a.archive <> $archive and a.reported_at = m.reported_at
        and a.ms_played = m.ms_played and a.names = m.names
    union
    select m.reported_at, m.ms_played, m.names from my_minutes m
    semi join plays p on p.archive <> $archive and p.ms_played = m.ms_played and (p.names = m.names or p.names = '')
        and abs(date_diff('minute', p.reported_at, m.reported_at)) <= 1
)
select
    (select count(*) from (from by_address union from by_name union from by_minute))
    + (select count(*) from account_known)
"""  # noqa: S608  put together from the two texts above, values are bound


def known_plays(connection: duckdb.DuckDBPyConnection, user: str, archive: str) -> int:
    """Count the distinct plays of a loaded archive that another loaded archive of this listener holds, too."""
    row = connection.execute(_KNOWN, {"user": user, "archive": archive}).fetchone()
    return int(row[0]) if row else 0
