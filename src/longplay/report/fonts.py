"""The page's two typefaces, cut down to Latin and carried inside the page.

Other scripts fall back to the system's fonts. Both typefaces are under the SIL Open Font License.
"""

import base64
import json
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from longplay.cache import cached
from longplay.report.look import DISPLAY, TEXT

ARROWS: Final = (0x2190, 0x2191, 0x2192, 0x2193)
SIGNS: Final = (0x2030, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2212)
LATIN: Final = (range(0x20, 0x180), range(0x218, 0x21C), range(0x2010, 0x2028), ARROWS, SIGNS)
WEIGHTS: Final = (400, 600)
_PACKAGES: Final = ("fonttools", "brotli", "fontpkg-bricolage-grotesque", "fontpkg-figtree")
_BRICOLAGE: Final = ("fontpkg_bricolage_grotesque", "BricolageGrotesque[opsz,wdth,wght].ttf")
_FIGTREE: Final = ("fontpkg_figtree", "Figtree[wght].ttf")
_FAMILY_NAME: Final = 1
_NAMES_OF_CUTS: Final = {_FAMILY_NAME, 16, 17, 21, 22}  # what a table of names calls a font's family and its cut
_HEADLINE: Final[dict[str, float | tuple[float, float]]] = {"opsz": 48, "wdth": 100, "wght": 700}


@cache
def font_faces() -> str:
    """Give the CSS that brings both typefaces along."""
    return cached("typefaces", _font_faces, packages=_PACKAGES, source=Path(__file__).read_bytes()).decode()


@cache
def fonts_to_draw_with() -> dict[str, bytes]:
    """Give the same typefaces as TrueType files, one for each weight, by name: what draws without a browser needs them so."""
    spelled = cached("fonts", _fonts_to_draw_with, packages=_PACKAGES, source=Path(__file__).read_bytes())
    return {name: base64.b64decode(font) for name, font in json.loads(spelled).items()}


def _font_faces() -> bytes:
    display, text = _latin(*_BRICOLAGE, _HEADLINE), _latin(*_FIGTREE, {"wght": WEIGHTS})
    return (_face(DISPLAY, "700", display) + _face(TEXT, " ".join(map(str, WEIGHTS)), text)).encode()


def _fonts_to_draw_with() -> bytes:
    cut = {f"{TEXT} {weight}": (TEXT, _latin(*_FIGTREE, {"wght": weight})) for weight in WEIGHTS}
    cut |= {f"{DISPLAY} 700": (DISPLAY, _latin(*_BRICOLAGE, _HEADLINE))}
    named = {name: base64.b64encode(_named(family, font)).decode() for name, (family, font) in cut.items()}
    return json.dumps(named).encode()


def _named(family: str, woff2: bytes) -> bytes:
    """Unpack a font and name it after its family alone; its weight stands in a table of its own."""
    font = TTFont(BytesIO(woff2), recalcTimestamp=False)
    font.flavor = None
    names: Any = font["name"]
    names.names = [name for name in names.names if name.nameID not in _NAMES_OF_CUTS]
    names.setName(family, _FAMILY_NAME, 3, 1, 0x409)
    written = BytesIO()
    font.save(written)
    return written.getvalue()


def _face(family: str, weight: str, woff2: bytes) -> str:
    """Write one @font-face with the font in it."""
    source = f"url(data:font/woff2;base64,{base64.b64encode(woff2).decode()}) format('woff2')"
    return f"@font-face {{ font-family: '{family}'; font-weight: {weight}; src: {source} }}\n"


def _latin(package: str, name: str, axes: dict[str, float | tuple[float, float]]) -> bytes:
    """Cut a variable font down to some axes and to the letters of Latin, as WOFF2."""
    font = TTFont(BytesIO((files(package) / "files" / name).read_bytes()), recalcTimestamp=False)  # no clock inside
    options = subset.Options(layout_features=["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum"], notdef_outline=True)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[letter for letters in LATIN for letter in letters])
    cutter.subset(font)  # first: the fewer glyphs are left, the less there is to interpolate
    font = instancer.instantiateVariableFont(font, axes)
    font.flavor = "woff2"
    written = BytesIO()
    font.save(written)
    return written.getvalue()
