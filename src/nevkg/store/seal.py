"""Notices damage to a folder whose files never change: their sizes, times and digests are noted when it is made."""

from __future__ import annotations

import hashlib
from pathlib import Path

# Size, time of writing in nanoseconds, and SHA-256 of each file, by its path within the folder.
Seal = dict[str, list[int | str]]


def of(folder: Path) -> Seal:
    """The seal of all files in a folder, the hidden ones included.

    Raises:
        OSError: if a file cannot be read.
    """
    return {path.relative_to(folder).as_posix(): [*_facts(path), _digest(path)] for path in sorted(folder.rglob("*")) if path.is_file()}


def renew(folder: Path, known: Seal) -> Seal | None:
    """The same seal, with the times that files have now; None if a file is missing or has other content.

    A file is read only if its size or time has changed. Files that were added later are not looked at.
    """
    renewed: Seal = {}
    try:
        for name, (*facts, digest) in known.items():
            path = folder / name
            now = _facts(path)
            if now != facts and (now[0] != facts[0] or _digest(path) != digest):
                return None
            renewed[name] = [*now, digest]
    except OSError:
        return None
    return renewed


def _facts(path: Path) -> list[int]:
    facts = path.stat()
    return [facts.st_size, facts.st_mtime_ns]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
