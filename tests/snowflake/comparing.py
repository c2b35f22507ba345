"""Whether a table in Snowflake is the one in DuckDB: every row, every column, numbers to 1e-9."""

from collections.abc import Iterator
from decimal import Decimal
from math import isclose
from typing import Any

from tests.snowflake.conftest import TwoWarehouses

# By which build a row came is no matter of the listening.
APART = frozenset({"load_number"})


def tables(two: TwoWarehouses, *schemas: str) -> list[str]:
    with two.duckdb.laptop(read_only=True) as connection:
        named = ", ".join(f"'{schema}'" for schema in schemas)
        rows = connection.execute(
            "select table_schema || '.' || table_name from information_schema.tables "
            f"where table_schema in ({named}) order by 1"
        ).fetchall()
    return [name for (name,) in rows]


def differences(two: TwoWarehouses, names: list[str]) -> Iterator[str]:
    """Name each table that is not the same, with what differs first."""
    with two.duckdb.laptop(read_only=True) as duck, two.snowflake.tables.opened(read_only=True) as snow:
        for name in names:
            columns = [row[0] for row in duck.execute(f"describe {name}").fetchall() if row[0] not in APART]
            asked = f"select {', '.join(columns)} from {name}"
            ours, theirs = (sorted(map(plain, each.execute(asked).fetchall()), key=place) for each in (duck, snow))
            if len(ours) != len(theirs):
                yield f"{name}: {len(ours)} rows and {len(theirs)}"
            for one, other in zip(ours, theirs, strict=False):
                if apart := [(c, a, b) for c, a, b in zip(columns, one, other, strict=True) if not same(a, b)]:
                    yield f"{name}: {apart}"
                    break


def plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(float(value) if isinstance(value, Decimal) else value for value in row)


def place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Sort rows alike whose numbers differ in their last digits."""
    return tuple((value is None, f"{value:.6f}" if isinstance(value, int | float) else str(value)) for value in row)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return one == other
