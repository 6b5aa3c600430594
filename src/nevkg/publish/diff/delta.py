"""The quads that went and came between two states, and the things that these are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode, Quad

from nevkg.data import terms
from nevkg.data.serialise import order
from nevkg.publish.states import Opened

HISTORY = NamedNode(terms.graph("history"))
CURRENT = NamedNode(terms.graph("current"))
REGISTRY = NamedNode(terms.graph("registry"))
SCHEMA = (NamedNode(terms.graph("ontology")), NamedNode(terms.graph("vocabularies")))
SOURCE = NamedNode(terms.NEV + "source")
TYPE = NamedNode(terms.RDF + "type")
_REPLACED_BY = NamedNode(terms.DCTERMS + "isReplacedBy")


@dataclass(frozen=True)
class Delta:
    """Two states with the quads that only the first and only the second holds, both in canonical order."""

    before: Opened
    after: Opened
    removed: tuple[Quad, ...]
    added: tuple[Quad, ...]

    @property
    def changed(self) -> Iterable[Quad]:
        """All quads that went or came."""
        yield from self.removed
        yield from self.added

    @cached_property
    def merged(self) -> dict[str, str]:
        """What was newly found to be another thing, and that thing."""
        return dict(_replacements(self.added).items() - _replacements(self.removed).items())

    @cached_property
    def parted(self) -> dict[str, str]:
        """What is no longer taken for another thing, and that thing."""
        return dict(_replacements(self.removed).items() - _replacements(self.added).items())

    def subjects(self, *graphs: NamedNode) -> list[NamedNode]:
        """The named subjects of which something changed in these graphs, sorted."""
        found = set[str]().union(*(self._subjects.get(graph.value, ()) for graph in graphs))
        return [NamedNode(iri) for iri in sorted(found)]

    @cached_property
    def _subjects(self) -> dict[str, set[str]]:
        by_graph: dict[str, set[str]] = defaultdict(set)
        for quad in self.changed:
            if isinstance(quad.subject, NamedNode):
                by_graph[terms.text(quad.graph_name)].add(quad.subject.value)
        return by_graph


def delta(before: Opened, after: Opened) -> Delta:
    """Compares two states, quad by quad."""
    gone, new = before.quads - after.quads, after.quads - before.quads
    return Delta(before, after, tuple(sorted(gone, key=order)), tuple(sorted(new, key=order)))


def is_statement(state: Opened, iri: NamedNode) -> bool:
    """Whether a state holds a statement of that name."""
    return any(True for _ in state.store.store.quads_for_pattern(iri, SOURCE, None))


def _replacements(quads: Iterable[Quad]) -> dict[str, str]:
    return {terms.text(quad.subject): terms.text(quad.object) for quad in quads if quad.predicate == _REPLACED_BY}
