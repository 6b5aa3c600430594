"""Generations: the successive states of the dataset that the server serves. New requests use the newest one."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from nevkg.errors import CouldNotRun, InvalidData, NevkgError
from nevkg.serve.clients import Account
from nevkg.serve.jobs import Job
from nevkg.serve.pool.lanes import Tally
from nevkg.serve.pool.pool import ENDINGS, Background, Pool
from nevkg.serve.pool.process import Origin, release_memory, release_memory_early
from nevkg.serve.pool.spool import Budget, Ticket
from nevkg.serve.problem import MissingDay, Refusal, now
from nevkg.serve.settings import MEGABYTE, Settings
from nevkg.serve.state.downloads import Downloads
from nevkg.serve.state.preparations import Preparations, PrepareDay
from nevkg.serve.state.source import ServedDataset, State
from nevkg.serve.state.watch import Sign, Watch, shrinkage
from nevkg.store import cache
from nevkg.store.engine import is_damage

_SECONDS_BETWEEN_CHECKS = 2.0
# A job needs few days. The cache keeps a number of them, so that this is reached only if others are built faster than it runs.
_MOST_DAYS_OF_A_JOB = 8
# Seconds after the last check when something must be wrong with the watch, such as a file system that does not answer.
_SECONDS_UNTIL_OVERDUE = 60.0
_log = logging.getLogger("nevkg.serve")


@dataclass(frozen=True)
class Generation:
    """A state of the dataset, its workers and files, and the time since which it is served.

    ``preparations`` builds days that the cache does not have. They have their own queue, so that they do not delay downloads.
    """

    state: State
    pool: Pool
    downloads: Downloads
    preparations: Preparations
    since: str = field(default_factory=now)

    async def begin(self, job: Job, account: Account) -> Ticket:
        """Submits a job for a client, and waits until its answer can be read. Days that are missing are prepared first.

        Returns:
            The ticket; close it when you have read the answer.

        Raises:
            Problem: if the job fails or is refused.
        """
        for _ in range(_MOST_DAYS_OF_A_JOB):
            ticket = self.pool.submit(job, account.enter())
            try:
                await ticket.wait_for_start()
            except MissingDay as missing:
                ticket.close()
                await self.preparations.make(Job(PrepareDay(missing.day), known_by=job.known_by), account)
            except BaseException:
                ticket.close()
                raise
            else:
                return ticket
        raise MissingDay("")

    async def retire(self) -> None:
        """Finishes the pending jobs, then closes."""
        await self.pool.drain()
        await self.downloads.drain()
        await self.preparations.drain()
        self.state.close()

    async def close(self) -> None:
        """Closes without waiting for pending jobs."""
        await self.pool.close()
        await self.downloads.close()
        await self.preparations.close()
        self.state.close()


class Generations:
    """Keeps the served state up to date with the dataset."""

    def __init__(self, served: ServedDataset, settings: Settings) -> None:
        """Opens nothing; see ``open``."""
        self._served, self._settings = served, settings
        self._budget = Budget(settings.spool * MEGABYTE)
        self.tally = Tally()
        self._watch = Watch(Sign(""))
        self._damage: Refusal | None = None
        self._current: Generation | None = None
        self._checked, self._checked_at = now(), monotonic()
        self._opening: str | None = None
        self._callbacks: list[Callable[[], None]] = []
        self._background = Background()

    @property
    def current(self) -> Generation:
        """The generation that answers new requests."""
        assert self._current, "open() comes first"
        return self._current

    @property
    def refusal(self) -> Refusal | None:
        """Why a newer state is not served, or the served one not by all workers; None if there is none."""
        return self._watch.refusal or self._damage or self.current.pool.trouble

    @property
    def watch(self) -> dict[str, str]:
        """When the dataset was last checked for changes (ISO, UTC), and since when a new state is being opened, if it is."""
        return {"checked": self._checked} | ({"opening": self._opening} if self._opening else {})

    @property
    def is_overdue(self) -> bool:
        """Whether the last check is too long ago. There is none while a new state is being opened, which can take minutes."""
        return not self._opening and monotonic() - self._checked_at > _SECONDS_UNTIL_OVERDUE

    def on_change(self, callback: Callable[[], None]) -> None:
        """Registers a callback that is called after each change."""
        self._callbacks.append(callback)

    async def open(self) -> None:
        """Opens the current state, unless a state is open, and starts to watch for newer ones."""
        if self._current:
            return
        release_memory_early()
        sign = await asyncio.to_thread(self._served.sign)
        self._current = await self._start(await asyncio.to_thread(self._open_state))
        self._watch = Watch(sign)
        self._background.start(self._poll())

    async def close(self) -> None:
        """Stops watching, and ends all workers."""
        await self._background.end()
        if self._current:
            await self._current.close()

    async def _start(self, state: State) -> Generation:
        try:
            pool = await Pool.open(state.origin, self._settings, self._budget, self.tally)
            downloads = Downloads(state.origin, self._settings.memory, state.copy, is_steady=bool(state.name))
            return Generation(state, pool, downloads, Preparations(state.origin, self._settings.memory))
        except BaseException:
            state.close()
            raise

    def _open_state(self) -> State:
        """Opens the current state; a damaged store in the cache is discarded and built again."""
        try:
            return self._served.state()
        except (OSError, RuntimeError) as error:
            if not is_damage(error) or self._served.place:
                raise
            cache.discard_stores()
            return self._served.state()
        finally:
            release_memory()

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_CHECKS)
            try:
                await self._check_for_changes()
            except ENDINGS:
                raise
            except BaseException as error:
                self._refuse(error)

    async def _check_for_changes(self) -> None:
        sign = await asyncio.to_thread(self._served.sign)
        self._checked, self._checked_at = now(), monotonic()
        if not self._damage and (self.current.pool.is_damaged or await asyncio.to_thread(lambda: self.current.state.origin.is_missing)):
            self._record_damage(self.current.state.origin)
        if not self._watch.observe(sign):
            return
        self._opening = now()
        try:
            await self._switch(sign)
        finally:
            self._opening, self._checked_at = None, monotonic()

    def _refuse(self, error: BaseException) -> None:
        """Records why the dataset could not be checked, or its new state not be served; an unexpected error is also logged in full."""
        is_expected = isinstance(error, (NevkgError, OSError))
        reason = str(error) if is_expected else f"an unexpected error, {type(error).__name__}; the log of the server has the details."
        if isinstance(error, OSError) and error.filename:  # Folders of the server are not public.
            reason = f"{Path(os.fsdecode(error.filename)).name} cannot be read or written: {error.strerror}."
        if self._watch.refuse(reason, for_now=not isinstance(error, InvalidData)):
            traceback = None if is_expected else error
            _log.error("A new state of the dataset is refused, and the old one stays in use: %s", reason, exc_info=traceback)

    async def _switch(self, sign: Sign) -> None:
        """Opens the current state and serves it; raises ``NevkgError`` if it is refused."""
        if sign.problem:
            raise CouldNotRun(sign.problem)
        old, state = self.current, await asyncio.to_thread(self._open_state)
        try:
            if state.name == old.state.name and state.name and not self._damage:
                state.close()
                self._watch.mark_served(sign)
                return
            if not self._settings.allow_smaller and (reason := shrinkage(old.state.contents, state.contents)):
                raise InvalidData(reason)
            if (await asyncio.to_thread(self._served.sign)).text != sign.text:
                raise CouldNotRun("The files changed while they were read.")
        except BaseException:
            state.close()
            raise
        self._current, self._damage = await self._start(state), None
        self._watch.mark_served(sign)
        self._background.start(old.retire())
        _log.warning("A new state of the dataset is served: %s; before: %s.", state.contents.counts, old.state.contents.counts)
        for callback in self._callbacks:
            callback()

    def _record_damage(self, origin: Origin) -> None:
        """Records that the store is damaged or missing. It is built or copied again, unless the user has to load it again."""
        if origin.place or not origin.loaded:
            self._damage = Refusal("The store in the cache is damaged or missing and is being built again.")
            if origin.state and not origin.is_missing:
                cache.discard_state(origin.state)
            self._watch.mark_unusable()
        else:
            self._damage = Refusal(f"The store '{origin.loaded}' is damaged; load it again with 'nevkg load'.")
        _log.error(self._damage.reason)
