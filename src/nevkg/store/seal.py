"""Detects damage to a folder whose files never change, by the sizes, times and digests recorded when it was made."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

# Size in bytes, modification time in nanoseconds, and SHA-256 of each file, by its path within the folder.
Seal = dict[str, list[int | str]]


def make_seal(folder: Path, others: Iterable[Seal] = ()) -> Seal:
    """Returns the seal of all files in a folder, including hidden ones.

    Args:
        folder: the folder; its files are read unless they are hard links to files of another folder.
        others: the seals of those other folders.

    Raises:
        OSError: if a file cannot be read.
    """
    known = {(name, *facts): digest for other in others for name, (*facts, digest) in other.items()}
    seal: Seal = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, facts = path.relative_to(folder).as_posix(), _stat(path)
        linked = known.get((name, *facts)) if path.stat().st_nlink > 1 else None
        seal[name] = [*facts, linked or _digest(path)]
    return seal


def renew(folder: Path, known: Seal) -> Seal | None:
    """Returns the seal with the current times of the files; None if a file is missing or its content has changed.

    A file is read only if its time has changed. Files added later are ignored.
    """
    renewed: Seal = {}
    try:
        for name, (*facts, digest) in known.items():
            path = folder / name
            now = _stat(path)
            if now != facts and (now[0] != facts[0] or _digest(path) != digest):
                return None
            renewed[name] = [*now, digest]
    except OSError:
        return None
    return renewed


def _stat(path: Path) -> list[int]:
    facts = path.stat()
    return [facts.st_size, facts.st_mtime_ns]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
