"""A warehouse in memory that runs the project's compiled SQL on rows a test makes up.

dbt compiles the project once; after that a case costs milliseconds.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from longplay.lake.tables import LANDING

Row = Mapping[str, Any]

# The models between the lake and the plays, in order.
WAY_OF_A_PLAY: Final = (
    "stg_spotify__listening_history",
    "stg_spotify__tracks",
    "int_account_matches",
    "int_plays_reconciled",
    "fct_plays",
)


def create_landing(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty landing tables."""
    connection.execute("set TimeZone = 'UTC'")
    for schema in ("lake", "staging", "intermediate", "marts"):
        connection.execute(f"create schema if not exists {schema}")
    for table, columns in LANDING.items():
        spelled = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"create table lake.{table} ({spelled}, source_file VARCHAR, load_number BIGINT)")


@dataclass(frozen=True)
class CompiledProject:
    """The SQL of the models, as dbt compiled it, by name."""

    sql: Mapping[str, str]
    seeds: Path

    @classmethod
    def from_manifest(cls, manifest: Path, seeds: Path) -> "CompiledProject":
        """Read what dbt left; the tables' names lose their database, so that they are found in any."""
        nodes = json.loads(manifest.read_text())["nodes"].values()
        models = {node["name"]: node for node in nodes if node["resource_type"] == "model"}
        return cls(
            {name: re.sub(rf'"{model["database"]}"\.', "", model["compiled_code"]) for name, model in models.items()},
            seeds,
        )


class Warehouse:
    """An empty warehouse for one story."""

    def __init__(self, project: CompiledProject) -> None:
        """Create the landing tables and the seed."""
        self.project = project
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1")
        create_landing(self.connection)
        zones = project.seeds / "time_zones.csv"
        self.connection.execute(f"create table staging.time_zones as from read_csv('{zones}', header = true)")

    def clear(self) -> None:
        """Forget every row."""
        for table in LANDING:
            self.connection.execute(f"delete from lake.{table}")

    def receive(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows into a landing table, in the order given; columns left out are null."""
        given = list(rows)
        if not given:
            return
        columns = sorted({name for row in given for name in row})
        values = ", ".join("(" + ", ".join("?" for _ in columns) + ")" for _ in given)
        self.connection.execute(
            f"insert into lake.{table} ({', '.join(columns)}) values {values}",
            [row.get(name) for row in given for name in columns],
        )

    def build(self, models: Iterable[str] = WAY_OF_A_PLAY) -> None:
        """Build models in the order given."""
        for model in models:
            schema = {"stg": "staging", "int": "intermediate"}.get(model[:3], "marts")
            self.connection.execute(f"create or replace table {schema}.{model} as {self.project.sql[model]}")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()

    def plays(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return the plays, sorted."""
        return self.ask(f"select {', '.join(columns) or '*'} from marts.fct_plays order by all")
