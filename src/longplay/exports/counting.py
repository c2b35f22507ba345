"""The first half of an import's sum: which rows of an archive are a play of their own, and which say one again.

Two rows are one play when time, time played and what was played are equal; what is the address where both have one, else the
names. The first row in the order of the files is the play, the others repeat it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from longplay.exports.duck import Reader, literal

_ROWS_AT_ONCE: Final = 1_100_000  # so that memory does not grow with the archive

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


def count_plays(reader: Reader, table: str, files: Mapping[Path, int]) -> dict[Path, int]:
    """Count the plays that each file of typed rows is the first to tell of; `files` says how many rows each has, in order."""
    paths = f"[{', '.join(map(literal, files))}]"
    counts = list(files.values())
    crowded = _write_crowded(reader, paths, sum(counts)) if files else 0
    for share in _shares(crowded):
        for number, repeated in reader.connection.execute(_repeated(table, paths, share)).fetchall():
            counts[number] -= repeated
    return dict(zip(files, counts, strict=True))


def _shares(rows: int) -> list[str]:
    """Spell conditions that split so many rows by their instant, each part small enough for memory."""
    shares = -(-rows // _ROWS_AT_ONCE)
    return [f"hash(reported_at) % {shares} = {share}" for share in range(shares)]


def _write_crowded(reader: Reader, paths: str, rows: int) -> int:
    """Note every instant and length that several rows have in common; returns how many rows those are.

    Few rows do (1 in 100), so names and addresses are read of those alone.
    """
    reader.connection.execute("create or replace temp table crowded (reported_at timestamp, ms_played bigint, times bigint)")
    for share in _shares(rows):
        reader.connection.execute(
            f"insert into crowded select reported_at, ms_played, count(*) from read_parquet({paths}) "  # noqa: S608  paths and numbers only
            f"where {share} group by all having count(*) > 1"
        )
    row = reader.connection.execute("select coalesce(sum(times), 0) from crowded").fetchone()
    return int(row[0]) if row else 0


def _repeated(table: str, paths: str, share: str) -> str:
    """Spell the question how many rows of each file repeat one before them, for one share of the crowded instants."""
    return f"""
        with files as (select unnest({paths}) as filename, generate_subscripts({paths}, 1) - 1 as file),
        candidates as (
            select
                file, row_number, reported_at, ms_played, {_NAMES[table]} as names, {_ADDRESS[table]} as uri,
                min({_ADDRESS[table]}) over (partition by reported_at, ms_played, {_NAMES[table]}) as uri_of_the_name
            from read_parquet({paths}, filename = true)
            semi join (from crowded where {share}) using (reported_at, ms_played)
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
