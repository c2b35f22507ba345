"""The command that says whether what is told is fresh and complete: for whoever runs the rest by a schedule."""

from __future__ import annotations

from typing import Annotated

import typer

from longplay.entrypoints import show
from longplay.entrypoints.call import CALL
from longplay.errors import StaleData
from longplay.fetching import Fetching
from longplay.wiring import fetching_from, stages_from, utc_now


def check(
    *,
    since: Annotated[float, typer.Option(help="How many days back a gap between polls is of interest.")] = 1,
) -> None:
    """Look whether polls and plays are fresh and complete, of every listener or of the one named with --user."""
    from longplay.checking import Limits, Polled  # noqa: PLC0415 - a poll needs none of it
    from longplay.checking import check as findings  # noqa: PLC0415

    settings, fetching, stages = CALL.settings, fetching_from(CALL.settings), stages_from(CALL.settings)
    now = utc_now()

    def polled(user: str, fetching: Fetching) -> Polled:
        known, consent = fetching.remembered(user), fetching.connect(user).consent()
        return Polled(user, known.polled_at, known.newest_at, fetching.notice(user), consent.urgency(now) if consent else 0)

    limits = Limits(settings.check_poll_hours, settings.check_play_days, settings.check_gap_hours, since)
    listeners = [settings.user] if CALL.user_given else fetching.listeners()
    found = findings([polled(user, fetching) for user in listeners], stages.query, limits, now, is_current=stages.is_current())
    show.checked(found, as_json=CALL.json)
    troubles = [finding for finding in found if not finding.is_note]
    if troubles and CALL.json:
        raise typer.Exit(1)
    if troubles:
        more = f" (And {len(troubles) - 1} more.)" if len(troubles) > 1 else ""
        raise StaleData(troubles[0].message, f"{troubles[0].action}{more}".strip())
