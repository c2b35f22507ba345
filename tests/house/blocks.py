"""Reading documents: the blocks of code in them, and which of our commands they name."""

import re
import shlex
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Block(NamedTuple):
    """What stands between two fences: in which language, and what."""

    language: str
    text: str


def blocks(page: Path) -> list[Block]:
    """Give the fenced blocks of a page in their order."""
    return blocks_of(page.read_text(encoding="utf-8"))


def blocks_of(text: str) -> list[Block]:
    """Give those of a part of a page."""
    return [Block(*found) for found in re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)]


def calls(page: Path) -> list[list[str]]:
    """Give the words after `longplay` of every call that a page names, in its blocks or inside of its sentences."""
    text = page.read_text(encoding="utf-8")
    inline = re.findall(r"`(longplay [^`]+)`", text)
    lines = [line for block in blocks(page) if block.language in {"sh", "crontab"} for line in joined(block.text)]
    return [words for told in [*inline, *lines] for words in _calls(told)]


def joined(script: str) -> list[str]:
    """Split a script into its commands: a line, or several where a quotation goes on."""
    commands, open_ = [], ""
    for line in script.splitlines():
        open_ = f"{open_}\n{line}" if open_ else line
        if open_.count('"') % 2 == 0:
            commands.append(open_)
            open_ = ""
    return [command for command in commands if command.strip()]


def _calls(command: str) -> list[list[str]]:
    lexer = shlex.shlex(re.sub(r"[\[\]…]", "", command), posix=True, punctuation_chars="|&;<>")  # brackets mean: if you like
    lexer.whitespace_split = True
    words = list(lexer)
    starts = [at for at, word in enumerate(words) if word.rpartition("/")[2] == "longplay"]
    return [call for at in starts if (call := list(takewhile(_is_no_operator, words[at + 1 :])))]


def _is_no_operator(word: str) -> bool:
    return not re.fullmatch(r"[|&;<>]+", word)
