"""The concepts of a vocabulary as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from nevkg.data import terms
from nevkg.serve.pages.lookup import Facts, facts
from nevkg.serve.pages.terms import LinkedText, Names, in_language, names_of

_BROADER = terms.SKOS + "broader"
_DEFINITION = terms.SKOS + "definition"


@dataclass
class Node:
    """A concept with its narrower concepts."""

    concept: LinkedText
    definition: LinkedText | None
    below: list[Node] = field(default_factory=list)


def tree(names: Names, scheme: str) -> list[Node]:
    """Returns the top concepts of a vocabulary, each with the concepts below it."""
    found = facts(names.store, f"?thing <{terms.SKOS}inScheme> <{scheme}> .")
    names.learn(names_of(found))
    order = sorted(found, key=lambda iri: (names.thing(iri).text.casefold(), iri))
    nodes = {iri: _node(names, iri, found[iri]) for iri in order}
    below: dict[str, list[str]] = {iri: [] for iri in order}
    for iri in order:
        for broader in _broader(found[iri], nodes):
            below[broader].append(iri)
    roots = []
    placed: set[str] = set()
    # Concepts in a cycle have no root above them, but are still included.
    for iri in sorted(order, key=lambda one: bool(_broader(found[one], nodes))):
        if iri not in placed:
            roots.append(nodes[iri])
            _attach_narrower(iri, below, nodes, placed)
    return roots


def _attach_narrower(iri: str, below: dict[str, list[str]], nodes: dict[str, Node], placed: set[str]) -> None:
    """Attaches the narrower concepts to a concept; each concept is placed once."""
    placed.add(iri)
    for other in below[iri]:
        if other not in placed:
            nodes[iri].below.append(nodes[other])
            _attach_narrower(other, below, nodes, placed)


def _broader(of: Facts, nodes: dict[str, Node]) -> list[str]:
    return [broader for term in of.get(_BROADER, []) if (broader := terms.text(term)) in nodes]


def _node(names: Names, iri: str, of: Facts) -> Node:
    definitions = in_language(of.get(_DEFINITION, []), names.language)
    return Node(names.thing(iri), names.render(definitions[0]) if definitions else None)
