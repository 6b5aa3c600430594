"""Totals of jobs and workers since the server started, over all states of the dataset."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Running totals.

    Attributes:
        seconds: processor time by lane.
        jobs: finished jobs by lane.
        stops: jobs whose worker ended before they were finished, by cause.
        starts: worker processes started.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    jobs: Counter[str] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    starts: int = 0

    def count(self, lane: str, seconds: float, stop: str) -> None:
        """Adds a finished job.

        Args:
            lane: the lane in which it ended.
            seconds: processor time that it used there.
            stop: why its worker ended; empty if it did not.
        """
        self.seconds[lane] = self.seconds.get(lane, 0.0) + seconds
        self.jobs[lane] += 1
        if stop:
            self.stops[stop] += 1
