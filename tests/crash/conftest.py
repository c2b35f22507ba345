"""Two archives of one invented listener, and every command a user gives on them, done once undisturbed."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from longplay.simulator.archives import write_archive
from longplay.simulator.listener import listener_with
from tests.crash import gate
from tests.crash.way import Home, Step, walked


class Way:
    """The commands a user gives, in order, each done undisturbed when it is first asked for; and a folder for homes."""

    def __init__(self, folder: Path, archives: dict[str, str]) -> None:
        self.folder = folder
        self._home = Home(folder / "undisturbed" / "home")
        self._home.folder.parent.mkdir()
        self._done: dict[str, Step] = {}
        self._commands: dict[str, Callable[[], list[str]]] = {
            "the first import": lambda: ["import", archives["older"]],
            "the first build": lambda: ["build"],
            "a second import": lambda: ["import", archives["newer"], archives["account"]],
            "a build of what is new": lambda: ["build"],
            "forgetting": lambda: ["forget", self.step("the first import").said["archives"][0]["archive"]],
            "loading anew": self._loading_anew,
            "a build from the lake": lambda: ["build"],
            "a page": lambda: ["report"],
        }

    def step(self, name: str) -> Step:
        """Give a step; it and those before it are done now if they are not yet."""
        for each, arguments in self._commands.items():
            if each not in self._done:
                self._done[each] = walked(self._home, each, arguments(), self.folder)
            if each == name:
                break
        return self._done[name]

    def _loading_anew(self) -> list[str]:
        (self._home.folder / "warehouse.duckdb").unlink()
        return ["load"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out, with a reason, what this machine cannot do."""
    reason = gate.is_possible()
    for item in items:
        if reason and Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def archives(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("archives")
    plays = listener_with(600, seed=9)
    write_archive(plays[:400], folder / "older.zip", layout="extended-2023", rows_per_file=250, spoiled=7)
    write_archive(plays, folder / "newer.zip", rows_per_file=250)
    write_archive(plays, folder / "account.zip", layout="account")
    return {name: str(folder / f"{name}.zip") for name in ("older", "newer", "account")}


@pytest.fixture(scope="session")
def way(archives, tmp_path_factory) -> Iterator[Way]:
    folder = tmp_path_factory.mktemp("way")
    yield Way(folder, archives)
    shutil.rmtree(folder)
