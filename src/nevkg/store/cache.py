"""The cache of built stores: one folder for each state of the dataset, found without reading the dataset.

A folder is named by the digest of the dataset. A small index maps the sizes, times and inode
numbers of the files to that digest, so that the second call reads no data file.
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
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage

# Size in bytes, modification time in nanoseconds, and SHA-256 of each file, by its path within the folder.
Seal = dict[str, list[int | str]]
# Increased when the format of the cache folders changes.
FORMAT = 2
_HOUR = 3600
_DONE, _LEASE = "complete", "lease"
# Stores, stages of their snapshots, snapshots, and unpacked releases. The family begins the name of a folder; the format and
# the digest of the data follow.
FAMILIES = ("store", "stage", "snapshot", "release")
_MEGABYTE = 1_000_000
_LIMIT, _TIMES = 1000, 4
# Two edits within one tick of the file system's clock get the same time; the coarsest tick, of FAT, is 2 seconds.
_TICK = 2.0
_TRIES = 3
_CHANGED = "The data changed while it was read; try again when no other process writes to it."


def make_seal(folder: Path, others: Iterable[Seal] = ()) -> Seal:
    """Returns the seal of all files in a folder, including hidden ones.

    Args:
        folder: the folder; its files are read unless they are hard links to files of another folder.
        others: the seals of those other folders.
    """
    known = {(name, *facts): digest for other in others for name, (*facts, digest) in other.items()}
    seal: Seal = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name, facts = path.relative_to(folder).as_posix(), _read_stat(path)
        linked = known.get((name, *facts)) if path.stat().st_nlink > 1 else None
        seal[name] = [*facts, linked or hash_file(path)]
    return seal


def renew_seal(folder: Path, known: Seal) -> Seal | None:
    """Returns the seal with the current times of the files; None if a file is missing or its content has changed.

    A file is read only if its time has changed. Files added later are ignored.
    """
    renewed: Seal = {}
    try:
        for name, (*facts, digest) in known.items():
            path = folder / name
            now = _read_stat(path)
            if now != facts and (now[0] != facts[0] or hash_file(path) != digest):
                return None
            renewed[name] = [*now, digest]
    except OSError:
        return None
    return renewed


def _read_stat(path: Path) -> list[int]:
    facts = path.stat()
    return [facts.st_size, facts.st_mtime_ns]


def hash_file(path: Path) -> str:
    """Returns the SHA-256 of a file (hexadecimal)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder() -> Path:
    """Returns the cache folder of this user; ``NEVKG_CACHE`` overrides it."""
    given = os.environ.get("NEVKG_CACHE")
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("nevkg")


def limit(built: int = 0) -> int:
    """Returns how many bytes the cache may have: as many megabytes as ``NEVKG_CACHE_LIMIT`` says, else 1 GB, or more for large data.

    Args:
        built: bytes of a folder that was just built. A day is built from up to eight stages, which would otherwise remove each other.

    Raises:
        WrongUsage: if that is not a whole number.
    """
    given = os.environ.get("NEVKG_CACHE_LIMIT")
    if not given:
        return max(_LIMIT * _MEGABYTE, _TIMES * built)
    if not given.isdecimal():
        raise WrongUsage(f"NEVKG_CACHE_LIMIT is '{given}'; it is a whole number of megabytes.")
    return int(given) * _MEGABYTE


def fingerprint(paths: Iterable[Path | str]) -> str:
    """Returns a hash over the names, sizes, times and inode numbers of files, to detect changes quickly.

    The inode change time, which programs cannot set, and the inode number reveal edits that keep the size and the modification time.
    """
    return _scan(paths)[0]


def _scan(paths: Iterable[Path | str]) -> tuple[str, float]:
    """Returns the fingerprint, and the time (seconds since the epoch) of the latest change of a file."""
    whole, latest = hashlib.sha256(f"format {FORMAT}".encode()), 0.0
    for path in paths:
        try:
            facts = os.stat(path)  # noqa: PTH116 (Path(path) would take longer than the call)
        except OSError as error:
            raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None
        latest = max(latest, facts.st_mtime, facts.st_ctime)
        whole.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0{facts.st_ctime_ns}\0{facts.st_ino}\n".encode())
    return whole.hexdigest(), latest


def dataset_digest(layout: Layout) -> str:
    """Returns the digest of the dataset, from the index if no file has changed; ``CouldNotRun`` if it keeps changing."""
    for _ in range(_TRIES):
        files = dataset.all_files(layout)
        sign, latest = _scan(files)
        index = folder() / "index" / sign
        if isinstance(known := load(index), str):
            return known
        found = dataset.compute_digest(files)
        if fingerprint(dataset.all_files(layout)) == sign:
            # A file that has just changed, or has a time in the future, may change again without a visible difference.
            if latest < time.time() - _TICK:
                save(index, found)
            return found
    raise CouldNotRun(_CHANGED)


def require_unchanged(layout: Layout, digest: str) -> None:
    """Raises ``CouldNotRun`` unless the dataset still has this digest; otherwise, what was read may mix two states."""
    if dataset_digest(layout) != digest:
        raise CouldNotRun(_CHANGED)


def save(path: Path, value: Any) -> None:
    """Writes a JSON value with its digest, for ``load``. Does nothing if the cache cannot be written."""
    write_whole(path, pack(value))


