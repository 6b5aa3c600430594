"""Finds variables of a query that would have to be of two disjoint classes, by the domains and ranges of its properties."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from nevkg.ask.emptiness.names import Namer
from nevkg.ask.emptiness.patterns import holds
from nevkg.ask.emptiness.query import Demands
from nevkg.ask.emptiness.reason import Clash, ClassUse
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import memoise

_TYPE = terms.RDF + "type"
_PREFIXES = f"PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX rdf: <{terms.RDF}> PREFIX rdfs: <{terms.RDFS}>"
_ENDS = """SELECT ?property ?end ?class WHERE {
  VALUES (?states ?end) { (rdfs:domain "subject") (rdfs:range "object") }
  ?property ?states ?class . FILTER(isIRI(?class)) }"""
_DISJOINT = """SELECT DISTINCT ?one ?other WHERE {
  { ?one owl:disjointWith ?other }
  UNION { ?all a owl:AllDisjointClasses ; owl:members ?list . ?list rdf:rest*/rdf:first ?one . ?list rdf:rest*/rdf:first ?other }
  FILTER(isIRI(?one) && isIRI(?other) && ?one != ?other) }"""


def find_clashes(store: Store, record: Store, demands: Demands, namer: Namer) -> tuple[Clash, ...]:
    """Returns a clash for each variable that no entity can stand for.

    Args:
        store: the store that was queried.
        record: the record, which has the ontology.
        demands: what the query demands: only patterns that every solution matches.
        namer: formats classes and patterns.
    """
    required: dict[str, dict[str, str]] = {}
    for variable, kind, pattern in _read_requirements(record, demands):
        required.setdefault(variable, {}).setdefault(kind, pattern)
    clashes = []
    for variable, kinds in required.items():
        # Data may violate the ontology, so both patterns together must have no match, either.
        pairs = (
            pair for pair in combinations(kinds, 2) if _are_disjoint(record, *pair) and not _match(store, *map(kinds.__getitem__, pair))
        )
        if pair := next(pairs, None):
            clashes.append(Clash(variable, *(ClassUse(namer.short(f"<{kind}>"), namer.short(kinds[kind])) for kind in pair)))
    return tuple(clashes)


def _read_requirements(record: Store, demands: Demands) -> Iterator[tuple[str, str, str]]:
    """Yields variables, a class that each must be of, and the pattern that requires it."""
    for link in demands.links:
        pattern = f"{link.subject} <{link.property}> {link.object}"
        if link.property == _TYPE and link.object.startswith("<"):
            yield link.subject, link.object[1:-1], pattern
        for end, kind in _ends(record).get(link.property, ()):
            name = link.subject if end == "subject" else link.object
            if name.startswith("?"):
                yield name, kind, pattern


def _match(store: Store, one: str, other: str) -> bool:
    return holds(store, f"ASK {{ {one} . {other} }}", otherwise=True)


@memoise
def _ends(record: Store) -> dict[str, list[tuple[str, str]]]:
    """Returns the classes of the subjects and objects of each property."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in entities.rows(record, f"{_PREFIXES} {_ENDS} ORDER BY ?property ?end ?class"):
        found.setdefault(row["property"], []).append((row["end"], row["class"]))
    return found


@memoise
def _disjoint(record: Store) -> set[frozenset[str]]:
    return {frozenset((row["one"], row["other"])) for row in entities.rows(record, f"{_PREFIXES} {_DISJOINT}")}


def _are_disjoint(record: Store, one: str, other: str) -> bool:
    above = [entities.with_superclasses(record, [kind]) for kind in (one, other)]
    return any(frozenset(pair) in _disjoint(record) for pair in product(*above))
