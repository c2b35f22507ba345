"""Loading into Snowflake: processed objects reach a stage, and COPY brings the named ones into their table.

Which files are loaded is written in our own `loaded_files`, in the same transaction: Snowflake's memory of them ends after 64
days, and would keep a file out that was taken out and comes again. Rows learn their file from its name in the stage: its key.
"""

import os
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from longplay.errors import WarehouseError
from longplay.lake.layout import Processed
from longplay.lake.tables import LANDING
from longplay.warehouse.snowflake.session import Session
from longplay.warehouse.snowflake.shape import spelled_type

AT_ONCE: Final = 1000  # files that one COPY may name
_ROOM: Final = "processed/"
INTERNAL: Final = "files"
_ASIDE: Final = ".staging"  # of a lake in a folder, which is swept


def fill(  # noqa: PLR0913, PLR0917 - what, from where, to where
    session: Session, stage: str, table: str, files: Sequence[Processed], root: Path, load_number: int
) -> None:
    """Bring processed objects into one landing table and note them as loaded; a lake in a folder is uploaded first."""
    if stage == INTERNAL:
        upload(session, stage, [file.key for file in files], root)
    for first in range(0, len(files), AT_ONCE):
        session.execute(copy_statement(stage, table, [file.key for file in files[first : first + AT_ONCE]], load_number))
    _note(session, table, files, load_number)


def copy_statement(stage: str, table: str, keys: Sequence[str], load_number: int) -> str:
    """Spell how objects come into a table, with the key each row came from. A stage in S3 begins where keys have `processed/`.

    >>> print(copy_statement("files", "searches", ["processed/v1/searches/user=me/1f0c/a.parquet"], 7))
    copy into lake.searches (user_id, archive, searched_at, uri, source_file, load_number)
    from (
        select $1:user_id::varchar, $1:archive::varchar, $1:searched_at::timestamp_ntz, $1:uri::varchar, metadata$filename, 7
        from @lake.files/processed/
    )
    files = ('v1/searches/user=me/1f0c/a.parquet')
    file_format = (format_name = 'lake.parquet')
    force = true
    """
    columns = LANDING[table]
    values = [f"$1:{name}::{spelled_type(kind)}" for name, kind in columns.items()]
    names = ", ".join(f"'{key.removeprefix(_ROOM)}'" for key in keys)
    return (
        f"copy into lake.{table} ({', '.join([*columns, 'source_file', 'load_number'])})\n"  # noqa: S608  every part is ours
        f"from (\n    select {', '.join([*values, 'metadata$filename', str(load_number)])}\n"
        f"    from @lake.{stage}/{_ROOM if stage == INTERNAL else ''}\n)\n"
        f"files = ({names})\nfile_format = (format_name = 'lake.parquet')\nforce = true"
    )


def upload(session: Session, stage: str, keys: Sequence[str], root: Path) -> None:
    """Put objects of a lake in a folder into an internal stage, under their keys, one statement for each folder."""
    folders = groupby(sorted(keys), key=lambda key: str(PurePosixPath(key).parent))
    (root / _ASIDE).mkdir(exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=root / _ASIDE) as aside:
        for number, (folder, of_folder) in enumerate(folders):
            chosen = Path(aside) / str(number)
            chosen.mkdir()
            for key in of_folder:
                os.link(root / key, chosen / PurePosixPath(key).name)
            session.execute(
                f"put 'file://{chosen.as_posix()}/*' '@lake.{stage}/{folder}' auto_compress = false overwrite = true"
            )


def _note(session: Session, table: str, files: Sequence[Processed], load_number: int) -> None:
    """Write down what was loaded; raises `WarehouseError` where rows came from a file that was not asked for."""
    counted = session.execute(
        f"select source_file, count(*) from lake.{table} where load_number = ? group by source_file",  # noqa: S608  of LANDING
        [load_number],
    ).fetchall()
    rows = dict(counted)
    if unknown := rows.keys() - {file.key for file in files}:
        raise WarehouseError(
            f"Snowflake names a file otherwise than we do: {min(unknown)}.", "Nothing was loaded. Please report it."
        )
    session.executemany(
        "insert into lake.loaded_files values (?, ?, ?, ?, ?, ?)", list(_records(table, files, rows, load_number))
    )


def _records(
    table: str, files: Sequence[Processed], rows: dict[str, int], load_number: int
) -> Iterator[tuple[str, str, str, str | None, int, int]]:
    for file in files:
        yield file.key, table, file.user, file.archive, load_number, rows.get(file.key, 0)
