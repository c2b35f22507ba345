"""What MkDocs cannot know of this repository: pages above docs/, folders in the navigation, links to what is no page."""

import os
import posixpath
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Any, Final

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
ABOVE: Final = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}  # in the repository, and in the site
README: Final = "README.md"
PAGES: Final = ABOVE | {README: "index.md", "docs/decisions": "decisions/index.md"}
LINK: Final = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])+)\]\(([^()\s]+)\)")
CODE: Final = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)


def on_config(config: Any) -> Any:
    """Put the pages that a pattern of the navigation means in its place; a part without a page is left out."""
    config.nav = _spelled_out(config.nav, set(_named(config.nav)))
    return config


def _named(nav: list[Any]) -> Iterator[str]:
    for entry in nav:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            yield from _named(value) if isinstance(value, list) else [value]


def _spelled_out(nav: list[Any], named: set[str]) -> list[Any]:
    spelled: list[Any] = []
    for entry in nav:
        if isinstance(entry, dict):
            parts = {title: _spelled_out(value, named) if isinstance(value, list) else value for title, value in entry.items()}
            spelled += [parts] if all(parts.values()) else []
        else:
            spelled += _meant(entry, named) if "*" in entry else [entry]
    return spelled


def _meant(pattern: str, named: set[str]) -> list[str]:
    """Give the pages that a pattern means, the list of decisions before them; not those that are named themselves."""
    index = PAGES.get(f"docs/{posixpath.dirname(pattern)}")
    found = {page.relative_to(DOCS).as_posix() for page in DOCS.glob(f"{pattern}.md")} - named
    return [index, *sorted(found)] if index else sorted(found)


def on_files(files: Files, config: Any) -> Files:
    """Add the pages from above docs/, the list of decisions, and what the site's look is made of."""
    for name, page in ABOVE.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / name)))
    files.append(File.generated(config, PAGES["docs/decisions"], content=_decisions()))
    parts = Path(os.environ.get("LONGPLAY_SITE_PARTS", ""))
    if not (parts / "look.css").is_file():
        raise PluginError("The site's look has not been drawn: build with `make site`.")
    for part in (parts / "look.css", *sorted((DOCS / "site").glob("*.js")), ROOT / "src/longplay/report/page/mark.svg"):
        files.append(File.generated(config, f"assets/{part.name}", abs_src_path=str(part)))
    mermaid = distribution("artoo-mermaid").locate_file("artoo_mermaid/assets/mermaid.min.js")
    files.append(File.generated(config, "assets/mermaid.min.js", abs_src_path=str(mermaid)))
    return files


def _decisions() -> str:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    titles = [(page.name, page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")) for page in pages]
    return "\n".join(["# Decisions", "", "What was chosen, and why.", "", *(f"- [{title}]({name})" for name, title in titles)])


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links to where the site has their page; what is no page of it is named without a link."""
    above = {site: name for name, site in ABOVE.items()}
    source = above.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    parts = CODE.split(markdown)
    parts[::2] = [LINK.sub(lambda link: _link(link, source, page.file.src_uri), text) for text in parts[::2]]
    return "".join(parts)


def _link(link: re.Match[str], source: str, here: str) -> str:
    words, target = link.groups()
    path, mark, anchor = target.partition("#")
    if not path or ":" in target:
        return link[0]
    meant = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    page = PAGES.get(meant) or (meant.removeprefix("docs/") if _is_page(meant) else None)
    if meant == README:
        mark = anchor = ""  # the site begins with a page of its own, which has other headings
    return f"[{words}]({posixpath.relpath(page, posixpath.dirname(here) or '.')}{mark}{anchor})" if page else words


def _is_page(name: str) -> bool:
    """Say whether the site shows it: what is missing keeps its link, so that the build fails."""
    return name.startswith("docs/") and (name.endswith(".md") or not (ROOT / name).exists())
