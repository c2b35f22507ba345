"""Writes docs/data-dictionary.md from the descriptions beside the models: `make docs`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("staging", "intermediate", "marts", "reports")
INTRODUCTION = """# Data dictionary

Every table of the warehouse. Written by `make docs` from the descriptions in `transform/`. `longplay query` finds each under
its bare name. Instants (`_at`) are UTC unless the name says `local`; lengths (`ms_`) are milliseconds.
"""


def dictionary() -> str:
    """Give the whole page: landing tables first, then the models layer by layer."""
    parts = [INTRODUCTION, "## Landing tables (schema `lake`)\n"]
    parts += [_table(table) for table in _sources()]
    for layer in LAYERS:
        parts.append(f"## {layer.capitalize()}\n")
        parts += [_table(model) for model in _models(layer)]
    return "\n".join(parts)


def _described(folder: Path, key: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*.yml")):
        yield from yaml.safe_load(path.read_text(encoding="utf-8")).get(key) or []


def _sources() -> list[dict[str, Any]]:
    return [table for source in _described(ROOT / "transform" / "models", "sources") for table in source["tables"]]


def _models(layer: str) -> list[dict[str, Any]]:
    return sorted(_described(ROOT / "transform" / "models" / layer, "models"), key=lambda model: model["name"])


def _table(table: dict[str, Any]) -> str:
    rows = [f"| `{column['name']}` | {_line(column)} |" for column in table.get("columns", [])]
    return "\n".join([f"### `{table['name']}`\n", f"{_line(table)}\n", "| column | meaning |", "|---|---|", *rows, ""])


def _line(described: dict[str, Any]) -> str:
    return " ".join(str(described.get("description", "")).split()).replace("|", "\\|")


if __name__ == "__main__":
    (ROOT / "docs" / "data-dictionary.md").write_text(dictionary(), encoding="utf-8")
