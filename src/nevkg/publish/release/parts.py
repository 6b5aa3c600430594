"""The folder of a release while it is filled: each file with its words, size and digest, and packed variants of it."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from nevkg.errors import lacking

SUMS = "SHA256SUMS"

_MEDIA = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".ofn": "text/owl-functional",
    ".nq": "application/n-quads",
    ".parquet": "application/vnd.apache.parquet",
    ".rdf": "application/rdf+xml",
    ".rq": "application/sparql-query",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PACKED = {".gz": "application/gzip", ".zst": "application/zstd"}
# Higher levels of zstandard take ten times as long for a tenth less.
_GZIP_LEVEL, _ZSTD_LEVEL = 9, 15


@dataclass(frozen=True)
class File:
    """One file: its path in the folder, what it is in words, its size in bytes and its SHA-256 (hexadecimal)."""

    name: str
    title: str
    size: int
    digest: str

    @property
    def packing(self) -> str | None:
        """The media type of the compression; None if there is none."""
        return _PACKED.get(Path(self.name).suffix)

    @property
    def media(self) -> str:
        """The media type of what is in it."""
        path = Path(self.name)
        return _MEDIA[path.with_suffix("").suffix if self.packing else path.suffix]


@dataclass(frozen=True)
class Parts:
    """The folder, and its files so far."""

    place: Path
    files: list[File] = field(default_factory=list)

    def add(self, name: str, title: str, content: bytes | Callable[[IO[bytes]], None]) -> None:
        """Writes a file: its bytes, or what writes them.

        Raises:
            OSError: if it cannot be written.
        """
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        self.files.append(File(name, title, path.stat().st_size, digest))

    def pack(self, name: str) -> None:
        """Writes the variants of a file that are packed with gzip and with zstandard.

        Raises:
            OSError: if they cannot be written.
            CouldNotRun: if zstandard is not installed.
        """
        try:
            import zstandard
        except ImportError as error:
            raise lacking("publish", error) from None
        title = next(file.title for file in self.files if file.name == name)
        size = (self.place / name).stat().st_size

        def zipped(output: IO[bytes]) -> None:
            # Neither a name nor a time, which would make two equal files differ.
            with gzip.GzipFile("", "wb", _GZIP_LEVEL, output, mtime=0) as packed, (self.place / name).open("rb") as source:
                shutil.copyfileobj(source, packed)

        def zstandarded(output: IO[bytes]) -> None:
            with (self.place / name).open("rb") as source:
                zstandard.ZstdCompressor(_ZSTD_LEVEL, write_checksum=True).copy_stream(source, output, size=size)

        self.add(f"{name}.gz", f"{title}, packed with gzip", zipped)
        self.add(f"{name}.zst", f"{title}, packed with zstandard", zstandarded)

    def seal(self) -> None:
        """Writes the digests of all files, as ``sha256sum -c`` reads them.

        Raises:
            OSError: if they cannot be written.
        """
        lines = [f"{file.digest}  {file.name}\n" for file in sorted(self.files, key=lambda file: file.name)]
        (self.place / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def listed(folder: Path) -> set[str] | None:
    """The names in the digests of a folder; None if it has none that can be read."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return {name for _, _, name in (line.partition("  ") for line in lines)}
