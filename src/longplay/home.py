"""The folder that holds everything of one installation, and who may look into it: its owner."""

import shutil
from pathlib import Path

from longplay.errors import LakeError


class Home:
    """The paths of one home; only this class spells them.

    >>> Home(Path("/h")).warehouse.as_posix()
    '/h/warehouse.duckdb'
    """

    def __init__(self, folder: Path) -> None:
        """Know the folder; nothing is made yet."""
        self.folder = folder

    @property
    def lake(self) -> Path:
        """What was received, and its typed rows."""
        return self.folder / "lake"

    @property
    def state(self) -> Path:
        """What changes: locks, marks, dbt's own files."""
        return self.folder / "state"

    @property
    def warehouse(self) -> Path:
        """The tables."""
        return self.folder / "warehouse.duckdb"

    @property
    def wal(self) -> Path:
        """The journal of the tables, which is there while they change, or where a run was stopped."""
        return self.folder / "warehouse.duckdb.wal"

    @property
    def spill(self) -> Path:
        """What did not fit into memory while the tables changed."""
        return self.folder / "warehouse.duckdb.tmp"

    @property
    def page(self) -> Path:
        """What one looks at."""
        return self.folder / "report.html"

    def page_of(self, user: str) -> Path:
        """Give the page of a listener where everybody has one."""
        return self.folder / f"report-{user}.html"

    @property
    def public_page(self) -> Path:
        """What may be shown to others."""
        return self.folder / "public.html"

    @property
    def choices(self) -> Path:
        """What the listeners choose; they write it."""
        return self.folder / "choices.toml"

    @property
    def dbt(self) -> Path:
        """Where dbt keeps what it parsed."""
        return self.state / "dbt"

    def dbt_of(self, target: str = "duckdb") -> Path:
        """Where dbt keeps what it did in one warehouse."""
        return self.dbt / target

    def make(self) -> None:
        """Make the folder, closed to others; raises `LakeError` where that is not possible."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.chmod(0o700)
        except OSError as error:
            raise LakeError(
                f"{self.folder} cannot be written ({error.strerror}).",
                "Choose another place with --home, or mend its permissions.",
            ) from error

    def demo(self) -> "Home":
        """Give the home beside this one in which the invented listener lives."""
        return Home(self.folder.with_name(f"{self.folder.name}-demo"))

    def empty(self) -> None:
        """Remove all that is in it; only for an invented listener's."""
        for folder in (self.lake, self.state):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.warehouse, self.page, self.public_page):
            file.unlink(missing_ok=True)
