"""The command line: `longplay import my_spotify_data.zip`, `longplay run`, and what one asks afterwards.

Exit status 0: done; 1: something asked for could not be done; 2: a wrong call; 130: stopped by Ctrl-C.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from longplay import log
from longplay.entrypoints import demo, enrich, show, spotify
from longplay.entrypoints.browser import open_page
from longplay.entrypoints.call import CALL
from longplay.entrypoints.card import card
from longplay.entrypoints.check import check
from longplay.entrypoints.exclude import exclude
from longplay.entrypoints.order import InOrder
from longplay.entrypoints.publish import publish
from longplay.entrypoints.redrive import redrive
from longplay.entrypoints.serve import serve
from longplay.entrypoints.simulator import simulator
from longplay.entrypoints.stopping import STOPPED, stoppable, stopped
from longplay.entrypoints.version import tell_version
from longplay.entrypoints.warehouse import warehouse
from longplay.errors import LongplayError, NoMemory, WrongCall
from longplay.exports.grouping import archives_among
from longplay.home import Home
from longplay.misspelling import misspelled
from longplay.moving.manifest import is_demo_export
from longplay.settings import IN_WORDS, Settings
from longplay.warehouse.layers import Layer
from longplay.wiring import drawing_from, excluding_from, fetching_from, leave_wanted, stages_from, utc_now

if TYPE_CHECKING:
    from longplay.fetching import Fetched
    from longplay.stages import Stages
    from longplay.sums import Import

app = typer.Typer(
    cls=InOrder,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Every play of your listening, kept for good.",
)

# These may stand before or after the command, as one is used to.
GLOBAL_VALUES = ("--home", "--user", "--store", "--target")
GLOBAL_FLAGS = ("--json", "--debug")

# The commands that also work with tables elsewhere than in the home, or that need none.
ELSEWHERE = frozenset({
    "load", "build", "query", "report", "status", "insights", "check", "warehouse", "login", "fetch", "process", "redrive",
})  # fmt: skip


for _command in (
    simulator, demo.demo, spotify.login, spotify.fetch, spotify.process, spotify.disconnect,
    enrich.enrich, exclude, check, card, serve, redrive,
):  # fmt: skip
    app.command()(_command)
app.add_typer(warehouse, name="warehouse")


@app.callback()
def begin(  # noqa: PLR0913 - the options of every command
    context: typer.Context,
    home: Annotated[Path | None, typer.Option(help="The folder that holds everything.")] = None,
    user: Annotated[str | None, typer.Option(help="Whose listening it is: our name for a listener.")] = None,
    store: Annotated[str | None, typer.Option(help="Where the lake is: in a folder of this machine, or in aws.")] = None,
    target: Annotated[str | None, typer.Option(help="Where tables are loaded and built: duckdb or snowflake.")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Answer with one JSON object.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Tell everything, tracebacks too.")] = False,
    version: Annotated[  # noqa: ARG001 - it has answered before we are here
        bool,
        typer.Option("--version", help="Tell the version.", is_eager=True, callback=lambda asked: tell_version(asked=asked)),
    ] = False,
) -> None:
    """Read the settings once."""
    options = {"LONGPLAY_HOME": home, "LONGPLAY_USER": user, "LONGPLAY_STORE": store, "LONGPLAY_TARGET": target}
    given: dict[str, Any] = {key: value for key, value in options.items() if value is not None}
    CALL.json, CALL.debug, CALL.home_given, CALL.user_given = json, debug, home is not None, user is not None
    log.configure(debug=debug)
    try:
        CALL.settings = Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        why = IN_WORDS.get(first.get("ctx", {}).get("pattern", "")) or first["msg"].removeprefix("Value error, ")
        raise WrongCall(f"{first['loc'][0]} cannot be {first['input']!r}: {why}.", "See `longplay --help`.") from error
    for name, meant in misspelled():
        show.aside(f"{name} is set, which is no setting of Longplay" + (f": {meant} is." if meant else "."))
    if CALL.settings.target != "duckdb" and context.invoked_subcommand not in ELSEWHERE:
        raise WrongCall(
            f"`longplay {context.invoked_subcommand}` works with the tables of this home.",
            f"Leave {'--target' if target else 'LONGPLAY_TARGET'} away; it is for {', '.join(sorted(ELSEWHERE))}.",
        )


def _stages() -> Stages:
    return stages_from(CALL.settings)


@app.command("import")
def import_(paths: Annotated[list[Path], typer.Argument(help="ZIP files, folders, or loose JSON files.")]) -> None:
    """Bring in the archives Spotify sent you: as ZIP, as folder, or loose JSON files; or what `longplay export` wrote."""
    done = _import(_stages(), paths)
    show.import_sum(done, as_json=CALL.json)
    _end(done)


def _import(stages: Stages, paths: Sequence[Path]) -> Import:
    groups = archives_among(paths)
    if any(is_demo_export(group[0]) for group in groups):
        demo.refuse_in_the_cloud(CALL.settings.store)
    stages.refuse_mixing(groups)
    with show.import_progress(quiet=CALL.json) as progress:
        return stages.import_archives(groups, utc_now(), progress)


def _end(done: Import | None) -> None:
    if done and done.refused:
        raise typer.Exit(1)


@app.command()
def imports() -> None:
    """List what was brought in."""
    show.table(_stages().imports(), empty="Nothing has been imported yet.", as_json=CALL.json)


@app.command()
def forget(archive: Annotated[str, typer.Argument(help="The beginning of its name in `longplay imports`.")]) -> None:
    """Undo one import: its files leave the lake and the warehouse."""
    stages = _stages()
    gone = stages.forget(archive)
    _build(stages)
    show.done(f"Forgotten: {gone} files.", {"forgotten": gone}, as_json=CALL.json)


@app.command()
def load() -> None:
    """Make the warehouse's tables hold what the lake holds."""
    new, gone = _stages().load()
    show.done(f"Loaded {new} files, took out {gone}.", {"loaded": new, "removed": gone}, as_json=CALL.json)


