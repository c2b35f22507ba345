"""Setting Snowflake up: the SQL of `infra/snowflake`, filled in, to be read by a person or run by an administrator's role.

Every statement may be run again: what is there already stays as it is, and lacks nothing afterwards.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from longplay.warehouse.snowflake.account import Account
from longplay.warehouse.snowflake.session import opened
from longplay.warehouse.snowflake.shape import landing_statements
from longplay.warehouse.transform import PACKAGE

ADMIN: Final = "ACCOUNTADMIN"


class Room(Struct, frozen=True):
    """What is set up: names, the credits a month may cost, and where the lake is in S3, if it is there."""

    database: str
    warehouse: str
    user: str
    credits: int = 10
    bucket: str = ""
    aws_role: str = ""


def scripts(room: Room) -> dict[str, str]:
    """Give each file of the set-up by its name, filled in, in the order in which they are run."""
    templates = Environment(  # noqa: S701  it is SQL, and what goes into it is checked before
        loader=FileSystemLoader(_folder()), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    values = {field: getattr(room, field) for field in room.__struct_fields__} | {"landing": landing_statements(room.database)}
    names = sorted(templates.list_templates(extensions=["sql"]))
    return {name: templates.get_template(name).render(values).strip() + "\n" for name in names}


def statements(script: str) -> Iterator[str]:
    """Give the statements of a script, without remarks.

    >>> list(statements("use role sysadmin; create database if not exists longplay;"))
    ['use role sysadmin', 'create database if not exists longplay']
    """
    bare = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith("--"))
    return (statement.strip() for statement in bare.split(";") if statement.strip())


def run(account: Account, room: Room, role: str, told: Callable[[str], None] = lambda _: None) -> int:
    """Run the set-up; returns how many statements that were. Raises `WarehouseError` at the first that Snowflake refuses."""
    done = 0
    with opened(account, role, database="") as session:
        for name, script in scripts(room).items():
            told(name)
            for statement in statements(script):
                session.execute(statement)
                done += 1
    return done


def _folder() -> Path:
    """Find the scripts: inside the installed package, or in a clone."""
    inside = PACKAGE / "snowflake_setup"
    return inside if inside.exists() else PACKAGE.parents[1] / "infra" / "snowflake"
