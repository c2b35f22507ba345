"""Builds the documentation as a site, offline and strictly: `make site`.

MkDocs lives in an environment of its own and knows nothing of Longplay; the colours and typefaces are Longplay's own, so they
are drawn here and handed over as files.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from longplay.report.fonts import font_faces
from longplay.report.look import THEMES, css_variables

ROOT: Final = Path(__file__).resolve().parents[2]
HERE: Final = Path(__file__).parent
MKDOCS: Final = ROOT / ".site" / "venv" / "bin" / "mkdocs"
SCHEMES: Final = {"light": "default", "dark": "slate"}  # what the theme calls ours
QUIET: Final = {"NO_MKDOCS_2_WARNING": "1"}  # about a version that is not installed


def look() -> str:
    """Give the site's look as one style sheet: the page's typefaces and colours, and what is the site's own."""
    themes = [f"[data-md-color-scheme={SCHEMES[name]}] {{ {css_variables(theme)} }}\n" for name, theme in THEMES.items()]
    return "".join([font_faces(), *themes, (HERE / "look.css").read_text(encoding="utf-8")])


def build(target: Path) -> subprocess.CompletedProcess[str]:
    """Build the site into a folder; gives what MkDocs said. A warning makes it fail."""
    with TemporaryDirectory() as parts:
        (Path(parts) / "look.css").write_text(look(), encoding="utf-8")
        return subprocess.run(
            [MKDOCS, "build", "--strict", "--clean", "--site-dir", target],
            cwd=ROOT,
            env=os.environ | QUIET | {"LONGPLAY_SITE_PARTS": parts},
            capture_output=True,
            text=True,
            check=False,
        )


def main() -> None:
    """Build it into artefacts/site, whole or not at all, and say where to look."""
    site = ROOT / "artefacts" / "site"
    built = build(site)
    if built.returncode:
        shutil.rmtree(site, ignore_errors=True)
        sys.exit(built.stdout + built.stderr)
    print(f"The documentation: {(site / 'index.html').relative_to(ROOT)} (opens from the folder; nothing is asked of anybody)")


if __name__ == "__main__":
    main()
