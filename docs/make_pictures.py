"""Draws docs/pictures/ from an invented listener whose days never change: `make pictures`.

Whether they are current is no question of their bytes, which depend on the browser: `made-from.json` notes what the code that
draws them was and what the listener's numbers were, and a test compares both. What the README says of each question is what
`longplay insights` says of the same listener, and is written into it with the pictures.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from longplay import log
from longplay.demo import invented_listener
from longplay.home import Home
from longplay.insights import insights
from longplay.report.card import PORTRAIT, card, colours
from longplay.report.fonts import fonts_to_draw_with
from longplay.report.lettering import BOLD, HEADLINE, TIGHT
from longplay.report.look import THEMES, Look
from longplay.report.page import draw_page
from longplay.report.picture import png
from longplay.report.record import record
from longplay.report.years import Year, years
from longplay.settings import Settings
from longplay.wiring import stages_from

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "pictures"
README: Final = ROOT / "README.md"
SOURCES: Final = ("src/longplay/report", "src/longplay/simulator", "src/longplay/insights")
SEED, NOW = 7, datetime(2026, 11, 10, tzinfo=UTC)
SHOWN: Final = "#overview/2025"
CARD, CARD_SCALE = 2025, 0.28
WIDTH, HEIGHT, QUALITY = 1280, 800, 66
# Which figure of which tab shows a question: as wide as a telephone held sideways, without its buttons.
FIGURES: Final = {
    "trends": ("overview", "plays"),
    "discovery": ("discovery", "newness"),
    "genres": ("taste", "genres"),
    "mood": ("mood", "mood"),
    "diversity": ("taste", "variety"),
    "skips": ("mood", "survival"),
}
FIGURE_WIDTH, FIGURE_SCALE, WITHOUT = 640, 1.2, ".actions { display: none }"
BANNER, CLAIM = (1200, 320), "Every play of your listening, on one page."
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)


def fingerprint() -> str:
    """Tell one state of the code that draws and invents from another."""
    files = sorted(
        file for folder in SOURCES for file in (ROOT / folder).rglob("*") if file.suffix in {".py", ".js", ".css", ".jinja"}
    )
    said = sha256()
    for file in files:
        said.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return said.hexdigest()


@contextmanager
def warehouse() -> Iterator[tuple[duckdb.DuckDBPyConnection, Path]]:
    """Bring the listener's archive in and build the models, by the stages that everybody's go through."""
    with TemporaryDirectory() as name, invented_listener(SEED, NOW) as listener:
        folder, settings = Path(name), Settings(LONGPLAY_HOME=Path(name) / "home", LONGPLAY_TIMEZONE="Europe/Berlin")
        stages = stages_from(settings, Home(settings.home))
        stages.state.mark_demo()
        stages.import_archives([[listener.archive]], NOW)
        stages.build()
        listener.enriched(stages, lambda *_: None)
        stages.build()
        with duckdb.connect(str(settings.home / "warehouse.duckdb"), read_only=True) as connection:
            yield connection, folder


def main() -> None:
    """Draw all of them anew."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        sys.exit("The pictures need Chromium, which is not on this machine.")
    log.configure(debug=False)
    PICTURES.mkdir(exist_ok=True)
    with warehouse() as (connection, folder):
        page = draw_page(connection, "me", folder / "report.html", is_demo=True)
        found = years(connection, "me")
        seen = photograph(browser, page)
        (PICTURES / "card.png").write_bytes(png(card(found[CARD], PORTRAIT, THEMES["dark"], is_demo=True), CARD_SCALE))
        for theme, look in THEMES.items():
            (PICTURES / f"banner-{theme}.svg").write_text(banner(found[CARD], look) + "\n", encoding="utf-8")
        answered = {each.question: each.says for each in reversed(insights(connection, "me"))}  # the first of each
        note(found, {name: {"says": answered[name], "shows": seen[name]} for name in FIGURES})
    write_questions()


