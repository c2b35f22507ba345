"""The page that lies in an export and says what each file is."""

from collections.abc import Iterator, Mapping
from typing import Final

from longplay.moving.manifest import LAKE, NAME, Manifest, Table

Meanings = Mapping[str, Mapping[str, str]]  # table to column to sentence; under "" that of the table

_HEAD: Final = """\
# Longplay: everything of one home

Written on {day}, {time} UTC, by Longplay {version}.{demo} It tells a person's listening: keep it
where only they can read it.

To move house, bring it into an empty home: `longplay import` and the path of this folder, then `longplay build`. The tables are
then the same, row for row. Local times were told in the zone {zone}; set `LONGPLAY_TIMEZONE={zone}` there as well.

## What is what

- `marts/`: what the questions are asked to. `landing/`: what the archives said, row by row.
- `{lake}/`: the home's own files: every archive as it was read (`raw`), typed (`processed`), and the rows nobody could read
  (`rejected`). These are what an import takes.
- `{name}`: the list of all this with the hash of each of the home's files. Without it the folder is no export.

Each table is there twice. **Parquet** has types; its instants are UTC. **CSV** is UTF-8 with a header; text stands in quotes
and nothing between two commas means that nothing is known; instants are ISO 8601 in UTC (`2026-03-01T18:20:11.000000Z`), and
wall clocks (`local_…`) the same without the `Z`. Lengths (`ms_…`) are milliseconds.

Names stand as Spotify sent them, also those that begin with `=`, `+`, `-` or `@`. A spreadsheet that opens a CSV with a double
click may take such a name for a formula: import it there with every column as text.

## Tables

| table | rows | |
|---|---:|---|
"""
_DEMO: Final = " **Demo data: an invented listener.**"


def readme(manifest: Manifest, meanings: Meanings) -> str:
    """Give the whole page: first what the folder is, then every table, then every column."""
    head = _HEAD.format(
        day=f"{manifest.exported_at:%-d %B %Y}",
        time=f"{manifest.exported_at:%H:%M}",
        version=manifest.longplay,
        demo=_DEMO if manifest.is_demo else "",
        zone=manifest.time_zone,
        lake=LAKE,
        name=NAME,
    )
    rows = [f"| `{_stem(table)}` | {table.rows:,} | {_meaning(meanings, table, '')} |\n" for table in manifest.tables]
    return "".join([head, *rows, "\n## Columns\n", *(part for table in manifest.tables for part in _columns(table, meanings))])


def _columns(table: Table, meanings: Meanings) -> Iterator[str]:
    yield f"\n### `{_stem(table)}`\n\n| column | type | meaning |\n|---|---|---|\n"
    for column, kind in table.columns.items():
        yield f"| `{column}` | {kind.lower()} | {_meaning(meanings, table, column)} |\n"


def _stem(table: Table) -> str:
    return table.path("")[:-1]


def _meaning(meanings: Meanings, table: Table, column: str) -> str:
    return meanings.get(table.name, {}).get(column, "").replace("|", "\\|")
