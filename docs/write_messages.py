"""Writes docs/reference/messages.md, every message a person can meet, from where the errors are made: `make docs`."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final, NamedTuple

from tables import table, write

import longplay
from longplay.doctor.finding import Finding, note, trouble
from longplay.errors import LongplayError

PAGE: Final = "reference/messages.md"
ANYTHING: Final = "[…]"
NOBODYS: Final = "longplay.simulator"  # the simulated Spotify speaks as Spotify does
INTRODUCTION: Final = """# Messages

Written by `make docs` from the places in the code where they are made. What cannot be done is told in one sentence that says
what, and one that says who does what; "[…]" stands for what is known only then, such as a name. `--debug` adds where it
happened, `--json` gives both sentences as an object. The exit status is 2 for a wrong call (`WrongCall`), else 1.
"""
FINDINGS: Final = {
    "longplay.checking": "Findings of `longplay check`",
    "longplay.doctor.": "Findings of `longplay doctor`",
}
World = dict[str, bool]  # conditions of the code, and whether they hold


class Message(NamedTuple):
    """One thing that a person may be told; `by` is the kind of error, or who finds it."""

    by: str
    says: str
    action: str


def messages() -> str:
    """Give the whole page: the kinds of errors as they descend from each other, then what is found by looking."""
    found = sorted(set(_found()))
    errors = [_part(kind.__name__, [one for one in found if one.by == _name(kind)], kind) for kind in kinds()]
    findings = [_part(title, [one for one in found if one.by == title]) for title in FINDINGS.values()]
    return "\n".join([INTRODUCTION, *filter(None, errors), *findings])


def _part(title: str, said: list[Message], kind: type | None = None) -> str:
    meaning = [f"{str(kind.__doc__).partition(chr(10))[0]}\n"] if kind else []
    rows = table(("it says", "what to do"), ((one.says, one.action) for one in said))
    return "\n".join([f"## {title}\n", *meaning, rows]) if rows else ""


def kinds(kind: type = LongplayError) -> Iterator[type]:
    """Give every kind of error, each before those that descend from it."""
    yield kind
    for below in sorted(kind.__subclasses__(), key=lambda one: one.__module__):  # whatever was imported first
        yield from kinds(below)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__name__}"


def _found() -> Iterator[Message]:
    for name in [module.name for module in pkgutil.walk_packages(longplay.__path__, "longplay.")]:
        if not name.startswith(NOBODYS):
            module = importlib.import_module(name)
            tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
            for call, around in _calls(tree):
                yield from _Reader(module, (tree, *around)).messages(call)


def _calls(tree: ast.AST, around: tuple[ast.AST, ...] = ()) -> Iterator[tuple[ast.Call, tuple[ast.AST, ...]]]:
    """Give every call, with the functions and classes around it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield node, around
        yield from _calls(node, (*around, node) if isinstance(node, ast.FunctionDef | ast.ClassDef) else around)


class _Reader(NamedTuple):
    """Reads the sentences at one place of the code."""

    module: ModuleType
    around: tuple[ast.AST, ...]  # the module, then classes and functions, to the innermost

    def messages(self, call: ast.Call) -> Iterator[Message]:
        """Give what a call makes a person read: nothing, where it makes neither an error nor a finding."""
        by, first = self._speaker(call)
        given = [*call.args[first:], *(each.value for each in call.keywords if each.arg == "action")]
        for says, world in self._said(given[0], {}) if by and given else ():
            for action, _ in self._said(given[1], world) if given[1:] else [("", world)]:
                if says.replace(ANYTHING, "").strip(" .:") or action.replace(ANYTHING, "").strip(" .:"):
                    yield Message(by, says, action)

    def _speaker(self, call: ast.Call) -> tuple[str, int]:
        """Name who speaks, and say which argument is the sentence."""
        room = self.around[-2] if self.around[1:] else None
        if isinstance(call.func, ast.Attribute) and call.func.attr == "__init__" and isinstance(room, ast.ClassDef):
            made, first = getattr(self.module, room.name, None), int(not ast.unparse(call.func).startswith("super()"))
        else:
            made, first = self._value(call.func), 0
        if isinstance(made, type) and issubclass(made, LongplayError):
            return _name(made), first
        if any(made is one for one in (Finding, trouble, note)):
            return next((title for name, title in FINDINGS.items() if self.module.__name__.startswith(name)), ""), 1
        return "", 0

    def _said(self, node: ast.AST, world: World) -> Iterator[tuple[str, World]]:
        """Give all that an expression may say, each with the conditions under which it does."""
        match node:
            case ast.JoinedStr(values=parts):
                yield from self._joined(parts, world)
            case ast.IfExp(test=test, body=one, orelse=other):
                for holds, branch in ((True, one), (False, other)):
                    if world.get(ast.unparse(test), holds) is holds:
                        yield from self._said(branch, world | {ast.unparse(test): holds})
            case ast.FormattedValue(value=value):
                yield from self._said(value, world)
            case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)) if found := self._behind(node, name):
                for value in found:
                    yield from self._said(value, world)
            case _:
                words = self._value(node)
                yield words if isinstance(words, str) else ANYTHING, world

    def _joined(self, parts: list[ast.expr], world: World) -> Iterator[tuple[str, World]]:
        if not parts:
            yield "", world
            return
        for said, now in self._said(parts[0], world):
            for rest, later in self._joined(parts[1:], now):
                yield said + rest, later

    def _behind(self, node: ast.AST, name: str) -> list[ast.expr]:
        return self._assigned(name) if isinstance(node, ast.Name) else self._returned(name)

    def _assigned(self, name: str) -> list[ast.expr]:
        """Find what a name stands for inside of the function."""
        inside = (node for room in self.around[1:] for node in ast.walk(room) if isinstance(node, ast.Assign))
        values = [node.value for node in inside if ast.unparse(node.targets[0]) == name]
        return [
            value for value in values if not any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(value))
        ]

    def _returned(self, name: str) -> list[ast.expr]:
        """Find what a function of this module gives, where it gives words."""
        functions = [node for node in ast.walk(self.around[0]) if isinstance(node, ast.FunctionDef) and node.name == name]
        found = [node.value for one in functions for node in ast.walk(one) if isinstance(node, ast.Return) and node.value]
        return found if all(isinstance(self._value(value), str) for value in found) else []

    def _value(self, node: ast.AST) -> object:
        """Give what an expression is by the names of its module alone; nothing, where it takes more."""
        if any(isinstance(part, ast.Call) for part in ast.walk(node)):
            return None
        try:
            return eval(ast.unparse(node), vars(self.module))  # noqa: S307 - the code is ours
        except Exception:  # noqa: BLE001 - whatever it takes, it is not there
            return None


if __name__ == "__main__":
    write(PAGE, messages())
