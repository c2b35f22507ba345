"""`longplay enrich`: asking others what Spotify no longer tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from longplay.entrypoints import show
from longplay.entrypoints.call import CALL
from longplay.errors import WrongCall
from longplay.wiring import enriching_from, stages_from, utc_now
from longplay.wording import percent

if TYPE_CHECKING:
    from longplay.enriching import Enriched, Waiting
    from longplay.stages import Stages

_ABOUT = {True: "how it sounds", False: "which genres its artists have"}


def enrich(
    *,
    features: Annotated[
        Path | None,
        typer.Option(help="Take how tracks sound from this CSV or Parquet file with Spotify ids, and ask nobody."),
    ] = None,
) -> None:
    """Ask others how your tracks sound and which genres your artists have, the longest heard first.

    ReccoBeats receives ids of tracks; MusicBrainz ids of artists, or their names with a title of each; Last.fm, if
    LASTFM_API_KEY is set, names of artists; Spotify, if you signed in, ids. Nobody is told whose listening it is. What is known
    is never asked for again, and every source has a budget for a day: run it every night, and it goes on where it was.
    """
    stages = stages_from(CALL.settings)
    _refuse_invented(stages)
    if not stages.is_current():
        _build(stages)
    if features:
        rows, tracks = stages.take_table(features, utc_now())
        _build(stages)
        show.done(
            f"{features.name} has {rows:,} rows; {tracks:,} of your tracks are among them.",
            {"rows": rows, "tracks": tracks},
            as_json=CALL.json,
        )
        return
    done = ask(stages)
    if done.calls:
        _build(stages)
    show.done("\n".join(_sentences(done)), enriched_facts(done), as_json=CALL.json)


def ask(stages: Stages) -> Enriched:
    """Ask for what is missing; says before who receives what, and after why somebody was asked no more."""
    enriching = enriching_from(CALL.settings, stages)
    with show.import_progress(quiet=CALL.json, doing="Asking") as step:
        done = enriching.enrich(show.aside, step)
    for sentence in done.ended:
        show.aside(sentence)
    return done


def standing(stages: Stages) -> dict[str, Any]:
    """Tell how much of the listening others have told about, and when the rest will be."""
    if not stages.is_built():
        return {"with_features": None, "with_genres": None, "to_enrich": None}
    done = enriching_from(CALL.settings, stages).standing()
    waiting = [] if stages.state.is_demo else done.waiting  # nobody can be asked about invented music
    return {
        "with_features": round(done.with_features, 4),
        "with_genres": round(done.with_genres, 4),
        "to_enrich": {each.source: f"{each.calls:,} calls, {_when(each)}" for each in waiting},
    }


def enriched_facts(done: Enriched) -> dict[str, Any]:
    """Give what was asked as plain data."""
    return {
        "calls": done.calls,
        "ended": done.ended,
        "with_features": round(done.with_features, 4),
        "with_genres": round(done.with_genres, 4),
        "waiting": [
            {"source": each.source, "calls": each.calls, "budget": each.budget, "nights": each.nights} for each in done.waiting
        ],
    }


def _sentences(done: Enriched) -> Iterator[str]:
    calls = ", ".join(f"{who} {number:,}" for who, number in done.calls.items())
    yield f"Asked: {calls} calls." if calls else "Nothing was asked."
    for is_about_sound, share in ((True, done.with_features), (False, done.with_genres)):
        waiting = [each for each in done.waiting if each.is_about_sound is is_about_sound]
        rest = ", ".join(f"{each.source} {_when(each)}" for each in waiting)
        known = f"Of {percent(share)} of your listening it is known {_ABOUT[is_about_sound]}"
        yield f"{known}; the rest: {rest}." if rest else f"{known}."


def _when(waiting: Waiting) -> str:
    """Say when a source will have been asked for everything."""
    if not waiting.nights:
        return "by the next run"
    nights = "one more night" if waiting.nights == 1 else f"{waiting.nights} nights"
    return f"in {nights} at {waiting.budget:,} calls a night"


def _refuse_invented(stages: Stages) -> None:
    if stages.state.is_demo:
        raise WrongCall(
            "This home holds an invented listener; nobody can be asked about invented music.", "Give another --home."
        )
    if not stages.holds_listening():
        raise WrongCall("There is no listening yet.", "Run `longplay import` with the archive Spotify sent you.")


def _build(stages: Stages) -> None:
    with show.build_progress(quiet=CALL.json) as on_node:
        stages.build(on_node)
