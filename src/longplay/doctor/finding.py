"""One finding: what it is about, what is wrong, what to do, and whether that needs a person."""

from collections.abc import Sequence

from msgspec import Struct


class Finding(Struct, frozen=True):
    """What was found. A note needs nobody: it heals by itself, or is only good to know."""

    about: str
    message: str
    action: str
    is_note: bool


def trouble(about: str, message: str, action: str) -> Finding:
    """Give a finding that needs a person."""
    return Finding(about, message, action, is_note=False)


def note(about: str, message: str, action: str = "") -> Finding:
    """Give a finding that needs nobody."""
    return Finding(about, message, action, is_note=True)


def counted(things: Sequence[object], one: str, many: str) -> str:
    """Say how many there are, and name the first.

    >>> counted(["a"], "file", "files"), counted(["a", "b"], "file", "files")
    ('1 file (a)', '2 files (the first: a)')
    """
    if len(things) == 1:
        return f"1 {one} ({things[0]})"
    return f"{len(things):,} {many} (the first: {things[0]})"
