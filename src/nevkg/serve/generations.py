"""The states of the dataset that are served, one after the other: when it changes, new requests go to the new one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import time

from nevkg.errors import NevkgError
from nevkg.serve.background import Background
from nevkg.serve.downloads import Downloads
from nevkg.serve.pool import Pool
from nevkg.serve.pool.spool import Budget
from nevkg.serve.pool.tally import Tally
from nevkg.serve.served import Served, State
from nevkg.serve.settings import MEGABYTE, Settings

_SECONDS_BETWEEN_LOOKS = 2.0
_log = logging.getLogger("nevkg.serve")


@dataclass(frozen=True)
class Generation:
    """A state of the dataset, the workers that have it open, the files that were made of it, and since when (Unix time)."""

    state: State
    pool: Pool
    downloads: Downloads
    opened: float = field(default_factory=time)

    async def retire(self) -> None:
        """Answers what has been asked of it, then closes."""
        await self.pool.drain()
        await self.downloads.drain()
        self.state.close()

    async def close(self) -> None:
        """Closes at once."""
        await self.pool.close()
        await self.downloads.close()
        self.state.close()


class Generations:
    """Keeps what is served up to date."""

    def __init__(self, served: Served, settings: Settings) -> None:
        """Nothing is open yet; see ``open``."""
        self._served, self._settings = served, settings
        self._budget = Budget(settings.spool * MEGABYTE)
        self.tally = Tally()
        self._sign = ""
        self._current: Generation | None = None
        self._calls: list[Callable[[], None]] = []
        self._background = Background()

    @property
    def current(self) -> Generation:
        """What new requests are answered from."""
        assert self._current, "open() comes first"
        return self._current

    def on_change(self, call: Callable[[], None]) -> None:
        """Has something called after each change."""
        self._calls.append(call)

    async def open(self) -> None:
        """Opens the state of now, unless that has been done, and watches for later ones.

        Raises:
            NevkgError: if it cannot be opened.
        """
        if self._current:
            return
        # Where files are missing, opening tells better what is wrong.
        with suppress(OSError):
            self._sign = await asyncio.to_thread(self._served.sign)
        self._current = await self._newest()
        self._background.start(self._watch())

    async def close(self) -> None:
        """Ends all workers."""
        await self._background.end()
        if self._current:
            await self._current.close()

    async def _newest(self) -> Generation:
        state = await asyncio.to_thread(self._served.state)
        try:
            pool = await Pool.open(state.origin, self._settings, self._budget, self.tally)
            downloads = Downloads(state.origin, self._settings.memory, state.snapshot, is_steady=bool(state.name))
            return Generation(state, pool, downloads)
        except BaseException:
            state.close()
            raise

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            try:
                sign = await asyncio.to_thread(self._served.sign)
            except OSError:
                # The folder is gone, perhaps to be replaced; what is open is served on.
                continue
            if sign != self._sign:
                self._sign = sign
                await self._renew()

    async def _renew(self) -> None:
        old = self.current
        try:
            new = await self._newest()
        except (NevkgError, OSError) as error:
            _log.error("There is a new state of the dataset that cannot be served, so that the old one stays: %s", error)
            return
        if new.state.name == old.state.name and new.state.name:
            await new.close()
            return
        self._current = new
        for call in self._calls:
            call()
        _log.warning("Serves a new state of the dataset.")
        self._background.start(old.retire())
