"""Writes docs/reference/lake.md from what spells the lake's names, tables and datasets: `make docs`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tables import code, table, write
from write_dictionary import sources

from longplay.enrichment.providers import READERS
from longplay.fetching import DATASETS, Dataset
from longplay.lake import layout
from longplay.lake.tables import LANDING

PAGE: Final = "reference/lake.md"
EXAMPLE: Final = re.compile(r"^\s*'((?:raw|processed|rejected)/[^']+\.[^']+)'$", re.MULTILINE)
CADENCE: Final = {0: "at every call", 1: "once a day"}
INTRODUCTION: Final = f"""# The lake

Written by `make docs` from `src/longplay/lake/`. Everything in the lake is written once and never changed. A name is made
from content, so doing something twice changes nothing. Why it is so, and how things arrive, tells
[Architecture](../architecture.md).

## Names

Three rooms: `raw/` is what was received, `processed/` its typed rows, `rejected/` what could not be read, with the reason. A
name says, from left to right: the room, the table or dataset, whose it is (`user=`), the day (`date=`, UTC) of pages or the
hash of an archive, and which page or which member. `v{layout.VERSION}` is the version of the tables' shapes: another one
derives all rows anew from `raw/`.
"""
FETCHED: Final = f"""## What is fetched from Spotify

One entry each in `DATASETS` of `src/{Dataset.__module__.replace(".", "/")}.py`; once a day means: in the
daily run, if a day has passed.
"""
LOOKED_UP: Final = """## What is looked up

Asked for by `longplay enrich` alone. Each answer is kept with its question, as a dataset of its own below `raw/api/`.
"""
TABLES: Final = """## Landing tables

What `load` makes of the typed rows, in the schema `lake` of the warehouse. Each name leads to its columns, their types and
meanings.
"""


def lake() -> str:
    """Give the whole page: names, datasets, look-ups, landing tables."""
    names = table(
        ("what", "its name, for example"), ((what, code(name)) for what, name in sorted(_names(), key=lambda n: n[1]))
    )
    looked_up = ((code(name), code(each.source), " ".join(str(each.__doc__).split())) for name, each in READERS.items())
    return "\n".join(
        [
            INTRODUCTION,
            names,
            FETCHED,
            table(("dataset", "asked for at", "when"), map(_fetched, DATASETS.items())),
            LOOKED_UP,
            table(("dataset", "source", "what it does"), looked_up),
            TABLES,
            table(
                ("table", "what it holds"),
                ((_described(one["name"]), one["description"]) for one in sources() if one["name"] in LANDING),
            ),
        ]
    )


def _names() -> Iterator[tuple[str, str]]:
    """Find what is named, and an example: both stand in the docstrings, which are tests."""
    for function in ast.parse(Path(str(layout.__file__)).read_text(encoding="utf-8")).body:
        said = ast.get_docstring(function) if isinstance(function, ast.FunctionDef) and function.name.endswith("_key") else None
        for example in EXAMPLE.findall(said or ""):
            yield _capital(said.partition(".\n")[0].removeprefix("Name ")), example


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _fetched(named: tuple[str, Dataset]) -> tuple[str, str, str]:
    name, dataset = named
    query = f"?time_range={dataset.time_range}" if dataset.time_range else ""
    full = f", and every {dataset.full_days} days to its end" if dataset.full_days else ""
    return code(name), code(dataset.path + query), CADENCE[dataset.days] + full


def _described(name: str) -> str:
    return f"[`{name}`](../data-dictionary.md#{name})"


if __name__ == "__main__":
    write(PAGE, lake())
