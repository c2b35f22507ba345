"""Which of our commands a document tells to call, in its blocks or inside of its sentences."""

import re
import shlex
from itertools import takewhile
from pathlib import Path

from tests.house.blocks import blocks


def calls(page: Path) -> list[list[str]]:
    """Give the words after `longplay` of every call that a page names."""
    inline = re.findall(r"`(longplay [^`]+)`", page.read_text(encoding="utf-8"))
    lines = [command for block in blocks(page, "sh", "console", "crontab") for command in commands(block.text)]
    return [words for told in [*inline, *lines] for words in _calls(told)]


def commands(script: str) -> list[str]:
    """Split a script into its commands: a line, or several where a quotation goes on."""
    found, open_ = [], ""
    for line in script.splitlines():
        open_ = f"{open_}\n{line}" if open_ else line
        if open_.count('"') % 2 == 0:
            found.append(open_)
            open_ = ""
    return [command for command in found if command.strip()]


def _calls(command: str) -> list[list[str]]:
    lexer = shlex.shlex(re.sub(r"[\[\]…]", "", command), posix=True, punctuation_chars="|&;<>")  # brackets mean: if you like
    lexer.whitespace_split = True
    words = list(lexer)
    starts = [at for at, word in enumerate(words) if word.rpartition("/")[2] == "longplay"]
    return [call for at in starts if (call := list(takewhile(_is_no_operator, words[at + 1 :])))]


def _is_no_operator(word: str) -> bool:
    return not re.fullmatch(r"[|&;<>]+", word)
