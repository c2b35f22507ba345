"""What the models were last built from: whether the next build may only bring them up to date."""

import duckdb


def built_from(connection: duckdb.DuckDBPyConnection) -> tuple[int, str] | None:
    """Give the last load the models know of, and the fingerprint of all else; None where they have to be built as a whole."""
    return connection.execute("select load_number, fingerprint from lake.built").fetchone()


def last_load(connection: duckdb.DuckDBPyConnection) -> int:
    """Give the number of the last load that changed a table."""
    row = connection.execute(
        "select greatest((select coalesce(max(load_number), 0) from lake.loaded_files), "
        "(select coalesce(max(load_number), 0) from lake.touches))"
    ).fetchone()
    return int(row[0]) if row else 0


def forget_built(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the next build a whole one, whatever becomes of this one."""
    connection.execute("delete from lake.built")


def note_built(connection: duckdb.DuckDBPyConnection, load_number: int, fingerprint: str) -> None:
    """Remember what the models have just been built from."""
    connection.begin()
    connection.execute("delete from lake.built")
    connection.execute("insert into lake.built values (?, ?)", [load_number, fingerprint])
    connection.commit()
