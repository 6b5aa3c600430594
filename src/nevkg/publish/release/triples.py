"""Converts the union of all graphs into three tables: nodes, edges and values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.network.nodes import describe_nodes
from nevkg.network.projection import load_projections
from nevkg.store import EmbeddedStore
from nevkg.table.columns import Column
from nevkg.table.table import Table
from nevkg.table.values import Thing, Value

SEPARATOR = " "
_ENGLISH, _CHINESE = terms.LANGUAGES
_EDGE = ("subject", "predicate", "object", "graphs")
_VALUE = ("subject", "predicate", "value", "datatype", "language", "graphs")


def union_tables(store: EmbeddedStore) -> tuple[Table, Table, Table]:
    """Returns the tables of nodes, edges and values.

    Objects of edges are entities, values are literals. The column ``graphs`` has the slugs of the graphs that contain
    the triple. Subjects, objects and properties are nodes, except blank nodes, which occur only in axioms.
    """
    graphs: dict[tuple[str, str, terms.Term], str] = {}
    for quad in store.store.quads_for_pattern(None, None, None):
        triple = (_name(quad.subject), quad.predicate.value, quad.object)
        graphs[triple] = f"{graphs[triple]}{SEPARATOR}{_slug(quad)}" if triple in graphs else _slug(quad)
    iris = {name for subject, predicate, value in graphs for name in (subject, predicate, _name(value)) if name}
    nodes = _nodes(store, {iri for iri in iris if not iri.startswith("_:")})
    things = {iri: Thing(iri, iri) for iri in iris} | {record[0].iri: record[0] for record in nodes.records if isinstance(record[0], Thing)}
    edges: list[tuple[Value, ...]] = []
    values: list[tuple[Value, ...]] = []
    for (subject, predicate, value), where in graphs.items():
        start = (things[subject], things[predicate])
        slugs = SEPARATOR.join(sorted(where.split(SEPARATOR)))
        if isinstance(value, Literal):
            values.append((*start, value.value, value.datatype.value, value.language, slugs))
        else:
            edges.append((*start, things[_name(value)], slugs))
    return nodes, _table(store, _EDGE, edges), _table(store, _VALUE, values)


def _table(store: EmbeddedStore, heads: Iterable[str], records: Sequence[tuple[Value, ...]]) -> Table:
    def order(record: tuple[Value, ...]) -> tuple[str, ...]:
        return tuple(one.iri if isinstance(one, Thing) else str(one) for one in record)

    return Table(store, [Column(head, {}) for head in heads], sorted(records, key=order))


def _name(term: terms.Term) -> str:
    """Returns the IRI, the label of a blank node, or an empty string for a literal."""
    return term.value if isinstance(term, NamedNode) else str(term) if isinstance(term, BlankNode) else ""


def _slug(quad: Quad) -> str:
    return terms.text(quad.graph_name).removeprefix(terms.GRAPH)


def _nodes(store: EmbeddedStore, iris: set[str]) -> Table:
    """Returns one row for each entity: English label, Chinese label if there is one, main class, all classes, and attributes."""
    attributes = load_projections(store.layout).attributes
    nodes = describe_nodes(store, iris, attributes, {}, _ENGLISH)
    classes: dict[str, set[str]] = defaultdict(set)
    for quad in store.store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), None):
        if isinstance(quad.object, NamedNode):
            classes[_name(quad.subject)].add(quad.object.value)
    chinese: dict[str, str] = {}
    for name in terms.LABELS:
        for quad in store.store.quads_for_pattern(None, NamedNode(name), None):
            if isinstance(quad.object, Literal) and quad.object.language == _CHINESE:
                chinese[_name(quad.subject)] = min(quad.object.value, chinese.get(_name(quad.subject), quad.object.value))
    named = {iri: Thing(iri, label) for iri, label in find_display_labels(store, set().union(*classes.values()), _ENGLISH).items()}
    facts = sorted({name for node in nodes.values() for name in node.facts})
    heads = ["node", "label_zh", "name", "class", "classes", *facts]
    records: list[tuple[Value, ...]] = [
        (
            Thing(iri, node.label),
            chinese.get(iri),
            node.name,
            node.kind if node.kind.iri else None,
            tuple(named[one] for one in sorted(classes[iri])) or None,
            *(node.facts.get(fact) for fact in facts),
        )
        for iri, node in nodes.items()
    ]
    return Table(
        store, [Column(head, attributes[head].title if head in attributes else {}, list=head == "classes") for head in heads], records
    )
