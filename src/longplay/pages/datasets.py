"""What can be fetched: for each dataset where it is, who reads its pages, and how often it is asked for."""

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from longplay.pages.items import Item, Rows, play_rows, saved_rows, top_artist_rows, top_track_rows


class Dataset(Struct, frozen=True):
    """Where it is, what one item of it tells, every how many days to ask, and every how many of them for all of it."""

    path: str
    rows: Callable[[Item], Rows]
    days: int = 0  # 0: at every call
    time_range: str | None = None
    full_days: int = 0  # in between, a listing is followed to the first entry that is known


_RANGES: Final = ("short_term", "medium_term", "long_term")
DATASETS: Final = {
    "recently_played": Dataset("/me/player/recently-played", play_rows),
    **{f"top_tracks_{span}": Dataset("/me/top/tracks", top_track_rows, days=1, time_range=span) for span in _RANGES},
    **{f"top_artists_{span}": Dataset("/me/top/artists", top_artist_rows, days=1, time_range=span) for span in _RANGES},
    "saved_tracks": Dataset("/me/tracks", saved_rows, days=1, full_days=7),
}
