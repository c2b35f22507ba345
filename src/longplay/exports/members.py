"""The files inside an archive: a ZIP as it comes, its unpacked folder, or loose JSON files.

Everything is read as a stream, one member at a time, so memory does not grow with the archive.
"""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from blake3 import blake3
from isal import isal_zlib
from isal.igzip_lib import IsalError
from msgspec import Struct

from longplay.exports.errors import AGAIN, Bomb, Damaged, Encrypted, NotAnExport, UnsafeName

CHUNK: Final = 1 << 16  # stays in the processor's cache; memory for a megabyte is fetched from the system each time
HEAD: Final = 1 << 17
# Ten million plays of the newest layout are 7.5 GB of JSON that packs about ten to one (docs/decisions/0015); the ratio says
# nothing about small files.
LARGEST: Final = 9_000_000_000
RATIO: Final = 12
RATIO_FROM: Final = 100_000_000
MOST_FILES: Final = 10_000  # ten million plays are 650
_ENCRYPTED: Final = 0x1


class Member(Struct, frozen=True):
    """One JSON file of an archive: its name without folders, its size in bytes, and how to read it.

    What `opened` gives may answer with less than it is asked for, but with nothing only at the end.
    """

    name: str
    size: int
    opened: Callable[[], io.RawIOBase]

    def chunks(self) -> Iterator[bytes]:
        """Yield the content, a little at a time; raises `Damaged` where it cannot be unpacked."""
        with self.opened() as stream:
            while chunk := stream.read(CHUNK):
                yield chunk

    def head(self, size: int = HEAD) -> bytes:
        """Give the beginning of the content, not much more than was asked for."""
        head = bytearray()
        with self.opened() as stream:
            while len(head) < size and (chunk := stream.read(CHUNK)):
                head += chunk
        return bytes(head)

    def digest(self) -> str:
        """Give the hash of the content, having read all of it."""
        return Heard(self.opened()).digest()


class Heard(io.RawIOBase):
    """A stream that is hashed while somebody else reads it, so that content is unpacked once for both."""

    def __init__(self, stream: io.RawIOBase) -> None:
        """Stand at the beginning."""
        super().__init__()
        self._stream, self._hash, self._hashed = stream, blake3(), 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be wound."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Give the position."""
        return self._stream.tell()

    def read(self, size: int = -1) -> bytes:
        """Give what comes next, and hear what was not heard yet."""
        is_new = self._stream.tell() == self._hashed
        content = self._stream.read(size) or b""
        if is_new:
            self._hash.update(content)
            self._hashed += len(content)
        return content

    def close(self) -> None:
        """Stay open for those who come after: `digest` is the end."""

    def digest(self) -> str:
        """Give the hash of all there is, the rest read to its end; raises `Damaged` where that is not possible."""
        with self._stream:
            self.seek(self._hashed)
            while self.read(CHUNK):
                pass
        return self._hash.hexdigest()


def members_of(paths: Sequence[Path]) -> list[Member]:
    """List the JSON files of one archive; raises an `ExportError` that says what is wrong with it."""
    for path in paths:
        if not path.exists():
            raise NotAnExport(f"There is no file {path}.", "Check the path.")
        if not path.is_file() and not path.is_dir():
            raise NotAnExport(f"{path.name} is no file.", "Import the archive that Spotify sent you.")
    if len(paths) == 1 and paths[0].is_dir():
        return _folder_members(paths[0])
    if len(paths) == 1 and paths[0].suffix.lower() != ".json":
        return _zip_members(paths[0])
    return [_loose(path) for path in paths]


def _folder_members(folder: Path) -> list[Member]:
    return [_loose(path) for path in sorted(folder.rglob("*.json")) if path.is_file() and _is_wanted(path.relative_to(folder))]


def _loose(path: Path) -> Member:
    return Member(_clean(path.name), path.stat().st_size, lambda: path.open("rb", buffering=0))


def _clean(name: str) -> str:
    """Give a name that can be written and shown anywhere."""
    return "".join(letter if letter.isprintable() else "_" for letter in name)


def _is_wanted(name: Path | PurePosixPath) -> bool:
    return name.suffix.lower() == ".json" and not any(part.startswith((".", "__MACOSX")) for part in name.parts)


