"""An invented listener's archive, for those who want to look before they have one of their own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent

YEARS = 5


@contextmanager
def invented_archive(seed: int, today: date) -> Iterator[Path]:
    """Yield the ZIP that Spotify would send to an invented listener of five years; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "my_spotify_data.zip"
        write_archive(invent(seed, today - timedelta(days=365 * YEARS), today), path)
        yield path
