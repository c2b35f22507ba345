"""The questions answered: what the marts say of somebody's listening, as sentences with their numbers.

A question is a module: its SQL asks the marts, its rules say what is said, and from which value on. Near the middle they say
so; what was not heard long enough, or is known of too little, is no finding but a sentence that says what is missing.
"""

from collections.abc import Callable
from functools import partial
from itertools import chain
from types import ModuleType
from typing import Any, Final

import duckdb

from longplay.insights import discovery, diversity, genres, mood, skips, trends
from longplay.insights.insight import Insight
from longplay.warehouse.ask import answers

QUESTIONS: Final[dict[str, ModuleType]] = {
    "trends": trends,
    "discovery": discovery,
    "genres": genres,
    "mood": mood,
    "diversity": diversity,
    "skips": skips,
}

# The tables they ask.
ASKED: Final = (
    "marts.fct_daily_listening", "marts.rpt_listening_trends", "marts.rpt_genre_evolution", "marts.rpt_mood",
    "marts.rpt_artist_diversity", "marts.rpt_skip_behaviour", "intermediate.int_discovery_events",
    "intermediate.int_listening_patterns",
)  # fmt: skip


def insights(connection: duckdb.DuckDBPyConnection, user: str) -> list[Insight]:
    """Answer every question about one listener, in the order of `QUESTIONS`; none for who has never played anything."""
    ask: Callable[[str], list[dict[str, Any]]] = partial(_rows, connection, user)
    if not ask(trends.WHOLE):
        return []
    return list(chain.from_iterable(module.answer(ask) for module in QUESTIONS.values()))


def _rows(connection: duckdb.DuckDBPyConnection, user: str, sql: str) -> list[dict[str, Any]]:
    return answers(connection, sql, {"user": user})