@app.command()
def build(
    *,
    test: Annotated[bool, typer.Option("--test", help="Test the data and the rules, too.")] = False,
    test_data: Annotated[
        bool, typer.Option("--test-data", help="Test the data only: rules do not change from day to day.")
    ] = False,
    whole: Annotated[bool, typer.Option("--whole", help="Build everything anew, not only what has changed.")] = False,
    layer: Annotated[Layer | None, typer.Option(help="Only this layer: one after the other they are one build.")] = None,
) -> None:
    """Bring every model up to date with what was loaded."""
    steps = _build(_stages(), tests=test or test_data, rules=test, whole=whole, layer=layer)
    show.done(f"Built{' and tested' if test or test_data else ''}: {steps} steps.", {"steps": steps}, as_json=CALL.json)


def _build(stages: Stages, *, tests: bool = False, rules: bool = True, whole: bool = False, layer: Layer | None = None) -> int:
    with show.build_progress(quiet=CALL.json) as on_node:
        steps = len(stages.build(on_node, tests=tests, rules=rules, whole=whole, layer=layer))
    if CALL.settings.target == "snowflake":
        return steps
    if CALL.settings.store == "aws":
        leave_wanted(CALL.settings, stages)
    for doubt in excluding_from(CALL.settings).doubts():
        show.aside(doubt)
    return steps


@app.command()
def report(
    *,
    open_: Annotated[bool, typer.Option("--open", help="Open the page.")] = False,
    public: Annotated[bool, typer.Option("--public", help="Draw a page to publish: hours instead of minutes.")] = False,
    exclude: Annotated[list[str] | None, typer.Option(help="Leave a name out of the published page; may be repeated.")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="Publish numbers instead of names.")] = False,
    everyone: Annotated[bool, typer.Option("--everyone", help="Draw a page for each listener, linked to the others.")] = False,
) -> None:
    """Draw the page: of `--user NAME`, or of everyone."""
    if everyone and public:
        raise WrongCall("A page to publish is of one listener.", "Leave --everyone out, and say whose with --user.")
    if (exclude or anonymous) and not public:
        raise WrongCall("--exclude and --anonymous speak of a published page.", "Add --public.")
    stages = _stages()
    if not stages.is_built():
        _build(stages)
    if public:
        publish(drawing_from(CALL.settings), exclude or [], is_anonymous=anonymous, open_it=open_)
        return
    if everyone:
        pages = stages.reports(fetching_from(CALL.settings).notice(stages.user))
        said = "\n".join(f"{name}: {page}" for name, page in pages.items())
        show.done(said, {"pages": {name: str(page) for name, page in pages.items()}}, as_json=CALL.json)
        return
    page = _draw(stages, open_it=open_)
    show.done(f"Your page: {page}", {"page": str(page)}, as_json=CALL.json)
    _begin_somewhere(stages)


def _draw(stages: Stages, *, open_it: bool) -> Path:
    page = stages.report(fetching_from(CALL.settings).notice(stages.user))
    if open_it:
        open_page(page)
    return page


def _begin_somewhere(stages: Stages) -> None:
    """Say what to do first to somebody whose home is empty."""
    is_all_here = (CALL.settings.store, CALL.settings.target) == ("folder", "duckdb")
    if is_all_here and not stages.holds_listening():
        show.aside(
            "There is no listening here yet. Ask Spotify for yours at spotify.com/account/privacy (tick Extended streaming "
            "history), then `longplay run my_spotify_data.zip`. Until it comes, `longplay demo` shows an invented listener."
        )


@app.command()
def run(
    paths: Annotated[list[Path] | None, typer.Argument(help="Archives to bring in first.")] = None,
    *,
    open_: Annotated[bool, typer.Option("--open", help="Open the page.")] = False,
) -> None:
    """Do all that is set up, in order: import, fetch, process, enrich, build, draw."""
    stages, fetching = _stages(), fetching_from(CALL.settings)
    done = _import(stages, paths) if paths else None
    if done and not CALL.json:
        show.import_sum(done, as_json=False)
    fetched = spotify.fetch_all(fetching, fetching.listeners(), daily=True)
    if fetched:
        stages.process()
    elif done and not done.archives:
        _end_of_run(done, fetched, None)
        return
    if CALL.settings.enrich and not stages.state.is_demo:
        if not stages.is_built():
            _build(stages)
        enrich.ask(stages)
    _build(stages)
    _end_of_run(done, fetched, _draw(stages, open_it=open_))
    _begin_somewhere(stages)


