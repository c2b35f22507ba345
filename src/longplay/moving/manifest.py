"""The list of what an export holds: one file of JSON, which also tells that a folder is an export and that it is whole.

The seal is the hash of the list, and the list has the hash of every object: what was changed or lost on the way is noticed.
"""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from longplay.errors import MoveError

NAME: Final = "longplay-export.json"
README: Final = "README.md"
LAKE: Final = "lake"  # the folder of objects
FORMAT: Final = 1

_AGAIN: Final = "Copy it again from where it was written, or write it anew with `longplay export`."


class Object(Struct, frozen=True):
    """An object of the lake: its key, its size in bytes, the hash of its content."""

    key: str
    size: int
    sha256: str


class Table(Struct, frozen=True):
    """A table that stands in a folder as `<name>.parquet` and `<name>.csv`: its rows, and the type of each column."""

    folder: str
    name: str
    rows: int
    columns: dict[str, str]

    def path(self, kind: str) -> str:
        """Spell where it stands.

        >>> Table("marts", "fct_plays", 0, {}).path("csv")
        'marts/fct_plays.csv'
        """
        return f"{self.folder}/{self.name}.{kind}"


class Manifest(Struct, frozen=True, kw_only=True):
    """Everything an export holds. `exported_at` is UTC, `time_zone` that of the local times in the tables."""

    format: int = FORMAT
    longplay: str
    processed_version: int
    exported_at: datetime
    is_demo: bool
    time_zone: str
    tables: list[Table]
    objects: list[Object]

    def paths(self) -> set[str]:
        """Name every file of the export."""
        tables = {table.path(kind) for table in self.tables for kind in ("csv", "parquet")}
        return {NAME, README} | tables | {f"{LAKE}/{each.key}" for each in self.objects}


class _Sealed(Struct, frozen=True):
    longplay_export: msgspec.Raw
    seal: str


class _Format(Struct, frozen=True):
    format: int


def written(manifest: Manifest) -> bytes:
    """Spell a manifest with its seal."""
    content = msgspec.json.encode(manifest)
    return msgspec.json.format(msgspec.json.encode(_Sealed(msgspec.Raw(content), _seal(content))), indent=1)


def is_export(path: Path) -> bool:
    """Say whether a folder was written by `longplay export`."""
    return (path / NAME).is_file()


def read_manifest(folder: Path) -> Manifest:
    """Read the list of an export; raises `MoveError` where it is damaged or of another format."""
    try:
        sealed = msgspec.json.decode((folder / NAME).read_bytes(), type=_Sealed)
        told = msgspec.json.decode(sealed.longplay_export, type=_Format).format
        if told != FORMAT:
            raise MoveError(f"{folder} was written by another version of Longplay (format {told}).", "Update Longplay first.")
        if sealed.seal != _seal(bytes(sealed.longplay_export)):
            raise damaged(folder, f"its list {NAME} has changed")
        return msgspec.json.decode(sealed.longplay_export, type=Manifest)
    except OSError as error:
        raise damaged(folder, f"its list {NAME} cannot be read") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise damaged(folder, f"its list {NAME} is not what an export writes") from error


def is_demo_export(path: Path) -> bool:
    """Say whether a folder is an export of an invented listener; one that cannot be read is not."""
    try:
        return is_export(path) and read_manifest(path).is_demo
    except MoveError:
        return False


def damaged(folder: Path, why: str) -> MoveError:
    """Put into words that an export is not as it was written."""
    return MoveError(f"The export {folder} is damaged: {why}. Nothing was brought in.", _AGAIN)


def _seal(content: bytes) -> str:
    """Hash a list whatever its spaces and line ends, which a mail or an editor may change."""
    return sha256(msgspec.json.encode(msgspec.json.decode(content))).hexdigest()
