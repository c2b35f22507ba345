"""`longplay demo`: everything at once on an invented listener."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from longplay.entrypoints import show
from longplay.entrypoints.browser import open_page
from longplay.entrypoints.call import CALL
from longplay.errors import WrongCall
from longplay.home import Home
from longplay.wiring import stages_from, utc_now
from longplay.wording import percent

if TYPE_CHECKING:
    from longplay.stages import Stages


def demo(
    *,
    open_: Annotated[bool, typer.Option("--open", help="Open the page.")] = False,
    seed: Annotated[int, typer.Option(help="Another number invents another listener.")] = 7,
) -> None:
    """Show everything on an invented listener, in a home of its own."""
    stages = _in_a_home_of_its_own()
    show.note("An invented listener: demo data.", quiet=CALL.json)
    done, pages = _bring_in(stages, seed)
    _build(stages)
    page = stages.report()
    if open_:
        open_page(page)
    show.done(f"Your page: {page}", {"import": done, "pages": pages, "page": str(page)}, as_json=CALL.json)


def _in_a_home_of_its_own() -> Stages:
    """Give a home without anything in it; what an earlier demo left goes."""
    refuse_in_the_cloud(CALL.settings.store)
    home = Home(CALL.settings.home) if CALL.home_given else Home(CALL.settings.home).demo()
    stages = stages_from(CALL.settings, home)
    if stages.state.is_demo:
        home.empty()
        stages = stages_from(CALL.settings, home)
    if stages.holds_listening() or stages.state.names("tokens-"):
        raise WrongCall(
            "This home holds real listening; an invented listener does not belong there.", "Give another one with --home."
        )
    stages.state.mark_demo()
    return stages


def refuse_in_the_cloud(store: str) -> None:
    """Raise `WrongCall` where invented listening would get into a bucket, which has no label for it."""
    if store == "aws":
        raise WrongCall("An invented listener does not belong into the cloud.", "Leave --store away.")


def _bring_in(stages: Stages, seed: int) -> tuple[dict[str, object], int]:
    """Import the listener's archive, then poll what they played since."""
    from longplay.demo import invented_listener  # noqa: PLC0415 - no other command needs to wait for a web server

    now = utc_now()
    with invented_listener(seed, now) as listener:
        with show.import_progress(quiet=CALL.json) as progress:
            done = stages.import_archives([[listener.archive]], now, progress)
        if not CALL.json:
            show.import_sum(done, as_json=False)
        with show.poll_progress(quiet=CALL.json) as step:
            pages = listener.polled(stages.lake, stages.state, stages.user, now, step)
        processed = stages.process()
        show.note(f"Polled since then: {pages} pages with {processed.items} items.", quiet=CALL.json)
        _build(stages)  # what is heard most is asked about first
        with show.import_progress(quiet=CALL.json, doing="Asking") as asking:
            known = listener.enriched(stages, asking)
    told = f"how {percent(known.with_features)} of the listening sounds, and the genres of {percent(known.with_genres)} of it"
    show.note(f"Asked of invented sources: they know {told}.", quiet=CALL.json)
    return show.import_facts(done), pages


def _build(stages: Stages) -> None:
    with show.build_progress(quiet=CALL.json) as on_node:
        stages.build(on_node)
