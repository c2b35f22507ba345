"""Writes docs/reference/settings.md from .env.example and the settings' defaults: `make docs`."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from tables import ROOT, code, table, write

PAGE: Final = "reference/settings.md"
SETTING: Final = re.compile(r"^# (.+)\n([A-Z_]+)=(.*)$", re.MULTILINE)
PART: Final = re.compile(r"^## (.+)\n", re.MULTILINE)
INTRODUCTION: Final = """# Settings

Written by `make docs` from `.env.example`. Each is read from the environment, or from a file `.env` in the folder in which
`longplay` is called; the environment goes before. What is left empty has its default. For an archive from Spotify you need
none of them.

What a listener chooses (what counts as a play, what is left out, where they lived) is no setting: it stands in `choices.toml`
in the home, and travels with the data. Airflow has [settings of its
own](../orchestration.md#from-nothing-to-a-daily-run-on-one-machine).
"""


class Setting(NamedTuple):
    """What can be set: its name, its sentence, and what holds where nobody sets it."""

    name: str
    meaning: str
    default: str


def settings() -> str:
    """Give the whole page, in the parts of `.env.example`."""
    parts = (f"## {title}\n\n{table(('setting', 'meaning', 'default'), map(_row, found))}" for title, found in offered())
    return "\n".join([INTRODUCTION, *parts])


def offered() -> Iterator[tuple[str, list[Setting]]]:
    """Read what `.env.example` offers, part by part."""
    _, *parts = PART.split((ROOT / ".env.example").read_text(encoding="utf-8"))
    for title, text in zip(parts[::2], parts[1::2], strict=True):
        yield title, [Setting(name, meaning, default) for meaning, name, default in SETTING.findall(text)]


def _row(setting: Setting) -> tuple[str, str, str]:
    return code(setting.name), setting.meaning, code(setting.default)


if __name__ == "__main__":
    write(PAGE, settings())
