"""The plan and the result of a load: which graphs are to be written, unchanged or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.errors import CouldNotRun
from nevkg.store.digest import Sum


@dataclass(frozen=True)
class Plan:
    """The plan of a load. Graphs are given by their IRIs.

    Attributes:
        target: Graph to its number of triples and digest, for the whole dataset.
        change: Graphs to write, sorted.
        obsolete: Graphs of an earlier load to remove, sorted.
    """

    target: Mapping[str, Sum]
    change: Sequence[str]
    obsolete: Sequence[str]

    @property
    def triples(self) -> int:
        """The number of triples to send."""
        return sum(self.target[graph].triples for graph in self.change)


@dataclass(frozen=True)
class LoadResult:
    """The result of a load.

    Attributes:
        place: The folder or the server.
        plan: What was done, or would be done in a dry run.
        verified: Whether the store was compared with what was sent.
        dry: Whether this is a dry run.
    """

    place: str
    plan: Plan
    verified: bool = False
    dry: bool = False

    def __str__(self) -> str:
        plan = self.plan
        done = f"{'Would put' if self.dry else 'Put'} {_counted(len(plan.change), 'graph')} with {_counted(plan.triples, 'triple')}"
        same = len(plan.target) - len(plan.change)
        parts = [f"{done} into {self.place}"]
        if same:
            parts.append(f"{_counted(same, 'graph')} {'was' if same == 1 else 'were'} there already")
        if plan.obsolete:
            verb = "would be" if self.dry else "was" if len(plan.obsolete) == 1 else "were"
            parts.append(f"{_counted(len(plan.obsolete), 'graph')} of an earlier load {verb} removed")
        if self.verified:
            parts.append("counts and digests of all graphs agree")
        return "; ".join(parts) + "."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def compare(place: str, expected: Mapping[str, Sum], actual: Mapping[str, Sum]) -> None:
    """Compares the contents of a store with what they should be.

    Args:
        place: The store, for the message.
        expected: Graph to its number of triples and digest.
        actual: The same, as read from the store.

    Raises:
        CouldNotRun: If they differ.
    """
    for graph, due in expected.items():
        if (found := actual.get(graph, Sum())) != due:
            raise CouldNotRun(f"{place} does not contain what was sent: <{graph}> has {found}, but should have {due}. Load it again.")
    if extra := sorted(actual.keys() - expected.keys()):
        raise CouldNotRun(f"{place} still contains <{extra[0]}>, which is not in the dataset. Load it again.")
