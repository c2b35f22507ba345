"""Writes docs/reference/commands.md from the command line itself: `make docs`."""

import enum
from collections.abc import Iterable, Iterator
from typing import Any, Final

import typer.main
from tables import code, table, write

from longplay.entrypoints.cli import GLOBAL_FLAGS, GLOBAL_VALUES, app

PAGE: Final = "reference/commands.md"
INTRODUCTION: Final = """# Command line

Written by `make docs` from the commands themselves; `longplay COMMAND --help` says the same. After `make setup` the command
is `.venv/bin/longplay`.

Exit status 0: done, also with rejected rows, a blocked quota, or `run` without a sign-in. 1: something asked for could not be
done, such as one of several archives. 2: a wrong call. 130: stopped by Ctrl-C, by which `serve` ends well. Every message is
listed in [Messages](messages.md).
"""
EVERYWHERE: Final = """## Options of every command

They may stand before or after the command. Each that takes a value is also [a setting](settings.md).
"""
ALONE: Final = """## Options without a command
"""


def commands() -> str:
    """Give the whole page: what there is at a glance, the options of every command, then each command."""
    main = typer.main.get_command(app)
    found = dict(sorted(_all(main, "longplay")))
    overview = table(("command", "what it does"), ((_link(name), _sentence(c.help)) for name, c in found.items()))
    everywhere = [option for option in main.params if option.opts[0] in GLOBAL_VALUES + GLOBAL_FLAGS]
    alone = [option for option in main.params if option not in everywhere]
    options = [EVERYWHERE, _options(everywhere), ALONE, _options(alone)]
    return "\n".join([INTRODUCTION, overview, *options, *map(_command, found.items())])


def _all(group: Any, name: str) -> Iterator[tuple[str, Any]]:
    for word, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _all(command, f"{name} {word}")
        else:
            yield f"{name} {word}", command


def _link(name: str) -> str:
    return f"[`{name}`](#{name.replace(' ', '-')})"


def _sentence(text: str) -> str:
    return " ".join(text.split()).partition(". ")[0].rstrip(".") + "."


def _command(named: tuple[str, Any]) -> str:
    name, command = named
    usage = " ".join([name, *map(_usage, filter(_is_argument, command.params)), *_more(command)])
    arguments = table(("argument", "meaning"), ((code(_usage(p)), p.help) for p in command.params if _is_argument(p)))
    parts = [f"## `{name}`\n", f"{command.help}\n", f"```\n{usage}\n```\n", arguments, _options(command.params)]
    return "\n".join(part for part in parts if part)


def _is_argument(parameter: Any) -> bool:
    return not parameter.opts[0].startswith("-")


def _usage(argument: Any) -> str:
    name = argument.name.rstrip("_").upper() + ("…" if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _more(command: Any) -> list[str]:
    return [] if all(map(_is_argument, command.params)) else ["[OPTIONS]"]


def _options(parameters: Iterable[Any]) -> str:
    rows = ((code(_option(p)), p.help + _choices(p), code(_default(p.default))) for p in parameters if not _is_argument(p))
    return table(("option", "meaning", "default"), rows)


def _option(option: Any) -> str:
    value = "" if option.is_flag else f" {option.name.rstrip('_').upper()}"
    return ", ".join(option.opts) + value


def _choices(option: Any) -> str:
    kind = option.type_descriptor.annotation
    is_choice = isinstance(kind, type) and issubclass(kind, enum.Enum)
    return f" One of {', '.join(code(one.value) for one in kind)}." if is_choice else ""


def _default(value: object) -> str:
    return "" if value is None or value is False else str(value)


if __name__ == "__main__":
    write(PAGE, commands())
