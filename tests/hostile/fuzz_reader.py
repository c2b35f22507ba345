"""Throws mutated archives at the reader, led by the branches they reach. `make fuzz` calls it; a crash is saved for a replay.

Three targets: `elements` (the walk through a list, held against Python's own reader), `zips` (opening one), `imports` (all).
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from longplay.simulator.archives import LAYOUTS, write_archive
from longplay.simulator.listener import listener_with

TARGETS = ("elements", "zips", "imports")
FEW_ROWS = 4
MEMORY = 900  # MB of a whole process: Python under instrumentation, DuckDB, and the fuzzer's own corpus
PATIENCE = 30  # seconds for one input


def main() -> int:
    asked = _arguments()
    if asked.target:
        return _fuzz(asked.target, asked.replay, asked.options)
    with tempfile.TemporaryDirectory() as seeds:
        for name, content in seed_files():
            (Path(seeds) / name).write_bytes(content)
        asked.crashes.mkdir(parents=True, exist_ok=True)
        for target in TARGETS:
            limits = [f"-runs={asked.runs}"] if asked.runs else [f"-max_total_time={max(1, asked.seconds // len(TARGETS))}"]
            options = [
                *limits, f"-artifact_prefix={asked.crashes}/{target}-", f"-timeout={PATIENCE}", f"-rss_limit_mb={MEMORY}",
                "-max_len=20000", f"-seed={asked.seed}", "-print_final_stats=1",
            ]  # fmt: skip
            with tempfile.TemporaryDirectory() as found:
                call = [sys.executable, __file__, "--target", target, "--", *options, found, seeds]
                if subprocess.run(call, check=False).returncode:
                    sys.exit(f"The input is in {asked.crashes}; {__file__} --target {target} --replay FILE repeats it.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=0, help="this many inputs for each target, however long that takes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--crashes", type=Path, default=Path("artefacts/fuzz"))
    parser.add_argument("--target", choices=TARGETS)
    parser.add_argument("--replay", type=Path)
    parser.add_argument("options", nargs="*")
    return parser.parse_args()


def _fuzz(target: str, replay: Path | None, options: list[str]) -> int:
    import atheris  # noqa: PLC0415  where it is missing, reading this module still works

    with atheris.instrument_imports(include=["longplay.exports", "longplay.importing"]):  # pyright: ignore[reportAttributeAccessIssue]
        from tests.hostile import invariants  # noqa: PLC0415  instrumented as it is imported
    check = {"elements": invariants.check_elements, "zips": invariants.check_zip, "imports": invariants.check_import}[target]
    if replay:
        check(replay.read_bytes())
        return 0
    atheris.Setup([sys.argv[0], *options], check)
    atheris.Fuzz()
    return 0


def seed_files() -> Iterator[tuple[str, bytes]]:
    """Give small archives and their members: of real archives where they are at hand, else of invented ones."""
    with tempfile.TemporaryDirectory() as folder:
        samples = os.environ.get("LONGPLAY_SAMPLES")
        archives = sorted(Path(samples).glob("*.zip")) if samples else _invented(Path(folder))
        for archive in archives:
            members = dict(_shortened(archive))
            for name, content in members.items():
                yield f"{archive.stem}-{name}", content
            for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
                yield f"{archive.stem}-{method}.zip", _zipped(members, method)


def _invented(folder: Path) -> list[Path]:
    plays = listener_with(300, seed=5)
    return [write_archive(plays, folder / f"{layout}.zip", layout, spoiled=9).path for layout in LAYOUTS]


def _shortened(archive: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            if info.filename.endswith(".json") and len(content := packed.read(info)) < 30_000_000:
                said = json.loads(content)
                short = {key: _few(value) for key, value in said.items()} if isinstance(said, dict) else _few(said)
                yield Path(info.filename).name, json.dumps(short, indent=2, ensure_ascii=False).encode()


def _few(value: object) -> object:
    return value[:FEW_ROWS] if isinstance(value, list) else value


def _zipped(members: dict[str, bytes], method: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(f"MyData/{name}", content)
    return packed.getvalue()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    sys.exit(main())
