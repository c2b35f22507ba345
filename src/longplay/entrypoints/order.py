"""The commands as somebody needs them who sees them for the first time."""

from typing import Any, Final

from typer.core import TyperGroup

# The way of a play first, then what one asks of it, then the rest.
ORDER: Final = (
    "demo", "run", "import", "login", "fetch", "enrich", "build",
    "report", "serve", "card", "insights", "query",
    "exclude", "status", "doctor", "check", "imports", "forget", "disconnect", "export",
    "process", "load", "warehouse", "redrive", "simulator",
)  # fmt: skip


class InOrder(TyperGroup):
    """What help tells in the order of use, not of the code."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as it is called
        """Name the commands, first things first."""
        return sorted(self.commands, key=ORDER.index)
