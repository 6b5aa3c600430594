"""The quads removed and added between two states, and their subjects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, Quad

from nevkg.data import terms
from nevkg.data.serialise import sort_key
from nevkg.publish.states import OpenedState

HISTORY = NamedNode(terms.graph("history"))
CURRENT = NamedNode(terms.graph("current"))
REGISTRY = NamedNode(terms.graph("registry"))
SCHEMA = (NamedNode(terms.graph("ontology")), NamedNode(terms.graph("vocabularies")))
SOURCE = NamedNode(terms.NEV + "source")
TYPE = NamedNode(terms.RDF + "type")
_REPLACED_BY = NamedNode(terms.DCTERMS + "isReplacedBy")


@dataclass(frozen=True)
class Delta:
    """The difference between two states.

    Attributes:
        before: The first state.
        after: The second state.
        removed: The quads that only the first has, in canonical order.
        added: The quads that only the second has, in canonical order.
    """

    before: OpenedState
    after: OpenedState
    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]

    @property
    def changed(self) -> Iterable[Quad]:
        """All quads that were removed or added."""
        yield from self.removed
        yield from self.added

    @cached_property
    def merged(self) -> dict[str, str]:
        """IRI of each entity that was merged to the IRI of its replacement."""
        return dict(_replacements(self.added).items() - _replacements(self.removed).items())

    @cached_property
    def unmerged(self) -> dict[str, str]:
        """IRI of each entity whose merge was undone to the IRI of its former replacement."""
        return dict(_replacements(self.removed).items() - _replacements(self.added).items())

    def subjects(self, *graphs: NamedNode) -> list[NamedNode]:
        """Returns the IRIs that are subjects of changed quads in these graphs, sorted."""
        found = set[str]().union(*(self._subjects.get(graph.value, ()) for graph in graphs))
        return [NamedNode(iri) for iri in sorted(found)]

    @cached_property
    def _subjects(self) -> dict[str, set[str]]:
        by_graph: dict[str, set[str]] = defaultdict(set)
        for quad in self.changed:
            if isinstance(quad.subject, NamedNode):
                by_graph[terms.text(quad.graph_name)].add(quad.subject.value)
        return by_graph


def compare_states(before: OpenedState, after: OpenedState) -> Delta:
    """Compares two states, quad by quad."""
    removed, added = before.quads - after.quads, after.quads - before.quads
    return Delta(before, after, tuple(sorted(removed, key=sort_key)), tuple(sorted(added, key=sort_key)))


def is_statement(state: OpenedState, iri: NamedNode) -> bool:
    """Whether a state contains a statement with this IRI."""
    return any(True for _ in state.store.store.quads_for_pattern(iri, SOURCE, None))


def _replacements(quads: Iterable[Quad]) -> dict[str, str]:
    return {terms.text(quad.subject): terms.text(quad.object) for quad in quads if quad.predicate == _REPLACED_BY}
