"""Lanes: each limits the number of running jobs, and has a bounded queue of waiting ones."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from nevkg.serve.pool.ticket import Ticket

_SECONDS_TO_REMEMBER = 300
_MOST_SLOW_JOBS = 4096


@dataclass
class Lane:
    """A lane that runs at most ``places`` jobs, with a queue of at most ``most_waiting`` jobs."""

    places: int
    most_waiting: int
    running: int = 0
    waiting: deque[Ticket] = field(default_factory=deque)

    @property
    def has_place(self) -> bool:
        """Whether one more job may run."""
        return self.running < self.places

    @property
    def is_busy(self) -> bool:
        """Whether any job runs or waits."""
        return bool(self.running or self.waiting)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of running and waiting jobs."""
        return {"running": self.running, "waiting": len(self.waiting)}

    def queue(self, ticket: Ticket) -> Ticket | None:
        """Appends a job to the queue, and returns the one to refuse if it is full; None if it is not.

        Cancelled jobs are removed first. Then it is the newest job of the client that has the most waiting, or this one, if its client
        would have as many.
        """
        if len(self.waiting) >= self.most_waiting:
            self.waiting = deque(one for one in self.waiting if not one.is_cancelled)
        if len(self.waiting) < self.most_waiting:
            self.waiting.append(ticket)
            return None
        counts = Counter(one.visit.client for one in self.waiting)
        client, most = max(counts.items(), key=lambda item: item[1], default=(None, 0))
        if most <= counts[ticket.visit.client] + 1:
            return ticket
        refused = next(one for one in reversed(self.waiting) if one.visit.client is client)
        self.waiting.remove(refused)
        self.waiting.append(ticket)
        return refused

    def next(self, may_start: Callable[[Ticket], bool] | None = None) -> Ticket | None:
        """Removes and returns the first job that may start; None if there is none or the lane has no place."""
        if not self.has_place:
            return None
        self.waiting = deque(one for one in self.waiting if not (one.is_cancelled or one.is_over))
        ticket = next(filter(may_start, self.waiting), None)
        if ticket:
            self.waiting.remove(ticket)
        return ticket

    def has_waiting(self, client: object) -> bool:
        """Whether a job of a client waits."""
        return any(one.visit.client is client for one in self.waiting)


class SlowJobs:
    """The keys of recent slow jobs, which start in the slow lane at once, so that they do not hold up the quick ones again."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def add(self, key: str) -> None:
        """Records a job for five minutes."""
        self._until[key] = monotonic() + _SECONDS_TO_REMEMBER
        self._until.move_to_end(key)
        if len(self._until) > _MOST_SLOW_JOBS:
            self._until.popitem(last=False)

    def __contains__(self, key: str) -> bool:
        return self._until.get(key, 0.0) > monotonic()
