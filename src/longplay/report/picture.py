"""An SVG as PNG, without a browser, in the page's typefaces."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import vl_convert

from longplay.report.fonts import fonts_to_draw_with


def png(svg: str, scale: float = 1) -> bytes:
    """Draw an SVG; letters that our typefaces lack are drawn with the machine's fonts."""
    _register_fonts()
    return vl_convert.svg_to_png(svg, scale)


@cache
def _register_fonts() -> TemporaryDirectory[str]:
    """Hand both typefaces to what draws; it reads them when it needs them, so they stay for as long as this process."""
    folder = TemporaryDirectory(prefix="longplay-fonts-")
    for name, font in fonts_to_draw_with().items():
        (Path(folder.name) / f"{name}.ttf").write_bytes(font)
    vl_convert.register_font_directory(folder.name)
    return folder
