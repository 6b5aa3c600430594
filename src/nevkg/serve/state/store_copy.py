"""Copies a store into a temporary folder, so that the original can be removed or replaced while it is served."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import pyoxigraph

from nevkg.store import cache
from nevkg.store.embedded import EmbeddedStore

_PREFIX = "serving-"
_STORE, _LOCK = "store", "lock"
_TABLES = ".sst"
_HOUR = 3600


class StoreCopy:
    """A temporary folder that is removed when it is closed. If the server is killed, a later server removes it.

    Attributes:
        root: the whole folder; files made from the store may be put there, too.
        folder: the subfolder for the store.
    """

    def __init__(self, parent: Path | None) -> None:
        """Creates the folder.

        Args:
            parent: where to create it; None for the folder of temporary files.

        Raises:
            OSError: if it cannot be created.
        """
        self.root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self.folder = self.root / _STORE
        try:
            self._lock = (self.root / _LOCK).open("w")
            _lock_file(self._lock)
            self.folder.mkdir()
        except OSError:
            shutil.rmtree(self.root, ignore_errors=True)
            raise

    def close(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self.root, ignore_errors=True)
        self._lock.close()


def copy_store(store: EmbeddedStore) -> tuple[StoreCopy | None, Path]:
    """Copies a store; returns the copy and the folder to open.

    Table files of a store never change, so they are hard-linked instead of copied. Where that is impossible, as on another disk
    than that of the cache, there is no copy (None), and the store is served from its own folder.
    """
    source = store.folder or (store.place / "oxigraph" if store.place else None)
    if source is None:
        made = StoreCopy(None)
        try:
            on_disk = pyoxigraph.Store(str(made.folder))
            on_disk.bulk_extend(store.store)
            on_disk.flush()
        except BaseException:
            made.close()
            raise
        return made, made.folder
    linked = None
    try:
        cache.folder().mkdir(parents=True, exist_ok=True)
        _remove_abandoned_copies()
        linked = StoreCopy(cache.folder())
        for path in sorted(source.iterdir()):
            if path.suffix == _TABLES:
                os.link(path, linked.folder / path.name)
            elif path.is_file():
                shutil.copy2(path, linked.folder)
        pyoxigraph.Store.read_only(str(linked.folder))
    except (OSError, RuntimeError):
        if linked:
            linked.close()
        return None, source
    return linked, linked.folder


def _remove_abandoned_copies() -> None:
    """Removes folders of servers that were killed: no process holds their locks."""
    for root in cache.folder().glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if root.stat().st_mtime < time.time() - _HOUR:
                with (root / _LOCK).open("w") as lock:
                    _lock_file(lock)
                    shutil.rmtree(root)


def _lock_file(lock: IO[str]) -> None:
    """Takes a file lock that the system releases when this process ends.

    Raises:
        OSError: if another process holds it.
    """
    try:
        import fcntl
    except ImportError:  # On Windows a folder in use cannot be removed anyway.
        return
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
