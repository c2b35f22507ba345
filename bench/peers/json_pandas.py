"""What one would write first: json, a DataFrame, to_parquet: ARCHIVE OUT."""

import json
import sys
import zipfile

import pandas as pd


def main(archive: str, out: str) -> None:
    """Read every member and write one file."""
    with zipfile.ZipFile(archive) as packed:
        frames = [pd.DataFrame(json.loads(packed.read(name))) for name in packed.namelist()]
    pd.concat(frames, ignore_index=True).to_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
