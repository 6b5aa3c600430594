"""The built dataset that a wheel contains, so that the first answer after an installation does not wait for the rules.

A file has the content of one folder of the cache, and its name, which has the digest of the data: other data is derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, serialize

FOLDER = Path(__file__).resolve().parents[1] / "built"
_SUFFIX = ".nq.gz"
_LEVEL = 9


def read_shipped(name: str) -> bytes | None:
    """Returns the N-Quads of the folder ``name`` of the cache; None if they are not shipped or the file is damaged."""
    # Imported here, because only the first answer needs them.
    import gzip
    import zlib

    try:
        return gzip.decompress((FOLDER / f"{name}{_SUFFIX}").read_bytes())
    except (OSError, EOFError, zlib.error):
        return None


def write_shipped(folder: Path, parts: Mapping[str, Iterable[Quad]]) -> None:
    """Writes the content of folders of the cache by name, and removes other files. The same content gives the same bytes."""
    import gzip

    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, quads in parts.items():
        written = BytesIO()
        serialize(quads, written, RdfFormat.N_QUADS)
        lines = sorted(written.getvalue().splitlines(keepends=True))
        (folder / f"{name}{_SUFFIX}").write_bytes(gzip.compress(b"".join(lines), _LEVEL, mtime=0))


def is_shipped(folder: Path, name: str) -> bool:
    """Whether a folder has a file for the folder ``name`` of the cache."""
    return (folder / f"{name}{_SUFFIX}").is_file()
