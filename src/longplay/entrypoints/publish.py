"""`longplay report --public`: a page for others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from longplay.entrypoints import show
from longplay.entrypoints.browser import open_page
from longplay.entrypoints.call import CALL
from longplay.wording import count

if TYPE_CHECKING:
    from longplay.drawing import Drawing


def publish(drawing: Drawing, exclude: Sequence[str], *, is_anonymous: bool, open_it: bool) -> None:
    """Draw the page to publish and say what it leaves out."""
    from longplay.report.public import Rules  # noqa: PLC0415 - a poll needs no DuckDB

    done = drawing.publish(Rules(exclude, is_anonymous))
    if open_it:
        open_page(done.path)
    for name, plays in done.taken_out.items():
        show.note(f"Left out: {count(plays, 'play')} of {name}.", quiet=CALL.json)
    show.done(
        f"A page to publish: {done.path}. It says at its top what it still tells.",
        {"page": str(done.path), "taken_out": done.taken_out},
        as_json=CALL.json,
    )
