"""Logs: events with facts, one line of JSON each, on standard error; on a laptop only when asked for (`--debug`)."""

import logging
import sys

import structlog


def configure(*, debug: bool) -> None:
    """Say everything while debugging, else only what needs attention."""
    _configure(logging.DEBUG if debug else logging.WARNING)


def configure_for_functions() -> None:
    """Say what happened, and for whom."""
    _configure(logging.INFO)


def _configure(level: int) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
