"""The quads removed and added between two states, and patches of them for programs: SPARQL Update, RDF Patch, the Changeset vocabulary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from uuid import NAMESPACE_URL, uuid5

from pyoxigraph import Literal, NamedNode, Quad, Triple

from nevkg.data import terms
from nevkg.data.rdf import has_blank_node, serialise, sort_key
from nevkg.publish.states import OpenedState

HISTORY = NamedNode(terms.graph("history"))
CURRENT = NamedNode(terms.graph("current"))
REGISTRY = NamedNode(terms.graph("registry"))
SCHEMA = (NamedNode(terms.graph("ontology")), NamedNode(terms.graph("vocabularies")))
SOURCE = NamedNode(terms.NEV + "source")
TYPE = NamedNode(terms.RDF + "type")
_REPLACED_BY = NamedNode(terms.DCTERMS + "isReplacedBy")
_CS = "http://purl.org/vocab/changeset/schema#"
# Servers reject operations that are too long: Virtuoso at about ten thousand triples.
_IN_ONE_OPERATION = 1000


@dataclass(frozen=True)
class Delta:
    """The difference between two states.

    Attributes:
        removed: the quads that only the first has, in canonical order.
        added: the quads that only the second has, in canonical order.
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
    return state.has(iri, SOURCE)


def _replacements(quads: Iterable[Quad]) -> dict[str, str]:
    return {terms.text(quad.subject): terms.text(quad.object) for quad in quads if quad.predicate == _REPLACED_BY}


def sparql_update(delta: Delta) -> bytes:
    """Returns a SPARQL 1.1 Update that turns the first state into the second, in any store.

    Blank nodes cannot be addressed by name. If one changed in a graph, all triples with blank nodes in that graph are
    deleted and inserted again.
    """
    rewritten = {quad.graph_name for quad in delta.changed if has_blank_node(quad)}
    operations = [
        f"DELETE {{ GRAPH {graph} {{ ?s ?p ?o }} }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }} }}"
        for graph in sorted(str(graph) for graph in rewritten)
    ]
    for verb, quads in (("DELETE", delta.removed), ("INSERT", delta.added)):
        named = [quad for quad in quads if not has_blank_node(quad)]
        for start in range(0, len(named), _IN_ONE_OPERATION):
            operations.append(_operation(verb, named[start : start + _IN_ONE_OPERATION]))
    unnamed = [quad for quad in delta.after.quads if quad.graph_name in rewritten and has_blank_node(quad)]
    if unnamed:
        # In one operation: the same label in two operations would denote two nodes.
        operations.append(_operation("INSERT", sorted(unnamed, key=sort_key)))
    return (f"# From {_state_label(delta.before)} to {_state_label(delta.after)}\n" + " ;\n".join(operations) + "\n").encode()


def rdf_patch(delta: Delta) -> bytes:
    """Returns an RDF Patch with one change a line: ``D`` for removed quads, ``A`` for added ones.

    Blank nodes have their canonical names.
    """
    changes = [f"{mark} {quad} ." for mark, quads in (("D", delta.removed), ("A", delta.added)) for quad in quads]
    return "".join(f"{line}\n" for line in (f"H id <{_uuid('patch', *_digests(delta))}> .", "TX .", *changes, "TC .")).encode()


def changesets(delta: Delta) -> bytes:
    """Returns Turtle with the two states, and a ``cs:ChangeSet`` for each subject.

    The change sets list additions and removals, each with its graph.
    """
    namespaces = terms.prefixes(delta.after.store.layout.ontology) | {"cs": _CS}
    return serialise([*_states(delta), *_changesets(delta)], "turtle", namespaces)


FORMATS: dict[str, Callable[[Delta], bytes]] = {"update": sparql_update, "patch": rdf_patch, "turtle": changesets}


def _operation(verb: str, quads: Iterable[Quad]) -> str:
    graphs = (
        f"  GRAPH {graph} {{\n" + "".join(f"    {quad.subject} {quad.predicate} {quad.object} .\n" for quad in group) + "  }\n"
        for graph, group in groupby(quads, key=lambda quad: str(quad.graph_name))
    )
    return f"{verb} DATA {{\n{''.join(graphs)}}}"


def _state_label(state: OpenedState) -> str:
    return f"version {state.version or 'unknown'}, dataset of {state.date or 'unknown date'}, sha256:{state.digest}"


def _digests(delta: Delta) -> tuple[str, str]:
    return delta.before.digest, delta.after.digest


def _uuid(*parts: str) -> str:
    """Returns a URN made from the parts; the same parts give the same URN (UUID version 5, RFC 9562)."""
    return uuid5(NAMESPACE_URL, terms.BASE + "\n".join(parts)).urn


def _states(delta: Delta) -> Iterator[Triple]:
    before, after = (NamedNode(_uuid("state", digest)) for digest in _digests(delta))
    for node, state in ((before, delta.before), (after, delta.after)):
        yield Triple(node, TYPE, NamedNode(terms.DCAT + "Dataset"))
        yield Triple(node, NamedNode(terms.DCTERMS + "identifier"), Literal(f"sha256:{state.digest}"))
        if state.version:
            yield Triple(node, NamedNode(terms.DCAT + "version"), Literal(state.version))
        if state.date:
            yield Triple(node, NamedNode(terms.DCTERMS + "issued"), Literal(state.date, datatype=NamedNode(terms.XSD + "date")))
    if before != after:
        yield Triple(after, NamedNode(terms.PROV + "wasRevisionOf"), before)


def _changesets(delta: Delta) -> Iterator[Triple]:
    after = NamedNode(_uuid("state", delta.after.digest))
    for name, quads in (("removal", delta.removed), ("addition", delta.added)):
        for quad in quads:
            changes = NamedNode(_uuid("changes", *_digests(delta), str(quad.subject)))
            change = NamedNode(_uuid(name, *_digests(delta), str(quad)))
            yield Triple(changes, TYPE, NamedNode(_CS + "ChangeSet"))
            yield Triple(changes, NamedNode(_CS + "subjectOfChange"), quad.subject)
            yield Triple(changes, NamedNode(terms.DCTERMS + "isPartOf"), after)
            if delta.after.date:
                yield Triple(changes, NamedNode(_CS + "createdDate"), Literal(delta.after.date))
            yield Triple(changes, NamedNode(_CS + name), change)
            yield Triple(change, TYPE, NamedNode(terms.RDF + "Statement"))
            for part, term in (("subject", quad.subject), ("predicate", quad.predicate), ("object", quad.object)):
                yield Triple(change, NamedNode(terms.RDF + part), term)
            if isinstance(quad.graph_name, NamedNode):
                yield Triple(change, NamedNode(terms.DCTERMS + "isPartOf"), quad.graph_name)
