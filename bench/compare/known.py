"""Archives whose every play is known, to see what becomes of it."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from msgspec import Struct

from bench.compare.running import Given, unpacked
from longplay.simulator.archives import write_archive
from longplay.simulator.listener import invent
from longplay.simulator.plays import Play, truth_of

LAYOUTS: Final = ("extended-2020", "extended-2023", "extended-2025", "account")
FAULTS: Final[dict[str, Any]] = {
    "no object": None,
    "negative time played": {"ms_played": -4163397879194451968},
    "time played beyond 64 bits": {"ms_played": 2**64},
    "unreadable time": {"ts": "yesterday"},
    "no time": {"ts": None},
}


class Known(Struct, frozen=True):
    """Half a year of a listener, as archives of today, of some time before, of each layout, and with one bad row each."""

    plays: list[Play]
    today: Given
    before: Given
    layouts: dict[str, Given]
    good: Given
    faulty: dict[str, Given]


def known(folder: Path, end: date = date(2025, 3, 1)) -> Known:
    """Write the archives; layouts before 2024 tell more about the person, so theirs is an earlier listener."""
    start = date(2024, 9, 1)
    plays = invent(3, start, end)
    earlier = invent(3, date(2019, 9, 1), date(2019, 11, 1))
    some = plays[:400]
    good = _given(folder, "good", some)
    return Known(
        plays=list(truth_of(plays).values()),
        today=_given(folder, "today", plays),
        before=_given(folder, "before", plays, up_to=plays[len(plays) // 2].reported_at.astimezone(UTC)),
        layouts={
            layout: _given(folder, layout, plays if layout in {"extended-2025", "account"} else earlier, layout)
            for layout in LAYOUTS
        },
        good=good,
        faulty={name: _spoiled(good.zip, folder / f"{name}.zip", fault) for name, fault in FAULTS.items()},
    )


def _given(
    folder: Path, name: str, plays: list[Play], layout: str = "extended-2025", *, up_to: datetime | None = None
) -> Given:
    written = write_archive(plays, folder / f"{name}.zip", layout, up_to=up_to, old_names=False)
    return unpacked(written.path, folder / name)


def _spoiled(archive: Path, out: Path, fault: Any) -> Given:
    """Put one bad row into the middle of an archive's first file."""
    with ZipFile(archive) as opened, ZipFile(out, "w", ZIP_DEFLATED) as written:
        for number, name in enumerate(name for name in opened.namelist() if name.endswith(".json")):
            rows = json.loads(opened.read(name))
            middle = len(rows) // 2
            if number == 0:
                rows.insert(middle, fault and rows[middle] | fault)
            written.writestr(name, json.dumps(rows))
    return unpacked(out, out.with_suffix(""))