def photograph(browser: str, page: Path) -> dict[str, str]:
    """Take the first screen of the page, and the figure of each question, in both themes; returns what the figures show."""
    from playwright.sync_api import Page, sync_playwright  # noqa: PLC0415 - only here is a browser needed

    def open_at(address: str, theme: str, **how: Any) -> Page:
        scheme = "dark" if theme == "dark" else "light"
        tab = started.new_page(color_scheme=scheme, reduced_motion="reduce", **how)  # no button halfway between two colours
        tab.goto(f"file://{page}{address}")
        tab.wait_for_selector("html[data-ready]", state="attached")
        return tab

    shown: dict[str, str] = {}
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browser, args=list(FLAGS))
        for theme in THEMES:
            first = open_at(SHOWN, theme, viewport={"width": WIDTH, "height": HEIGHT})
            first.screenshot(path=PICTURES / f"page-{theme}.jpg", type="jpeg", quality=QUALITY)
            for name, (tab, figure) in FIGURES.items():
                narrow = {"viewport": {"width": FIGURE_WIDTH, "height": HEIGHT}, "device_scale_factor": FIGURE_SCALE}
                drawn = open_at(f"#{tab}/{CARD}", theme, **narrow).locator(f"#figure-{figure}")
                drawn.screenshot(path=PICTURES / f"{name}-{theme}.jpg", type="jpeg", quality=QUALITY, style=WITHOUT)
                shown[name] = " ".join(drawn.locator(".subtitle").inner_text().split()).rstrip(".")
        started.close()
    return shown


def note(found: dict[int, Year], questions: dict[str, dict[str, str]]) -> None:
    """Write down what the pictures were made from, and what is said beside them."""
    made = {
        "sources": fingerprint(),
        "plays": {f"{year}": facts.plays for year, facts in found.items()},
        "questions": questions,
        "pictures": {
            file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(PICTURES.iterdir()) if file.suffix != ".json"
        },
    }
    (PICTURES / "made-from.json").write_text(json.dumps(made, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


# The questions in the README

BEGIN, END = "<!-- the questions: written by `make pictures` -->\n", "<!-- so far -->\n"


def write_questions() -> None:
    """Put the questions with their answers and pictures into the README, between two marks that stay."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    README.write_text(before + BEGIN + questions() + END + rest.split(END)[1], encoding="utf-8")


def questions() -> str:
    """Spell them from what was noted, two in a row."""
    noted = json.loads((PICTURES / "made-from.json").read_text(encoding="utf-8"))["questions"]
    cells = [_cell(name, **facts) for name, facts in noted.items()]
    rows = "".join(f"<tr>\n{left}{right}</tr>\n" for left, right in zip(cells[::2], cells[1::2], strict=True))
    return f"<table>\n{rows}</table>\n"


def _cell(name: str, says: str, shows: str) -> str:
    picture = (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="docs/pictures/{name}-dark.jpg">'
        f'<img src="docs/pictures/{name}-light.jpg" alt="{escape(shows)}."></picture>'
    )
    return f'<td width="50%" valign="top"><b>{name.title()}.</b> {escape(says)}<br>{picture}</td>\n'


# The banner


def banner(year: Year, look: Look) -> str:
    """Draw the name beside the record, with its letters as paths: who shows a README lends a picture no typeface."""
    wide, high = BANNER
    drawn = record(year.days, colours(year, look), look)
    words = (
        f'<text x="0" y="150" font-family="Bricolage Grotesque" font-size="96" fill="{look.ink}">Longplay</text>'
        f'<text x="4" y="204" font-family="Figtree" font-size="27" fill="{look.muted}">{CLAIM}</text>'
    )
    svg = f'<g transform="translate({wide - 200} {high / 2}) scale(.8)">{drawn}</g><g transform="translate(40 0)">{words}</g>'
    short = re.sub(r"(\d)\.0\b", r"\1", outlined(svg))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}">{short}</svg>'


def outlined(svg: str) -> str:
    """Replace every text by the outlines of its letters."""
    return re.sub(r"<text ([^>]*)>([^<]*)</text>", _outline, svg)


def _outline(text: re.Match[str]) -> str:
    facts = dict(re.findall(r'([\w-]+)="([^"]*)"', text[1]))
    is_headline = facts["font-family"] == "Bricolage Grotesque"
    font = _font(HEADLINE if is_headline else BOLD)
    glyphs, letters, size = font.getGlyphSet(), font.getBestCmap(), float(facts["font-size"]) / font["head"].unitsPerEm
    x, path = 0.0, []
    for letter in text[2]:
        pen, glyph = SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}"), glyphs[letters[ord(letter)]]
        glyph.draw(pen)
        path.append(f'<path transform="translate({x:.0f} 0)" d="{pen.getCommands()}"/>')
        x += glyph.width + (TIGHT * font["head"].unitsPerEm if is_headline else 0)
    left = float(facts["x"]) - (x * size / 2 if facts.get("text-anchor") == "middle" else 0)
    top = float(facts["y"]) + (0.36 * float(facts["font-size"]) if "dy" in facts else 0)
    place = f"translate({left:.2f} {top:.2f}) scale({size:.5f} -{size:.5f})"
    return f'<g fill="{facts["fill"]}" transform="{place}">{"".join(path)}</g>'


def _font(name: str) -> Any:
    return TTFont(BytesIO(fonts_to_draw_with()[name]))


if __name__ == "__main__":
    main()
