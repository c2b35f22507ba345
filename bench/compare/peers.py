"""The tools that are compared: how each is called, and how one sees what it kept."""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import duckdb
from msgspec import Struct

from bench.compare import environments
from bench.compare.running import Cost, Given, measured

Row = dict[str, Any]
HERE: Final = Path(sys.executable).parent
BENCH: Final = Path(__file__).resolve().parents[1]


class Tool(Struct, frozen=True):
    """A tool that is ready to run. Everything it makes goes into the folder it is told."""

    name: str
    version: str
    programs: Path
    commands: Callable[[Path, Given, Path], list[list[str]]]
    rows: Callable[[Path], list[Row]]  # what it kept of plays, in its own words
    told: Callable[[Path], Mapping[str, str]]  # the environment it needs

    def run(self, given: Given, out: Path, **environment: str) -> Cost:
        """Bring an archive into what is in `out`."""
        return measured(self.commands(self.programs, given, out), dict(self.told(out)) | environment)

    def spelled(self) -> list[str]:
        """Say the commands as one would type them."""
        commands = self.commands(Path(), Given(Path("ARCHIVE.zip"), Path("FOLDER")), Path("OUT"))
        return [" ".join(command).replace(f"{environments.ROOT}/", "") for command in commands]


def ours(version: str, *, with_build: bool) -> Tool:
    """Longplay: the import alone, or with every model."""

    def commands(programs: Path, given: Given, out: Path) -> list[list[str]]:
        longplay = [str(programs / "longplay"), "--home", str(out)]
        return [[*longplay, "import", str(given.zip)], *([[*longplay, "build"]] if with_build else [])]

    return Tool("Longplay, import and build" if with_build else "Longplay", version, HERE, commands, _our_rows, _no_more)


def _our_rows(out: Path) -> list[Row]:
    """Give the plays; where no model was built, what the archives hold, each play once."""
    with closing(duckdb.connect(str(out / "warehouse.duckdb"), read_only=True)) as connection:
        if connection.execute("select 1 from duckdb_tables() where table_name = 'fct_plays'").fetchone():
            return _fetched(connection.execute("from marts.fct_plays"))
        return _fetched(
            connection.execute("""
            select distinct on (
                reported_at, ms_played, coalesce(track_uri, episode_uri, chapter_uri, artist_name || track_name)
            ) *
            from (from lake.streaming_history union all by name from lake.account_history)
        """)
        )


def _pandas(programs: Path, given: Given, out: Path) -> list[list[str]]:
    return [[str(programs / "python"), str(BENCH / "pandas_script.py"), str(given.zip), str(out)]]


def _dataloader(programs: Path, given: Given, out: Path) -> list[list[str]]:
    script = BENCH / "compare" / "load_frame.py"
    return [[str(programs / "python"), str(script), str(given.folder), str(out / "plays.parquet")]]


def _sqlite(programs: Path, given: Given, out: Path) -> list[list[str]]:
    return [[str(programs / "spotify-to-sqlite"), "convert", str(given.zip), str(out / "spotify.db")]]


def _maloja(programs: Path, given: Given, _: Path) -> list[list[str]]:
    """One call for each file: its importer takes one at a time, and writes into the database without a server."""
    files = sorted(given.folder.rglob("*.json")) if given.folder.is_dir() else [given.folder]
    return [[str(programs / "maloja"), "import", str(file)] for file in files]


def _parquet_rows(out: Path) -> list[Row]:
    path = out / "plays.parquet"
    return _fetched(duckdb.sql(f"from read_parquet('{path}')")) if path.exists() else []


def _sqlite_rows(out: Path) -> list[Row]:
    with closing(sqlite3.connect(out / "spotify.db")) as connection:
        tables = _names(connection, "streaming%", "endsong%")
        return [row for table in tables for row in _fetched(connection.execute(f"select * from [{table}]"))]  # noqa: S608


def _maloja_rows(out: Path) -> list[Row]:
    query = """
        select scrobbles.timestamp as at, scrobbles.duration as seconds, scrobbles.origin, tracks.title, albums.albtitle,
            (select group_concat(artists.name) from trackartists join artists on artists.id = trackartists.artist_id
            where trackartists.track_id = tracks.id) as artists
        from scrobbles join tracks on tracks.id = scrobbles.track_id left join albums on albums.id = tracks.album_id
    """
    with closing(sqlite3.connect(out / "malojadb.sqlite")) as connection:
        return _fetched(connection.execute(query)) if _names(connection, "scrobbles") else []


def _names(connection: sqlite3.Connection, *patterns: str) -> Iterator[str]:
    for pattern in patterns:
        found = "select name from sqlite_master where type = 'table' and name like ?"
        yield from (name for (name,) in connection.execute(found, [pattern]).fetchall())


def _fetched(cursor: Any) -> list[Row]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _no_more(_: Path) -> Mapping[str, str]:
    return {}


def _maloja_home(out: Path) -> Mapping[str, str]:
    return {"MALOJA_DATA_DIRECTORY": str(out), "MALOJA_SKIP_SETUP": "yes"}


# Of each peer: its environment, the package that gives the version, the Pythons it runs on, how to call it, what it kept.
_PEERS: Final = {
    "pandas script": ("pandas", "pandas", ("python3.13", "python3.12", "python3.11"), _pandas, _parquet_rows, _no_more),
    "spotify-analytics-dataloader": (
        "dataloader", "spotify-analytics-dataloader", ("python3.13", "python3.12"), _dataloader, _parquet_rows, _no_more,
    ),
    "spotify-to-sqlite": (
        "sqlite", "spotify-to-sqlite", ("python3.13", "python3.12", "python3.11"), _sqlite, _sqlite_rows, _no_more,
    ),
    "Maloja": ("maloja", "malojaserver", ("python3.12",), _maloja, _maloja_rows, _maloja_home),
}  # fmt: skip


def peers(names: Sequence[str] = tuple(_PEERS)) -> tuple[list[Tool], dict[str, str]]:
    """Set the peers up; of those that cannot run here, tell why."""
    ready, absent = [], {}
    for name in names:
        kept_in, package, pythons, commands, rows, told = _PEERS[name]
        try:
            programs = environments.environment(kept_in, pythons)
            spelled = f"{package} {environments.version(programs, package)}"
            ready.append(Tool(name, spelled, programs, commands, rows, told))
        except environments.NotAtHand as error:
            absent[name] = str(error)
    return ready, absent
