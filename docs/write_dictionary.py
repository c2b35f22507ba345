"""Writes docs/data-dictionary.md from the descriptions beside the models: `make docs`."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from tables import ROOT, code, table, write

from longplay.lake.tables import LANDING

PAGE = "data-dictionary.md"
MODELS = ROOT / "transform" / "models"
LAYERS = ("staging", "intermediate", "marts", "reports")
ADDED = {"source_file": "VARCHAR", "load_number": "BIGINT"}  # by `load`, to each landing table
TYPES = {name: columns | ADDED for name, columns in LANDING.items()}
INTRODUCTION = """# Data dictionary

Every table of the warehouse. Written by `make docs` from the descriptions in `transform/`. `longplay query` finds each under
its bare name. Instants (`_at`) are UTC unless the name says `local`; lengths (`ms_`) are milliseconds.
"""


def dictionary() -> str:
    """Give the whole page: landing tables first, then the models layer by layer."""
    parts = [("Landing tables (schema `lake`)", sources()), *((layer.capitalize(), models(layer)) for layer in LAYERS)]
    return "\n".join([INTRODUCTION, *(_part(title, tables) for title, tables in parts)])


def sources() -> list[dict[str, Any]]:
    """Give the landing tables as they are described."""
    return [table for source in _described(MODELS, "sources") for table in source["tables"]]


def models(layer: str) -> list[dict[str, Any]]:
    """Give the models of a layer as they are described, by name."""
    return sorted(_described(MODELS / layer, "models"), key=lambda model: model["name"])


def _described(folder: Path, key: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*.yml")):
        yield from _read(path).get(key) or []


@cache
def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _part(title: str, described: list[dict[str, Any]]) -> str:
    contents = " · ".join(f"[`{one['name']}`](#{one['name']})" for one in described)
    return "\n".join([f"## {title}\n", f"{contents}\n", *map(_table, described)])


def _table(described: dict[str, Any]) -> str:
    """Spell a table's columns; of a landing table also their types, which are the same on every engine."""
    types = TYPES.get(described["name"])
    head = ("column", "type", "meaning") if types else ("column", "meaning")
    rows = (_row(column, types) for column in described.get("columns", []))
    return "\n".join([f"### `{described['name']}`\n", f"{' '.join(described['description'].split())}\n", table(head, rows)])


def _row(column: dict[str, Any], types: Mapping[str, str] | None) -> list[str]:
    name, meaning = column["name"], column.get("description", "")
    return [code(name), types[name].lower(), meaning] if types else [code(name), meaning]


if __name__ == "__main__":
    write(PAGE, dictionary())
