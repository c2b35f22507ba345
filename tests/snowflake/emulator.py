"""A Snowflake of our own on a port of the moment: fakesnow, mended where it falls short of what Snowflake does.

    python -m tests.snowflake.emulator PORT

It proves SQL and nothing else: transactions, grants and sizes of warehouses are not modelled.
"""

import gc
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from socket import create_connection, socket
from typing import Any

_TRANSACTIONS = ("begin", "commit", "rollback")
# What fakesnow has no idea of: who may do what, and what computes.
_ACCESS = (
    "use role", "grant", "create role", "(create|alter) warehouse", "(create|alter) resource monitor",
    "create storage integration",
)  # fmt: skip
_LINE_OR_BLOCK_COMMENT = r"(?:\s|--[^\n]*\n|/\*.*?\*/)*"


def mend() -> None:
    """Repair fakesnow 0.12 in this process."""
    for repair in (_temporary_tables, _errors, _transactions, _empty_instants, _quoted_stages, _files_of_stages, _search_path):
        repair()


def _around(module: Any, name: str, new: Callable[..., Any]) -> None:
    """Let `new` stand for a function of theirs, which it gets first."""
    old = getattr(module, name)
    setattr(module, name, lambda *given, **named: new(old, *given, **named))


def _temporary_tables() -> None:
    """A temporary table with a schema is an ordinary one: DuckDB keeps its own temporary ones in a catalogue apart."""
    import fakesnow.cursor as theirs  # noqa: PLC0415

    qualified = re.compile(r'^(\s*create\s+(?:or\s+replace\s+)?)temp(?:orary)?\s+(?=(?:table|view)\s+["\w]+\.)', re.IGNORECASE)
    _around(
        theirs.FakeSnowflakeCursor,
        "execute",
        lambda old, cursor, command, *given, **named: old(cursor, qualified.sub(r"\1", command, count=1), *given, **named),
    )


def _errors() -> None:
    """Answer with an error of Snowflake's where fakesnow would answer 500, which the connector asks again for ever."""
    import fakesnow.cursor as theirs  # noqa: PLC0415
    from snowflake.connector.errors import DatabaseError, ProgrammingError  # noqa: PLC0415

    def execute(old: Callable[..., Any], cursor: Any, *given: Any, **named: Any) -> Any:
        try:
            return old(cursor, *given, **named)
        except DatabaseError:
            raise
        except Exception as error:
            raise ProgrammingError(msg=f"{type(error).__name__}: {error}", errno=1003, sqlstate="42000") from error

    _around(theirs.FakeSnowflakeCursor, "execute", execute)


def _transactions() -> None:
    """Let every statement stand for itself: their notes lie in another database, and DuckDB writes into one at a time.

    What is about access is taken, and means nothing.
    """
    server = import_module("fakesnow.server")  # a function of theirs hides the module of that name
    server.shared_fs.nop_regexes = [rf"{_LINE_OR_BLOCK_COMMENT}{words}\b" for words in (*_TRANSACTIONS, *_ACCESS)]


def _empty_instants() -> None:
    """Let a missing instant arrive as a missing one, not as 1970."""
    import fakesnow.arrow as theirs  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415

    pc: Any = import_module("pyarrow.compute")

    def packed(old: Callable[[Any], Any], instants: Any) -> Any:
        whole = instants.combine_chunks() if isinstance(instants, pa.ChunkedArray) else instants
        told = old(pc.fill_null(whole, pa.scalar(0, whole.type)))
        fields = [told.type.field(number) for number in range(told.type.num_fields)]
        return pa.StructArray.from_arrays([told.field(field.name) for field in fields], fields=fields, mask=pc.is_null(whole))

    _around(theirs, "timestamp_to_sf_struct", packed)


def _quoted_stages() -> None:
    """Let PUT take a stage in quotes, as its path needs them."""
    theirs = import_module("fakesnow.transforms")

    def put_stage(old: Callable[..., Any], put: Any, *given: Any) -> Any:
        if put.key == "put":
            put.args["target"].set("this", put.args["target"].text("this").strip("'"))
        return old(put, *given)

    _around(theirs, "put_stage", put_stage)


def _files_of_stages() -> None:
    """Let COPY find the files it names in an internal stage, and tell their names as `metadata$filename`."""
    import fakesnow.copy_into as theirs  # noqa: PLC0415
    from fakesnow.transforms.stage import is_internal  # noqa: PLC0415
    from sqlglot import exp  # noqa: PLC0415

    def urls(old: Callable[..., Any], source: str, files: list[str]) -> list[str]:
        return [f"{source.rstrip('/')}/{file}" for file in files] if is_internal(source) else old(source, files)

    _around(theirs, "_source_urls", urls)

    def inserts(old: Callable[..., Any], copy: Any, params: Any, urls: list[str], info: Any) -> Any:
        made = old(copy, params, urls, info)
        for insert, url in zip(made, urls, strict=True):
            for column in list(insert.find_all(exp.Column)):
                if column.name.upper() == "METADATA$FILENAME":
                    column.replace(exp.Literal.string(_below_stage(url)))
        return made

    _around(theirs, "_inserts", inserts)


def _search_path() -> None:
    """Let a session name where tables without a schema are looked for."""
    import fakesnow.cursor as theirs  # noqa: PLC0415

    wanted = re.compile(r"\s*alter session set search_path = '([^']*)'", re.IGNORECASE)

    def execute(old: Callable[..., Any], cursor: Any, command: str, *given: Any, **named: Any) -> Any:
        found = wanted.match(command)
        if not found:
            return old(cursor, command, *given, **named)
        connection, schemas = cursor._conn, found[1].upper().split(", ")
        cursor._duck_conn.execute(f"set search_path = '{','.join(f'{connection.database}.{name}' for name in schemas)}'")
        connection.schema_set = True
        return old(cursor, "select 'Statement executed successfully.' as status")

    _around(theirs.FakeSnowflakeCursor, "execute", execute)


def _below_stage(url: str) -> str:
    """Give the name of a file as its stage knows it."""
    import fakesnow.transforms.stage as theirs  # noqa: PLC0415

    _database, _schema, _stage, *path = Path(theirs.file_path(url)).relative_to(theirs.LOCAL_BUCKET_PATH).parts
    return "/".join(path)


@contextmanager
def emulated(folder: Path) -> Iterator[str]:
    """Yield the address of an emulated Snowflake in a process of its own."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "emulator.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.snowflake.emulator", str(port)],
            stdout=log, stderr=log, cwd=Path(__file__).parents[2], env=os.environ | {"TMPDIR": str(folder)},
        )  # fmt: skip
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait_for(port: int, process: subprocess.Popen[bytes], patience: float = 60) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline and process.poll() is None:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the emulated Snowflake does not answer")


def main() -> None:
    """Serve until this process is told to end."""
    gc.set_threshold(50_000)  # it makes trees of what it is asked; to look for cycles among them was a quarter of its time
    mend()
    import uvicorn  # noqa: PLC0415

    uvicorn.run(import_module("fakesnow.server").app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
