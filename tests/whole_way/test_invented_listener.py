"""An invented listener's archives from end to end: what comes out is the known truth, and nothing private anywhere."""

import gzip
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import duckdb
import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from longplay.simulator.plays import truth_of
from longplay.simulator.private import SENTINELS
from tests.riding import riding
from tests.transform.home import ONLY_OF_ONE_BUILD
from tests.whole_way.conftest import Longplay

START, END = date(2021, 9, 1), date(2023, 12, 31)
MODELS = (
    "select table_schema, table_name from information_schema.tables "
    f"where table_schema in ('intermediate', 'marts') and table_name not in {tuple(ONLY_OF_ONE_BUILD)}"
)


def unequal(mine: dict[str, list[str]], theirs: dict[str, list[str]]) -> dict[str, tuple[str, str]]:
    """Name each model that differs, with the first row that only one or the other has."""
    return {
        name: (min({*mine[name]} - {*theirs[name]}, default=""), min({*theirs[name]} - {*mine[name]}, default=""))
        for name in mine.keys() & theirs.keys()
        if mine[name] != theirs[name]
    } | dict.fromkeys(mine.keys() ^ theirs.keys(), ("", ""))


@pytest.fixture(scope="module")
def plays():
    return invent(11, START, END)


def tables_of(longplay) -> dict[str, list[str]]:
    """Every model, as sorted rows."""
    with duckdb.connect(str(longplay.home / "warehouse.duckdb"), read_only=True) as connection:
        return {
            f"{schema}.{name}": sorted(map(repr, connection.execute(f"select * from {schema}.{name}").fetchall()))
            for schema, name in connection.execute(MODELS).fetchall()
        }


@pytest.fixture(scope="module")
def built_of(plays, tmp_path_factory):
    """Homes of their archive in one layout each, imported and built when first asked for."""
    folder = tmp_path_factory.mktemp("invented")

    @cache
    def built(layout: str) -> Longplay:
        write_archive(plays, folder / f"{layout}.zip", layout=layout)
        longplay = Longplay(folder / layout)
        longplay("import", folder / f"{layout}.zip")
        longplay("build")
        return longplay

    return built


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["extended-2023", "extended-2025"])
def test_the_tables_are_the_known_truth(built_of, plays, layout):
    truth = truth_of(plays)
    music = [play for play in truth.values() if play.content_type == "track" and not play.is_incognito]

    longplay = built_of(layout)

    kinds = longplay.json("query", "select content_type, count(*)::int n, sum(ms_played)::bigint ms from fct_plays group by 1")
    expected = {}
    for play in truth.values():
        if play.content_type != "audiobook" or layout != "extended-2023":
            n, ms = expected.get(play.content_type, (0, 0))
            expected[play.content_type] = (n + 1, ms + play.ms_played)
    found = {row["content_type"]: (row["n"], row["ms"]) for row in kinds}
    assert {kind: found.get(kind) for kind in ("track", "episode")} == {kind: expected[kind] for kind in ("track", "episode")}
    assert longplay.json("query", "select sum(ms_played)::bigint ms from fct_daily_listening") == [
        {"ms": sum(play.ms_played for play in music)}
    ]
    answers = longplay.json("insights")["insights"]
    assert {answer["question"] for answer in answers} == {"trends", "discovery", "genres", "mood", "diversity", "skips"}
    assert answers[0]["numbers"]["ms_played"] == sum(play.ms_played for play in music)
    days = sum(play.ms_played for play in music) // 86_400_000
    assert f"You pressed play for {days} whole days" in longplay("insights").stdout


@pytest.mark.slow
def test_late_synced_plays_stand_where_they_were_played(built_of, plays):
    truth = truth_of(plays)

    placed = built_of("extended-2025").json(
        "query", "select reported_at, spotify_uri, ms_played, started_at from fct_plays where content_type = 'track'"
    )
    found = {(row["reported_at"], row["spotify_uri"], row["ms_played"]): row["started_at"] for row in placed}
    late = [play for play in truth.values() if play.is_late and play.content_type == "track"]
    right = [
        play
        for (at, uri, ms), play in truth.items()
        if play in late and found[at.replace(tzinfo=None).isoformat(), uri, ms][:16] == play.started_at.isoformat()[:16]
    ]
    assert len(late) > 100
    assert len(right) / len(late) > 0.9


@pytest.mark.slow
def test_older_and_newer_archive_in_any_order_forgotten_and_imported_again_give_the_same_tables(longplay, tmp_path, plays):
    last_year = [play for play in plays if play.reported_at.date() > END - timedelta(days=365)]
    older = [play for play in last_year if play.reported_at.date() < END - timedelta(days=200)]
    write_archive(older, tmp_path / "older.zip", layout="extended-2023")
    write_archive(last_year, tmp_path / "newer.zip", layout="extended-2025")
    other_way = type(longplay)(tmp_path / "other")

    longplay("import", tmp_path / "older.zip", tmp_path / "newer.zip")
    longplay("build")
    in_order = tables_of(longplay)
    other_way("import", tmp_path / "newer.zip")
    other_way("import", tmp_path / "older.zip")
    other_way("build")
    assert unequal(tables_of(other_way), in_order) == {}

    oldest = min(other_way.json("imports"), key=lambda row: row["last"])["archive"]
    other_way("forget", oldest)
    assert len(other_way.json("imports")) == 1
    other_way("import", tmp_path / "older.zip")
    other_way("build")
    assert unequal(tables_of(other_way), in_order) == {}


@pytest.mark.slow
def test_nothing_private_is_anywhere(longplay, tmp_path, plays):
    some = plays[:1500]
    for layout in ("extended-2020", "extended-2023", "extended-2024", "extended-2025", "account"):
        write_archive(some, tmp_path / f"{layout}.zip", layout=layout)

    longplay("--debug", "run", *sorted(tmp_path.glob("*.zip")))

    texts = list(everything_under(longplay.home))
    assert any("Streaming_History" in text for text in texts)
    assert any("report.html, inflated" in text and plays[0].what.name in text for text in texts)
    found = {(name, sentinel) for name, text in named(texts) for sentinel in SENTINELS if sentinel.lower() in text}
    assert found == set()


def named(texts: list[str]) -> list[tuple[str, str]]:
    return [(text[:80], text.lower()) for text in texts]


def everything_under(home: Path):
    """Every file as text: Parquet and tables by every column, what is packed by what is in it, all else by its bytes."""
    for path in home.rglob("*"):
        if path.suffix == ".parquet":
            yield parquet_text(path)
        elif path.name == "warehouse.duckdb":
            yield from tables_text(path)
        elif path.suffix == ".gz":
            yield f"{path}\n{gzip.decompress(path.read_bytes()).decode(errors='replace')}"
        elif path.is_file():
            yield f"{path}\n{path.read_bytes().decode('latin-1')}"
            yield from (f"{path}, inflated\n{text}" for text in inflated(path.read_text(encoding="latin-1")))


def inflated(text: str):
    """What rides deflated inside a page, as the plays and names do."""
    yield from (content.decode("utf-8", "replace") for content in riding(text).values())


def tables_text(path: Path):
    with duckdb.connect(str(path), read_only=True) as connection:
        for schema, table in connection.execute("select table_schema, table_name from information_schema.tables").fetchall():
            yield f"{schema}.{table}\n{connection.execute(f'select * from {schema}.{table}').fetchall()}"
    yield path.read_bytes().decode("latin-1")


def parquet_text(path: Path) -> str:
    with duckdb.connect() as connection:
        return f"{path}\n{connection.execute('select * from read_parquet(?)', [str(path)]).fetchall()}"
