"""The cache: one folder a state of the dataset, found again without reading the dataset.

A folder is named by the digest of the dataset. A small index remembers which sizes and
times of files belong to which digest, so that the second call reads no data file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from nevkg import dataset
from nevkg.layout import Layout

# Raised when what a cache folder holds changes shape.
FORMAT = 1
_KEPT = 6
_HOUR = 3600
_DONE = "complete"


def folder() -> Path:
    """The cache folder of this user; ``NEVKG_CACHE`` overrides it."""
    given = os.environ.get("NEVKG_CACHE")
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("nevkg")


def fingerprint(paths: Iterable[Path]) -> str:
    """A quick sign of change: a hash over the names, sizes and times of files."""
    whole = hashlib.sha256(f"format {FORMAT}".encode())
    for path in paths:
        facts = path.stat()
        whole.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def known_digest(layout: Layout) -> str:
    """The digest of the dataset, from the index if no file has changed since it was made."""
    index = folder() / "index" / fingerprint(dataset.all_files(layout))
    try:
        return index.read_text(encoding="ascii")
    except OSError:
        found = dataset.digest(layout)
    write_whole(index, found.encode("ascii"))
    return found


def write_whole(path: Path, content: bytes) -> bool:
    """Writes a file in one step; False if the cache cannot be written."""
    draft = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            draft = Path(file.name)
            file.write(content)
        draft.replace(path)
    except OSError:
        if draft:
            draft.unlink(missing_ok=True)
        return False
    return True


def build(name: str, fill: Callable[[Path], None]) -> Path | None:
    """The folder ``name`` of the cache, filled if it is not there; None if it cannot be written.

    It is filled elsewhere and moved into place whole, so that a build that was broken off
    is never taken for one, and two builds at once do no harm.
    """
    place = folder() / name
    if (place / _DONE).exists():
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=place.parent, prefix="building-"))
    except OSError:
        return None
    try:
        fill(draft)
        (draft / _DONE).write_text(json.dumps({"format": FORMAT}), encoding="ascii")
        if not (place / _DONE).exists():
            shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)
    except OSError:
        # Either another process was faster, or the disk is full.
        shutil.rmtree(draft, ignore_errors=True)
        return place if (place / _DONE).exists() else None
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _prune(place)
    return place


def is_built(name: str) -> bool:
    """Whether the folder ``name`` of the cache is there and whole."""
    return (folder() / name / _DONE).exists()


def discard(place: Path) -> None:
    """Removes a folder that turned out to be broken."""
    shutil.rmtree(place, ignore_errors=True)


def discard_stores() -> None:
    """Removes all stores; they are built anew when they are needed."""
    for place in folder().glob("store-*"):
        discard(place)


def _prune(kept: Path) -> None:
    """Keeps the newest few folders and forgets the rest, so that the cache stays small.

    A build that was killed leaves its folder; after an hour nobody is still at it.
    """
    for path in kept.parent.glob("building-*"):
        if path.stat().st_mtime < time.time() - _HOUR:
            shutil.rmtree(path, ignore_errors=True)
    others = [path for path in kept.parent.glob("store-*") if path != kept]
    for path in sorted(others, key=lambda other: other.stat().st_mtime, reverse=True)[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
