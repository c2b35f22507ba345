"""`longplay card 2025`: the card of a year, as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from longplay.entrypoints import show
from longplay.entrypoints.call import CALL
from longplay.wiring import drawing_from


def card(
    year: Annotated[int, typer.Argument(help="Which year.")],
    *,
    square: Annotated[bool, typer.Option("--square", help="1080 by 1080 pixels instead of 1080 by 1350.")] = False,
    dark: Annotated[bool, typer.Option("--dark", help="Light on dark.")] = False,
    output: Annotated[Path | None, typer.Option(help="Where to; else longplay-YEAR.png in this folder.")] = None,
) -> None:
    """Draw the card of a year: its record, what you played most, a few numbers."""
    shape, theme = "square" if square else "portrait", "dark" if dark else "light"
    out = (output or Path(f"longplay-{year}.png")).expanduser().absolute()
    drawn = drawing_from(CALL.settings).card(year, out, shape=shape, theme=theme)
    if drawn.undrawn:
        show.aside(f"No font of this machine draws all letters of {', '.join(drawn.undrawn)}; install one, such as Noto.")
    show.done(f"Your card: {out}", {"card": str(out), "year": year, "undrawn": list(drawn.undrawn)}, as_json=CALL.json)