def _zip_members(path: Path) -> list[Member]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise _no_zip(path) from error
    _refuse_unsafe(infos, path.stat().st_size)
    return [
        Member(_clean(PurePosixPath(info.filename).name), info.file_size, _opener(path, info))
        for info in infos
        if _is_wanted(PurePosixPath(info.filename))
    ]


def _no_zip(path: Path) -> NotAnExport | Damaged:
    if path.is_file() and path.open("rb").read(2) == b"PK":
        return Damaged(f"{path.name} is cut off or damaged.", AGAIN)
    return NotAnExport(f"{path.name} is not a ZIP file.", "Import the archive that Spotify sent you.")


def _refuse_unsafe(infos: list[zipfile.ZipInfo], packed: int) -> None:
    """Refuse what leads out, asks for a password, or would be far larger than the ZIP, whatever its entries say they share."""
    for info in infos:
        name = PureWindowsPath(info.filename)  # it knows both kinds of slashes, and drives
        if name.anchor or ".." in name.parts:
            raise UnsafeName("A file name in this ZIP leads out of it.", "Spotify sends no such archive; do not trust it.")
        if info.flag_bits & _ENCRYPTED:
            raise Encrypted("This ZIP is encrypted.", "Unpack it with its password and import the folder.")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > LARGEST or (unpacked > RATIO_FROM and unpacked > RATIO * packed) or len(infos) > MOST_FILES:
        raise Bomb("This ZIP is far larger inside than any listening is.", "Spotify sends no such archive; do not trust it.")


def _opener(path: Path, info: zipfile.ZipInfo) -> Callable[[], io.RawIOBase]:
    return lambda: Inflated(path, info)


class Inflated(io.RawIOBase):
    """One member of a ZIP as a stream that is read forwards; going back starts anew.

    isal unpacks in a third of zlib's time. Length and checksum are compared at the end; `Damaged` where they differ.
    """

    def __init__(self, path: Path, info: zipfile.ZipInfo) -> None:
        """Open the ZIP once more, for this member alone."""
        super().__init__()
        self._path, self._info = path, info
        self._file = path.open("rb")
        self._restart()

    def _restart(self) -> None:
        info = self._info
        if not 0 <= info.header_offset < self._path.stat().st_size:
            raise self._damaged()
        self._file.seek(info.header_offset)
        header = self._file.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":  # noqa: PLR2004  the length of a local header
            raise self._damaged()
        self._file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), io.SEEK_CUR)
        self._left, self._position, self._checksum, self._ready = info.compress_size, 0, 0, b""
        self._inflate = isal_zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        if info.compress_type not in {zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED}:
            raise self._damaged()

    def _damaged(self) -> Damaged:
        return Damaged(f"{self._path.name} is damaged: {PurePosixPath(self._info.filename).name} cannot be unpacked.", AGAIN)

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be wound back."""
        return True

    def tell(self) -> int:
        """Give the position in the unpacked content."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position: forwards by reading, backwards by starting anew."""
        target = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._info.file_size}[whence] + offset
        if target < self._position:
            self._restart()
        while self._position < target and self.read(min(CHUNK, target - self._position)):
            pass
        return self._position

    def read(self, size: int = -1) -> bytes:
        """Give what comes next as it was unpacked, at most so many bytes; nothing at the end."""
        ready = self._ready or self._next()
        given, self._ready = (ready, b"") if size < 0 or size >= len(ready) else (ready[:size], ready[size:])
        self._position += len(given)
        return given

    def _next(self) -> bytes:
        try:
            content = self._unpacked()
        except (IsalError, OSError) as error:  # pyright: ignore[reportGeneralTypeIssues]  its stub says less
            raise self._damaged() from error
        self._checksum = isal_zlib.crc32(content, self._checksum)
        seen = self._position + len(content)
        is_wrong = seen < self._info.file_size or self._checksum != self._info.CRC
        if seen > self._info.file_size or (not content and is_wrong):
            raise self._damaged()
        return content

    def _unpacked(self) -> bytes:
        while self._inflate is None or not self._inflate.eof:
            packed = b"" if self._inflate and self._inflate.unconsumed_tail else self._file.read(min(CHUNK, self._left))
            self._left -= len(packed)
            if self._inflate is None:
                return packed
            content = self._inflate.decompress(self._inflate.unconsumed_tail + packed, CHUNK)
            if content or (not packed and not self._inflate.unconsumed_tail):
                return content
        return b""

    def close(self) -> None:
        """Close the ZIP."""
        self._file.close()
        super().close()
