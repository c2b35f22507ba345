"""An open connection to Snowflake that takes the SQL which DuckDB takes, too."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from longplay.errors import WarehouseError
from longplay.warehouse.ask import SCHEMAS
from longplay.warehouse.engine import Answer
from longplay.warehouse.snowflake.account import Account

_NAMED: Final = re.compile(r"\$([a-z_]+)")


class Session:
    """What `longplay.warehouse.engine.Connection` promises, of Snowflake."""

    def __init__(self, connection: Any) -> None:
        """Speak over a connection of Snowflake's connector."""
        self._connection = connection

    def execute(self, query: str, parameters: Any = None) -> Answer:
        """Run one statement; raises `WarehouseError` with what Snowflake says of it."""
        from snowflake.connector.errors import Error  # noqa: PLC0415

        sql, values = positional(query, parameters)
        try:
            return self._connection.cursor().execute(sql, values)
        except Error as error:
            raise refusal(error) from error

    def executemany(self, query: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row of values."""
        from snowflake.connector.errors import Error  # noqa: PLC0415

        try:
            self._connection.cursor().executemany(query, [tuple(row) for row in parameters])
        except Error as error:
            raise refusal(error) from error

    def begin(self) -> None:
        """Begin a transaction; nothing that defines a table may stand in it, for Snowflake would end it there."""
        self.execute("begin")

    def commit(self) -> None:
        """End it, and let it hold."""
        self.execute("commit")

    def rollback(self) -> None:
        """End it as if it had not been."""
        self.execute("rollback")


@contextmanager
def opened(account: Account, role: str, *, database: str | None = None) -> Iterator[Session]:
    """Yield a session in which every model has its bare name."""
    connection = account.connect(role, database=database)
    try:
        yield Session(connection)
    finally:
        connection.close()


def look_everywhere(session: Session) -> None:
    """Let every model be found by its bare name."""
    session.execute(f"alter session set search_path = '{', '.join(SCHEMAS)}'")


def positional(sql: str, values: Any) -> tuple[str, Any]:
    """Spell `$name` as Snowflake takes it: in order, as `?`.

    >>> positional("select 1 where a = $b or c = $b", {"b": 7})
    ('select 1 where a = ? or c = ?', (7, 7))
    """
    if not isinstance(values, dict):
        return sql, tuple(values) if values else None
    return _NAMED.sub("?", sql), tuple(values[found[1]] for found in _NAMED.finditer(sql))


def refusal(error: Exception) -> WarehouseError:
    """Put into words what Snowflake says no to."""
    said = " ".join(str(getattr(error, "msg", None) or error).split())
    return WarehouseError(
        f"Snowflake refuses: {said[:500].rstrip('.!')}.",
        "If a model is missing, run `longplay build`; if a landing table or a privilege is, `longplay warehouse setup`.",
    )
