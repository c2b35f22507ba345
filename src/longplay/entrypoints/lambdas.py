"""The ways in from AWS: an event is translated, a stage called, and what comes of it given back as plain data.

What a function raises is told by the name of its error. Clients are made once for each container; what needs a database is
imported by the functions that use one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, wraps
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import structlog
from aws_lambda_powertools import Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit

from longplay import log
from longplay.cloud import Cloud
from longplay.enriching import Step
from longplay.polling import Standing, poll, standing
from longplay.settings import Settings
from longplay.wiring import enriching_with, fetching_with, parts_of, utc_now
from longplay.wish_list import WishList

if TYPE_CHECKING:
    from longplay.importing import ImportedArchive

Event = Mapping[str, Any]
Answer = dict[str, Any]
Handler = Callable[[Event, Any], Answer]

_SERVICE: Final = "longplay"
_SLEEPS: Final = 10.0  # seconds that a function waits for Spotify; it is paid for them
_LONGEST_ANSWER: Final = timedelta(seconds=60)
_MARGIN: Final = timedelta(seconds=5)
_DAY: Final = timedelta(days=1)

log.configure_for_functions()
metrics = Metrics(namespace="Longplay", service=_SERVICE)
tracer = Tracer(service=_SERVICE, auto_patch=False)


def _handler(stage: Handler) -> Handler:
    """Let a function tell for whom it works, and trace what it does, without what goes in and comes out."""

    @wraps(stage)
    def handler(event: Event, context: Any) -> Answer:
        facts = {"stage": stage.__name__, "listener": event.get("listener"), "request": _of(context, "aws_request_id")}
        with structlog.contextvars.bound_contextvars(**facts):
            return stage(event, context)

    return tracer.capture_lambda_handler(handler, capture_response=False, capture_error=False)


@metrics.log_metrics
@_handler
def fetch(event: Event, context: Any) -> Answer:
    """Ask Spotify for what is due for a listener."""
    user = event["listener"]
    settings = _settings()
    fetching = fetching_with(settings, parts_of(_cloud(), _nowhere(), lasts=_lasts(context)))
    metrics.add_dimension("listener", user)
    with _counted("PollEnded") as ends, _counted("PollSucceeded") as succeeds:
        done = poll(fetching, user, is_daily=event.get("mode") == "daily", gives_up=bool(event.get("give_up")))
        ends(True)
        succeeds(done.trouble is None)
        metrics.add_metric("PlaysFetched", MetricUnit.Count, done.plays)
        metrics.add_metric("Gaps", MetricUnit.Count, int(done.is_gap))
        _measure(standing(fetching, user))
    trouble = done.trouble
    told = trouble and {"until": trouble.until and trouble.until.isoformat(), "why": trouble.why, "tell": trouble.tell}
    return {"listener": user, "keys": done.keys, "blocked": told, "healed": done.is_healed, "plays": done.plays}


@contextmanager
def _counted(name: str) -> Iterator[Callable[[bool], None]]:
    """Count what is said to be so, or not to be so: also if it is never said, since an error came before."""
    said: list[bool] = []
    try:
        yield said.append
    finally:
        metrics.add_metric(name, MetricUnit.Count, int(said == [True]))


def _measure(now: Standing) -> None:
    if now.newest_play_age is not None:
        metrics.add_metric("NewestPlayAge", MetricUnit.Seconds, now.newest_play_age.total_seconds())
    if now.consent_left is not None:
        metrics.add_metric("ConsentDaysLeft", MetricUnit.Count, now.consent_left / _DAY)
    metrics.add_metric("BudgetUsed", MetricUnit.Percent, 100 * now.budget_used)


@_handler
def process(event: Event, context: Any) -> Answer:
    """Give meaning to one page that was fetched."""
    del context
    from longplay.processing import process_page  # noqa: PLC0415 - a poll needs no DuckDB

    with TemporaryDirectory() as folder:
        page = process_page(_cloud().lake(Path(folder)), event["key"])
    return {"key": event["key"], "rows": page.typed_rows, "rejected": len(page.rejected)}


@_handler
def import_export(event: Event, context: Any) -> Answer:
    """Bring in an archive that was put into the inbox."""
    del context
    from longplay.inbox import take_in  # noqa: PLC0415 - a poll needs no DuckDB

    inbox = _settings().inbox_bucket or event["bucket"]
    with TemporaryDirectory() as folder:
        done = take_in(_cloud().bucket_of(inbox), event["key"], _cloud().lake(Path(folder)), utc_now())
    return _sum(done) if done else {"ignored": True}


@_handler
def enrich(event: Event, context: Any) -> Answer:
    """Ask others about what a listener's list says is missing, where somebody has allowed it."""
    user, settings = event["listener"], _settings()
    if not settings.enrich:
        return {}
    parts = parts_of(_cloud(), _nowhere(), lasts=_lasts(context))
    music = WishList(parts.notes, user)
    enriching = enriching_with(settings.model_copy(update={"user": user}), parts, music)
    try:
        ended = enriching.enrich(step=_while_there_is_time(context)).ended
    except _TimeIsOver:
        ended = ["The function's time is over; the next run continues."]
    return {"listener": user, "answers": music.answers, "ended": ended}


class _TimeIsOver(Exception):
    """The function has to end soon; every answer is kept."""


def _while_there_is_time(context: Any) -> Step:
    """Stop before the next question where an answer might come too late."""
    left = _of(context, "get_remaining_time_in_millis")

    def step(*_: object) -> None:
        if left and timedelta(milliseconds=left()) < _LONGEST_ANSWER:
            raise _TimeIsOver

    return step


def _sum(done: ImportedArchive) -> Answer:
    return {
        "listener": done.user,
        "archive": done.archive,
        "layout": done.layout,
        **{figure: done.total(figure) for figure in ("read", "distinct", "repeated", "rejected")},
        "first": done.first and done.first.isoformat(),
        "last": done.last and done.last.isoformat(),
        "missing": done.missing,
        "unreadable": done.unreadable,
    }


@cache
def _settings() -> Settings:
    """Read the settings once; a function sleeps only for a moment, since the state machine waits for nothing."""
    settings = Settings(LONGPLAY_STORE="aws")
    return settings.model_copy(update={"spotify_patience": min(settings.spotify_patience, _SLEEPS)})


@cache
def _cloud() -> Cloud:
    return Cloud(_settings())


def _nowhere() -> Path:
    """Give a folder for what is read of the lake; fetching reads nothing of it."""
    return Path("/nowhere")


def _lasts(context: Any) -> timedelta | None:
    """Let a lease end soon after the function must."""
    left = _of(context, "get_remaining_time_in_millis")
    return timedelta(milliseconds=left()) + _MARGIN if left else None


def _of(context: Any, name: str) -> Any:
    return getattr(context, name, None)
