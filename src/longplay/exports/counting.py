"""The first half of an import's sum: which rows of an archive are a play of their own, and which say one again.

Two rows are one play when time, time played and what was played are equal; what is the address where both have one, else the
names. The first row in the order of the files is the play, the others repeat it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from longplay.exports.duck import Reader, literal

_NAMES: Final = {
    "streaming_history": "lower(concat_ws(chr(31), artist_name, track_name, show_name, episode_name, audiobook_title, chapter_title))",
    "account_history": "lower(concat_ws(chr(31), artist_name, track_name))",
}
_ADDRESS: Final = {
    "streaming_history": "coalesce(track_uri, episode_uri, chapter_uri, audiobook_uri)",
    "account_history": "null::varchar",
}


def count_plays(reader: Reader, table: str, files: Sequence[Path]) -> list[int]:
    """Count the plays that each file of typed rows is the first to tell of."""
    if not files:
        return []
    rows = " union all ".join(
        f"select {number} as file, reported_at, ms_played, {_ADDRESS[table]} as uri, {_NAMES[table]} as names "  # noqa: S608
        f"from read_parquet({literal(path)})"
        for number, path in enumerate(files)
    )
    counted = reader.connection.execute(f"""
        with plays as ({rows}),
        nameless as (
            select reported_at, ms_played, names, min(uri) as uri from plays
            where (reported_at, ms_played, names) in (select (reported_at, ms_played, names) from plays where uri is null)
            group by all
        ),
        told as (
            select min(file) as file from plays left join nameless using (reported_at, ms_played, names)
            group by reported_at, ms_played, coalesce(plays.uri, nameless.uri, plays.names)
        )
        select file, count(*) from told group by file
    """).fetchall()  # noqa: S608  paths and numbers only
    by_file = dict(counted)
    return [by_file.get(number, 0) for number in range(len(files))]
