"""Notices damage to a folder whose files never change: their sizes, times and digests are noted when it is made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

# Size, time of writing in nanoseconds, and SHA-256 of each file, by its path within the folder.
Seal = dict[str, list[int | str]]


def of(folder: Path, others: Iterable[Seal] = ()) -> Seal:
    """The seal of all files in a folder, the hidden ones included.

    Args:
        folder: the files, which are read unless they are hard links to files of another folder.
        others: the seals of such folders.

    Raises:
        OSError: if a file cannot be read.
    """
    known = {(name, *facts): digest for other in others for name, (*facts, digest) in other.items()}
    seal: Seal = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, facts = path.relative_to(folder).as_posix(), _facts(path)
        linked = known.get((name, *facts)) if path.stat().st_nlink > 1 else None
        seal[name] = [*facts, linked or _digest(path)]
    return seal


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
