"""The least an import can cost: inflate, parse, write Parquet, each by the fastest there is: ARCHIVE COLUMNS OUT.

Nothing of what was parsed is looked at. The columns that are written lie in memory's own form in a file of their own, so they
cost nothing to come by.
"""

import sys
import zipfile
from itertools import islice

import pyarrow as pa
import pyarrow.parquet as pq
import simdjson
from isal import isal_zlib

BATCHES = 8  # files of 15,500 rows in a row group of about 120,000


def main(archive: str, columns: str, out: str) -> None:
    """Do the three things, one after the other."""
    parser, rows = simdjson.Parser(), 0
    for content in inflated(archive):
        rows += len(parser.parse(content))
    written = write(columns, out)
    if rows != written:
        raise SystemExit(f"{rows} rows in the archive, {written} in its columns")


def inflated(archive):
    """Yield the content of each member."""
    with zipfile.ZipFile(archive) as packed, open(archive, "rb") as file:
        for info in packed.infolist():
            file.seek(info.header_offset + 26)
            header = file.read(4)
            file.seek(int.from_bytes(header[:2], "little") + int.from_bytes(header[2:], "little"), 1)
            yield isal_zlib.decompress(file.read(info.compress_size), -15, info.file_size)


def write(columns, out):
    """Write the columns as Parquet, as the lake does; returns how many rows."""
    with pa.memory_map(columns) as mapped, pa.ipc.open_file(mapped) as source:
        batches = (source.get_batch(number) for number in range(source.num_record_batches))
        with pq.ParquetWriter(out, source.schema, compression="zstd", compression_level=1) as writer:
            while group := list(islice(batches, BATCHES)):
                table = pa.Table.from_batches(group)
                writer.write_table(table, row_group_size=table.num_rows)
    return pq.read_metadata(out).num_rows


if __name__ == "__main__":
    main(*sys.argv[1:])
