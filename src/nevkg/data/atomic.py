"""Replaces a file or a folder atomically, so that no other process sees a partial change."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from nevkg.errors import CouldNotRun

_DRAFT = ".nevkg-draft-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file, or replaces it. Of several processes that do so at once, the last one wins.

    Raises:
        OSError: if it cannot be written; an existing file is then unchanged.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def make_draft(folder: Path, changed: Mapping[str, bytes | None]) -> Path:
    """Copies ``folder`` to a draft next to it, by hard links where possible, and applies changes; None deletes a file."""
    try:
        place = _make_draft_folder(folder)
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


def make_empty_draft(folder: Path) -> Path:
    """Creates an empty draft next to ``folder``, to be filled and passed to :func:`replace_folder`."""
    place = _make_draft_folder(folder)
    place.mkdir()
    return place


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Yields an empty draft, which then replaces ``folder``. After an error, the folder is unchanged and nothing is left behind."""
    try:
        yield (draft := make_empty_draft(folder))
        replace_folder(draft, folder)
    finally:
        discard_drafts(folder)


def _make_draft_folder(folder: Path) -> Path:
    discard_drafts(folder)
    return Path(tempfile.mkdtemp(prefix=f"{_DRAFT}{os.getpid()}-", dir=folder.parent)) / folder.name


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def replace_folder(place: Path, folder: Path) -> None:
    """Replaces ``folder`` by the draft ``place`` and deletes the old content. After an error, the folder is unchanged."""
    try:
        if folder.exists():
            _exchange(place, folder)
        else:
            place.rename(folder)
    except OSError as error:
        discard_drafts(folder)
        raise CouldNotRun(f"{folder} cannot be replaced: {error.strerror or error}.") from None
    discard_drafts(folder)


def _exchange(place: Path, folder: Path) -> None:
    """Exchanges two folders: atomically where the system supports it, else by two renames, the first of which is undone on failure."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        code = libc.renamex_np(os.fsencode(place), os.fsencode(folder), _RENAME_SWAP)
    elif hasattr(libc, "renameat2"):
        code = libc.renameat2(_AT_FDCWD, os.fsencode(place), _AT_FDCWD, os.fsencode(folder), _RENAME_EXCHANGE)
    else:
        code = -1
    if code == 0:
        return
    aside = place.parent / "old"
    folder.rename(aside)
    try:
        place.rename(folder)
    except OSError:
        aside.rename(folder)
        raise


@contextmanager
def drafting(folder: Path) -> Iterator[Path]:
    """Yields an empty draft, whose files then replace those of the same names in ``folder``, which is created if it is missing.

    After an error in filling it, nothing has changed. A new folder appears as a whole; in another one, each file does.

    Raises:
        OSError: if the draft cannot be created or moved.
    """
    target = folder.resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    is_new = not target.exists()
    # A folder that exists may be on another disk than the one above it.
    place = target if is_new else target / "draft"
    try:
        yield (draft := make_empty_draft(place))
        if not is_new:
            for path in sorted(path for path in draft.rglob("*") if path.is_file()):
                file = target / path.relative_to(draft)
                file.parent.mkdir(parents=True, exist_ok=True)
                path.replace(file)
        else:
            draft.rename(target)
    finally:
        discard_drafts(place)


def discard_drafts(folder: Path) -> None:
    """Removes the drafts of this process and those of processes that no longer run."""
    for path in folder.parent.glob(f"{_DRAFT}*"):
        owner = path.name.removeprefix(_DRAFT).partition("-")[0]
        if owner.isdecimal() and (int(owner) == os.getpid() or not _is_running(int(owner))):
            shutil.rmtree(path, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs under another user
        pass
    return True
