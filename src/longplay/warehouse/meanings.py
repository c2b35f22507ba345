"""What every table and column means, from the descriptions beside the models."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from longplay.warehouse.transform import project


def meanings() -> Mapping[str, Mapping[str, str]]:
    """Give a sentence for each column of each table, and under "" that of the table itself."""
    return {
        table["name"]: {"": _sentence(table)} | {column["name"]: _sentence(column) for column in table.get("columns") or []}
        for table in _described()
    }


def _described() -> Iterator[dict[str, Any]]:
    for path in sorted((project() / "models").rglob("*.yml")):
        page = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield from page.get("models") or []
        for source in page.get("sources") or []:
            yield from source["tables"]


def _sentence(described: dict[str, Any]) -> str:
    return " ".join(str(described.get("description", "")).split())
