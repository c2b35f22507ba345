"""`longplay --version`: which one this is. The number itself stands in `pyproject.toml` alone."""

from importlib.metadata import version

import typer


def tell_version(*, asked: bool) -> None:
    """Say the version and end, if that was asked for; no setting is read before."""
    if asked:
        typer.echo(f"longplay {version('longplay')}")
        raise typer.Exit
