"""What an answer over a snapshot rests on: the triples that its query matched, row by row, and the facts behind them.

The query's own body is asked again with all of its variables, so that each row has the triples that made it. A triple of a
snapshot either has facts, which lead to statements, or is structure. What is not traced is named by ``patterns.GAPS``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.sparql.patterns import SYNTAX, Pattern, Tracing, trace
from nevkg.store import Store

Term = NamedNode | Literal
Triple = tuple[Term, str, Term]
_LINKS = (terms.NEV + "fact", terms.NEV + "plan")
_AT_ONCE = 500
# For each cell of a row the IRIs of the statements or episodes that it rests on.
Rests = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Trace:
    """What rows rest on.

    Attributes:
        facts: for each row and cell the IRIs of its facts, plans and reports, sorted.
        because: for each of these those that it follows from, sorted.
        gaps: what of the query is not traced; see ``patterns.Tracing``.
        aggregates: the columns that are made of several solutions.
    """

    facts: Sequence[Rests]
    because: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gaps: Sequence[str] = ()
    aggregates: Sequence[str] = ()

    @property
    def roots(self) -> list[Rests]:
        """For each row and cell the episodes and reports that it rests on in the end, sorted."""

        @cache
        def behind(fact: str) -> frozenset[str]:
            above = self.because.get(fact, ())
            return frozenset(root for reason in above for root in behind(reason)) if above else frozenset((fact,))

        return [tuple(tuple(sorted({root for fact in cell for root in behind(fact)})) for cell in row) for row in self.facts]


def find_evidence(store: Store, text: str, names: Sequence[str], solutions: Sequence[Sequence[QuerySolution]]) -> list[Rests]:
    """For each row, and each of its cells, the IRIs of the episodes and reports that it rests on; see :func:`find_facts`."""
    return find_facts(store, text, names, solutions).roots


def find_facts(store: Store, text: str, names: Sequence[str], solutions: Sequence[Sequence[QuerySolution]]) -> Trace:
    """What rows rest on.

    A cell rests on the facts that have it as their value; if there are none, on those about it; else on those about what it is a
    value of; else on those of its row.

    Args:
        store: the snapshot.
        text: the query, a SELECT.
        names: the columns.
        solutions: for each row the solutions that it shows.
    """
    spaces = entities.namespaces(store)
    tracing = trace(text, tuple(names), tuple(spaces.items()))
    found: dict[tuple[str, ...], list[dict[str, Term]]] = defaultdict(list)
    try:
        asked = store.query(tracing.text, spaces)
    except SyntaxError:
        return Trace([((),) * len(names) for _ in solutions], gaps=(SYNTAX,))
    assert isinstance(asked, QuerySolutions)
    variables = [variable.value for variable in asked.variables]
    keys = [[tuple(str(solution[name] or "") for name in tracing.keys) for solution in row] for row in solutions]
    wanted = {key for row in keys for key in row}
    for solution in asked:
        values = {name: term for name, term in zip(variables, solution, strict=True) if isinstance(term, Term)}
        if (key := tuple(str(values.get(name, "")) for name in tracing.keys)) in wanted:
            found[key].append(values)
    rows = [[values for key in row for values in found.get(key, ())] for row in keys]
    return _Finder(store, tracing, rows).find(names)


class _Finder:
    """Looks up the facts of triples, for all rows at once."""

    def __init__(self, store: Store, tracing: Tracing, rows: Sequence[Sequence[Mapping[str, Term]]]) -> None:
        self._store, self._tracing, self._rows = store, tracing, rows
        self._between: dict[tuple[Pattern, Term, Term], list[Triple]] = defaultdict(list)

    def find(self, names: Sequence[str]) -> Trace:
        self._walk()
        made = [self._instances(row) for row in self._rows]
        triples = {triple for row in made for _, of_pattern in row for triple in of_pattern}
        subjects = {subject.value for subject, _, _ in triples if isinstance(subject, NamedNode)}
        facts = self._facts(subjects)
        # What is said of a fact, a plan or a statement rests on that itself.
        linked = {obj.value for _, name, obj in triples if name in _LINKS} | self._statements(subjects)

        def behind(of_pattern: Iterable[Triple]) -> set[str]:
            found: set[str] = set()
            for subject, name, obj in of_pattern:
                found |= {subject.value} & linked or ({obj.value} if name in _LINKS else facts.get((subject.value, name, str(obj)), set()))
            return found

        cells = [_cells([(pattern, behind(of_pattern)) for pattern, of_pattern in row], names) for row in made]
        because = self._because({fact for row in cells for cell in row for fact in cell})
        aggregates = tuple(name for name in names if name not in self._tracing.keys)
        return Trace(cells, because, self._tracing.gaps, aggregates)

    def _ends(self, pattern: Pattern, values: Mapping[str, Term]) -> tuple[Term, Term] | None:
        ends = [_term(end, values) for end in (pattern.subject, pattern.object)]
        return (ends[0], ends[1]) if ends[0] is not None and ends[1] is not None else None

    def _instances(self, row: Sequence[Mapping[str, Term]]) -> list[tuple[Pattern, list[Triple]]]:
        found: list[tuple[Pattern, list[Triple]]] = []
        for pattern in self._tracing.patterns:
            ends = dict.fromkeys(ends for values in row if (ends := self._ends(pattern, values)))
            triples = [triple for pair in ends for triple in self._triples(pattern, *pair)]
            found.append((pattern, triples))
        return found

    def _triples(self, pattern: Pattern, subject: Term, obj: Term) -> list[Triple]:
        if len(pattern.steps) > 1:
            return self._between[pattern, subject, obj]
        ((name, against),) = pattern.steps
        return [(obj, name, subject) if against else (subject, name, obj)]

    def _walk(self) -> None:
        """Finds what lies between the ends of paths."""
        for pattern in self._tracing.patterns:
            if len(pattern.steps) < 2:
                continue
            pairs = {ends for row in self._rows for values in row if (ends := self._ends(pattern, values))}
            stations = ["?s", *(f"?m{number}" for number in range(1, len(pattern.steps))), "?o"]
            hops = list(zip(stations[:-1], pattern.steps, stations[1:], strict=True))
            body = " ".join(f"{b} <{name}> {a} ." if against else f"{a} <{name}> {b} ." for a, (name, against), b in hops)
            for portion in _portions(sorted(pairs, key=str)):
                values = " ".join(f"({subject} {obj})" for subject, obj in portion)
                for found in entities.select(self._store, f"SELECT * WHERE {{ VALUES (?s ?o) {{ {values} }} {body} }}"):
                    for a, (name, against), b in hops:
                        one, other = found[a[1:]], found[b[1:]]
                        self._between[pattern, found["s"], found["o"]].append((other, name, one) if against else (one, name, other))

    def _facts(self, subjects: Iterable[str]) -> dict[tuple[str, str, str], set[str]]:
        """The facts of each triple about some subjects."""
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for portion in _portions(sorted(subjects)):
            query = f"""PREFIX nev: <{terms.NEV}>
                SELECT ?subject ?property ?value ?fact WHERE {{
                  VALUES ?subject {{ {terms.iris(portion)} }}
                  ?subject nev:fact ?fact .
                  ?fact nev:property ?property ;
                    ?slot ?value .
                  FILTER(?slot IN (nev:value, nev:low, nev:high, nev:text))
                }}"""
            for row in entities.select(self._store, query):
                found[terms.text(row["subject"]), terms.text(row["property"]), str(row["value"])].add(terms.text(row["fact"]))
        return found

    def _statements(self, subjects: Iterable[str]) -> set[str]:
        """Those that are statements."""
        found: set[str] = set()
        for portion in _portions(sorted(subjects)):
            query = f"SELECT ?subject WHERE {{ VALUES ?subject {{ {terms.iris(portion)} }} ?subject <{terms.NEV}source> ?source }}"
            found |= {terms.text(row["subject"]) for row in entities.select(self._store, query)}
        return found

    def _because(self, facts: Iterable[str]) -> dict[str, list[str]]:
        """For each fact, and each that these follow from, those that it follows from."""
        above: dict[str, set[str]] = {}
        wanted = set(facts)
        while missing := wanted - above.keys():
            above |= {fact: set() for fact in missing}
            for portion in _portions(sorted(missing)):
                query = f"SELECT ?fact ?because WHERE {{ VALUES ?fact {{ {terms.iris(portion)} }} ?fact <{terms.NEV}because> ?because }}"
                for row in entities.select(self._store, query):
                    above[terms.text(row["fact"])].add(terms.text(row["because"]))
            wanted |= {reason for fact in missing for reason in above[fact]}
        return {fact: sorted(reasons) for fact, reasons in above.items()}


def _cells(row: Sequence[tuple[Pattern, set[str]]], names: Sequence[str]) -> Rests:
    """What each cell rests on."""
    whole = set[str]().union(*(facts for _, facts in row))
    cells = []
    for name in names:
        as_value = set[str]().union(*(facts for pattern, facts in row if pattern.object == f"?{name}"))
        about = set[str]().union(*(facts for pattern, facts in row if pattern.subject == f"?{name}"))
        owners = {pattern.subject for pattern, _ in row if pattern.object == f"?{name}"}
        beside = set[str]().union(*(facts for pattern, facts in row if pattern.subject in owners))
        cells.append(tuple(sorted(as_value or about or beside or whole)))
    return tuple(cells)


def _term(end: str, values: Mapping[str, Term]) -> Term | None:
    if end.startswith("?"):
        return values.get(end[1:])
    if end.startswith("<"):
        return NamedNode(end[1:-1])
    from rdflib.util import from_n3

    literal: Any = from_n3(end)
    if literal.language:
        return Literal(str(literal), language=literal.language)
    return Literal(str(literal), datatype=NamedNode(str(literal.datatype)) if literal.datatype else None)


def _portions(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    rest = iter(items)
    while portion := list(islice(rest, _AT_ONCE)):
        yield portion
