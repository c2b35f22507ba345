"""Reading a table of the listener's own that says how tracks sound: CSV or Parquet, whatever its columns are called.

The column of ids is found by what is in it, the measures by their names. Only tracks of the listener's are taken: public data
sets hold millions of others.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import duckdb

from longplay.errors import WrongCall

_SHARES: Final = ("acousticness", "danceability", "energy", "instrumentalness", "liveness", "speechiness", "valence")
_OTHERS: Final = ("loudness", "tempo", "key", "mode")
_ID: Final = "^(spotify:track:|https://open[.]spotify[.]com/track/)?[0-9A-Za-z]{22}$"
_SAMPLE: Final = 1000  # rows that are looked at to find the ids
_MOST_ARE: Final = 0.9
_PERCENT: Final = 100
_ACTION: Final = "It has to be CSV or Parquet with a column of Spotify ids and columns called valence or energy."


def read(connection: duckdb.DuckDBPyConnection, path: Path, user: str) -> tuple[int, list[dict[str, Any]]]:
    """Give how many rows there are, and a row for each of the listener's tracks: `track_id` and what is told of it.

    Raises `WrongCall` where the file is no such table.
    """
    table = _table(path)
    try:
        columns = [row[0] for row in connection.execute(f"describe from {table}").fetchall()]
        ids = _ids(connection, table, columns)
        told = dict(_measures(connection, table, columns))
        if ids is None or not {"valence", "energy"} & told.keys():
            raise WrongCall(f"{path.name} does not say how tracks sound.", _ACTION)
        count = connection.execute(f"select count(*) from {table}").fetchall()[0][0]  # noqa: S608  quoted by `_table`
        return count, list(_rows(connection, table, ids, told, user))
    except duckdb.Error as error:
        raise WrongCall(f"{path.name} cannot be read: {str(error).splitlines()[0]}", _ACTION) from error


def _table(path: Path) -> str:
    if not path.is_file():
        raise WrongCall(f"There is no file {path}.", "Give the path of a CSV or Parquet file.")
    spelled = str(path).replace("'", "''")
    is_parquet = path.open("rb").read(4) == b"PAR1"
    return f"read_parquet('{spelled}')" if is_parquet else f"read_csv('{spelled}', all_varchar = true)"


def _ids(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> str | None:
    """Find the column whose values look like ids of tracks; one that says so in its name before others."""
    found = []
    for column in columns:
        look = (
            f"select avg(regexp_matches(trim(cast(value as varchar)), '{_ID}')::int) "  # noqa: S608  ours
            f"from (select {_quoted(column)} as value from {table} where {_quoted(column)} is not null limit {_SAMPLE})"
        )
        share = connection.execute(look).fetchall()[0][0] or 0
        if share >= _MOST_ARE:
            found.append(column)
    return min(found, key=lambda column: (not _is_of_track(column), columns.index(column)), default=None)


def _is_of_track(column: str) -> bool:
    return any(word in column.lower() for word in ("track", "song", "uri")) or column.lower() == "id"


def _measures(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> Iterator[tuple[str, str]]:
    """Give for each measure how to read it; shares are 0 to 1, also where they are told in percent."""
    for column in columns:
        # Without `concat` DuckDB 2.0 casts while it reads a CSV file, and there a bad value ends the reading.
        name, value = "".join(filter(str.isalpha, column.lower())), f"try_cast(concat({_quoted(column)}) as double)"
        if name in _OTHERS:
            yield name, value
        elif name in _SHARES:
            low, high = connection.execute(f"select min({value}), max({value}) from {table}").fetchall()[0]  # noqa: S608  the same
            if low is not None and low >= 0 and high <= _PERCENT:
                yield name, value if high <= 1 else f"{value} / {_PERCENT}"


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, ids: str, told: Mapping[str, str], user: str
) -> Iterator[dict[str, Any]]:
    whole = {"key", "mode"}
    spelled = ", ".join(
        f"{f'try_cast({value} as bigint)' if name in whole else value} as {_quoted(name)}" for name, value in told.items()
    )
    cursor = connection.execute(
        f"with told as (select right(trim(cast({_quoted(ids)} as varchar)), 22) as track_id, {spelled} from {table}) "  # noqa: S608
        "select * from told where (track_id) in (select track_key from marts.fct_plays where user_id = $user) "
        "qualify row_number() over (partition by track_id) = 1 order by track_id",
        {"user": user},
    )
    names = [column[0] for column in cursor.description or []]
    for row in cursor.fetchall():
        values = {name: value for name, value in zip(names, row, strict=True) if value is not None}
        if values.get("key") == -1:
            del values["key"]
        yield values


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
