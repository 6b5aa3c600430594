"""A lane: so many jobs at once, and a queue of those that wait."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from time import monotonic

from nevkg.serve.http.problem import Problem
from nevkg.serve.pool.ticket import Ticket

_SECONDS_REMEMBERED = 300
_REMEMBERED = 4096


def busy() -> Problem:
    """What those are told for whom there is no room."""
    return Problem(503, "Too many queries are waiting; try again in a few seconds.", headers={"Retry-After": "5"}, cause="queue full")


@dataclass
class Lane:
    """Places for ``places`` jobs, and for ``most_waiting`` that wait."""

    places: int
    most_waiting: int
    running: int = 0
    waiting: deque[Ticket] = field(default_factory=deque)

    @property
    def has_place(self) -> bool:
        """Whether one more may run."""
        return self.running < self.places

    @property
    def is_busy(self) -> bool:
        """Whether any runs or waits."""
        return bool(self.running or self.waiting)

    @property
    def counts(self) -> dict[str, int]:
        """How many run and wait."""
        return {"running": self.running, "waiting": len(self.waiting)}

    def queue(self, ticket: Ticket) -> None:
        """Puts a job at the end of the queue.

        Raises:
            Problem: 503 if the queue is full.
        """
        if len(self.waiting) >= self.most_waiting:
            self.waiting = deque(one for one in self.waiting if not one.is_cancelled)
            if len(self.waiting) >= self.most_waiting:
                raise busy()
        self.waiting.append(ticket)

    def next(self) -> Ticket | None:
        """The job whose turn it is, if there is a place for it."""
        while self.waiting and self.has_place:
            ticket = self.waiting.popleft()
            if not (ticket.is_cancelled or ticket.is_over):
                return ticket
        return None


class SlowOnes:
    """The jobs that took long a while ago: they need not prove it again at the cost of the quick ones."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def add(self, key: str) -> None:
        """Remembers a job."""
        self._until[key] = monotonic() + _SECONDS_REMEMBERED
        self._until.move_to_end(key)
        if len(self._until) > _REMEMBERED:
            self._until.popitem(last=False)

    def __contains__(self, key: str) -> bool:
        return self._until.get(key, 0.0) > monotonic()
