"""What a load comes to: which graphs are new, changed, unchanged or gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.errors import CouldNotRun
from nevkg.store.digest import Sum


@dataclass(frozen=True)
class Plan:
    """Graphs by their IRIs, sorted: those to be put in place, and those of an earlier load that are no more."""

    wanted: Mapping[str, Sum]
    change: Sequence[str]
    gone: Sequence[str]

    @property
    def triples(self) -> int:
        """How many are to be sent."""
        return sum(self.wanted[graph].triples for graph in self.change)


@dataclass(frozen=True)
class Loaded:
    """What was done, or would be; ``verified`` tells whether the store was compared with what was sent."""

    place: str
    plan: Plan
    verified: bool = False
    dry: bool = False

    def __str__(self) -> str:
        plan = self.plan
        done = f"{'Would put' if self.dry else 'Put'} {_counted(len(plan.change), 'graph')} with {_counted(plan.triples, 'triple')}"
        same = len(plan.wanted) - len(plan.change)
        parts = [f"{done} into {self.place}"]
        if same:
            parts.append(f"{_counted(same, 'graph')} {'was' if same == 1 else 'were'} there already")
        if plan.gone:
            parts.append(f"{_counted(len(plan.gone), 'graph')} of an earlier load {'would go' if self.dry else 'went'}")
        if self.verified:
            parts.append("counts and digests of all graphs agree")
        return "; ".join(parts) + "."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def compare(place: str, wanted: Mapping[str, Sum], held: Mapping[str, Sum]) -> None:
    """Compares what a store holds with what it should.

    Raises:
        CouldNotRun: if they differ.
    """
    for graph, due in wanted.items():
        if (there := held.get(graph, Sum())) != due:
            raise CouldNotRun(f"{place} does not hold what was sent: <{graph}> has {there} where it should have {due}. Load it again.")
    if strange := sorted(held.keys() - wanted.keys()):
        raise CouldNotRun(f"{place} still holds <{strange[0]}>, which is not in the dataset. Load it again.")
