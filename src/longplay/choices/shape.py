"""The shape of `choices.toml`, and what is said of a file that has another.

At the top stands what holds for everybody, below `[listener.NAME]` what holds for one: their own play rule and zones take the
place of everybody's, their exclusions come on top.
"""

import re
import tomllib
from datetime import date
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec import Struct

from longplay.choices.lines import line_of
from longplay.errors import ChoicesError
from longplay.settings import USER_PATTERN

NAME: Final = "choices.toml"
Rule = Literal["longplay", "spotify_30s", "lastfm", "your_spotify", "listenbrainz", "finished"]
Kind = Literal["artist", "track", "show", "hours"]
RULES: Final = get_args(Rule)
KINDS: Final[tuple[Kind, ...]] = ("track", "show", "hours", "artist")  # a track may name its artist

_HOURS: Final = re.compile(r"(\d{1,2})-(\d{1,2})")
_PATH: Final = re.compile(r"(?P<what>.*) - at `\$(?P<path>.*)`", re.DOTALL)
_UNKNOWN: Final = re.compile(r"Object contains unknown field `(.*)`")
_EXPECTED: Final = re.compile(r"Expected `(\w+)")
_MEANT: Final = {
    "str": "text in quotes",
    "date": "a day such as 2019-05-01",
    "array": "a list of tables with two brackets each, such as [[exclude]]",
    "object": "a table",
}

_ABOUT: Final = {"no play_rule": ".play_rule", "hours": ".hours", "no time zone": ".zone"}


