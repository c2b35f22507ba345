"""Whether the lake holds together: every archive whole, every object of a known name and version, every file readable."""

import re
from collections.abc import Iterable, Iterator

import duckdb

from longplay.doctor.finding import Finding, counted, note, trouble
from longplay.lake import layout
from longplay.lake.layout import Processed
from longplay.lake.store import Lake
from longplay.warehouse.objects import fault_of

_VERSION = re.compile(r"processed/v(\d+)/")


def objects(lake: Lake) -> Iterator[Finding]:
    """Look at every object of the lake."""
    keys = list(lake.objects())
    yield from _strange_names(keys)
    yield from _other_versions(keys)
    yield from _halves(keys)
    yield from _unreadable(lake, keys)


def _strange_names(keys: Iterable[str]) -> Iterator[Finding]:
    strange = [key for key in keys if not layout.is_key(key) or (key.startswith(layout.CURRENT) and not _is_processed(key))]
    if strange:
        yield trouble(
            "lake",
            f"Not ours, yet in the lake: {counted(strange, 'file', 'files')}.",
            "Move them away; nothing is loaded before.",
        )


def _other_versions(keys: Iterable[str]) -> Iterator[Finding]:
    others: dict[int, int] = {}
    for found in filter(None, map(_VERSION.match, keys)):
        others[int(found[1])] = others.get(int(found[1]), 0) + 1
    for version, files in others.items():
        if version > layout.VERSION:
            said = f"Rows of version {version}, written by a newer Longplay, are in the lake ({files:,} objects)."
            yield trouble("versions", said, "Update Longplay.")
        elif version < layout.VERSION:
            said = (
                f"Rows of version {version} are in the lake ({files:,} objects); this Longplay reads version {layout.VERSION}."
            )
            yield note("versions", said, "Nothing is lost: the archives are kept as they were read.")


def _halves(keys: Iterable[str]) -> Iterator[Finding]:
    """Find archives without what makes them whole, and whole ones in which raw and typed rows do not go together."""
    ours = (key for key in keys if key.startswith(layout.CURRENT) or not key.startswith("processed/"))
    held = {key: found for key in ours if (found := layout.archive_of(key))}
    raw = {found for key, found in held.items() if key.startswith("raw/")}
    typed = {found for key, found in held.items() if key.startswith(layout.CURRENT) and not layout.makes_whole(key)}
    whole = {found[:2] for key, found in held.items() if layout.makes_whole(key)}
    for user, archive in sorted({found[:2] for found in held.values()} - whole):
        yield trouble(
            "archives",
            f"Archive {archive[:8]} of {user} is not whole in the lake; none of it counts.",
            "Import it again: that goes on where it stopped.",
        )
    for lost, what in ((raw - typed, "typed"), (typed - raw, "raw")):
        for user, archive in sorted({found[:2] for found in lost} & whole):
            files = sorted(stem for *of, stem in lost if tuple(of) == (user, archive))
            yield trouble(
                "archives",
                f"Archive {archive[:8]} of {user} has lost the {what} rows of {counted(files, 'file', 'files')}.",
                _again(user, archive),
            )


def _unreadable(lake: Lake, keys: Iterable[str]) -> Iterator[Finding]:
    faulty: dict[tuple[str, str, str], list[str]] = {}
    with duckdb.connect() as connection:
        for key in keys:
            found, fault = layout.archive_of(key), fault_of(connection, key, lake.local_path(key))
            if found and fault:
                faulty.setdefault((found[0], found[1], fault), []).append(key)
    for (user, archive, fault), files in faulty.items():
        yield trouble("lake", f"{counted(files, 'file', 'files')}: {fault}.", _again(user, archive))


def _again(user: str, archive: str) -> str:
    return f"Run `longplay --user {user} forget {archive[:8]}`, then import that archive again."


def _is_processed(key: str) -> bool:
    try:
        return bool(Processed.parse(key))
    except ValueError:
        return False
