"""The cache: one folder for each state of the dataset, found again without reading the dataset.

A folder is named by the digest of the dataset. A small index remembers which sizes, times and
numbers of files belong to which digest, so that the second call reads no data file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.store import seal

# Raised when what a cache folder holds changes shape.
FORMAT = 2
_HOUR = 3600
_DONE, _LEASE = "complete", "lease"
# How many folders of each family are kept: of stores, of stages of their snapshots, and of snapshots. The name of a
# folder goes on with the format and the digest of the data.
MOST = {"store": 6, "stage": 40, "snapshot": 24}
# Two edits within one tick of the file system's clock leave the same times; the coarsest tick, of FAT, is 2 seconds.
_TICK = 2.0
_TRIES = 3
_CHANGED = "The data changed while it was read; try again when nothing writes to it."


def folder() -> Path:
    """The cache folder of this user; ``NEVKG_CACHE`` overrides it."""
    given = os.environ.get("NEVKG_CACHE")
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("nevkg")


def fingerprint(paths: Iterable[Path]) -> str:
    """A quick sign of change: a hash over the names, sizes, times and numbers of files.

    The time of change, which no program can set, and the number show an edit that keeps size and time of writing.

    Raises:
        CouldNotRun: if a file is gone or cannot be looked at.
    """
    return _look_at(paths)[0]


def _look_at(paths: Iterable[Path]) -> tuple[str, float]:
    """The fingerprint, and when (seconds) the last of the files changed."""
    whole, latest = hashlib.sha256(f"format {FORMAT}".encode()), 0.0
    for path in paths:
        try:
            facts = path.stat()
        except OSError as error:
            raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None
        latest = max(latest, facts.st_mtime, facts.st_ctime)
        whole.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0{facts.st_ctime_ns}\0{facts.st_ino}\n".encode())
    return whole.hexdigest(), latest


def known_digest(layout: Layout) -> str:
    """The digest of the dataset, from the index if no file has changed since it was made.

    Raises:
        InvalidData: if a file is empty.
        CouldNotRun: if the dataset is incomplete, cannot be read, or changes all the time.
    """
    for _ in range(_TRIES):
        files = dataset.all_files(layout)
        sign, latest = _look_at(files)
        index = folder() / "index" / sign
        if isinstance(known := recall(index), str):
            return known
        found = dataset.digest(files)
        if fingerprint(dataset.all_files(layout)) == sign:
            # A file that has just changed, or one from the future, may change again without a sign of it.
            if latest < time.time() - _TICK:
                keep(index, found)
            return found
    raise CouldNotRun(_CHANGED)


def refuse_change(layout: Layout, digest: str) -> None:
    """Refuses a dataset that has another digest by now, since what was read is a mixture.

    Raises:
        CouldNotRun: if it has.
    """
    if known_digest(layout) != digest:
        raise CouldNotRun(_CHANGED)


def keep(path: Path, value: Any) -> None:
    """Writes a value of JSON with its digest; see ``recall``. Does nothing if the cache cannot be written."""
    text = json.dumps(value, ensure_ascii=False)
    write_whole(path, f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}".encode())


def recall(path: Path) -> Any:
    """What ``keep`` has written; None if there is nothing, or if it is damaged."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return json.loads(content) if hashlib.sha256(content).hexdigest().encode() == digest else None


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
            with suppress(OSError):
                draft.unlink()
        return False
    return True


def build(name: str, fill: Callable[[Path], None]) -> Path | None:
    """The folder ``name`` of the cache, filled if it is not there or damaged; None if it cannot be written.

    It is filled elsewhere and moved into place whole, so that a build that was broken off
    is never taken for one, and two builds at once do no harm.
    """
    place = folder() / name
    if _is_sound(place):
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=place.parent, prefix="building-"))
    except OSError:
        return None
    try:
        fill(draft)
        (draft / _LEASE).touch()
        keep(draft / _DONE, seal.of(draft, filter(None, (recall(other / _DONE) for other in _of_same_data(name.partition("-")[2])))))
        if not _is_sound(draft):
            raise OSError("the disk is full")
        if not _is_sound(place):
            shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)
    except OSError:
        # Either another process was faster, or the disk is full.
        shutil.rmtree(draft, ignore_errors=True)
        return place if _is_sound(place) else None
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    _prune(place)
    return place


def _is_sound(place: Path) -> bool:
    """Whether a folder is complete and its files are as they were built; remembers their new times where only these have changed."""
    known = recall(place / _DONE)
    if known is None:
        return False
    found = seal.renew(place, known)
    if found is not None and found != known:
        keep(place / _DONE, found)
    return found is not None


def is_built(name: str) -> bool:
    """Whether the folder ``name`` of the cache is there and whole."""
    return _is_sound(folder() / name)


def lease(place: Path) -> IO[bytes] | None:
    """Marks a folder as used just now, and keeps it from being removed for as long as the result is open."""
    try:
        import fcntl

        file = (place / _LEASE).open("rb")
        fcntl.flock(file, fcntl.LOCK_SH)
        os.utime(place)
    except (ImportError, OSError):  # Windows does not let an open folder be removed
        return None
    return file


def _is_leased(place: Path) -> bool:
    try:
        import fcntl

        with (place / _LEASE).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (ImportError, OSError):
        return False
    return False


def discard(place: Path) -> None:
    """Removes a folder that turned out to be broken."""
    shutil.rmtree(place, ignore_errors=True)


def discard_stores() -> None:
    """Removes all stores and snapshots; they are built again when they are needed."""
    for family in MOST:
        for place in folder().glob(f"{family}-*"):
            discard(place)


def discard_state(state: str) -> None:
    """Removes the stores, stages and snapshots of the same data as this state of it: they share files."""
    for place in _of_same_data(state):
        discard(place)


def _of_same_data(state: str) -> list[Path]:
    data = "-".join(state.split("-")[:2])
    return [place for family in MOST for place in folder().glob(f"{family}-{data}*")]


def _prune(kept: Path) -> None:
    """Keeps the folders that were used last and those in use, so that the cache stays small.

    A build that was killed leaves its folder; after an hour nobody is still at it.
    """
    for path in kept.parent.glob("building-*"):
        if _changed(path) < time.time() - _HOUR:
            shutil.rmtree(path, ignore_errors=True)
    family = kept.name.partition("-")[0]
    others = [path for path in kept.parent.glob(f"{family}-*") if path != kept]
    for path in sorted(others, key=_changed, reverse=True)[MOST[family] - 1 :]:
        if not _is_leased(path):
            shutil.rmtree(path, ignore_errors=True)


def _changed(path: Path) -> float:
    """When a folder last changed; long ago if another process has just removed it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
