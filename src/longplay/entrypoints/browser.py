"""Opening the page, where there is somebody to see it."""

import os
import sys
import webbrowser
from pathlib import Path


def has_display() -> bool:
    """Say whether there is a terminal and a display; a server or a cron job has neither."""
    displayed = sys.platform in {"darwin", "win32"} or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return displayed and sys.stdout is not None and sys.stdout.isatty()


def open_page(page: Path) -> bool:
    """Open the page in a browser; does nothing where nobody could see it."""
    return has_display() and webbrowser.open(page.as_uri())
