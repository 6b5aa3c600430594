"""Finds the triples that solutions of a query matched, and the facts, plans, statements and episodes behind these triples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from pyoxigraph import Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.sparql.patterns import Pattern
from nevkg.store import Store

Term = NamedNode | Literal
Triple = tuple[Term, str, Term]
# The triples of a property path between two ends.
_Between = Mapping[tuple[Pattern, Term, Term], Sequence[Triple]]
_LINKS = (terms.NEV + "fact", terms.NEV + "plan")
_AT_ONCE = 500
_NOTHING = frozenset[str]()


@dataclass
class Solution:
    """A solution: the values of its variables, and for each pattern the facts of the triples that it matched."""

    values: Mapping[str, Term]
    facts: Sequence[frozenset[str]] = ()


def match_facts(store: Store, levels: Sequence[tuple[Sequence[Pattern], Sequence[Solution]]]) -> None:
    """Finds the facts of each pattern in each solution.

    A triple about a fact, a plan, a statement or an episode is supported by that; any other triple by its facts.

    Args:
        store: the snapshot, or the record.
        levels: patterns, with the solutions in which they have values.
    """
    between = _walk(store, levels)
    matched = [
        (solution, of_solution)
        for patterns, solutions in levels
        for solution, of_solution in zip(
            solutions, zip(*(_match(pattern, solutions, between) for pattern in patterns), strict=True), strict=False
        )
    ]
    triples = {triple for _, of_solution in matched for of_pattern in of_solution for triple in of_pattern}
    subjects = {subject.value for subject, _, _ in triples if isinstance(subject, NamedNode)}
    facts = _find_facts(store, subjects)
    linked = {obj.value for _, name, obj in triples if name in _LINKS} | _find_statements(store, subjects)

    def support(triple: Triple) -> frozenset[str]:
        subject, name, obj = triple
        if subject.value in linked:
            return frozenset((subject.value,))
        return frozenset((obj.value,)) if name in _LINKS else facts.get((subject.value, name, str(obj)), _NOTHING)

    supports = {triple: support(triple) for triple in triples}
    for solution, of_solution in matched:
        solution.facts = [
            supports[of_pattern[0]] if len(of_pattern) == 1 else _NOTHING.union(*map(supports.__getitem__, of_pattern))
            for of_pattern in of_solution
        ]


def _match(pattern: Pattern, solutions: Sequence[Solution], between: _Between) -> Iterator[Sequence[Triple]]:
    """Yields for each solution the triples that a pattern matched."""
    ((name, against), *further) = pattern.steps
    for ends, solution in zip(_find_ends(pattern, solutions), solutions, strict=True):
        step = solution.values.get(name[1:]) if name.startswith("?") else name
        if ends is None or step is None:
            yield ()
        elif further:
            yield between.get((pattern, *ends), ())
        else:
            property_name = step if isinstance(step, str) else step.value
            yield ((ends[1], property_name, ends[0]) if against else (ends[0], property_name, ends[1]),)


def _find_ends(pattern: Pattern, solutions: Iterable[Solution]) -> Iterator[tuple[Term, Term] | None]:
    """Yields for each solution the subject and the object of a pattern; None if one of them has no value."""
    subject_name, object_name = pattern.subject[1:], pattern.object[1:]
    subject_term, object_term = _read_term(pattern.subject), _read_term(pattern.object)
    for solution in solutions:
        subject = subject_term or solution.values.get(subject_name)
        obj = object_term or solution.values.get(object_name)
        yield None if subject is None or obj is None else (subject, obj)


def _walk(store: Store, levels: Iterable[tuple[Sequence[Pattern], Sequence[Solution]]]) -> _Between:
    """Finds the intermediate triples of property paths."""
    found: dict[tuple[Pattern, Term, Term], list[Triple]] = defaultdict(list)
    pairs: dict[Pattern, set[tuple[Term, Term]]] = defaultdict(set)
    for patterns, solutions in levels:
        for pattern in patterns:
            if len(pattern.steps) > 1:
                pairs[pattern].update(ends for ends in _find_ends(pattern, solutions) if ends)
    for pattern, of_pattern in pairs.items():
        stations = ["?s", *(f"?m{number}" for number in range(1, len(pattern.steps))), "?o"]
        hops = list(zip(stations[:-1], pattern.steps, stations[1:], strict=True))
        body = " ".join(f"{b} <{name}> {a} ." if against else f"{a} <{name}> {b} ." for a, (name, against), b in hops)
        for portion in _batches(sorted(of_pattern, key=str)):
            values = " ".join(f"({subject} {obj})" for subject, obj in portion)
            for row in entities.select(store, f"SELECT * WHERE {{ VALUES (?s ?o) {{ {values} }} {body} }}"):
                for a, (name, against), b in hops:
                    one, other = row[a[1:]], row[b[1:]]
                    found[pattern, row["s"], row["o"]].append((other, name, one) if against else (one, name, other))
    return found


def _find_facts(store: Store, subjects: Iterable[str]) -> Mapping[tuple[str, str, str], frozenset[str]]:
    """Returns the facts of each triple about some subjects."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for portion in _batches(sorted(subjects)):
        query = f"""SELECT ?subject ?property ?value ?fact WHERE {{
              VALUES ?subject {{ {terms.format_iris(portion)} }}
              ?subject nev:fact ?fact .
              ?fact nev:property ?property ;
                ?slot ?value .
              FILTER(?slot IN (nev:value, nev:low, nev:high, nev:text))
            }}"""
        for row in entities.select(store, query):
            found[terms.text(row["subject"]), terms.text(row["property"]), str(row["value"])].add(terms.text(row["fact"]))
    return {triple: frozenset(facts) for triple, facts in found.items()}


