"""Running dbt: from landing tables to marts, in this process, with a word for each finished model.

A build brings the models up to date with what was loaded since the last one, or builds them as a whole where there is none, or
where something else than the data has changed.
"""

import os
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from longplay.errors import BuildFailed
from longplay.warehouse.duck import refusal
from longplay.warehouse.engine import Target
from longplay.warehouse.layers import Layer, selection
from longplay.warehouse.lineage import note_build
from longplay.warehouse.parsed import parsed_models

if TYPE_CHECKING:
    from dbt.artifacts.schemas.run import RunResult
    from dbt.contracts.graph.manifest import Manifest

# What DuckDB says where it finds no room, in memory or on the disk; dbt hands on the words and not the error.
_NO_ROOM = ("Out of Memory Error", "IO Error", "TransactionContext Error", "FATAL Error")
PACKAGE = Path(__file__).resolve().parents[1]


class Node(Struct, frozen=True):
    """One thing dbt did: a model, a seed or a test."""

    name: str
    status: str
    message: str


def project() -> Path:
    """Find the dbt project: inside the installed package, or beside `src` in a clone."""
    inside = PACKAGE / "transform"
    return inside if inside.exists() else PACKAGE.parents[1] / "transform"


def fingerprint(time_zone: str) -> str:
    """Name what the models depend on besides the data: the project's files and the listener's zone."""
    digest = sha256(time_zone.encode())
    for path in sorted(path for path in project().rglob("*") if path.suffix in {".sql", ".yml", ".csv"}):
        digest.update(path.relative_to(project()).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def build(  # noqa: PLR0913 - what a build can differ in
    target: Target,
    work: Path,
    *,
    time_zone: str,
    whole: bool = True,
    on_node: Callable[[str], None] = lambda _: None,
    tests: bool = False,
    rules: bool = True,
    layer: Layer | None = None,
) -> list[Node]:
    """Bring every model up to date, or build all of them anew if `whole`; with `layer` those of one. Returns what was done.

    With `tests` every test of the data runs, too, and with `rules` every unit test of a rule: twice the time. `work` is where
    dbt keeps its own files. Raises `BuildFailed` with the first thing that failed.
    """
    os.environ.update(target.environment, DO_NOT_TRACK="1")
    options = [
        "--quiet", "--log-level", "none", "--log-level-file", "none", "--no-write-json", "--threads", "4",
        "--project-dir", str(project()), "--profiles-dir", str(project()), "--target", target.name,
        "--target-path", str(work), "--log-path", str(work),
        "--vars", f"{{home_time_zone: '{time_zone}'}}",
    ]  # fmt: skip
    which = ["--full-refresh"] if whole else ["--exclude-resource-type", "seed"]
    if not tests:
        which += ["--exclude-resource-type", "test"]
    if not (tests and rules):
        which += ["--exclude-resource-type", "unit_test"]
    if layer:
        which += selection(layer)
    source = f"{project()} {fingerprint(time_zone)} {target.database}"
    models = parsed_models(target, source, lambda: _invoke(["parse", "--no-partial-parse", *options]))
    done = _invoke(["build", *options, *which], on_node, models)
    results = done.results if done else []
    note_build(work, results)
    return _nodes(results)


def _invoke(arguments: list[str], on_node: Callable[[str], None] = lambda _: None, models: "Manifest | None" = None) -> Any:
    """Let dbt do something, and give what it says came of it."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415  dbt takes seconds to import
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    def finished(event: Any) -> None:
        if event.info.name == "NodeFinished":
            on_node(event.data.node_info.node_name)

    try:
        result = dbtRunner(manifest=models, callbacks=[finished]).invoke(arguments)
    finally:
        DuckDBConnectionManager.close_all_connections()  # else the file stays locked until this process ends
    if _was_stopped(result.exception):
        raise KeyboardInterrupt
    if isinstance(result.exception, OSError):
        raise result.exception  # no room for dbt's own notes
    if result.exception is not None:
        if any(sign in str(result.exception) for sign in _NO_ROOM):
            raise refusal(_reason(str(result.exception)))
        raise BuildFailed(f"dbt could not start: {result.exception}", "Run again with --debug and report what it says.")
    return result.result


def _was_stopped(error: BaseException | None) -> bool:
    """Say whether Ctrl-C is at the bottom of an error: ending, dbt may stumble over a connection that it has closed itself.

    >>> try:
    ...     try:
    ...         raise KeyboardInterrupt
    ...     finally:
    ...         raise OSError("closed already")
    ... except OSError as error:
    ...     _was_stopped(error), _was_stopped(OSError()), _was_stopped(None)
    (True, False, False)
    """
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def _nodes(results: "Sequence[RunResult]") -> list[Node]:
    nodes = [Node(name=ran.node.name, status=str(ran.status), message=ran.message or "") for ran in results]
    failed = [node for node in nodes if node.status in {"error", "fail", "runtime error"}]
    if failed and any(sign in failed[0].message for sign in _NO_ROOM):
        raise refusal(_reason(failed[0].message))
    if failed:
        raise BuildFailed(
            f"{failed[0].name} failed: {' '.join(failed[0].message.split()).rstrip('.')}.",
            f"{len(failed)} of {len(nodes)} steps failed; your archives are safe in the lake. Please report it.",
        )
    return nodes


def _reason(message: str) -> str:
    """Take the line out of dbt's message in which DuckDB says what is wrong."""
    return next((line.strip() for line in message.splitlines() if any(sign in line for sign in _NO_ROOM)), message)
