"""Lanes: each limits the number of running jobs, and has a bounded queue of waiting ones."""

from __future__ import annotations

from collections import OrderedDict, deque
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

    def queue(self, ticket: Ticket) -> bool:
        """Appends a job to the queue; returns False if it is full. Cancelled jobs are removed first if it is."""
        if len(self.waiting) >= self.most_waiting:
            self.waiting = deque(one for one in self.waiting if not one.is_cancelled)
            if len(self.waiting) >= self.most_waiting:
                return False
        self.waiting.append(ticket)
        return True

    def next(self) -> Ticket | None:
        """Removes and returns the next job; None if the queue is empty or the lane has no place."""
        while self.waiting and self.has_place:
            ticket = self.waiting.popleft()
            if not (ticket.is_cancelled or ticket.is_over):
                return ticket
        return None


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
