"""The states of the dataset that are served, one after the other: when it changes, new requests go to the new one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nevkg.errors import CouldNotRun, InvalidData, NevkgError
from nevkg.serve.background import Background
from nevkg.serve.downloads import Downloads
from nevkg.serve.pool import Origin, Pool
from nevkg.serve.pool.spool import Budget
from nevkg.serve.pool.tally import Tally
from nevkg.serve.settings import MEGABYTE, Settings
from nevkg.serve.state.source import Served, State
from nevkg.serve.state.watch import Refusal, Sign, Watch, now, shrinkage
from nevkg.store import cache
from nevkg.store.engine import is_damage

_SECONDS_BETWEEN_LOOKS = 2.0
_MOST_PREPARED = 4
_log = logging.getLogger("nevkg.serve")


@dataclass(frozen=True)
class Generation:
    """A state of the dataset, the workers that have it open, what was made of it, and since when.

    Preparations are records as known by a day, which stay in the cache for a while; they do not delay downloads.
    """

    state: State
    pool: Pool
    downloads: Downloads
    preparations: Downloads
    since: str = field(default_factory=now)

    async def retire(self) -> None:
        """Answers what has been asked of it, then closes."""
        await self.pool.drain()
        await self.downloads.drain()
        await self.preparations.drain()
        self.state.close()

    async def close(self) -> None:
        """Closes at once."""
        await self.pool.close()
        await self.downloads.close()
        await self.preparations.close()
        self.state.close()


class Generations:
    """Keeps what is served up to date."""

    def __init__(self, served: Served, settings: Settings) -> None:
        """Nothing is open yet; see ``open``."""
        self._served, self._settings = served, settings
        self._budget = Budget(settings.spool * MEGABYTE)
        self.tally = Tally()
        self._watch = Watch(Sign(""))
        self._damage: Refusal | None = None
        self._current: Generation | None = None
        self._calls: list[Callable[[], None]] = []
        self._background = Background()

    @property
    def current(self) -> Generation:
        """What new requests are answered from."""
        assert self._current, "open() comes first"
        return self._current

    @property
    def refusal(self) -> Refusal | None:
        """Why a newer state is not served, if there is one."""
        return self._watch.refusal or self._damage

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
        sign = await asyncio.to_thread(self._served.sign)
        self._current = await self._start(await asyncio.to_thread(self._state))
        self._watch = Watch(sign)
        self._background.start(self._look_again_and_again())

    async def close(self) -> None:
        """Ends all workers."""
        await self._background.end()
        if self._current:
            await self._current.close()

    async def _start(self, state: State) -> Generation:
        try:
            pool = await Pool.open(state.origin, self._settings, self._budget, self.tally)
            of_all = state.origin, self._settings.memory, state.snapshot
            downloads = Downloads(*of_all, is_steady=bool(state.name))
            return Generation(state, pool, downloads, Downloads(*of_all, is_steady=False, most_waiting=_MOST_PREPARED))
        except BaseException:
            state.close()
            raise

    def _state(self) -> State:
        """The state of now, from a store that is not damaged."""
        try:
            return self._served.state()
        except (OSError, RuntimeError) as error:
            if not is_damage(error) or self._served.place:
                raise
            cache.discard_stores()
            return self._served.state()

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            try:
                await self._look()
            except (OSError, RuntimeError):
                _log.exception("A look at the dataset failed; the next one comes in a moment.")

    async def _look(self) -> None:
        if self.current.pool.is_damaged and not self._damage:
            self._note_damage(self.current.state.origin)
        sign = await asyncio.to_thread(self._served.sign)
        if not self._watch.sees(sign):
            return
        try:
            await self._renew(sign)
        except (NevkgError, OSError) as error:
            if self._watch.refuses(str(error), for_now=not isinstance(error, InvalidData)):
                _log.error("A new state of the dataset is refused, and the old one stays: %s", error)

    async def _renew(self, sign: Sign) -> None:
        """Opens the state of now and serves it.

        Raises:
            NevkgError: if it is refused.
        """
        if sign.problem:
            raise CouldNotRun(sign.problem)
        old, state = self.current, await asyncio.to_thread(self._state)
        try:
            if state.name == old.state.name and state.name and not self._damage:
                state.close()
                self._watch.serves(sign)
                return
            if not self._settings.allow_smaller and (reason := shrinkage(old.state.facts, state.facts)):
                raise InvalidData(reason)
            if (await asyncio.to_thread(self._served.sign)).text != sign.text:
                raise CouldNotRun("The files changed while they were read.")
        except NevkgError:
            state.close()
            raise
        self._current, self._damage = await self._start(state), None
        self._watch.serves(sign)
        for call in self._calls:
            call()
        _log.warning("A new state of the dataset is served: %s; before: %s.", state.facts.counts, old.state.facts.counts)
        self._background.start(old.retire())

    def _note_damage(self, origin: Origin) -> None:
        """A worker has met damage: a store of the cache is built again, one that was loaded has to be loaded again."""
        if origin.place:
            self._damage = Refusal("The store in the cache is damaged, and is built again.")
            cache.discard(Path(origin.place))
            self._watch.loses()
        else:
            self._damage = Refusal(f"The store '{origin.loaded or origin.folder}' is damaged; load it again with 'nevkg load'.")
        _log.error(self._damage.reason)