def _find_statements(store: Store, subjects: Iterable[str]) -> set[str]:
    """Returns the subjects that are statements or episodes; in a snapshot, episodes that are over are in the graph of the history."""
    found: set[str] = set()
    for portion in _batches(sorted(subjects)):
        query = f"""SELECT DISTINCT ?subject WHERE {{
            VALUES ?subject {{ {terms.format_iris(portion)} }}
            {{ ?subject nev:source ?other }} UNION {{ GRAPH ?graph {{ ?subject prov:wasDerivedFrom ?other }} }} }}"""
        found |= {row["subject"] for row in entities.rows(store, query)}
    return found


def find_reasons(store: Store, facts: Iterable[str]) -> dict[str, list[str]]:
    """Returns the facts from which each fact follows, including those of the facts found, to the end of every chain."""
    above: dict[str, set[str]] = {}
    wanted = set(facts)
    while missing := wanted - above.keys():
        above |= {fact: set() for fact in missing}
        for portion in _batches(sorted(missing)):
            query = f"SELECT ?fact ?because WHERE {{ VALUES ?fact {{ {terms.format_iris(portion)} }} ?fact nev:because ?because }}"
            for row in entities.rows(store, query):
                above[row["fact"]].add(row["because"])
        wanted |= {reason for fact in missing for reason in above[fact]}
    return {fact: sorted(reasons) for fact, reasons in above.items()}


@lru_cache(maxsize=1024)
def _read_term(end: str) -> Term | None:
    """Returns the term at an end of a pattern; None for a variable."""
    if end.startswith("?"):
        return None
    if end.startswith("<"):
        return NamedNode(end[1:-1])
    from rdflib.util import from_n3

    literal: Any = from_n3(end)
    if literal.language:
        return Literal(str(literal), language=literal.language)
    return Literal(str(literal), datatype=NamedNode(str(literal.datatype)) if literal.datatype else None)


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    rest = iter(items)
    while portion := list(islice(rest, _AT_ONCE)):
        yield portion
