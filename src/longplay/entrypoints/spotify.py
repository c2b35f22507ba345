"""The commands that speak with Spotify: signing in and out, and asking for what was played."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import typer

from longplay.cloud import Cloud
from longplay.entrypoints import show
from longplay.entrypoints.browser import has_display
from longplay.entrypoints.call import CALL
from longplay.errors import WrongCall
from longplay.fetching import Fetched, Fetching
from longplay.spotify.door import Door, open_door
from longplay.spotify.errors import LOGIN, LoginNeeded, NotAuthorized, SpotifyError
from longplay.wiring import fetching_from, stages_from

_LONGEST_LINE: Final = 65_536
_SOON: Final = timedelta(days=30)

_NEXT: Final = {
    "folder": "Next: `longplay run`, and `longplay fetch` every 30 minutes (the README has the cron lines).",
    "aws": "From now on the functions in the cloud poll.",
}


def login(
    *,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the answer.")] = 300,
) -> None:
    """Sign in to Spotify, so that every play from now on is kept."""
    user, fetching = CALL.settings.user, fetching_from(CALL.settings)
    if fetching.state.is_demo:
        raise WrongCall("This home holds an invented listener, who needs no sign-in.", "Give another one with --home.")
    connection = fetching.connect(user)
    with open_door(CALL.settings.spotify_redirect_uri) as door:
        attempt = connection.begin(door.address)
        _show_address(attempt.address)
        _take_pasted(door)
        redirect = door.wait(wait)
    consent = connection.finish(attempt, redirect)
    if CALL.settings.store == "aws":
        Cloud(CALL.settings).share(connection.app)
    _find_out_profile(connection.profile)
    ends = show.day(consent.ends_at)
    show.done(
        f"Signed in as {user!r}. The consent lasts until {ends}; you will be warned before. {_NEXT[CALL.settings.store]}",
        {"user": user, "consent_ends_at": consent.ends_at},
        as_json=CALL.json,
    )


def _show_address(address: str) -> None:
    """Open the browser where there is one, and print the address for all others."""
    if has_display() and webbrowser.open(address):
        show.aside("Your browser shows Spotify's page: agree there. If it does not, open this address:")
    else:
        show.aside("Open this address in a browser and agree:")
    show.aside(f"\n{address}\n")
    show.aside("If that browser is on another machine, it ends on a page that cannot be shown: paste its address here.")


def _take_pasted(door: Door) -> None:
    """Hand in the line that somebody pastes. It is read bare, so that a thread which still waits for it hinders no end."""

    def read() -> None:
        line = b""
        while not line.endswith(b"\n") and (part := os.read(sys.stdin.fileno(), _LONGEST_LINE)):
            line += part
        if line.strip():
            door.give(line.decode("utf-8", "replace"))

    if sys.stdin is not None:
        threading.Thread(target=read, name="pasted", daemon=True).start()


def _find_out_profile(ask: Callable[[], object]) -> None:
    """Ask what the app may do; that can as well be found out another day."""
    try:
        ask()
    except SpotifyError as problem:
        show.aside(str(problem))


def fetch(
    *,
    daily: Annotated[bool, typer.Option("--daily", help="Also what is due once a day: top items, saved tracks.")] = False,
    leave_consents: Annotated[
        bool, typer.Option("--leave-consents", help="Leave a consent that is over to `longplay check`, if another was good.")
    ] = False,
) -> None:
    """Ask Spotify for the plays since the last time; of every listener, or of the one named with --user."""
    fetching = fetching_from(CALL.settings)
    listeners = [CALL.settings.user] if CALL.user_given else fetching.listeners()
    if not listeners:
        raise LoginNeeded("Nobody has signed in to Spotify.", LOGIN)
    done = fetch_all(fetching, listeners, daily=daily)
    pages = sum(len(each.keys) for each in done)
    show.done(
        f"Fetched: {pages} new page{'' if pages == 1 else 's'}." if pages else "Fetched: nothing new.",
        {"listeners": fetched_facts(done)},
        as_json=CALL.json,
    )
    end_of_fetch(done, leave_consents=leave_consents)


def fetch_all(fetching: Fetching, listeners: Sequence[str], *, daily: bool) -> list[Fetched]:
    """Fetch for each listener and say what is good to know; one whose consent is over does not stop the others."""
    done = [fetching.fetch(user, is_daily=daily) for user in listeners]
    for each in done:
        for sentence in (*each.blocked, *each.remarks):
            show.aside(_for(each.user, sentence, listeners))
    return done


def _for(user: str, sentence: str, listeners: Sequence[str]) -> str:
    return f"{user}: {sentence}" if len(listeners) > 1 else sentence


def fetched_facts(done: Sequence[Fetched]) -> list[dict[str, Any]]:
    """Give what was fetched as plain data."""
    return [
        {
            "user": each.user,
            "pages": len(each.keys),
            "blocked": each.blocked,
            "remarks": each.remarks,
            "problem": each.problem and str(each.problem),
        }
        for each in done
    ]


def end_of_fetch(done: Sequence[Fetched], *, leave_consents: bool = False) -> None:
    """End with what a person has to do, and with 1, where something could not be asked for, other than by a block.

    With `leave_consents`, one who has to sign in again is no reason to end with 1, if another could be asked for.
    """
    problems = [each.problem for each in done if each.problem]
    for problem in problems:
        if not CALL.json:
            show.error(problem, as_json=False)
    is_left = leave_consents and len(problems) < len(done)
    if any(not (is_left and isinstance(problem, NotAuthorized)) for problem in problems):
        raise typer.Exit(1)


def process() -> None:
    """Give meaning to what was fetched: pages to typed rows."""
    done = stages_from(CALL.settings).process()
    show.done(
        f"Processed {done.pages} pages: {done.items} items, of which {done.rejected} could not be read.",
        {"pages": done.pages, "items": done.items, "rejected": done.rejected},
        as_json=CALL.json,
    )


def disconnect(
    *, delete_data: Annotated[bool, typer.Option("--delete-data", help="Delete all that was polled, too.")] = False
) -> None:
    """Forget the sign-in, and if you want all that was polled from Spotify; archives stay."""
    user, fetching = CALL.settings.user, fetching_from(CALL.settings)
    delete_data = delete_data or _wants_data_deleted(user)
    had_signed_in = fetching.connect(user).disconnect(untied=delete_data)
    gone = fetching.forget(user) if delete_data else 0
    if gone:
        _build_without(fetching, user)
    said = "Disconnected." if had_signed_in else "Nobody had signed in."
    kept = f" Deleted: {gone} files of polled data." if delete_data else " What was polled stays; --delete-data deletes it."
    versions = " Earlier versions in the bucket go by its own rule." if gone and CALL.settings.store == "aws" else ""
    show.done(
        f"{said}{kept}{versions} Spotify's own list of apps is at spotify.com/account/apps.",
        {"disconnected": had_signed_in, "deleted": gone},
        as_json=CALL.json,
    )


def _wants_data_deleted(user: str) -> bool:
    is_asked = sys.stdin is not None and sys.stdin.isatty() and not CALL.json
    return is_asked and typer.confirm(f"Delete what was polled for {user!r} as well? Archives stay.", default=False)


def _build_without(fetching: Fetching, user: str) -> None:
    """Let the warehouse and the page forget it, too."""
    stages = stages_from(CALL.settings)
    if stages.home.warehouse.exists():
        with show.build_progress(quiet=CALL.json) as on_node:
            stages.build(on_node)
    if stages.home.page.exists():
        stages.report(fetching.notice(user))


def standing(fetching: Fetching, user: str, newest_play: str | None) -> dict[str, Any]:
    """Tell where polling stands for a listener; `newest_play` is the newest that the warehouse knows."""
    connection, known = fetching.connect(user), fetching.remembered(user)
    consent, profile = connection.consent(), connection.profile_known()
    return {
        "newest_play": max(filter(None, (newest_play, _told(known.newest_at))), default=None),
        "last_poll": _told(known.polled_at),
        "consent_ends": _told(consent.ends_at) if consent else None,
        "warning": fetching.notice(user),
        "blocked": {bucket: _told(until) for bucket, until in connection.blocks().items()},
        "calls_of_24_hours": sum(connection.calls().values()),
        "app_profile": profile.profile if profile else None,
    }


def _told(instant: datetime | None) -> str | None:
    return instant.replace(tzinfo=None).isoformat(timespec="seconds") if instant else None
