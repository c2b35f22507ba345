"""The command that sets up a warehouse in Snowflake."""

from __future__ import annotations

import re
from typing import Annotated, Final

import typer

from longplay.entrypoints import show
from longplay.entrypoints.call import CALL
from longplay.errors import WrongCall
from longplay.wiring import account_from

warehouse = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Set a warehouse up in Snowflake.")

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ARN: Final = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")


@warehouse.callback()
def begin() -> None:
    """Set a warehouse up in Snowflake."""


@warehouse.command()
def setup(
    *,
    run: Annotated[bool, typer.Option("--run", help="Run it, instead of printing it.")] = False,
    role: Annotated[str, typer.Option(help="Of an administrator, for --run.")] = "ACCOUNTADMIN",
    credits_: Annotated[int, typer.Option("--credits", min=1, help="What a month may cost at most.")] = 10,
    bucket: Annotated[str, typer.Option(help="Of the lake, if it is in S3.")] = "",
    aws_role: Annotated[str, typer.Option(help="The ARN of the role in AWS that may read the lake there.")] = "",
) -> None:
    """Print the SQL that makes database, warehouse, roles, stages and landing tables; it may be run again at any time."""
    from longplay.warehouse.snowflake import setup as scripted  # noqa: PLC0415 - most commands need none of it

    _check(bucket, aws_role, role)
    settings = CALL.settings
    user = settings.snowflake_user or "longplay"
    if not _NAME.fullmatch(user):
        user = '"' + user.replace('"', '""') + '"'
    room = scripted.Room(settings.snowflake_database, settings.snowflake_warehouse, user, credits_, bucket, aws_role)
    if run:
        done = scripted.run(account_from(settings), room, role)
        show.done(f"Set up: {done} statements.", {"statements": done}, as_json=CALL.json)
    else:
        show.text("\n".join(scripted.scripts(room).values()), {"sql": scripted.scripts(room)}, as_json=CALL.json)


def _check(bucket: str, aws_role: str, role: str) -> None:
    """Let nothing into the SQL that could end a name in it."""
    if bool(bucket) != bool(aws_role):
        raise WrongCall("A lake in S3 needs --bucket and --aws-role.", "Give both, or none for a lake in a folder.")
    if (bucket and not _BUCKET.fullmatch(bucket)) or (aws_role and not _ARN.fullmatch(aws_role)) or not _NAME.fullmatch(role):
        raise WrongCall("That is no name of a bucket or role.", "See `longplay warehouse setup --help`.")
