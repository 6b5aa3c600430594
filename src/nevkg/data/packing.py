"""Decompresses files that are packed with gzip or Zstandard."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from pathlib import Path

from nevkg.errors import CouldNotRun, InvalidData, missing_extra


def unpack(file: Path) -> bytes | None:
    """Returns the decompressed content of a file, or None if it is not compressed.

    Raises:
        InvalidData: If the file is truncated or corrupt.
        CouldNotRun: If it cannot be read, or zstandard is needed and not installed.
    """
    decompress = PACKINGS.get(file.suffix)
    return decompress(file) if decompress else None


def _gunzip(file: Path) -> bytes:
    try:
        return gzip.decompress(_bytes(file))
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidData(f"{file} is truncated or not a gzip file; download it again.") from None


def _unzstd(file: Path) -> bytes:
    try:
        import zstandard
    except ImportError as error:
        raise missing_extra("publish", error) from None
    rest, content = _bytes(file), list[bytes]()
    while rest:
        # Frame by frame: a stream reader would accept a truncated frame as the end of the stream.
        frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            content.append(frame.decompress(rest))
        except zstandard.ZstdError:
            raise InvalidData(f"{file} is truncated or not a Zstandard file; download it again.") from None
        if not frame.eof:
            raise InvalidData(f"{file} is truncated or not a Zstandard file; download it again.")
        rest = frame.unused_data
    return b"".join(content)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None


# Suffix to the function that decompresses.
PACKINGS: dict[str, Callable[[Path], bytes]] = {".gz": _gunzip, ".zst": _unzstd}
