"""The first half of an import's sum: which rows of an archive are a play of their own, and which say one again.

Two rows are one play when time, time played and what was played are equal; what is the address where both have one, else the
names. The first row in the order of the files is the play, the others repeat it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from longplay.exports.duck import Reader, literal

_ROWS_AT_ONCE: Final = 1_500_000  # so that memory does not grow with the archive

_NAMES: Final = {
    "streaming_history": (
        "lower(concat_ws(chr(31), artist_name, track_name, show_name, episode_name, audiobook_title, chapter_title))"
    ),
    "account_history": "lower(concat_ws(chr(31), artist_name, track_name))",
}
_ADDRESS: Final = {
    "streaming_history": "coalesce(track_uri, episode_uri, chapter_uri, audiobook_uri)",
    "account_history": "null::varchar",
}


def count_plays(reader: Reader, table: str, files: Sequence[Path]) -> list[int]:
    """Count the plays that each file of typed rows is the first to tell of."""
    paths = f"[{', '.join(map(literal, files))}]"
    counts = [reader.rows(path) for path in files]
    shares = sum(counts) // _ROWS_AT_ONCE + 1
    for share in range(shares if files else 0):
        for number, repeated in reader.connection.execute(_repeated(table, paths, shares, share)).fetchall():
            counts[number] -= repeated
    return counts


def _repeated(table: str, paths: str, shares: int, share: int) -> str:
    """Spell the question how many rows of each file repeat one before them, for one share of all instants.

    Few rows have their instant and length in common with another (1 in 100), so only the names of those are looked at.
    """
    return f"""
        with files as (select unnest({paths}) as filename, generate_subscripts({paths}, 1) - 1 as file),
        crowded as (
            select reported_at, ms_played from read_parquet({paths})
            where hash(reported_at) % {shares} = {share}
            group by all having count(*) > 1
        ),
        candidates as (
            select
                file, row_number, reported_at, ms_played, {_NAMES[table]} as names, {_ADDRESS[table]} as uri,
                min({_ADDRESS[table]}) over (partition by reported_at, ms_played, {_NAMES[table]}) as uri_of_the_name
            from read_parquet({paths}, filename = true)
            semi join crowded using (reported_at, ms_played)
            join files using (filename)
        ),
        told as (
            select file, row_number() over (
                partition by reported_at, ms_played, coalesce(uri, uri_of_the_name, names) order by file, row_number
            ) as time
            from candidates
        )
        select file, count(*) from told where time > 1 group by file
    """  # noqa: S608  paths and numbers only
