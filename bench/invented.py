"""Invented archives of any size, written as a stream and kept for the next run.

All histories have one rate of listening, so a longer one is a longer life. The longest life holds about a million plays; larger
archives hold the lives of several listeners, one after the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from longplay.simulator import layouts
from longplay.simulator.listener import invent
from longplay.simulator.plays import Play

UNTIL: Final = date(2026, 7, 1)
LONGEST: Final = 1_000_000
ROWS_PER_FILE: Final = 15_500
FAULTY: Final = 1_000  # one row of so many, where faults are asked for
FEW: Final = 50  # what Spotify's list of recent plays holds
_PLAYS_A_DAY: Final = 137  # 50,000 a year
_LOUDNESS: Final = 4.7  # that gives a little more of them

# Bad values stand in a row that is one; a bad element is no row at all.
FAULTS: Final[dict[str, tuple[Any, ...]]] = {
    "none": (),
    "values": (
        {"ms_played": -4163397879194451968},
        {"ts": "yesterday"},
        {"ts": "1970-01-01T00:00:00Z"},
        {"ms_played": 2**64 - 1},
        {"ts": "2199-01-01T00:00:00Z"},
        {"ts": None},
    ),
    "no-rows": (None, 17, "a row", [{"ts": "2024-05-04T18:20:11Z"}], True),
}


def log(plays: int, seed: int) -> list[Play]:
    """Give the last so many plays of one listener, oldest first."""
    days = plays / _PLAYS_A_DAY
    for more in count():
        found = invent(seed, UNTIL - timedelta(days=round(days) + 30 * more), UNTIL, loudness=_LOUDNESS)
        if len(found) >= plays:
            return found[-plays:]
    raise AssertionError


def logs(plays: int, seed: int) -> Iterator[list[Play]]:
    """Give so many plays, of as many listeners as it needs."""
    for number, first in enumerate(range(0, plays, LONGEST)):
        yield log(min(LONGEST, plays - first), seed + number)


def write_grown(folder: Path, history: int, stretch: int, layout: str, seed: int) -> None:
    """Write one history in four archives: the base, and three that come later.

    `newest.zip` holds the 50 last plays, `late.zip` 50 of many old days, `stretch.zip` so many of one old time.
    """
    plays = log(history + 2 * FEW + stretch, seed)
    before, begin = plays[:-FEW], history // 3
    old = before[begin : begin + stretch]
    rest = before[:begin] + before[begin + stretch :]
    late = rest[:: len(rest) // FEW][:FEW]
    left_out = {id(play) for play in late}
    base = [play for play in rest if id(play) not in left_out]
    for name, of in {"newest": plays[-FEW:], "late": late, "stretch": old, "base": base}.items():
        write(folder / f"{name}.zip", [of], layout)


def write(path: Path, of: Iterable[Sequence[Play]], layout: str, fault: str = "none") -> int:
    """Write an archive as Spotify does; returns how many rows it holds. The file appears whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged, rows = path.with_suffix(".part"), 0
    with ZipFile(staged, "w", ZIP_DEFLATED) as archive:
        for number, chunk in enumerate(_chunks(of)):
            written = _rows(chunk, layout, FAULTS[fault], rows)
            rows += len(written)
            name = f"Streaming_History_Audio_{chunk[0].reported_at.year}-{chunk[-1].reported_at.year}_{number}.json"
            content = msgspec.json.format(msgspec.json.encode(written), indent=1)
            archive.writestr(f"Spotify Extended Streaming History/{name}", content)
    staged.replace(path)
    return rows


def _chunks(of: Iterable[Sequence[Play]]) -> Iterator[Sequence[Play]]:
    for plays in of:
        yield from (plays[first : first + ROWS_PER_FILE] for first in range(0, len(plays), ROWS_PER_FILE))
        del plays  # else this life is held while the next one is invented


def _rows(plays: Sequence[Play], layout: str, faults: Sequence[Any], begin: int) -> list[Any]:
    """Spell plays as rows; every thousandth of the archive has a fault, each kind in turn."""
    rows: list[Any] = [layouts.row(play, layout) for play in plays for _ in range(1 + play.repeats)]
    for number in range(-begin % FAULTY, len(rows) if faults else 0, FAULTY):
        fault = faults[(begin + number) // FAULTY % len(faults)]
        rows[number] = rows[number] | fault if isinstance(fault, dict) else fault
    return rows
