"""Lays the known columns of an archive out in memory's own form, for the floor to write without reading: ARCHIVE OUT."""

import json
import sys
import zipfile

import pyarrow as pa

FIELDS = {
    "ts": pa.string(), "platform": pa.string(), "ms_played": pa.int64(), "conn_country": pa.string(),
    "master_metadata_track_name": pa.string(), "master_metadata_album_artist_name": pa.string(),
    "master_metadata_album_album_name": pa.string(), "spotify_track_uri": pa.string(), "episode_name": pa.string(),
    "episode_show_name": pa.string(), "spotify_episode_uri": pa.string(), "audiobook_title": pa.string(),
    "audiobook_uri": pa.string(), "audiobook_chapter_uri": pa.string(), "audiobook_chapter_title": pa.string(),
    "reason_start": pa.string(), "reason_end": pa.string(), "shuffle": pa.bool_(), "skipped": pa.bool_(),
    "offline": pa.bool_(), "offline_timestamp": pa.int64(), "incognito_mode": pa.bool_(),
}  # fmt: skip


def main(archive: str, out: str) -> None:
    """Write an uncompressed file that a process maps into its memory as it is."""
    schema = pa.schema(list(FIELDS.items()))
    with zipfile.ZipFile(archive) as packed, pa.ipc.new_file(out, schema) as file:
        for name in packed.namelist():
            file.write(pa.RecordBatch.from_pylist(json.loads(packed.read(name)), schema=schema))


if __name__ == "__main__":
    main(*sys.argv[1:])
