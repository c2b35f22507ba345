"""What a page tells besides what the models hold: sentences, what the last build did, and where the others' pages are."""

from pathlib import Path

import duckdb

from longplay.errors import WarehouseError
from longplay.insights import insights
from longplay.report.page import Beside
from longplay.warehouse import overview
from longplay.warehouse.lineage import last_build


def beside(connection: duckdb.DuckDBPyConnection, work: Path, user: str, form: str = "") -> Beside:
    """Tell it of one listener.

    `work` is where dbt left its notes; `form` says where each page is, `{}` standing for a name: then they are linked.
    """
    try:
        sentences = [insight.says for insight in insights(connection, user)]
    except WarehouseError:  # models of an earlier version
        sentences = []
    names = overview.listeners(connection) if form else []
    return Beside(sentences, last_build(work), {name: form.format(name) for name in names} if len(names) > 1 else {})
