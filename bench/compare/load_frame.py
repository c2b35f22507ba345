"""Calls `spotify-analytics-dataloader`, a library without a command line, inside its own environment: FOLDER OUT.

It makes a table in memory and keeps nothing; the table is written as Parquet so that it can be looked at.
"""

# pyright: reportMissingImports=false
import sys
from pathlib import Path

from spotify_dataloader import SpotifyDataLoader


def main(folder: str, out: str) -> None:
    """Load what is in a folder."""
    plays = SpotifyDataLoader(Path(folder)).df
    if plays is None or plays.is_empty():
        raise SystemExit("nothing was loaded")
    plays.write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
