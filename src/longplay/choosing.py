"""The listeners' choices on their way into the lake: the file as it was written, and its rows.

An unchanged file writes nothing. Where the file is missing, as in a home that has moved, it comes back as the lake has it: who
wants to choose nothing empties it.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import structlog

from longplay.choices.lines import line_of, with_table, without_table
from longplay.choices.rows import choice_rows
from longplay.choices.shape import Choices, Exclude, read_choices, refused
from longplay.errors import ChoicesError
from longplay.exports.duck import reader
from longplay.lake import layout
from longplay.lake.store import Lake
from longplay.lake.tables import LANDING
from longplay.processing import write_rows

log = structlog.get_logger()


def read_file(path: Path, lake: Lake) -> tuple[str, Choices]:
    """Read the file, as text and as what it says; raises `ChoicesError` where it cannot be understood."""
    newest = _newest(lake)
    if not path.exists() and newest:
        write_file(path, lake.read(layout.raw_choices_key(newest)))
    content = path.read_bytes() if path.exists() else b""
    try:
        text = content.decode("utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError as error:
        raise refused("this is no text in UTF-8", content[: error.start].count(b"\n") + 1) from error
    return text, read_choices(text)


def add(path: Path, lake: Lake, exclusion: Exclude, listener: str | None) -> bool:
    """Write one more exclusion into the file, for a listener or for everybody; says whether it is new.

    Raises `ChoicesError` where the file is written in a way that takes no more.
    """
    text, choices = read_file(path, lake)
    if exclusion.key in {each.key for each in choices.of(listener).exclude}:
        return False
    changed = with_table(text, _header(listener), _values(exclusion))
    _replace(path, changed, [*choices.of(listener).exclude, exclusion], listener)
    return True


def take_back(path: Path, lake: Lake, exclusion: Exclude | None, listener: str | None) -> Exclude | None:
    """Take an exclusion out of the file, the last one if none is named; gives what is gone, none where there is no such.

    Raises `ChoicesError` where the file is written in a way that only a person can change.
    """
    text, choices = read_file(path, lake)
    held = choices.of(listener).exclude
    nth = next((nth for nth in reversed(range(len(held))) if exclusion is None or held[nth].key == exclusion.key), None)
    if nth is None:
        return None
    _replace(path, without_table(text, _header(listener), nth), [*held[:nth], *held[nth + 1 :]], listener)
    return held[nth]


def _values(exclusion: Exclude) -> dict[str, object]:
    return {key: value for key, value in msgspec.structs.asdict(exclusion).items() if value is not None}


def _header(listener: str | None) -> str:
    return f"listener.{listener}.exclude" if listener else "exclude"


def _replace(path: Path, text: str, exclude: Sequence[Exclude], listener: str | None) -> None:
    """Write the file if its text says these exclusions now; else it was written in a way of its own, and stays."""
    try:
        says = list(read_choices(text).of(listener).exclude) == list(exclude)
    except ChoicesError:
        says = False
    if not says:
        raise ChoicesError(
            f"{path} is written in a way that cannot be changed from here.",
            f"Change it by hand: each exclusion is a table of its own, [[{_header(listener)}]].",
        )
    write_file(path, text.encode())


def exclusions(text: str, choices: Choices) -> Iterator[tuple[str | None, int | None, Exclude]]:
    """Give each exclusion with its listener (none: everybody's) and the line at which it is named."""
    for listener, chosen in ((None, choices.everybody), *choices.listeners.items()):
        for nth, each in enumerate(chosen.exclude):
            yield listener, line_of(text, f"listener.{listener}" if listener else "", f".exclude[{nth}].{each.kind}"), each


def write_file(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, for its owner alone."""
    staged = path.with_name(f".{path.name}.unfinished")
    staged.write_bytes(content)
    staged.chmod(0o600)
    staged.replace(path)


def keep_choices(path: Path, lake: Lake) -> None:
    """Let the lake hold what the file says now, and the rows of every version; raises `ChoicesError`, or `LakeError`."""
    text, _ = read_file(path, lake)
    newest, content = _newest(lake), text.encode()
    if path.exists() and not (newest or "").endswith(layout.content_hash(content)):
        stem = layout.choices_stem(_later_than(newest, path), content)
        lake.receive(content, layout.raw_choices_key(stem), "choices")
        log.info("chosen", version=stem)
    for stem in _stems(lake):
        if not lake.has(layout.choices_key(stem)):
            _process(lake, stem)


def _stems(lake: Lake) -> list[str]:
    return sorted(Path(key).stem for key in lake.keys(layout.CHOICES))


def _newest(lake: Lake) -> str | None:
    return max(_stems(lake), default=None)


def _chosen_at(stem: str) -> datetime:
    return datetime.strptime(stem.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _later_than(newest: str | None, path: Path) -> datetime:
    """Give when the file was written; what holds now is newer than what held before, whatever a clock said."""
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return max(written, _chosen_at(newest) + timedelta(seconds=1)) if newest else written


def _process(lake: Lake, stem: str) -> None:
    rows = choice_rows(read_choices(lake.read(layout.raw_choices_key(stem)).decode()), stem, _chosen_at(stem))
    with lake.staged() as folder, reader(folder) as duck:
        write_rows(duck, rows, LANDING["choices"], folder / "choices.parquet")
        lake.keep(folder / "choices.parquet", layout.choices_key(stem))
