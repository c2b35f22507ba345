"""The sum of an import: `read = distinct + repeated + rejected` for each file, `distinct = new + known` for each archive."""

from datetime import datetime

from msgspec import Struct

from longplay.importing import FileSum, ImportedArchive


class ArchiveSum(Struct, frozen=True):
    """What one archive brought. `path` is as somebody gave it, `user` our name for whose it is, `first` and `last` are UTC."""

    path: str
    user: str
    archive: str
    layout: str
    read: int
    distinct: int
    repeated: int
    rejected: int
    new: int
    known: int
    first: datetime | None
    last: datetime | None
    files: list[FileSum]
    missing: list[str]
    unreadable: list[str]
    unknown_fields: list[str]
    reasons: dict[str, int]

    @classmethod
    def of(cls, archive: ImportedArchive, known: int) -> "ArchiveSum":
        """Complete what reading told with what the warehouse knew."""
        distinct = archive.total("distinct")
        return cls(
            path=archive.path,
            user=archive.user,
            archive=archive.archive,
            layout=archive.layout,
            read=archive.total("read"),
            distinct=distinct,
            repeated=archive.total("repeated"),
            rejected=archive.total("rejected"),
            new=distinct - known,
            known=known,
            first=archive.first,
            last=archive.last,
            files=list(archive.files),
            missing=list(archive.missing),
            unreadable=list(archive.unreadable),
            unknown_fields=list(archive.unknown_fields),
            reasons=dict(archive.reasons),
        )


class Refused(Struct, frozen=True):
    """An archive that could not be read, and what to do about it."""

    path: str
    message: str
    action: str


class Import(Struct, frozen=True):
    """Everything one call of `longplay import` did."""

    archives: list[ArchiveSum]
    refused: list[Refused]
    remarks: list[str] = []  # what else to know, a sentence each

    def __add__(self, other: "Import") -> "Import":
        """Tell both as one."""
        return Import(self.archives + other.archives, self.refused + other.refused, self.remarks + other.remarks)

    def total(self, field: str) -> int:
        """Add one figure up over all archives."""
        return sum(getattr(archive, field) for archive in self.archives)
