"""The documentation as a site: built without a warning, and opened in a browser from its folder, as a reader would."""

import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
LOOKED_AT = ("index", "architecture", "reference/metrics")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """Build the site as `make site` does, or skip where what builds it is not installed."""
    builder = runpy.run_path(str(ROOT / "docs" / "site" / "build.py"))
    if not builder["MKDOCS"].exists():
        pytest.skip("what builds the site is not installed: `make site-ready`")
    folder = tmp_path_factory.mktemp("site")
    built = builder["build"](folder)
    assert built.returncode == 0, built.stderr
    return folder


@pytest.fixture(params=["light", "dark"])
def page(request, browser) -> Iterator[Page]:
    """Give a page that notes what it asks for and what the browser complains about; drawings may be looked into."""
    opened = browser.new_page(color_scheme=request.param)
    opened.add_init_script(
        "const attach = Element.prototype.attachShadow;"
        "Element.prototype.attachShadow = function () { return attach.call(this, { mode: 'open' }) }"
    )
    opened.asked, opened.complaints = [], []
    opened.on("request", lambda asked: opened.asked.append(asked.url))
    opened.on("console", lambda said: opened.complaints.append(said.text) if said.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    opened.close()


def test_every_document_is_a_page_of_the_site(site):
    documents = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}

    assert [str(name) for name in documents if not (site / name).exists()] == []
    assert (site / "contributing.html").exists()
    assert (site / "changelog.html").exists()


def test_nothing_but_the_folder_is_asked_and_everybody_can_read_it(site, page):
    for name in LOOKED_AT:
        page.goto(f"file://{site}/{name}.html")
        page.wait_for_load_state("networkidle")

        found = Axe().run(page, options={"preload": False})  # else it asks for the style sheets itself
        assert found.violations_count == 0, f"{name}: {found.generate_report()}"

    assert [url for url in page.asked if not url.startswith((f"file://{site}/", "data:", "blob:"))] == []
    assert page.complaints == []


@pytest.mark.parametrize("page", ["light"], indirect=True)
def test_a_diagram_is_drawn_and_words_are_found(site, page):
    page.goto(f"file://{site}/architecture.html")
    page.wait_for_function(
        "[...document.querySelectorAll('div.mermaid')].some(one => one.shadowRoot?.querySelector('svg .node'))"
    )

    page.locator(".md-search__input").press_sequentially("incognito")
    page.wait_for_selector(".md-search-result__link")

    assert "is_incognito" in page.inner_text(".md-search-result__list")
    assert page.complaints == []
