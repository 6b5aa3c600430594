"""The nodes of networks with their attributes, and the colours that the ontology declares for their classes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from pyoxigraph import NamedNode

from nevkg.ask.catalogue import AS_OF, Question
from nevkg.ask.evaluation import LANGUAGE, find_display_labels, read, solve
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network.model import Node
from nevkg.store import Store
from nevkg.store.memo import memoise, memoise_each
from nevkg.table.values import Thing, Value, to_text

CLASS, LABEL = "class", "label"
_PLAIN = "#888888"
# Above this number of nodes it is faster to fetch the attributes of all entities than to list the nodes in the query.
_MOST_LISTED = 2000
_MOST_CLASSES = 1000


@memoise
def _find_colors(store: Store) -> dict[str, str]:
    rows = entities.rows(store, "SELECT ?thing ?color WHERE { ?thing nev:color ?color } ORDER BY ?thing ?color")
    return {row["thing"]: row["color"] for row in rows}


@memoise_each(_MOST_CLASSES)
def find_class_color(store: Store, kind: str) -> str:
    """Returns the colour of a class: its own, that of the nearest superclass that has one, or grey."""
    colors, near, seen = _find_colors(store), [kind], {kind}
    while near and not any(ancestor in colors for ancestor in near):
        near = [up for ancestor in near for up in entities.classes_above(store, ancestor) if up not in seen]
        seen |= set(near)
    return next((colors[ancestor] for ancestor in near if ancestor in colors), _PLAIN)


def describe_nodes(
    store: Store, iris: Iterable[str], attributes: Mapping[str, Question], bound: Mapping[str, Sequence[str]], language: str
) -> dict[str, Node]:
    """Returns entities as nodes, sorted by IRI, with their labels, classes, colours and attributes.

    Args:
        attributes: the queries for attributes, by name.
        bound: parameter to terms; only those of day and language are used.
    """
    wanted = sorted(iris)
    own = entities.labels(store, wanted, language)
    labels = find_display_labels(store, wanted, language)
    facts = _node_facts(store, wanted, attributes, bound, language, own)
    spaces = entities.namespaces(store)
    nodes = {}
    for iri in wanted:
        own_facts = dict(facts.get(iri, {}))
        kind, label = own_facts.pop(CLASS, None), own_facts.pop(LABEL, None)
        kind = kind if isinstance(kind, Thing) else Thing("", "")
        text = own.get(iri) or to_text(label) or labels[iri]
        nodes[iri] = Node(iri, terms.shorten(iri, spaces), text, kind, find_class_color(store, kind.iri), own_facts)
    return nodes


def _node_facts(
    store: Store,
    iris: Sequence[str],
    attributes: Mapping[str, Question],
    bound: Mapping[str, Sequence[str]],
    language: str,
    own_labels: Collection[str],
) -> dict[str, dict[str, Value]]:
    """Returns the attributes of each node, by one query per attribute; the attribute ``label`` only for nodes not in ``own_labels``."""
    found: dict[str, dict[str, Value]] = {}
    for name, question in attributes.items():
        known = {parameter.name for parameter in question.parameters}
        given = {parameter: terms_ for parameter, terms_ in bound.items() if parameter in known and parameter in (AS_OF, LANGUAGE)}
        wanted = {iri for iri in iris if name != LABEL or iri not in own_labels}
        if len(wanted) <= _MOST_LISTED:
            given["node"] = [str(NamedNode(iri)) for iri in sorted(wanted)]
        solutions = solve(store, question, given) if wanted else []
        for solution, (value,) in zip(solutions, read(store, question.columns[1:], solutions, language), strict=True):
            node = terms.text(solution["node"])
            if node in wanted:
                found.setdefault(node, {})[name] = value
    return found
