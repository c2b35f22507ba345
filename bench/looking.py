"""The page in a browser: how long until something shows, until all charts stand, and until another range is drawn.

Beside it a bare page: the same drawing library with the same charts and their rows, and nothing else.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.archives import archive
from bench.figures import Figure
from bench.measuring import measured, scratch
from bench.modelling import PAGE_PLAYS, PAGE_TRACKS
from bench.places import longplay, step

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET: Final = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync")
RANGES: Final = 24

_BARE: Final = """<!doctype html><meta charset="utf-8"><title>bare</title><div style="width: 600px">{places}</div>
<script type="application/json" id="charts">{charts}</script>
<script type="module">
{runtime}
const charts = JSON.parse(document.getElementById("charts").textContent);
await Promise.all(Object.entries(charts).map(([name, spec]) =>
  vegaEmbed(`#chart-${{name}}`, spec, {{ ast: true, actions: false, renderer: "svg" }})));
document.documentElement.setAttribute("data-ready", "");
</script>"""

_CHARTS: Final = """() => Object.fromEntries([...views].map(([name, { view }]) => [name, {
  ...specs.light[name],
  datasets: Object.fromEntries(Object.keys(view.getState({ data: (name) => !/^(source|data|root)/.test(name) }).data ?? {})
    .filter((set) => JSON.stringify(specs.light[name]).includes(`"name":"${set}"`)).map((set) => [set, view.data(set)])),
}]))"""

_FILTER: Final = """async (range) => {
  const began = performance.now(), changed = new Promise((done) => addEventListener("hashchange", done, { once: true }));
  location.hash = `#overview/${range}`;
  await changed;
  await drawing;
  return performance.now() - began;
}"""


def figures(plays: int, rounds: int) -> Iterator[Figure]:
    """Draw the page of a home, and look at it."""
    if CHROMIUM is None:
        return
    with scratch() as folder:
        home = folder / "home"
        measured(longplay(home, "import", archive(plays)))
        measured(longplay(home, "build"))
        some = (min(PAGE_PLAYS, plays // 2), min(PAGE_TRACKS, plays // 50))
        drawn = measured(step("page", home, *some, folder)).facts
        seen = f"{drawn['plays']:,.0f} plays of {drawn['tracks']:,.0f} tracks"
        whole = drawn["plays"] >= PAGE_PLAYS
        yield Figure("the page's size", drawn["bytes"] / 1e6, 3.5 if whole else None, "MB", seen)
        yield Figure("drawing it, beside its queries and packing", drawn["seconds"] / drawn["packing_seconds"])
        yield from _looked_at(folder / "page.html", rounds)


def _looked_at(file: Path, rounds: int) -> Iterator[Figure]:
    with browser() as opened:
        page = opened.new_page()
        ours = [_opened(page, file) for _ in range(rounds)]
        bare = file.with_name("bare.html")
        bare.write_text(_bare(page.evaluate(_CHARTS), page), encoding="utf-8")
        filtered = [page.evaluate(_FILTER, range_) for range_ in _ranges(page)]
        beside = [_opened(page, bare) for _ in range(rounds)]
    paint, ready = median(one[0] for one in ours), median(one[1] for one in ours)
    yield Figure("first paint", paint, unit="ms")
    yield Figure("all charts of the first tab", ready, unit="ms")
    yield Figure("all charts, beside a bare page of the same ones", ready / median(one[1] for one in beside))
    yield Figure("another range, median", median(filtered), unit="ms")
    yield Figure("another range, worst", max(filtered), 1000, "ms", f"{len(filtered)} ranges")


@contextmanager
def browser() -> Iterator[Any]:
    """Open a browser with nothing in it."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only this part needs one

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


def _opened(page: Any, file: Path) -> tuple[float, float]:
    """Open a page; gives the milliseconds to its first paint and to its last chart."""
    page.goto("about:blank")
    page.goto(f"file://{file}")
    page.wait_for_selector("html[data-ready]", state="attached")
    ready = page.evaluate("performance.now()")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()")
    return paint, ready


def _bare(charts: dict[str, Any], page: Any) -> str:
    """Write a page of the same charts and their rows, with the same library."""
    runtime = page.evaluate("inflated('runtime').then(bytes => new TextDecoder().decode(bytes))")
    places = "".join(f'<div id="chart-{name}" style="width: 600px"></div>' for name in charts)
    return _BARE.format(places=places, charts=json.dumps(charts).replace("<", "\\u003c"), runtime=runtime)


def _ranges(page: Any) -> list[str]:
    """Ranges of many lengths, from a week to all."""
    first, last = page.evaluate("[listening.span.first, listening.span.last]")
    days = [max(7, (last - first) * (number + 1) // RANGES) for number in range(RANGES)]
    spans = [(max(first, last - (number % 3) * 40 - length), last - (number % 3) * 40) for number, length in enumerate(days)]
    return [page.evaluate("([a, b]) => `${isoOf(a)}..${isoOf(b)}`", list(one)) for one in spans]
