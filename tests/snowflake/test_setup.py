"""The SQL that sets Snowflake up: every statement is one of Snowflake's, every role has what its work needs and no more."""

import logging
import re

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from longplay.warehouse import load
from longplay.warehouse.snowflake.loading import copy_statement
from longplay.warehouse.snowflake.setup import Room, scripts, statements
from longplay.warehouse.snowflake.shape import spelled_type

ROOM = Room("longplay", "longplay", "kim", bucket="my-lake", aws_role="arn:aws:iam::123456789012:role/snowflake")

# Statements of Snowflake that sqlglot has no grammar for, in Snowflake's documented words. Anything else that it only passes
# through as text is a mistake.
NAME = r"[a-z_]\w*(\.[a-z_]\w*)*"
PRIVILEGES = r"[a-z]+( [a-z]+)?(, [a-z]+( [a-z]+)?)*"
UNKNOWN_TO_SQLGLOT = (
    rf"create role if not exists {NAME}",
    rf"grant role {NAME} to (role|user) {NAME}",
    rf"grant {PRIVILEGES} on (all|future) tables in schema {NAME} to role {NAME}",
    (
        rf"create resource monitor if not exists {NAME} with credit_quota = \d+ frequency = monthly "
        r"start_timestamp = immediately triggers( on \d+ percent do (notify|suspend|suspend_immediate))+"
    ),
    rf"alter resource monitor {NAME} set credit_quota = \d+",
    rf"alter warehouse {NAME} set warehouse_size = xsmall auto_suspend = \d+ resource_monitor = {NAME}",
)
GRANT = re.compile(rf"grant (?P<what>{PRIVILEGES}) on (?P<on>.+?) to role (?P<role>{NAME})")


def all_statements(room: Room = ROOM) -> list[str]:
    return [statement for script in scripts(room).values() for statement in statements(script)]


def grants() -> dict[str, set[tuple[str, str]]]:
    """What each role may do: privilege and object."""
    found: dict[str, set[tuple[str, str]]] = {}
    for statement in all_statements():
        if granted := GRANT.fullmatch(statement):
            pairs = {(what, granted["on"]) for what in granted["what"].split(", ")}
            found.setdefault(granted["role"], set()).update(pairs)
    return found


@pytest.mark.parametrize("room", [ROOM, Room("longplay", "longplay", "kim")])
def test_every_statement_is_snowflakes(room, caplog):
    caplog.set_level(logging.CRITICAL, "sqlglot")
    for statement in all_statements(room):
        known = sqlglot.parse_one(statement, read="snowflake")
        if isinstance(known, exp.Command) or known.find(exp.Command):
            assert any(re.fullmatch(pattern, statement) for pattern in UNKNOWN_TO_SQLGLOT), statement


def test_everything_may_be_run_again():
    for statement in all_statements():
        assert not re.match(r"create (?!.*if not exists)", statement), statement
        assert "or replace" not in statement, statement


def tables_of(schema: str, *may: str) -> set[tuple[str, str]]:
    return {(what, f"{which} tables in schema longplay.{schema}") for which in ("all", "future") for what in may}


MODELS = ("staging", "intermediate", "marts")
EVERY_ROLE = {("usage", "warehouse longplay"), ("usage", "database longplay"), ("usage", "schema longplay.lake")} | tables_of(
    "lake", "select"
)


def test_the_loader_brings_rows_and_makes_no_table():
    assert grants()["longplay_loader"] == EVERY_ROLE | tables_of("lake", "insert", "delete") | {
        ("usage", "file format longplay.lake.parquet"),
        ("read", "stage longplay.lake.files"),
        ("write", "stage longplay.lake.files"),
        ("usage", "stage longplay.lake.processed"),
    }


def test_the_transformer_makes_models_and_only_reads_what_was_loaded():
    makes = ("usage", "create table", "create view")

    assert grants()["longplay_transformer"] == EVERY_ROLE | {
        (what, f"schema longplay.{schema}") for schema in (*MODELS, "changes") for what in makes
    }


def test_the_reporter_reads_and_does_nothing_else():
    reads = {("usage", f"schema longplay.{schema}") for schema in MODELS}.union(*(tables_of(one, "select") for one in MODELS))

    assert grants()["longplay_reporter"] == EVERY_ROLE | reads


def test_each_role_is_given_to_the_user_and_to_who_administers():
    given = {statement for statement in all_statements() if statement.startswith("grant role")}

    assert given == {
        f"grant role longplay_{role} to {whom}"
        for role in ("loader", "transformer", "reporter")
        for whom in ("role sysadmin", "user kim")
    }


def test_no_other_role_is_given_anything_but_the_integration():
    others = {role: may for role, may in grants().items() if not role.startswith("longplay_")}
    assert others == {"sysadmin": {("usage", "integration longplay_lake")}}


def test_landing_tables_are_duckdbs():
    with duckdb.connect() as connection:
        load.create_tables(connection)
        ours = connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'lake' order by all"
        ).fetchall()
    theirs = []
    for statement in all_statements():
        made = sqlglot.parse_one(statement, read="snowflake")
        if isinstance(made, exp.Create) and made.kind == "TABLE":
            theirs += [(made.this.this.name, column.name, column.kind) for column in made.find_all(exp.ColumnDef)]
    spelled = {kind: exp.DataType.build(spelled_type(kind), dialect="snowflake") for _, _, kind in ours}

    assert sorted((table, column) for table, column, _ in theirs) == [(table, column) for table, column, _ in ours]
    told = {(table, column): kind for table, column, kind in theirs}
    assert [told[table, column] for table, column, _ in ours] == [spelled[kind] for _, _, kind in ours]


def test_a_lake_in_s3_is_read_where_it_lies():
    sql = copy_statement("processed", "searches", ["processed/v1/searches/user=me/1f0c/a.parquet"], 3)

    assert "from @lake.processed/\n" in sql
    assert "files = ('v1/searches/user=me/1f0c/a.parquet')" in sql
    assert not isinstance(sqlglot.parse_one(sql, read="snowflake"), exp.Command)
