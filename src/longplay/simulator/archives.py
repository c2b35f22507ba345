"""Writes the archives Spotify would send for a play log, and says what is in them.

Every archive of one listener is written from the same log, so an older one agrees with a newer one on when, what and how long.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec
from msgspec import Struct

from longplay.simulator import account, layouts
from longplay.simulator.layouts import FIELDS
from longplay.simulator.plays import Play, title_and_maker

LAYOUTS: Final = (*FIELDS, "account")
ROWS_PER_FILE: Final = 15_500

Entry = tuple[Play, dict[str, Any]]


class Member(Struct, frozen=True):
    """One history file of an archive and what an import has to count in it."""

    name: str
    read: int
    distinct: int
    repeated: int
    rejected: int = 0


class Written(Struct, frozen=True):
    """An archive that was written: where, and its files with rows of plays, in the order of their numbers."""

    path: Path
    layout: str
    members: tuple[Member, ...]

    @property
    def read(self) -> int:
        """How many rows the archive holds."""
        return sum(member.read for member in self.members)

    @property
    def distinct(self) -> int:
        """How many different plays."""
        return sum(member.distinct for member in self.members)

    @property
    def repeated(self) -> int:
        """How many rows say again what another one in the archive said."""
        return sum(member.repeated for member in self.members)

    @property
    def rejected(self) -> int:
        """How many rows nobody can read."""
        return sum(member.rejected for member in self.members)


def write_archive(  # noqa: PLR0913 - each is one thing that differs between archives
    plays: Iterable[Play],
    path: Path,
    layout: str = "extended-2025",
    *,
    up_to: datetime | None = None,
    old_names: bool | None = None,
    rows_per_file: int = ROWS_PER_FILE,
    spoiled: int = 0,
) -> Written:
    """Write the archive Spotify would have sent at `up_to`: a ZIP if the path says so, else a folder.

    Old names are `endsong_0.json` and `StreamingHistory0.json`; the layouts of that time have them unless told otherwise.
    `spoiled` rows that cannot be read are put among the others.
    """
    plays = list(plays)
    known = archived(plays, layout, up_to=up_to)
    if not known:
        raise ValueError("there is no play to put into an archive")
    old = layout in {"extended-2020", "extended-2023"} if old_names is None else old_names
    if layout == "account":
        files, extras = list(account.history(known, old_names=old)), account.library(plays, known[-1].reported_at)
    else:
        files, extras = _extended_files(known, layout, rows_per_file, old_names=old), {}
    members = tuple(_members(files, layout))
    rows = _spoil([[row for play, row in entries for _ in range(1 + play.repeats)] for _, entries in files], spoiled)
    contents = dict(zip((name for name, _ in files), rows, strict=True)) | extras
    _write(path, _folder(layout, old_names=old), contents, known[-1].reported_at)
    return Written(path, layout, _with_spoiled(members, spoiled))


def archived(plays: Iterable[Play], layout: str, *, up_to: datetime | None = None) -> list[Play]:
    """Choose the distinct plays that an archive of that time and layout holds, in the order Spotify heard of them."""
    known = [play for play in plays if up_to is None or play.reported_at <= up_to]
    known.sort(key=attrgetter("reported_at", "started_at"))
    if layout != "account":
        return [play for play in known if layouts.can_hold(play, layout)]
    if not known:
        return []
    begin = (up_to or known[-1].reported_at) - account.SPAN
    return sorted((play for play in known if account.said_at(play) > begin), key=account.said_at)


def _extended_files(plays: Sequence[Play], layout: str, size: int, *, old_names: bool) -> list[tuple[str, list[Entry]]]:
    if old_names:
        return _endsongs(plays, layout, size)
    audio = [play for play in plays if not play.is_video]
    video = [play for play in plays if play.is_video]
    files = [
        (f"Streaming_History_Audio_{_years(chunk)}_{number}.json", _entries(chunk, layout))
        for number, chunk in enumerate(_chunks(audio, size))
    ]
    if video:
        files.append((f"Streaming_History_Video_{_years(video)}.json", _entries(video, layout)))
    return files


def _endsongs(plays: Sequence[Play], layout: str, size: int) -> list[tuple[str, list[Entry]]]:
    """Files whose rows are in no order, each spanning the whole history."""
    shuffled = list(plays)
    Random(len(shuffled)).shuffle(shuffled)  # noqa: S311 - an order, no secret
    return [(f"endsong_{number}.json", _entries(chunk, layout)) for number, chunk in enumerate(_chunks(shuffled, size))]


def _entries(plays: Iterable[Play], layout: str) -> list[Entry]:
    return [(play, layouts.row(play, layout)) for play in plays]


def _chunks(plays: Sequence[Play], size: int) -> Iterator[Sequence[Play]]:
    return (plays[first : first + size] for first in range(0, len(plays), size))


def _years(plays: Sequence[Play]) -> str:
    first, last = plays[0].reported_at.year, plays[-1].reported_at.year
    return f"{first}" if first == last else f"{first}-{last}"


def _members(files: Iterable[tuple[str, list[Entry]]], layout: str) -> Iterator[Member]:
    """Count each file; what an earlier one held already is a repetition."""
    seen: set[Any] = set()
    for name, entries in files:
        before = len(seen)
        seen.update(_told(play, row, layout) for play, row in entries)
        read = sum(1 + play.repeats for play, _ in entries)
        distinct = len(seen) - before
        yield Member(name, read, distinct, read - distinct)


def _told(play: Play, row: dict[str, Any], layout: str) -> Any:
    """Tell what makes a row a play of its own in this layout."""
    if layout == "account":
        return tuple(row.items())
    return (play.reported_at, title_and_maker(play.what), play.ms_played) if layout == "extended-2020" else play.key


# Rows Spotify really sends, or might.
_SPOILING: Final[tuple[dict[str, Any] | None, ...]] = (
    {"ms_played": -4163397879194451968, "msPlayed": -4163397879194451968},
    {"ts": "yesterday", "endTime": "yesterday"},
    None,
    {"ts": "1970-01-01T00:00:00Z", "endTime": "1970-01-01 00:00"},
    {"ms_played": 2**64 - 1, "msPlayed": 2**64 - 1},
    {"ts": "2199-01-01T00:00:00Z", "endTime": "2199-01-01 00:00"},
    {"ts": None, "endTime": None},
)


def _spoil(files: list[list[Any]], spoiled: int) -> list[list[Any]]:
    """Put copies nobody can read between the rows, one file after the other."""
    for number in range(spoiled):
        rows = files[number % len(files)]
        place = number * 37 % len(rows)
        while rows[place] is None:
            place = (place + 1) % len(rows)
        fault = _SPOILING[number % len(_SPOILING)]
        rows.insert(place, fault and rows[place] | {key: value for key, value in fault.items() if key in rows[place]})
    return files


def _with_spoiled(members: Sequence[Member], spoiled: int) -> tuple[Member, ...]:
    extra = [len(range(number, spoiled, len(members))) for number in range(len(members))]
    return tuple(
        msgspec.structs.replace(member, read=member.read + bad, rejected=bad)
        for member, bad in zip(members, extra, strict=True)
    )


def _folder(layout: str, *, old_names: bool) -> str:
    if old_names:
        return "MyData"
    return "Spotify Account Data" if layout == "account" else "Spotify Extended Streaming History"


def _write(path: Path, folder: str, contents: dict[str, Any], at: datetime) -> None:
    if path.suffix == ".zip":
        _write_zip(path, folder, contents, at)
        return
    (path / folder).mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (path / folder / name).write_bytes(_json(content))


def _write_zip(path: Path, folder: str, contents: dict[str, Any], at: datetime) -> None:
    """Deflate everything, dated with the archive, so that the same plays give the same bytes."""
    made_at = (max(at, datetime(1980, 1, 1, tzinfo=UTC)) + timedelta(days=1)).timetuple()[:6]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr(ZipInfo(f"{folder}/", made_at), b"")
        for name, content in contents.items():
            info = ZipInfo(f"{folder}/{name}", made_at)
            info.compress_type = ZIP_DEFLATED
            archive.writestr(info, _json(content))


def _json(content: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=2)
