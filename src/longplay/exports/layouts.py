"""What kind of file a member is, told by its content, and which of its fields are kept.

The fields of `KINDS` are the allow-list: values of other fields are never written, only their names are noted.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import msgspec
from msgspec import Struct

from longplay.exports.elements import objects
from longplay.exports.members import Member

_FIRST_ROWS: Final = 50  # of each file
_LARGEST_LIBRARY: Final = 16 << 20  # bytes, held at once; 10,000 saved tracks are 2 MB
_FIELD: Final = re.compile(r"(?=.{1,40}$)[A-Za-z]+(_[A-Za-z]+)*\d?")
_MOST_UNKNOWN: Final = 40


class Kind(Struct, frozen=True):
    """One kind of file: the fields that are kept, and those known to be private, which are not."""

    name: str
    fields: tuple[str, ...]
    private: tuple[str, ...] = ()


EXTENDED: Final = Kind(
    "extended",
    fields=(
        "ts", "platform", "ms_played", "conn_country", "master_metadata_track_name", "master_metadata_album_artist_name",
        "master_metadata_album_album_name", "spotify_track_uri", "episode_name", "episode_show_name", "spotify_episode_uri",
        "audiobook_title", "audiobook_uri", "audiobook_chapter_uri", "audiobook_chapter_title", "reason_start", "reason_end",
        "shuffle", "skipped", "offline", "offline_timestamp", "incognito_mode",
    ),
    private=(
        "username", "ip_addr", "ip_addr_decrypted", "user_agent_decrypted",
        "city", "region", "metro_code", "longitude", "latitude",
    ),
)  # fmt: skip
MUSIC: Final = Kind("music", fields=("endTime", "artistName", "trackName", "msPlayed"))
PODCAST: Final = Kind("podcast", fields=("endTime", "podcastName", "episodeName", "msPlayed"))
AUDIOBOOK: Final = Kind("audiobook", fields=("endTime", "audiobookName", "authorName", "msPlayed"))
LIBRARY: Final = Kind("library", fields=())
PLAYLISTS: Final = Kind("playlists", fields=())
SEARCHES: Final = Kind("searches", fields=())

HISTORY: Final = (EXTENDED, MUSIC, PODCAST, AUDIOBOOK)
_NAMED_HISTORY: Final = re.compile(r"(?i)^(Streaming_?History|endsong)")
_SERIES: Final = re.compile(
    r"^(?P<series>Streaming_History_(?:Audio|Video)|\D+?)_?(?:(?:\d{4}(?:-\d{4})?)_)?(?P<number>\d{1,4})\.json"
)


class Recognised(Struct, frozen=True):
    """A member and what it is. `layout` is empty for what is no history; `is_list` is false where a list is missing."""

    member: Member
    kind: Kind
    layout: str
    unknown: frozenset[str]
    is_list: bool = True


def recognise(member: Member) -> Recognised | None:
    """Tell what a member is; None for what we do not need."""
    head = member.head()
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        return _recognise_list(member, list(islice(objects([head]), _FIRST_ROWS)))
    if _NAMED_HISTORY.match(member.name):
        return Recognised(member, EXTENDED, "", frozenset(), is_list=False)
    return _recognise_object(member)


def _recognise_list(member: Member, rows: Sequence[dict[str, object]]) -> Recognised | None:
    fields = frozenset(field for row in rows for field in row)
    if "searchTime" in fields:
        return Recognised(member, SEARCHES, "", frozenset())
    for kind in HISTORY:
        if kind.fields[0] in fields and fields & set(kind.fields[1:]) - {"msPlayed"}:
            layout = _extended_layout(fields) if kind is EXTENDED else "account"
            return Recognised(member, kind, layout, _names(fields - set(kind.fields) - set(kind.private)))
    if _NAMED_HISTORY.match(member.name):
        is_extended = member.name.startswith(("Streaming_History_", "endsong"))
        return Recognised(member, EXTENDED if is_extended else MUSIC, "", frozenset())
    return None


def _names(unknown: Iterable[str]) -> frozenset[str]:
    """Give the names of unknown fields; what does not look like a field's name could be somebody's, and is kept nowhere."""
    names = {name if _FIELD.fullmatch(name) else "(no usual name)" for name in unknown}
    return frozenset(sorted(names)[:_MOST_UNKNOWN])


class _Lists(Struct):
    """Which of its two lists a library has."""

    tracks: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    playlists: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def _recognise_object(member: Member) -> Recognised | None:
    if not re.match(r"(?i)^(YourLibrary|Playlist\d*)\.json", member.name) or member.size > _LARGEST_LIBRARY:
        return None
    try:
        lists = msgspec.json.decode(b"".join(member.chunks()), type=_Lists)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if lists.playlists is not msgspec.UNSET:
        return Recognised(member, PLAYLISTS, "", frozenset())
    return Recognised(member, LIBRARY, "", frozenset()) if lists.tracks is not msgspec.UNSET else None


def _extended_layout(fields: Iterable[str]) -> str:
    """Date a row by its fields (reference: the four layouts seen from 2020 to 2026)."""
    present = set(fields)
    if any(field.startswith("audiobook") for field in present):
        return "extended-2025"
    if "ip_addr" in present:
        return "extended-2024"
    return "extended-2023" if "spotify_track_uri" in present else "extended-2020"


def series_of(name: str) -> tuple[str, int] | None:
    """Split the name of a numbered file into its series and its number.

    >>> series_of("Streaming_History_Audio_2022-2024_10.json")
    ('Streaming_History_Audio', 10)
    >>> series_of("endsong_3.json"), series_of("StreamingHistory0.json")
    (('endsong', 3), ('StreamingHistory', 0))
    """
    found = _SERIES.match(name)
    return (found["series"], int(found["number"])) if found else None


def in_order(members: Iterable[Recognised]) -> list[Recognised]:
    """Sort by series and number, so that 10 comes after 2."""
    return sorted(members, key=lambda each: (series_of(each.member.name) or (each.member.name, 0), each.member.name))


def missing_chunks(names: Iterable[str]) -> list[str]:
    """Name the files that a numbered series should have and does not.

    >>> missing_chunks(["endsong_3.json", "endsong_1.json"])
    ['endsong_0', 'endsong_2']
    """
    numbers: dict[str, set[int]] = {}
    for series, number in filter(None, map(series_of, names)):
        if not series.endswith("Video"):  # a single file, numbered only where there are several
            numbers.setdefault(series, set()).add(number)
    return [f"{series}_{absent}" for series, held in numbers.items() for absent in sorted(set(range(max(held))) - held)]
