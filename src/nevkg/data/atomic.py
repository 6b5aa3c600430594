"""Puts a folder in its place in one step, so that nobody ever sees half of a change."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from nevkg.errors import CouldNotRun

_DRAFT = ".nevkg-draft-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS


def draft(folder: Path, changed: Mapping[str, bytes | None]) -> Path:
    """A copy of ``folder`` beside it with the changed files: new bytes, or None for a file that goes.

    Unchanged files are links to the same content, so that the copy costs next to nothing.

    Raises:
        CouldNotRun: if the copy cannot be made.
    """
    try:
        place = _beside(folder)
        shutil.copytree(folder, place, copy_function=_link, symlinks=True)
        for name, content in changed.items():
            path = place / name
            path.unlink(missing_ok=True)
            if content is None:
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    except OSError as error:
        discard_drafts(folder)
        raise CouldNotRun(f"The data in {folder} cannot be prepared: {error.strerror or error}.") from None
    return place


def empty_draft(folder: Path) -> Path:
    """A new folder beside ``folder``, to be filled and then put in its place.

    Raises:
        OSError: if it cannot be made.
    """
    place = _beside(folder)
    place.mkdir()
    return place


def _beside(folder: Path) -> Path:
    discard_drafts(folder)
    return Path(tempfile.mkdtemp(prefix=f"{_DRAFT}{os.getpid()}-", dir=folder.parent)) / folder.name


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def put(place: Path, folder: Path) -> None:
    """The draft becomes the folder; what was there becomes the draft, which then goes.

    Raises:
        CouldNotRun: if the file system refuses; the folder is then as it was.
    """
    try:
        if folder.exists():
            _exchange(place, folder)
        else:
            place.rename(folder)
    except OSError as error:
        discard_drafts(folder)
        raise CouldNotRun(f"{folder} cannot be replaced: {error.strerror or error}.") from None
    discard_drafts(folder)


def _exchange(one: Path, other: Path) -> None:
    """Exchanges two folders: in one step where the system can, else in two with the old one kept aside."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        code = libc.renamex_np(os.fsencode(one), os.fsencode(other), _RENAME_SWAP)
    elif hasattr(libc, "renameat2"):
        code = libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    else:
        code = -1
    if code == 0:
        return
    aside = one.parent / "old"
    other.rename(aside)
    try:
        one.rename(other)
    except OSError:
        aside.rename(other)
        raise


def discard_drafts(folder: Path) -> None:
    """Removes the drafts of this process, and those that a process that is gone has left."""
    for left in folder.parent.glob(f"{_DRAFT}*"):
        owner = left.name.removeprefix(_DRAFT).partition("-")[0]
        if owner.isdecimal() and (int(owner) == os.getpid() or not _runs(int(owner))):
            shutil.rmtree(left, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as somebody else's
        pass
    return True
