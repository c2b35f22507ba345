"""The page: one file that opens from a folder and asks nothing of anybody.

Python brings plays, names, charts, typefaces and the drawing library; the page's own JavaScript filters, counts, sums and
ranks. A content security policy inside the page forbids every request, so the browser itself proves that nothing leaves.
"""

# ruff: noqa: S704  what is marked as safe is ours, or spelled in base64

import base64
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import duckdb
from jinja2 import Environment, FunctionLoader
from markupsafe import Markup

from longplay import thresholds
from longplay.cache import cached
from longplay.report import look, queries, reports, spelling
from longplay.report.card import favicon, packed_cards
from longplay.report.fonts import font_faces
from longplay.report.look import THEMES, themes_css
from longplay.report.packing import packed_plays
from longplay.report.spelling import deflated, deflated_text
from longplay.report.years import years

HERE: Final = files("longplay.report.page")
CHARTS: Final = Path(__file__).parents[1] / "charts"

# In the order they build on each other; the page runs them as one script. A tab is one entry in `tabs.js` and one file here.
SCRIPTS: Final = (
    "words.js",
    "plays.js",
    "months.js",
    "ranges.js",
    "sums.js",
    "genres.js",
    "findings.js",
    "record.js",
    "charts.js",
    "figures.js",
    "card.js",
    "listing.js",
    "overview.js",
    "discovery.js",
    "taste.js",
    "habits.js",
    "years.js",
    "hood.js",
    "look.js",
    "tabs.js",
    "start.js",
)


@dataclass(frozen=True)
class Beside:
    """What a page tells besides what the models hold.

    The sentences of the insights, what the last build did, and the address of each listener's page where there are several.
    """

    insights: Sequence[str] = ()
    built: Mapping[str, Any] | None = None
    listeners: Mapping[str, str] = field(default_factory=dict)


def draw_page(  # noqa: PLR0913 - each says one thing of the page
    connection: duckdb.DuckDBPyConnection,
    user: str,
    out: Path,
    *,
    is_demo: bool = False,
    notice: str | None = None,
    published: bool = False,
    beside: Beside = Beside(),
) -> Path:
    """Write the page of one listener to `out` and give that path.

    `published` says that the connection shows only what may be published (see `longplay.report.public`).
    It needs `marts.fct_plays` and `marts.fct_daily_listening`; what else is there of the models it shows, too. The file appears
    whole or not at all, and only its owner may read it.
    """
    sql = {name: text.strip() for name, text in (queries.SHOWN | reports.SHOWN).items()}
    packed, found = packed_plays(connection, user, built=beside.built, sql=sql), years(connection, user)
    html = (
        _environment()
        .get_template("page.html.jinja")
        .render(
            packed=packed,
            cards=Markup(packed_cards(found, is_demo=is_demo)),
            favicon=Markup(base64.b64encode((favicon(found) if found else _asset("mark.svg")).encode()).decode()),
            is_demo=is_demo,
            notice=notice,
            published=published,
            asked=frozenset(reports.SHOWN),
            user=user,
            insights=[says.replace(" %", "\u00a0%") for says in beside.insights],
            listeners=beside.listeners,
            **_parts(),
        )
    )
    return _write_whole(out, html)


@cache
def _parts() -> dict[str, Markup]:
    """Give what every page has in common, whoever listens."""
    return {
        "fonts": Markup(font_faces()),
        "style": Markup(themes_css() + _asset("page.css")),
        "script": Markup(deflated_text("\n".join(['"use strict";', *map(_asset, SCRIPTS)]))),
        "opener": Markup(_asset("open.js")),
        "theme_script": Markup(_asset("theme.js")),
        "charts": Markup(_kept_charts()),
        "rules": _safe_json(thresholds.ALL),
        "runtime": Markup(_kept_runtime()),
        "mark": Markup(_asset("mark.svg")),
    }


def _kept_charts() -> str:
    made_of = [*sorted(CHARTS.glob("*.py")), Path(look.__file__), Path(spelling.__file__)]
    source = b"".join(path.read_bytes() for path in made_of)
    return cached("charts", _charts, packages=("altair",), source=source).decode()


def _charts() -> bytes:
    """Give every chart in the colours of each theme, deflated; they are told of no play before they stand in the page."""
    from longplay.report.charts import specifications  # noqa: PLC0415  with it comes Altair, half of a short page's time

    return deflated({theme: specifications(colours) for theme, colours in THEMES.items()}).encode()


def _kept_runtime() -> str:
    packages = ("vl-convert-python", "altair")
    source = Path(__file__).read_bytes() + Path(spelling.__file__).read_bytes()
    return cached("runtime", _runtime, packages=packages, source=source).decode()


def _runtime() -> bytes:
    """Give the library that draws the charts, deflated, of the version that Altair writes for."""
    import altair as alt  # noqa: PLC0415  as above
    import vl_convert  # noqa: PLC0415

    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", version)
    return deflated_text(bundle).encode()


def _safe_json(value: Any) -> Markup:
    r"""Spell JSON so that no text in it can end the script around it.

    >>> _safe_json("</script>")
    Markup('"\\u003c/script>"')
    """
    return Markup(json.dumps(value, separators=(",", ":")).replace("<", "\\u003c"))


def _environment() -> Environment:
    """Give templates in which everything is escaped that is not said to be ours."""
    return Environment(loader=FunctionLoader(_asset), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _asset(name: str) -> str:
    """Read a piece of the page."""
    return (HERE / name).read_text(encoding="utf-8")


def _write_whole(out: Path, text: str) -> Path:
    """Put a file in place in one step, readable by its owner only; what a killed run left unfinished is written over."""
    out.parent.mkdir(parents=True, exist_ok=True)
    staged = out.with_name(f".{out.name}.unfinished")
    staged.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(out)
    except BaseException:
        staged.unlink(missing_ok=True)
        raise
    return out
