"""One archive: which of its members hold something, and the name that its content gives it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from blake3 import blake3
from msgspec import Struct

from longplay.exports.errors import NotAnExport
from longplay.exports.layouts import HISTORY, Recognised, in_order, missing_chunks, recognise
from longplay.exports.members import members_of


class Part(Struct, frozen=True):
    """A useful member and the hash of its content."""

    what: Recognised
    digest: str


class Archive(Struct, frozen=True):
    """What Spotify sent. `name` is the hash of its members' hashes, so ZIP and unpacked folder are one archive."""

    path: str
    name: str
    layout: str
    parts: list[Part]
    missing: list[str]

    @property
    def history(self) -> list[Part]:
        """The members that tell of plays."""
        return [part for part in self.parts if part.what.kind in HISTORY]


def recognised(paths: Sequence[Path]) -> list[Recognised]:
    """List the useful members of an archive in order, by their beginnings; raises an `ExportError` that says what is wrong."""
    members = members_of(paths)
    found = in_order(what for member in members if (what := recognise(member)))
    if not any(what.kind in HISTORY and what.is_list for what in found):
        raise _no_history(paths[0], [member.name for member in members])
    return found


def archive_of(paths: Sequence[Path], parts: Sequence[Part]) -> Archive:
    """Name an archive by its parts, each of which was read to its end."""
    history = [part.what for part in parts if part.what.kind in HISTORY]
    lists = [what for what in history if what.is_list]
    parts = _once(parts)
    digests = sorted(part.digest for part in parts)
    return Archive(
        path=str(paths[0]) if len(paths) == 1 else str(paths[0].parent),
        name=blake3("".join(digests).encode()).hexdigest()[:16],
        layout=max((what.layout for what in lists if what.layout != "account"), default="account") or _layout_by_name(lists),
        parts=parts,
        missing=missing_chunks(what.member.name for what in history),
    )


def _once(parts: Iterable[Part]) -> list[Part]:
    """Leave out a file that is there twice, by name and content, as in an unpacked folder that was unpacked again."""
    return list({(part.what.member.name, part.digest): part for part in parts}.values())


def _layout_by_name(history: Sequence[Recognised]) -> str:
    """Name the layout of an archive without a single row."""
    return "extended-2025" if any(what.member.name.startswith("Streaming_History_") for what in history) else "account"


def _no_history(path: Path, names: Sequence[str]) -> NotAnExport:
    action = "Ask Spotify for the extended streaming history, and import the ZIP as it comes."
    if len(names) > 30 or any("Technical" in str(path) or name.startswith("AddedTo") for name in names):  # noqa: PLR2004
        return NotAnExport(f"{path.name} looks like the account's technical log; there is no listening in it.", action)
    return NotAnExport(f"There is no listening history in {path.name}.", action)
