"""What is measured of Longplay, each step a function that a fresh process runs: `python -m bench.steps NAME ARGUMENTS`.

A step imports what it needs when it runs, so that it pays for nothing else. What it returns it says as JSON.
"""

# ruff: noqa: PLC0415  see above

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, Final

Facts = dict[str, Any]

_EMPTY_PROJECT: Final = {
    "dbt_project.yml": "{name: empty, profile: empty, flags: {send_anonymous_usage_stats: false, version_check: false}}",
    "profiles.yml": "{empty: {target: duckdb, outputs: {duckdb: {type: duckdb, path: 'empty.duckdb', threads: 4}}}}",
}


def archive(path: Path, plays: str, seed: str, layout: str, fault: str) -> Facts:
    """Write an invented archive."""
    from bench import invented

    return {"rows": invented.write(path, invented.logs(int(plays), int(seed)), layout, fault)}


def grown(folder: Path, history: str, stretch: str, layout: str, seed: str) -> Facts:
    """Write a history as a base and what comes later."""
    from bench import invented

    invented.write_grown(folder, int(history), int(stretch), layout, int(seed))
    return {}


def raw_and_typed(path: Path, out: Path) -> Facts:
    """Bring an archive into an empty lake: what `longplay import` does, without the warehouse."""
    from longplay.importing import import_archive
    from longplay.lake.store import Lake

    done = import_archive([path], "me", Lake(out), datetime.now(UTC))
    return {name: done.total(name) for name in ("read", "distinct", "repeated", "rejected")}


def typed_alone(path: Path, out: Path) -> Facts:
    """Write the typed rows of an archive, without raw ones and without a sum."""
    from bench.typed_half import write_typed_alone

    return {"typed": write_typed_alone(path, out)}


def dbt_alone(folder: Path) -> Facts:
    """Let dbt build a project without a model."""
    import os

    from dbt.cli.main import dbtRunner

    os.chdir(folder)
    for name, content in _EMPTY_PROJECT.items():
        Path(name).write_text(content, encoding="utf-8")
    done = dbtRunner().invoke(["build", "--quiet", "--log-level", "none", "--log-level-file", "none", "--profiles-dir", "."])
    if done.exception:
        raise done.exception
    return {}


def build(home: Path) -> Facts:
    """Build as `longplay build` does, and add up what every statement takes that dbt sends."""
    from dbt.cli import main as dbt

    from longplay.settings import Settings
    from longplay.wiring import stages_from

    took: list[float] = []

    class Overheard(dbt.dbtRunner):
        def __init__(self, *arguments: Any, callbacks: list[Callable[[Any], None]], **more: Any) -> None:
            super().__init__(*arguments, callbacks=[*callbacks, heard], **more)

    def heard(event: Any) -> None:
        if event.info.name == "SQLQueryStatus":
            took.append(event.data.elapsed)

    dbt.dbtRunner = Overheard  # type: ignore[misc]  nothing else sees single statements
    stages_from(Settings(LONGPLAY_HOME=home)).build()
    return {"sql": sum(took), "statements": len(took)}


def queries(home: Path) -> Facts:
    """Ask all that the page asks and shows, of a listener's whole life; tells the slowest."""
    import duckdb

    from longplay.report import numbering, queries, reports

    took = {}
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        first, last = connection.execute(queries.SPAN, {"user": "me"}).fetchall()[0]
        values = {"user": "me", "first": first, "last": last, "key": "", "linked": queries.LINKED}
        begin = perf_counter()
        with numbering.numbered(connection, "me"):
            took["numbering"] = perf_counter() - begin
            asked = {"plays": numbering.PLAYS, **numbering.NAMES, "numbers": queries.NUMBERS, **queries.SHOWN}
            asked |= reports.SHOWN | reports.CARRIED
            for name, sql in asked.items():
                begin = perf_counter()
                connection.execute(sql, {key: value for key, value in values.items() if f"${key}" in sql}).fetchall()
                took[name] = took.get(name, 0) + perf_counter() - begin
    slowest = max(took, key=took.__getitem__)
    return {"sql": sum(took.values()), "slowest": slowest, "slowest_seconds": took[slowest]}


def page(home: Path, plays: str, tracks: str, folder: Path) -> Facts:
    """Draw the page of the newest so many plays of the so many tracks played most."""
    import duckdb

    from longplay.report.packing import packed_plays
    from longplay.report.page import draw_page

    with duckdb.connect(str(folder / "some.duckdb")) as connection:
        connection.execute(f"attach '{home}/warehouse.duckdb' as whole (read_only)")
        connection.execute("create schema marts; create schema intermediate")
        for (table,) in connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'whole' "
            "and (table_name like 'rpt_%' or table_name in ('fct_daily_listening', 'dim_artists', 'int_artist_families', "
            "'int_listening_sessions', 'int_rediscoveries'))"
        ).fetchall():
            connection.execute(f"create schema if not exists {table.split('.')[0]}; create table {table} as from whole.{table}")
        connection.execute(
            """
            create table marts.fct_plays as
            with music as (from whole.marts.fct_plays where content_type = 'track' and not is_incognito and not is_covered),
            loved as (select track_key from music group by all order by count(*) desc, track_key limit $tracks)
            from music semi join loved using (track_key) order by started_at desc limit $plays
            """,
            {"tracks": int(tracks), "plays": int(plays)},
        )
        connection.execute(
            "create table intermediate.int_discovery_events as from whole.intermediate.int_discovery_events "
            "where entity_key in (select unnest([recording_key, artist_key]) from marts.fct_plays)"
        )
        counted = connection.execute("select count(*), count(distinct track_key) from marts.fct_plays").fetchall()[0]
        draw_page(connection, "me", folder / "page.html")  # what all pages share is made once for all
        begin = perf_counter()
        size = draw_page(connection, "me", folder / "page.html").stat().st_size
        drawn = perf_counter()
        packed_plays(connection, "me")
        packing = perf_counter() - drawn
    return {
        "bytes": size, "plays": counted[0], "tracks": counted[1], "seconds": drawn - begin, "packing_seconds": packing,
    }  # fmt: skip


def small_objects(home: Path, objects: str) -> Facts:
    """Fill a lake with tiny processed objects."""
    from bench.small_objects import fill
    from longplay.lake.store import Lake

    return {"objects": fill(Lake(home / "lake"), int(objects))}


STEPS: Final[dict[str, Callable[..., Facts]]] = {
    step.__name__: step
    for step in (archive, grown, raw_and_typed, typed_alone, dbt_alone, build, queries, page, small_objects)
}  # fmt: skip


def main(name: str, *arguments: str) -> None:
    """Run a step; what looks like a path is one."""
    facts = STEPS[name](*(Path(each) if "/" in each else each for each in arguments))
    print(json.dumps(facts))


if __name__ == "__main__":
    main(*sys.argv[1:])
