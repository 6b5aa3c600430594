"""The concepts of a vocabulary as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field

from nevkg.data import terms
from nevkg.serve.pages.lookup import Facts, facts
from nevkg.serve.pages.terms import Names, Shown, names_of, spoken

_BROADER = terms.SKOS + "broader"
_DEFINITION = terms.SKOS + "definition"


@dataclass
class Node:
    """A concept with those that are narrower."""

    concept: Shown
    definition: Shown | None
    below: list[Node] = field(default_factory=list)


def tree(names: Names, scheme: str) -> list[Node]:
    """The concepts that have nothing broader in the vocabulary, each with those below it."""
    found = facts(names.store, f"?thing <{terms.SKOS}inScheme> <{scheme}> .")
    names.learn(names_of(found))
    order = sorted(found, key=lambda iri: (names.thing(iri).text.casefold(), iri))
    nodes = {iri: _node(names, iri, found[iri]) for iri in order}
    below: dict[str, list[str]] = {iri: [] for iri in order}
    for iri in order:
        for broader in _above(found[iri], nodes):
            below[broader].append(iri)
    roots = []
    placed: set[str] = set()
    # What stands in a circle has no root above it, and is shown all the same.
    for iri in sorted(order, key=lambda one: bool(_above(found[one], nodes))):
        if iri not in placed:
            roots.append(nodes[iri])
            _place(iri, below, nodes, placed)
    return roots


def _place(iri: str, below: dict[str, list[str]], nodes: dict[str, Node], placed: set[str]) -> None:
    """Puts under a concept those below it; each concept stands once."""
    placed.add(iri)
    for other in below[iri]:
        if other not in placed:
            nodes[iri].below.append(nodes[other])
            _place(other, below, nodes, placed)


def _above(of: Facts, nodes: dict[str, Node]) -> list[str]:
    return [broader for term in of.get(_BROADER, []) if (broader := terms.text(term)) in nodes]


def _node(names: Names, iri: str, of: Facts) -> Node:
    definitions = spoken(of.get(_DEFINITION, []), names.language)
    return Node(names.thing(iri), names.shown(definitions[0]) if definitions else None)
