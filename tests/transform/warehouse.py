"""A warehouse in memory that runs the very statements dbt runs, on rows a test makes up.

dbt builds the project twice on an empty warehouse, once as a whole and once as an increment, and what it executed is kept:
after that a build costs milliseconds.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from longplay.lake.tables import LANDING
from longplay.warehouse import load

Row = Mapping[str, Any]

# The models between the lake and the plays.
WAY_OF_A_PLAY: Final = (
    "stg_choices__listeners", "stg_choices__exclusions", "stg_choices__zones",
    "stg_spotify__listening_history", "stg_spotify__tracks", "int_account_matches", "int_late_plays",
    "int_plays_placed", "int_play_matches", "int_api_plays_placed", "int_plays_reconciled", "fct_plays",
)  # fmt: skip
SCHEMAS: Final = ("staging", "intermediate", "marts", "changes")
_TELLS_TIME = {"streaming_history": "layout", "account_history": "layout"}


def create_schemas(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the empty landing tables, and schemas for the models."""
    connection.execute("set TimeZone = 'UTC'")
    load.create_tables(connection)
    for schema in SCHEMAS:
        connection.execute(f"create schema if not exists {schema}")


@dataclass(frozen=True)
class Model:
    """One model: the statements that build it as a whole, and those that bring it up to date."""

    name: str
    schema: str
    whole: list[str]
    increment: list[str]


@dataclass(frozen=True)
class ExecutedProject:
    """The models in the order in which dbt builds them, with the statements it executed."""

    models: list[Model]
    seeds: Path
    compiled: Path  # a folder, with each model's SQL as dbt gives it to the database

    @classmethod
    def of(cls, transform: Path, folder: Path) -> "ExecutedProject":
        """Let dbt build an empty warehouse in `folder`, twice."""
        with duckdb.connect(str(folder / "warehouse.duckdb")) as connection:
            create_schemas(connection)
        whole = _executed(transform, folder, "--full-refresh")
        increment = _executed(transform, folder)
        nodes = json.loads((folder / "target" / "manifest.json").read_text())["nodes"]
        models = [_model(nodes[name], whole, increment) for name in _in_order(nodes)]
        return cls(models, transform / "seeds", folder / "target" / "compiled" / "longplay" / "models")


def _executed(transform: Path, folder: Path, *arguments: str) -> dict[str, list[str]]:
    """Return what dbt executed for each node, without the name of the database, so that it runs in any."""
    statements: dict[str, list[str]] = defaultdict(list)

    def listen(event: Any) -> None:
        if event.info.name == "SQLQuery":
            text = re.sub(r"^\s*/\*.*?\*/", "", event.data.sql, flags=re.DOTALL).strip()
            statements[event.data.node_info.node_name] += text.replace('"warehouse".', "").split(";\n")

    outcome = dbtRunner(callbacks=[listen]).invoke([
        "build", "--quiet", "--threads", "1", "--project-dir", str(transform), "--profiles-dir", str(transform),
        "--target-path", str(folder / "target"), "--log-path", str(folder / "logs"), *arguments,
        "--exclude-resource-type", "test", "--exclude-resource-type", "unit_test",
    ])  # fmt: skip
    DuckDBConnectionManager.close_all_connections()
    assert outcome.success, outcome.exception
    return statements


def _in_order(nodes: dict[str, Any]) -> list[str]:
    """Name the models so that each comes after those it reads."""
    left = {name: set(node["depends_on"]["nodes"]) for name, node in nodes.items() if node["resource_type"] == "model"}
    ordered: list[str] = []
    while left:
        ready = sorted(name for name, needs in left.items() if not needs & left.keys())
        ordered += ready
        left = {name: needs for name, needs in left.items() if name not in ready}
    return ordered


def _model(node: dict[str, Any], whole: dict[str, list[str]], increment: dict[str, list[str]]) -> Model:
    name, kind = node["name"], node["config"]["materialized"]
    if kind == "increment":
        wanted = re.compile("create|delete|insert")
        return Model(name, node["schema"], *([s for s in run[name] if wanted.match(s)] for run in (whole, increment)))
    code = node["compiled_code"].replace('"warehouse".', "")
    statements = [f"create or replace {kind} {node['schema']}.{name} as {code}"]
    return Model(name, node["schema"], statements, statements)


@dataclass
class Warehouse:
    """An empty warehouse for one story."""

    project: ExecutedProject
    connection: duckdb.DuckDBPyConnection = field(default_factory=duckdb.connect)

    def __post_init__(self) -> None:
        """Create the landing tables and the seeds."""
        self.connection.execute("set threads = 1")
        create_schemas(self.connection)
        for seed in self.project.seeds.glob("*.csv"):
            self.connection.execute(f"create table staging.{seed.stem} as from read_csv('{seed}', header = true)")

    def clear(self) -> None:
        """Forget every row."""
        for table in LANDING:
            self.connection.execute(f"delete from lake.{table}")

    def receive(self, table: str, rows: Iterable[Row]) -> None:
        """Insert rows into a landing table, in the order given; columns left out are null."""
        given = list(rows)
        insert(self.connection, f"lake.{table}", given)
        if table in _TELLS_TIME and given:
            self._tell_archives()

    def _tell_archives(self) -> None:
        """Let the table of archives tell of what was received; none of them is complete."""
        self.connection.execute("delete from lake.archives")
        for table in _TELLS_TIME:
            self.connection.execute(
                "insert into lake.archives by name select user_id, archive, max(layout) as layout, "
                "min(reported_at) as first_at, max(reported_at) as last_at, false as is_complete "
                f"from lake.{table} group by user_id, archive"
            )

    def build(self, models: Iterable[str] | None = WAY_OF_A_PLAY, *, whole: bool = True) -> None:
        """Build these models, all of them if none are named, anew or as an increment."""
        for model in self.project.models:
            if models is None or model.name in models:
                for statement in model.whole if whole else model.increment:
                    self.connection.execute(statement)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql).fetchall()

    def plays(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return the plays, sorted."""
        return self.ask(f"select {', '.join(columns) or '*'} from marts.fct_plays order by all")


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    """Insert rows into a table; columns left out are null."""
    if not rows:
        return
    columns = sorted({name for row in rows for name in row})
    values = ", ".join("(" + ", ".join("?" for _ in columns) + ")" for _ in rows)
    connection.execute(
        f"insert into {table} ({', '.join(columns)}) values {values}", [row.get(name) for row in rows for name in columns]
    )
