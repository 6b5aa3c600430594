"""The shipped data, several times over: copies share places, models and vocabularies but no subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from nevkg import dataset, terms
from nevkg.layout import Layout

_COPIED = re.compile(re.escape(terms.BASE) + r"(agent|plant|event|policy|source|statement|passage)/")
_PRODUCTION = re.compile(re.escape(terms.BASE) + r"production/(?P<maker>.+?)-(?P<how>at|in)-(?P<where>.+)")
_SCHEMA = {terms.graph("ontology"), terms.graph("vocabularies")}
_REGISTRY = terms.graph("registry")
_SUBJECT = terms.NEV + "subject"
_EVENT = terms.NEV + "event"
_PLACE = terms.BASE + "place/"

Node = NamedNode | BlankNode | Literal | Triple


def _renamed(iri: str, number: int) -> str:
    """The IRI in copy ``number``: another for what is copied, the same for what is shared."""
    production = _PRODUCTION.fullmatch(iri)
    if production:
        where = f"{production['where']}-c{number}" if production["how"] == "at" else production["where"]
        return f"{terms.BASE}production/{production['maker']}-c{number}-{production['how']}-{where}"
    return f"{iri}-c{number}" if _COPIED.match(iri) else iri


def _node(node: NamedNode, number: int) -> NamedNode:
    return NamedNode(_renamed(node.value, number))


def _copy(quad: Quad, number: int) -> Quad:
    """A quad with all its things renamed."""
    subject = _node(quad.subject, number) if isinstance(quad.subject, NamedNode) else quad.subject
    object_ = _node(quad.object, number) if isinstance(quad.object, NamedNode) else quad.object
    graph = quad.graph_name
    if isinstance(graph, NamedNode) and graph.value != _REGISTRY:
        graph = NamedNode(f"{graph.value}-c{number}")
    return Quad(subject, quad.predicate, object_, graph)


def _reference_graphs(quads: list[Quad]) -> set[str]:
    """The graphs of sources that speak of places only: which country belongs to which bloc, and since when."""
    about: dict[str, set[bool]] = {}
    for quad in quads:
        if quad.predicate.value in (_SUBJECT, _EVENT):
            about.setdefault(terms.text(quad.graph_name), set()).add(terms.text(quad.object).startswith(_PLACE))
    return {graph for graph, is_place in about.items() if is_place == {True}}


def _is_copied(quad: Quad, references: set[str]) -> bool:
    """Whether a quad is about a thing that every copy has of its own."""
    graph = quad.graph_name
    if isinstance(graph, DefaultGraph) or graph.value in _SCHEMA | references:
        return False
    subject = terms.text(quad.subject)
    return _renamed(subject, 1) != subject


def quads(layout: Layout, times: int) -> Iterator[Quad]:
    """All quads of the floors, with all that is about plants, agents, events and policies ``times`` over."""
    shipped = list(dataset.quads(layout))
    yield from shipped
    references = _reference_graphs(shipped)
    copied = [quad for quad in shipped if _is_copied(quad, references)]
    for number in range(1, times):
        yield from (_copy(quad, number) for quad in copied)