def _end_of_run(done: Import | None, fetched: Sequence[Fetched], page: Path | None) -> None:
    facts: dict[str, Any] = {
        "import": show.import_facts(done) if done else None,
        "fetched": spotify.fetched_facts(fetched),
        "page": str(page) if page else None,
    }
    show.done(f"Your page: {page}" if page else "Nothing was imported, so nothing was drawn.", facts, as_json=CALL.json)
    spotify.end_of_fetch(fetched)
    _end(done)


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="An empty folder, a new one, or an earlier export.")]) -> None:
    """Write everything as Parquet and CSV, for you to use or to take to another home."""
    stages = _stages()
    if not stages.holds_listening():
        raise WrongCall("There is nothing to export yet.", "Run `longplay import` with the archive Spotify sent you.")
    if not stages.is_current():
        _build(stages)
    with show.import_progress(quiet=CALL.json, doing="Writing") as progress:
        manifest = stages.export(folder, utc_now(), progress)
    show.exported(folder.expanduser().absolute(), manifest, as_json=CALL.json)


@app.command()
def status() -> None:
    """Tell where things stand."""
    stages = _stages()
    facts = stages.status()
    facts |= spotify.standing(fetching_from(CALL.settings), stages.user, facts["newest_play"])
    if CALL.settings.target == "duckdb":
        facts |= enrich.standing(stages)
    show.facts(facts, as_json=CALL.json)
    _begin_somewhere(stages)


@app.command()
def doctor(
    *, fix: Annotated[bool, typer.Option("--fix", help="Mend permissions, take unfinished files away.")] = False
) -> None:
    """Look at the home and say what is wrong and what to do; changes nothing unless asked to."""
    from longplay.doctor.examination import examine  # noqa: PLC0415 - a poll needs no DuckDB
    from longplay.doctor.examination import fix as mend  # noqa: PLC0415

    home = Home(CALL.settings.home)
    mended = mend(home) if fix else []
    findings = examine(home, CALL.settings.time_zone, is_zone_given=CALL.settings.is_zone_given)
    show.findings(home.folder, mended, findings, as_json=CALL.json)
    if not all(finding.is_note for finding in findings):
        raise typer.Exit(1)


@app.command()
def insights() -> None:
    """Answer in sentences: trends, discovery, genres, mood, diversity, skips."""
    show.insights(_stages().insights(), as_json=CALL.json)


@app.command()
def query(sql: Annotated[str, typer.Argument(help="Any SQL that reads; every model has its bare name.")]) -> None:
    """Ask the warehouse."""
    if CALL.settings.target == "duckdb":  # in a long step DuckDB looks for no signal; who only reads may end on the spot
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    show.table(_stages().query(sql), empty="No rows.", as_json=CALL.json)


def hoisted(arguments: Sequence[str]) -> list[str]:
    """Put the options of every command before the command, so that they may stand anywhere.

    >>> hoisted(["import", "a.zip", "--user", "kim", "--json"])
    ['--user', 'kim', '--json', 'import', 'a.zip']
    """
    first: list[str] = []
    rest: list[str] = []
    left = iter(arguments)
    for argument in left:
        if argument == "--":
            rest += [argument, *left]
        elif argument in GLOBAL_VALUES:
            first += [argument, *([value] if (value := next(left, None)) is not None else [])]
        elif argument in GLOBAL_FLAGS or argument.startswith(tuple(f"{name}=" for name in GLOBAL_VALUES)):
            first.append(argument)
        else:
            rest.append(argument)
    return first + rest


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; ends the process with its status."""
    given = hoisted(sys.argv[1:] if arguments is None else arguments)
    try:
        with stoppable():
            sys.exit(app(args=given, standalone_mode="--json" not in given))  # which tells a wrong call as text
    except KeyboardInterrupt:
        _fail(stopped(), given, STOPPED)
    except Exception as error:
        if CALL.debug:
            raise
        told = _told(error)
        _fail(told, given, 2 if isinstance(told, WrongCall) else 1)


def _told(error: Exception) -> LongplayError:
    """Put into a sentence what nobody foresaw."""
    if isinstance(error, LongplayError):
        return error
    if isinstance(error, MemoryError):
        return NoMemory()
    if isinstance(error, TyperException):
        return WrongCall(error.format_message(), "See `longplay --help`.")
    if isinstance(error, OSError):
        return LongplayError(
            f"{error.filename or 'A file'}: {error.strerror}.", "Make room on the disk or mend its permissions."
        )
    return LongplayError(
        f"{type(error).__name__}: {error}".splitlines()[0], "Run it again with --debug and report what it says."
    )


def _fail(error: LongplayError, given: Sequence[str], status: int) -> None:
    show.error(error, as_json="--json" in given)
    sys.exit(status)


if __name__ == "__main__":
    main()