class Exclude(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that statistics leave out: an artist, a track (of any artist, or of one), a show, or hours of the day."""

    artist: str | None = None
    track: str | None = None
    show: str | None = None
    hours: str | None = None  # local: `1-5` is from one o'clock to five, `23-6` over midnight
    since: date | None = None  # of hours: first and last day
    until: date | None = None

    def __post_init__(self) -> None:
        """Refuse what says nothing, or two things."""
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if given not in (["track", "artist"], *([kind] for kind in KINDS)):
            raise ValueError("name one of artist, track, show or hours; a track may name its artist as well")
        if not self.name.strip():
            raise ValueError(f"{self.kind} is empty")
        if self.hours is not None:
            hours_in(self.hours)
        if self.kind != "hours" and (self.since or self.until):
            raise ValueError("since and until are for hours only")
        if self.since and self.until and self.since > self.until:
            raise ValueError("it ends before it begins")

    @property
    def kind(self) -> Kind:
        """Say what it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @property
    def name(self) -> str:
        """Give what it is called."""
        return getattr(self, self.kind)

    @property
    def key(self) -> tuple[str, ...]:
        """Give what makes two of them the same, however their names are spelled."""
        return self.kind, spelled(self.name), spelled(self.artist or ""), str(self.since), str(self.until)

    def __str__(self) -> str:
        """Say what it is in a few words."""
        dates = f"{f' since {self.since}' if self.since else ''}{f' until {self.until}' if self.until else ''}"
        by = f" by {self.artist!r}" if self.track and self.artist else ""
        return f"the {self.kind} {self.name if self.hours else repr(self.name)}{by}{dates}"


class Zone(Struct, frozen=True, forbid_unknown_fields=True):
    """Where somebody lived, from a day on; without one from the beginning."""

    zone: str
    since: date | None = None

    def __post_init__(self) -> None:
        """Refuse a name that no time zone has."""
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called {self.zone!r}; a name looks like Europe/Berlin") from error


class Chosen(Struct, frozen=True, forbid_unknown_fields=True):
    """What is chosen, for everybody or for one listener."""

    play_rule: str | None = None
    exclude: list[Exclude] = []
    zone: list[Zone] = []

    def __post_init__(self) -> None:
        """Refuse rules that nobody knows, and two zones of one day."""
        if self.play_rule is not None and self.play_rule not in RULES:
            raise ValueError(f"no play_rule is called {self.play_rule!r}; there are {', '.join(RULES)}")
        if len({zone.since for zone in self.zone}) < len(self.zone):
            raise ValueError("two zones begin on the same day")


class Choices(Struct, frozen=True):
    """All of the file: what is chosen for everybody, and what each listener chooses."""

    everybody: Chosen = Chosen()
    listeners: dict[str, Chosen] = {}

    def of(self, listener: str | None) -> Chosen:
        """Give what is chosen for one listener, or for everybody, and nothing of the other."""
        return self.everybody if listener is None else self.listeners.get(listener, Chosen())


def read_choices(text: str) -> Choices:
    """Read the file's text; raises `ChoicesError` with the line and what to do."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, at = str(error).partition(" (at line ")
        raise refused(what, int(at.split(",")[0]) if at else text.count("\n") + 1) from error
    listeners = told.pop("listener", {})
    if not (isinstance(listeners, dict) and all(isinstance(one, dict) for one in listeners.values())):
        raise refused("a listener is a table, such as [listener.kim]", line_of(text, "", ".listener"))
    return Choices(_chosen(text, told, ""), {name: _listener(text, name, one) for name, one in listeners.items()})


def _listener(text: str, name: str, told: dict[str, Any]) -> Chosen:
    header = f"listener.{name}"
    if not re.fullmatch(USER_PATTERN, name):
        raise refused(
            f"no listener can be called {name!r}: names have a-z, 0-9, - and _, at most 32", line_of(text, header, "")
        )
    return _chosen(text, told, header)


def _chosen(text: str, told: dict[str, Any], header: str) -> Chosen:
    try:
        return msgspec.convert(told, Chosen)
    except msgspec.ValidationError as error:
        found = _PATH.fullmatch(str(error))
        what, path = (found["what"], found["path"]) if found else (str(error), "")
        unknown = _UNKNOWN.match(what)
        line = line_of(text, header, f"{path}.{unknown[1]}" if unknown else f"{path}{_guess(what)}")
        raise refused(_in_words(what), line) from error


def _guess(what: str) -> str:
    """Name the key that a sentence of ours is about, where it does not stand in the path."""
    return next((key for beginning, key in _ABOUT.items() if what.startswith(beginning)), "")


def _in_words(what: str) -> str:
    """Put into words what msgspec says of a value.

    >>> _in_words("Object contains unknown field `artst`")
    "'artst' means nothing here"
    """
    if unknown := _UNKNOWN.match(what):
        return f"{unknown[1]!r} means nothing here"
    if expected := _EXPECTED.match(what):
        return f"this should be {_MEANT.get(expected[1], expected[1])}"
    return f"this should be {_MEANT['date']}" if what.startswith("Invalid RFC3339") else what


def refused(what: str, line: int | None) -> ChoicesError:
    """Put into one sentence what is wrong with the file, and where."""
    return ChoicesError(
        f"{place(line)}: {what.rstrip('.')}.",
        "Mend that line, or take it out; docs/how-to/choices.md shows how choices look.",
    )


def place(line: int | None) -> str:
    """Name a line of the file, or the file where nobody knows which."""
    return f"{NAME}, line {line}" if line else NAME


def hours_in(hours: str) -> list[int]:
    """List the hours of the day from one to another, which is not among them.

    >>> hours_in("1-5"), hours_in("23-2")
    ([1, 2, 3, 4], [23, 0, 1])
    """
    found = _HOURS.fullmatch(hours.strip())
    first, end = (int(found[1]), int(found[2])) if found else (0, 0)
    if first == end or max(first, end) > 24:  # noqa: PLR2004 - of a day
        raise ValueError(f"hours cannot be {hours!r}; they look like 1-5 or 23-6")
    return [hour % 24 for hour in range(first, end if end > first else end + 24)]


def spelled(name: str) -> str:
    """Spell a name as the models compare it: lower case, single spaces.

    >>> spelled(" Rain  Sounds ")
    'rain sounds'
    """
    return " ".join(name.lower().split())