def pack(value: Any) -> bytes:
    """Returns what ``save`` writes."""
    content = json.dumps(value, ensure_ascii=False).encode()
    return f"{hashlib.sha256(content).hexdigest()}\n".encode() + content


def load(path: Path) -> Any:
    """Reads a value written by ``save``; None if there is no such file or it is damaged."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return json.loads(content) if hashlib.sha256(content).hexdigest().encode() == digest else None


def write_whole(path: Path, content: bytes) -> bool:
    """Writes a file atomically; returns False if the cache cannot be written."""
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
    """Returns the folder ``name`` of the cache, built if it is missing or damaged; None if it cannot be written.

    It is built under a temporary name and then renamed, so that an interrupted build is never
    taken for a complete one, and concurrent builds do no harm.

    Args:
        fill: writes the content into a given folder.
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
        save(draft / _DONE, make_seal(draft, filter(None, (load(other / _DONE) for other in _folders_of_state(name.partition("-")[2])))))
        if not _is_sound(draft):
            raise OSError("the disk is full")
        if not _is_sound(place):
            shutil.rmtree(place, ignore_errors=True)
        draft.rename(place)
    except OSError:
        # Either another process has built the folder meanwhile, or the disk is full.
        shutil.rmtree(draft, ignore_errors=True)
        return place if _is_sound(place) else None
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    prune(limit(_measure(place, set())), place)
    return place


def _is_sound(place: Path) -> bool:
    """Whether a folder is complete and its files have not changed since it was built; updates their times if only these changed."""
    known = load(place / _DONE)
    if known is None:
        return False
    found = renew_seal(place, known)
    if found is not None and found != known:
        save(place / _DONE, found)
    return found is not None


def is_built(name: str) -> bool:
    """Whether the folder ``name`` of the cache exists and is complete."""
    return _is_sound(folder() / name)


def lease(place: Path) -> IO[bytes] | None:
    """Marks a folder as recently used, and prevents its removal while the returned file is open; None where locks do not work."""
    try:
        import fcntl

        file = (place / _LEASE).open("rb")
        fcntl.flock(file, fcntl.LOCK_SH)
        os.utime(place)
    except (ImportError, OSError):  # Windows itself prevents the removal of a folder in use
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
    """Removes a damaged folder."""
    shutil.rmtree(place, ignore_errors=True)


def discard_stores() -> None:
    """Removes all stores and snapshots; they are rebuilt when needed."""
    for family in FAMILIES:
        for place in folder().glob(f"{family}-*"):
            discard(place)


def discard_state(state: str) -> None:
    """Removes the stores, stages and snapshots of the same data as this state, since they share files."""
    for place in _folders_of_state(state):
        discard(place)


def _folders_of_state(state: str) -> list[Path]:
    data = "-".join(state.split("-")[:2])
    return [place for family in FAMILIES for place in folder().glob(f"{family}-{data}*")]


@dataclass(frozen=True)
class CacheEntry:
    """A folder or file of the cache.

    Attributes:
        size: its bytes, without those of files that it shares with entries used later.
        used: when it was last used (seconds since the epoch).
        is_leased: whether a process has it open.
    """

    place: Path
    size: int
    used: float
    is_leased: bool


def list_entries() -> list[CacheEntry]:
    """Returns what is in the cache, most recently used first."""
    places = [place for family in FAMILIES for place in folder().glob(f"{family}-*")]
    # Folders with a hyphen that are of no family belong to running processes.
    shared = [place for place in folder().glob("*") if place.is_dir() and "-" not in place.name]
    places += [path for place in shared for path in _list_files(place)]
    entries, seen = [], set[int]()
    for place in sorted(places, key=lambda place: (-_change_time(place), place)):
        size = _measure(place, seen)
        entries.append(CacheEntry(place, size, _change_time(place), place.is_dir() and _is_leased(place)))
    return entries


def _measure(place: Path, seen: set[int]) -> int:
    """Returns the bytes of a file or folder, without inodes seen before, and adds its own to these."""
    size = 0
    for path in (place, *_list_files(place)):
        with suppress(OSError):  # removed by another process
            facts = path.stat()
            size += facts.st_size * (facts.st_ino not in seen)
            seen.add(facts.st_ino)
    return size


def _list_files(place: Path) -> list[Path]:
    # Not with glob, which raises an error when another process removes a folder that it reads.
    return [Path(parent, name) for parent, _, names in os.walk(place) for name in names]


def prune(most: int, newest: Path | None = None) -> int:
    """Removes what was used least recently, except what is in use, until the cache has at most ``most`` bytes.

    Also removes folders of unfinished builds after an hour, when the build must have been killed.

    Args:
        most: how many bytes may remain.
        newest: a folder to keep.

    Returns:
        How many bytes were removed.
    """
    for path in folder().glob("building-*"):
        if _change_time(path) < time.time() - _HOUR:
            shutil.rmtree(path, ignore_errors=True)
    total = removed = 0
    for entry in list_entries():
        total += entry.size
        if total <= most or entry.is_leased or entry.place == newest:
            continue
        removed += entry.size
        if entry.place.is_dir():
            shutil.rmtree(entry.place, ignore_errors=True)
        else:
            entry.place.unlink(missing_ok=True)
    return removed


def _change_time(path: Path) -> float:
    """Returns the modification time of a folder (seconds); 0 if another process has just removed it."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
