"""What is drawn from the warehouse for people to keep or to show: the card of a year, the page to publish."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb
from msgspec import Struct

from longplay.besides import beside
from longplay.errors import WarehouseError, WrongCall
from longplay.home import Home
from longplay.lake.state import State
from longplay.report import lettering
from longplay.report.card import SHAPES, card
from longplay.report.look import THEMES
from longplay.report.page import draw_page
from longplay.report.picture import png
from longplay.report.public import Marts, Rules, published, told
from longplay.report.years import Year, years
from longplay.warehouse import duck
from longplay.warehouse.overview import listeners
from longplay.wording import listed

PORTRAIT, SQUARE = "portrait", "square"
_WHOLE: Final = "whole"  # what the warehouse is called beside the one that knows less
_NO_MUSIC: Final = "Run `longplay import` with the archive Spotify sent you, or `longplay demo`."


class DrawnCard(Struct, frozen=True):
    """A card that was written, and the names of it that no font of this machine could draw as they are."""

    path: Path
    year: int
    undrawn: Sequence[str]


class Publication(Struct, frozen=True):
    """A page that was written to be published, and how many plays each excluded name took out of it."""

    path: Path
    taken_out: dict[str, int]


class Drawing(Struct, frozen=True):
    """What is needed to draw a listener's pictures."""

    home: Home
    state: State
    user: str

    def card(self, year: int, out: Path, *, shape: str = PORTRAIT, theme: str = "light") -> DrawnCard:
        """Write the card of a year as PNG; raises `WrongCall` where there is no music of that year."""
        facts = self._year(year)
        svg = card(facts, SHAPES[shape], THEMES[theme], is_demo=self.state.is_demo, spell=lettering.readable)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(png(svg))
        names = [each.name for each in (*facts.top_artists, *facts.top_songs)]
        return DrawnCard(out, year, [name for name in names if lettering.readable(name) != lettering.clean(name)])

    def page(self, user: str, out: Path, notice: str | None) -> Path:
        """Write a listener's page to `out`; raises `WarehouseError` where the models are not built."""
        with self._marts() as connection:
            told = beside(connection, self.home.dbt_of(), user, "/{}")
            return draw_page(connection, user, out, is_demo=self.state.is_demo, notice=notice, beside=told)

    def stamp(self) -> tuple[int, ...]:
        """Tell one state of the warehouse from another: when its file and its journal changed, and how long they are."""
        found = [file.stat() for file in (self.home.warehouse, self.home.wal) if file.exists()]
        return tuple(number for stat in found for number in (stat.st_mtime_ns, stat.st_size))

    def listeners(self) -> list[str]:
        """Name everybody who listened."""
        with self._marts() as connection:
            return listeners(connection)

    def publish(self, rules: Rules) -> Publication:
        """Write the page to publish beside the listener's own; raises `WrongCall` for an excluded name that nobody played."""
        out = self.home.public_page
        with (
            self.state.alone(),
            duck.beside(self.home.warehouse, _WHOLE, patience=self.state.patience) as connection,
            published(Marts(connection, _WHOLE, self.user), rules) as taken,
        ):
            said = told(rules, taken)
            draw_page(connection, self.user, out, is_demo=self.state.is_demo, notice=said, published=True)
        return Publication(out, taken)

    def _year(self, year: int) -> Year:
        with self._marts() as connection:
            found = years(connection, self.user)
        if not found:
            raise WrongCall("There is no music to draw yet.", _NO_MUSIC)
        if year not in found:
            raise WrongCall(f"There is no music of {year}.", f"There is of {listed([str(known) for known in found])}.")
        return found[year]

    @contextmanager
    def _marts(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the warehouse for reading, while nobody else changes it."""
        with self.state.alone(), duck.opened(self.home.warehouse, patience=self.state.patience, read_only=True) as connection:
            try:
                yield connection
            except (duckdb.CatalogException, duckdb.BinderException) as error:  # no model, or one of another version
                raise WarehouseError("The models are not built.", "Run `longplay build`.") from error
