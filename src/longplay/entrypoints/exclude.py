"""The command that says what statistics leave out; it writes `choices.toml`, and leaves the rest of that file as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from longplay.choices.shape import KINDS, Choices, Exclude
from longplay.entrypoints import show
from longplay.entrypoints.call import CALL
from longplay.errors import WrongCall
from longplay.wiring import excluding_from

if TYPE_CHECKING:
    from longplay.excluding import Excluding

_NEXT: Final = "It holds from the next build on: `longplay build`, or `longplay run`."
_Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of hours: the first day.")]
_LastDay = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of hours: the last day.")]


def exclude(  # noqa: PLR0913 - what one can say of it
    kind: Annotated[str | None, typer.Argument(help="artist, track, show or hours.")] = None,
    name: Annotated[str | None, typer.Argument(help="Its name; hours as 1-5 or 23-6, by your local clock.")] = None,
    *,
    by: Annotated[str | None, typer.Option("--by", help="Of a track: only this artist's.")] = None,
    since: _Day = None,
    until: _LastDay = None,
    list_: Annotated[bool, typer.Option("--list", help="List what is left out, and how much that is.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take one back; without a name the last.")] = False,
    suggest: Annotated[bool, typer.Option("--suggest", help="List what you may want to leave out.")] = False,
) -> None:
    """Leave an artist, a track, a show or hours of the day out of all statistics; no play is ever deleted.

    For everybody, or with --user for one listener. It is written into choices.toml in the home, which you may edit yourself.
    """
    chosen = excluding_from(CALL.settings)
    if suggest:
        _suggest(chosen)
    elif undo:
        _undo(chosen, _meant(kind, name, by, since, until) if kind else None)
    elif list_ or kind is None:
        show.table(list(_listed(chosen, chosen.choices())), empty="Nothing is left out.", as_json=CALL.json)
    else:
        _exclude(chosen, _meant(kind, name, by, since, until))


def _listener() -> str | None:
    return CALL.settings.user if CALL.user_given else None


def _meant(kind: str, name: str | None, by: str | None, since: datetime | None, until: datetime | None) -> Exclude:
    """Put what was asked for into an exclusion; raises `WrongCall` where it is none."""
    if kind not in KINDS or name is None:
        raise WrongCall(
            "Say what to leave out.", 'It is artist, track, show or hours, and a name: `exclude artist "Rain Sounds"`.'
        )
    if by is not None and kind != "track":
        raise WrongCall("Only a track is somebody's.", "Leave --by away.")
    given: dict[str, Any] = {"artist": by, kind: name}
    try:
        return Exclude(**given, since=_day(since), until=_day(until))
    except ValueError as error:
        raise WrongCall(f"That cannot be left out: {error}.", "See `longplay exclude --help`.") from error


def _day(instant: datetime | None) -> date | None:
    return instant.date() if instant else None


def _exclude(chosen: Excluding, exclusion: Exclude) -> None:
    listener = _listener()
    is_new = chosen.exclude(exclusion, listener)
    taken = chosen.taken_out(exclusion, listener)
    if doubt := chosen.doubt(exclusion, listener):
        show.aside(f"{doubt} `longplay exclude --undo {exclusion.kind} …` takes it back.")
    amount = f" That is {taken.plays:,} plays, {taken.hours:,.1f} hours of those here." if taken else ""
    show.done(
        f"Left out{'' if is_new else ' already'}{_whose(listener)}: {exclusion}.{amount} {_NEXT}",
        {**_facts(exclusion, listener), "is_new": is_new, "plays": taken and taken.plays, "hours": taken and taken.hours},
        as_json=CALL.json,
    )


def _undo(chosen: Excluding, exclusion: Exclude | None) -> None:
    gone = chosen.take_back(exclusion, _listener())
    if gone is None:
        raise WrongCall(
            f"{exclusion or 'Nothing'} is not left out{_whose(_listener())}.".capitalize(), "See `longplay exclude --list`."
        )
    show.done(f"No longer left out{_whose(_listener())}: {gone}. {_NEXT}", _facts(gone, _listener()), as_json=CALL.json)


def _suggest(chosen: Excluding) -> None:
    rows = chosen.suggestions()
    show.table(
        rows or [],
        empty="There is nothing to suggest." if rows == [] else "These models suggest nothing yet.",
        as_json=CALL.json,
    )


def _listed(chosen: Excluding, choices: Choices) -> Iterator[dict[str, Any]]:
    for listener, theirs in ((None, choices.everybody), *choices.listeners.items()):
        for exclusion in theirs.exclude:
            taken = chosen.taken_out(exclusion, listener)
            yield _facts(exclusion, listener) | {"plays": taken and taken.plays, "hours": taken and taken.hours}


def _facts(exclusion: Exclude, listener: str | None) -> dict[str, Any]:
    return {
        "listener": listener or "everybody",
        "kind": exclusion.kind,
        "name": exclusion.name,
        "by": exclusion.artist if exclusion.kind == "track" else None,
        "since": exclusion.since and exclusion.since.isoformat(),
        "until": exclusion.until and exclusion.until.isoformat(),
    }


def _whose(listener: str | None) -> str:
    return f" for {listener}" if listener else ""
