"""Worker processes that write the pages of a site: each opens the stored dataset and writes one portion after another."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.synchronize import Event
from pathlib import Path
from types import TracebackType
from typing import Self

from nevkg.ask import days
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.serve.local import LocalServer
from nevkg.serve.pool.process import Origin
from nevkg.serve.services import Site
from nevkg.serve.state.source import copy_store
from nevkg.site.static import Portion, write_document, write_page
from nevkg.store import EmbeddedStore
from nevkg.store.memo import sharing

# Each takes some 300 MB.
_MOST = 8


class Workers:
    """Writes portions of pages while this process does something else. On exit, the processes end."""

    def __init__(self, store: EmbeddedStore, folder: Path, site: Site, portions: Sequence[Portion]) -> None:
        """Starts to write the pages of a site."""
        # So that it is in the cache, where the processes find it.
        days.snapshot(store, entities.dataset_date(store))
        self._copy, place = copy_store(store)
        layout = store.layout
        origin = Origin(
            ontology=str(layout.ontology),
            data=str(layout.data),
            queries=str(layout.queries),
            digest=store.digest,
            folder=str(place),
            place=str(store.place or ""),
            known_by=store.known_by or "",
            state=store.state,
        )
        # A fork would share the open files and locks of the store.
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._executor = ProcessPoolExecutor(min(os.cpu_count() or 1, _MOST), context, _open, (origin, folder, site, self._stop))
        self._portions = portions
        self._results = [self._executor.submit(_write, portion) for portion in portions]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        # Pages that have begun are finished first: after an error, the folder is removed next.
        self._stop.set()
        self._executor.shutdown(cancel_futures=True)
        if self._copy:
            self._copy.close()

    def results(self) -> Iterator[tuple[Portion, list[str]]]:
        """Yields the portions in order, each as soon as it is written, with its pages; ``CouldNotRun`` if a process ended too early."""
        try:
            yield from ((portion, result.result()) for portion, result in zip(self._portions, self._results, strict=True))
        except BrokenProcessPool:
            raise CouldNotRun("A process that wrote pages has ended, possibly for lack of memory; publish the site again.") from None


class _Worker:
    """What a worker process has opened."""

    server: LocalServer
    folder: Path
    stop: Event


def _open(origin: Origin, folder: Path, site: Site, stop: Event) -> None:
    # An interrupt from the keyboard reaches all processes; only the first one reports it.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Worker.server, _Worker.folder, _Worker.stop = LocalServer(origin.open(), site), folder, stop


def _end_with_parent() -> None:
    """Ends this process with the one that started it, also if that is killed."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _write(portion: Portion) -> list[str]:
    return asyncio.run(_write_portion(portion))


async def _write_portion(portion: Portion) -> list[str]:
    listed = list[str]()
    with sharing():  # by the documents of a name, which differ only in their format
        for path in portion.paths:
            if _Worker.stop.is_set():
                break
            if portion.are_pages:
                listed += await write_page(_Worker.server, _Worker.folder, path)
            else:
                await write_document(_Worker.server, _Worker.folder, path)
    return listed
