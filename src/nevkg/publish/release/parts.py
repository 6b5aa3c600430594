"""The folder of a release during the build: adds files with title, size and digest, and compressed variants."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from nevkg.errors import needs_extra
from nevkg.store.cache import hash_file
from nevkg.store.releases import SUMS

_MEDIA = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".md": "text/markdown",
    ".ofn": "text/owl-functional",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".parquet": "application/vnd.apache.parquet",
    ".rdf": "application/rdf+xml",
    ".rq": "application/sparql-query",
    ".sql": "application/sql",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PACKED = {".gz": "application/gzip", ".zst": "application/zstd"}
# Higher levels of zstandard take ten times as long and save another tenth.
_GZIP_LEVEL, _ZSTD_LEVEL = 9, 15


@dataclass(frozen=True)
class ReleaseFile:
    """One file of a release.

    Attributes:
        name: path, relative to the folder.
        title: what it contains, as a phrase.
        size: size in bytes.
        digest: SHA-256 (hexadecimal).
    """

    name: str
    title: str
    size: int
    digest: str

    @property
    def packing(self) -> str | None:
        """The media type of the compression, or None if the file is not compressed."""
        return _PACKED.get(Path(self.name).suffix)

    @property
    def media(self) -> str:
        """The media type of the content, without compression."""
        path = Path(self.name)
        return _MEDIA[path.with_suffix("").suffix if self.packing else path.suffix]


@dataclass(frozen=True)
class Parts:
    """A release folder and the files added so far."""

    place: Path
    files: list[ReleaseFile] = field(default_factory=list)

    def add(self, name: str, title: str, content: bytes | Callable[[IO[bytes]], None]) -> None:
        """Writes a file with the bytes, or with what the function writes."""
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            if isinstance(content, bytes):
                file.write(content)
            else:
                content(file)
        self.files.append(ReleaseFile(name, title, path.stat().st_size, hash_file(path)))

    def pack(self, name: str) -> None:
        """Writes variants of a file, compressed with gzip and with zstandard."""
        with needs_extra("publish"):
            import zstandard
        title = next(file.title for file in self.files if file.name == name)
        size = (self.place / name).stat().st_size

        def write_gzip(output: IO[bytes]) -> None:
            # Without name and time, so that equal content gives equal bytes.
            with gzip.GzipFile("", "wb", _GZIP_LEVEL, output, mtime=0) as packed, (self.place / name).open("rb") as source:
                shutil.copyfileobj(source, packed)

        def write_zstandard(output: IO[bytes]) -> None:
            with (self.place / name).open("rb") as source:
                zstandard.ZstdCompressor(_ZSTD_LEVEL, write_checksum=True).copy_stream(source, output, size=size)

        self.add(f"{name}.gz", f"{title}, compressed with gzip", write_gzip)
        self.add(f"{name}.zst", f"{title}, compressed with zstandard", write_zstandard)

    def write_sums(self) -> None:
        """Writes the digests of all files, in the format of ``sha256sum -c``."""
        lines = [f"{file.digest}  {file.name}\n" for file in sorted(self.files, key=lambda file: file.name)]
        (self.place / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")
