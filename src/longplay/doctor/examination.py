"""Every check in order. What cannot be looked at is a finding, too; nothing is changed."""

import os
from collections.abc import Callable, Iterator

import duckdb

from longplay.choices.shape import read_choices
from longplay.doctor.finding import Finding, note, trouble
from longplay.doctor.leftovers import disk, is_worked_on, leftovers, sweep
from longplay.doctor.objects import objects
from longplay.doctor.permissions import may, mend, permissions
from longplay.doctor.tables import Warehouse
from longplay.errors import ChoicesError, LongplayError
from longplay.home import Home
from longplay.lake.state import MIRRORED, read_note
from longplay.lake.store import Lake


def examine(home: Home, time_zone: str, *, is_zone_given: bool) -> list[Finding]:
    """Find everything that is wrong with a home; what needs a person comes first."""
    found = list(_home(home, time_zone)) + list(_zone(time_zone, is_zone_given=is_zone_given))
    return sorted(found, key=lambda finding: finding.is_note)


def fix(home: Home) -> list[str]:
    """Mend what can be mended without a loss: modes, and unfinished files; returns a sentence for each."""
    if not home.folder.is_dir():
        return []
    mended = mend(home)
    done = [f"Closed to others and opened to you: {len(mended):,} files and folders."] if mended else []
    return [*done, "Unfinished files are gone."] if sweep(home) else done


def _home(home: Home, time_zone: str) -> Iterator[Finding]:
    try:
        there = home.folder.stat()
    except FileNotFoundError:
        yield note(
            "home", f"There is no home at {home.folder} yet.", "Run `longplay import` with the archive Spotify sent you."
        )
        return
    except OSError as error:
        yield trouble("home", f"{home.folder} cannot be looked at ({error.strerror}).", "Mend the permissions of its folder.")
        return
    if not home.folder.is_dir():
        yield trouble("home", f"{home.folder} is a file ({there.st_size:,} bytes).", "Choose another place with --home.")
        return
    if not may(home.folder, os.R_OK | os.X_OK):
        yield from permissions(home)
        return
    for about, check in _checks(home, time_zone).items():
        yield from _guarded(about, check)


def _folders(home: Home) -> Iterator[Finding]:
    """Find a file in the place of a folder."""
    for folder in (home.lake, home.state):
        if folder.exists() and not folder.is_dir():
            yield trouble("home", f"{folder} is a file, where a folder should be.", "Move it away.")


def _choices(home: Home) -> Iterator[Finding]:
    """Find a file of choices that nobody can understand: nothing is built before it is mended."""
    try:
        read_choices(home.choices.read_text(encoding="utf-8-sig") if home.choices.exists() else "")
    except ChoicesError as error:
        yield trouble("choices", error.message, error.action)


def _lake(home: Home) -> Iterator[Finding]:
    """Look at every object, unless they are elsewhere: a mirror holds what was loaded, and nothing that is raw."""
    mirrored = read_note(home.state, MIRRORED)
    if mirrored:
        said = f"This home mirrors the bucket {mirrored.decode(errors='replace')}, which is not looked at."
        yield note("lake", said, "Nothing is to be done; every object there is whole.")
        return
    yield from objects(Lake(home.lake))


def _checks(home: Home, time_zone: str) -> dict[str, Callable[[], Iterator[Finding]]]:
    return {
        "home": lambda: _folders(home),
        "permissions": lambda: permissions(home),
        "unfinished": lambda: leftovers(home),
        "disk": lambda: disk(home),
        "choices": lambda: _choices(home),
        "lake": lambda: _lake(home),
        "warehouse": lambda: Warehouse(home, time_zone, is_worked_on(home)).findings(),
    }


def _guarded(about: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Go on with the next check where one cannot be made; a closed door is found among the permissions."""
    try:
        yield from check()
    except PermissionError:
        return
    except OSError as error:
        yield _unseen(about, f"{error.filename}: {error.strerror}")
    except (LongplayError, duckdb.Error, ValueError, NotImplementedError) as error:
        yield _unseen(about, str(error).splitlines()[0])


def _unseen(about: str, why: str) -> Finding:
    return trouble(about, f"This could not be looked at ({why.rstrip('.')}).", "Mend what else is found, then look again.")


def _zone(time_zone: str, *, is_zone_given: bool) -> Iterator[Finding]:
    if not is_zone_given:
        yield note(
            "time zone",
            f"No time zone is set; local times are this machine's: {time_zone}.",
            "Set LONGPLAY_TIMEZONE if you live elsewhere.",
        )
