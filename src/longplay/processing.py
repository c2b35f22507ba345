"""From pages as Spotify sent them to processed objects: the same page gives the same objects, whoever does it and how often.

The object of the table `pages` is written last and makes the page whole; which pages are still to be done is found by listing.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec
import structlog
from msgspec import Struct

from longplay.errors import PoisonPage
from longplay.exports.duck import Reader, literal, reader
from longplay.lake import arriving, layout
from longplay.lake.layout import RawPage
from longplay.lake.store import Lake
from longplay.lake.tables import LANDING
from longplay.pages import ReadPage, read_page
from longplay.pages.items import Row

log = structlog.get_logger()

_REJECTED: Final = {
    "position": "BIGINT",  # null: the page as a whole
    "reason": "VARCHAR",
    "at": "VARCHAR",
    "uri": "VARCHAR",
    "name": "VARCHAR",
}


class ProcessedPages(Struct):
    """How many pages were processed, and how many of their items could not be read."""

    pages: int = 0
    items: int = 0
    rejected: int = 0


def process_pages(lake: Lake) -> ProcessedPages:
    """Process every page that is not whole yet, of every listener. Raises `LakeError` where the lake cannot be written."""
    done = ProcessedPages()
    waiting = lake.unprocessed_pages()
    if not waiting:
        return done
    with lake.staged() as folder, reader(folder) as duck:
        for raw in waiting:
            page = _process(lake, raw, duck, folder)
            done.pages += 1
            done.items += page.tables[layout.WHOLE_PAGE][0]["items"]
            done.rejected += len(page.rejected)
    log.info("processed", pages=done.pages, items=done.items, rejected=done.rejected)
    return done


def process_page(lake: Lake, key: str) -> ReadPage:
    """Process one page, where somebody is told of each that cannot be read at all: that raises `PoisonPage`.

    The reason is kept then, but the page does not become whole, and waits for somebody who looks.
    """
    raw = RawPage.parse(key)
    with lake.staged() as folder, reader(folder) as duck:
        page = _process(lake, raw, duck, folder, is_strict=True)
    if page.is_poison:
        raise PoisonPage(
            f"{key} cannot be read: {page.rejected[0]['reason']}.",
            "Look at it; `longplay redrive` tries again, and `longplay process --store aws` writes it off.",
        )
    return page


def _process(lake: Lake, raw: RawPage, duck: Reader, folder: Path, *, is_strict: bool = False) -> ReadPage:
    body, fetched_at = arriving.opened(lake.read(raw.key), raw)
    page = read_page(raw.dataset, raw.user, raw.stem, body, fetched_at)
    if page.rejected:
        write_rows(duck, page.rejected, _REJECTED, folder / "rejected.parquet")
        lake.keep(folder / "rejected.parquet", raw.rejected_key)
    if page.is_poison and is_strict:
        return page
    for table in sorted(page.tables, key=lambda table: table == layout.WHOLE_PAGE):
        write_rows(duck, page.tables[table], LANDING[table], folder / "page.parquet")
        lake.keep(folder / "page.parquet", layout.page_key(table, raw.user, raw.stem))
    return page


def write_rows(duck: Reader, rows: Iterable[Row], columns: dict[str, str], path: Path) -> None:
    """Write rows as Parquet of these columns; one that is left out is null."""
    lines = path.with_suffix(".jsonl")
    lines.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    spelled = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    duck.write(
        f"select * from read_json({literal(lines)}, columns = {{{spelled}}}, format = 'newline_delimited')",  # noqa: S608
        path,
    )
