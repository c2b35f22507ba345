"""Logs: events with facts, one line of JSON each, on standard error and only when asked for (`--debug`)."""

import logging
import sys

import structlog


def configure(*, debug: bool) -> None:
    """Say everything while debugging, else only what needs attention."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
