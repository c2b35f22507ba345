"""An answer of somebody who was asked about music, to rows of the landing tables: pure."""

from datetime import datetime
from typing import Final

import msgspec
from msgspec import Struct, field, structs

from longplay.enrichment.provider import Record
from longplay.enrichment.providers import READERS
from longplay.enrichment.records import Genre, Lookup, Match, Sound, Unreadable
from longplay.pages.items import Row, Rows, artist_rows, music_rows
from longplay.spotify.records import Track, WholeArtist

_TABLES: Final = {Sound: "audio_features", Genre: "artist_genres", Match: "artist_matches"}


class Read(Struct):
    """The rows of an answer, what could not be read of it, and how many items were asked for."""

    rows: list[tuple[str, Row]] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    asked: int = 0


def read_lookup(dataset: str, body: bytes, fetched_at: datetime) -> Read:
    """Give what one answer says."""
    read, source = Read(), READERS[dataset].source
    try:
        lookup = msgspec.json.decode(body, type=Lookup)
        read.asked = len(lookup.asked)
        for record in READERS[dataset].read(lookup.asked, lookup.said):
            if isinstance(record, Unreadable):
                read.rejected.append({"position": record.position, "reason": record.reason})
            else:
                read.rows.extend(_rows(record, source, fetched_at.replace(tzinfo=None)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        return Read([], [{"position": None, "reason": f"not an answer: {error}"[:200]}])
    return read


def _rows(record: Record, source: str, at: datetime) -> Rows:
    if isinstance(record, Track):
        yield from music_rows(record, at)
    elif isinstance(record, WholeArtist):
        yield from artist_rows(record, at)
    else:
        yield _TABLES[type(record)], structs.asdict(record) | {"source": source, "fetched_at": at}
