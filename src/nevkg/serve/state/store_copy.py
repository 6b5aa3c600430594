"""A store in a folder of its own, so that the original can be removed or replaced while it is served."""

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


class Snapshot:
    """A folder that goes when it is closed; also later, by another server, if this one was killed.

    Attributes:
        root: the whole; what is made of the store may be put there, too.
        folder: for the store.
    """

    def __init__(self, parent: Path | None) -> None:
        """A new folder.

        Args:
            parent: where to make it; None for the place of temporary files.

        Raises:
            OSError: if it cannot be made.
        """
        self.root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self._lock = (self.root / _LOCK).open("w")
        _take(self._lock)
        self.folder = self.root / _STORE
        self.folder.mkdir()

    def close(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self.root, ignore_errors=True)
        self._lock.close()


def of_store(store: EmbeddedStore) -> tuple[Snapshot | None, Path]:
    """A snapshot, and the folder to open.

    The tables of a store never change, and are only linked. Where that cannot be done, as on another disk than
    that of the cache, the store is served where it is.
    """
    source = store.folder or (store.place / "oxigraph" if store.place else None)
    if source is None:
        made = Snapshot(None)
        on_disk = pyoxigraph.Store(str(made.folder))
        on_disk.bulk_extend(store.store)
        on_disk.flush()
        return made, made.folder
    linked = None
    try:
        cache.folder().mkdir(parents=True, exist_ok=True)
        _remove_left()
        linked = Snapshot(cache.folder())
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


def _remove_left() -> None:
    """Removes what servers left that were killed: nobody holds their locks."""
    for root in cache.folder().glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if root.stat().st_mtime < time.time() - _HOUR:
                with (root / _LOCK).open("w") as lock:
                    _take(lock)
                    shutil.rmtree(root)


def _take(lock: IO[str]) -> None:
    """Takes a lock that ends with this process.

    Raises:
        OSError: if another holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows does not let an open folder be removed
        return
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
