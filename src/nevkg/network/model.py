"""The data of networks: nodes and edges with their attributes, and their tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from nevkg.ask.support import STANDING
from nevkg.lookup import entities
from nevkg.lookup.sources import Evidence, Source, gather_evidence
from nevkg.lookup.trace import CellEvidence
from nevkg.network.projections import RELATION, WEIGHT, Projection
from nevkg.store import Store
from nevkg.table.table import Table
from nevkg.table.values import Column, Thing, Value

# A period as ISO days, first day included and last day excluded; None means open or unknown.
Spell = tuple[str | None, str | None]
Scalar = str | int | float | bool
# Lengths of dashes and gaps, in widths of a thin line; empty for a solid line.
Dashes = tuple[float, ...]


@dataclass(frozen=True)
class Node:
    """An entity in a network. ``facts`` are the attributes from ``queries/graphs/nodes/``, whose values may be entities."""

    iri: str
    name: str
    label: str
    kind: Thing
    color: str
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Edge:
    """A relation between two nodes, given by their IRIs; ``spells`` is empty if it is not dated."""

    subject: str
    relation: Thing
    object: str
    weight: float
    spells: Sequence[Spell] = ()
    facts: Mapping[str, Value] = field(default_factory=dict)
    evidence: Sequence[str] = ()

    @property
    def ends(self) -> tuple[str, str]:
        """Subject and object."""
        return self.subject, self.object

    @property
    def standing(self) -> Thing | None:
        """How well sources support it on the day; None if it rests on no fact of that day."""
        found = self.facts.get(STANDING)
        return found if isinstance(found, Thing) else None


@dataclass(frozen=True)
class NetworkData:
    """Nodes and edges of a network, with the projection and the parameters that they result from.

    This is what layouts, drawings and files read; :class:`nevkg.network.Network` adds the methods that call them.
    """

    store: Store
    projection: Projection
    parameters: Mapping[str, str]
    as_of: str
    language: str
    nodes: Mapping[str, Node]
    edges: Sequence[Edge]
    # The dashes of edges by standing (IRI), the best standing first.
    dashes: Mapping[str, Dashes] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the projection, in the language of the network."""
        return self.projection.question.title[self.language]

    @property
    def description(self) -> str:
        """Version, store, projection, parameters and day, for captions and citations."""
        request = " ".join(["graph", self.projection.question.name, *(f"{name}={value}" for name, value in self.parameters.items())])
        return f"nevkg {entities.version(self.store)}, {self.store.identity}; {request}; as of {self.as_of}"

    @cached_property
    def evidence(self) -> Evidence:
        """The sources behind the edges."""
        return gather_evidence(self.store, {iri for edge in self.edges for iri in edge.evidence}, self.language)

    @property
    def sources(self) -> list[Source]:
        """The sources behind the edges, sorted by IRI."""
        return list(self.evidence.sources)

    def with_edges(self, edges: Sequence[Edge]) -> Self:
        """Returns the network with other edges, and only the nodes at their ends."""
        ends = {iri for edge in edges for iri in edge.ends}
        return replace(self, nodes={iri: node for iri, node in self.nodes.items() if iri in ends}, edges=edges)

    @property
    def node_table(self) -> Table:
        """The nodes, one row each."""
        names = sorted({name for node in self.nodes.values() for name in node.facts})
        columns = [_column("node"), _column("class"), _column("color"), *map(_column, names)]
        records = [
            (Thing(node.iri, node.label), node.kind, node.color, *(node.facts.get(name) for name in names)) for node in self.nodes.values()
        ]
        return Table(self.store, columns, records, title=self.title, language=self.language)

    @property
    def edge_table(self) -> Table:
        """The edges, one row each; if an edge has several spells, ``from`` is the first beginning and ``until`` the last end."""
        names = sorted({name for edge in self.edges for name in edge.facts} - {WEIGHT})
        columns = [*map(_column, ("subject", RELATION, "object", "weight", "from", "until")), *map(_column, names)]
        records: list[tuple[Value, ...]] = []
        rests: list[CellEvidence] = []
        for edge in self.edges:
            ends = [Thing(iri, self.nodes[iri].label) for iri in edge.ends]
            records.append((ends[0], edge.relation, ends[1], edge.weight, *span(edge.spells), *(edge.facts.get(name) for name in names)))
            rests.append(tuple(tuple(edge.evidence) if column.name == RELATION else () for column in columns))
        return Table(self.store, columns, records, rests, title=self.title, language=self.language)


def merge_spells(spells: Iterable[Spell]) -> list[Spell]:
    """Merges overlapping spells; spells that only touch stay separate."""
    merged: list[Spell] = []
    for begin, until in sorted(spells, key=lambda spell: (spell[0] or "", spell[1] or "9999-12-31")):
        if merged:
            first, last = merged[-1]
            if (first, last) == (begin, until) or last is None or begin is None or begin < last:
                merged[-1] = first, None if last is None or until is None else max(last, until)
                continue
        merged.append((begin, until))
    return merged


def span(spells: Sequence[Spell]) -> Spell:
    """Returns the first beginning and the last end of spells; None if one of them is open."""
    begins = [begin for begin, _ in spells]
    ends = [end for _, end in spells]
    return (
        min((day for day in begins if day), default=None) if None not in begins else None,
        max((day for day in ends if day), default=None) if None not in ends else None,
    )


def _column(name: str) -> Column:
    return Column(name, {})
