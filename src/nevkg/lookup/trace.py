"""Traces the evidence of an answer over a snapshot: the triples that each row matched, and the facts behind them.

The body of the query is run again for all of its variables, which gives the triples that each row matched. A triple of a
snapshot either has facts, which lead to statements, or is structure. ``patterns.GAPS`` lists what is not traced.
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
from nevkg.sparql.patterns import SYNTAX, Pattern, Tracing, build_tracing
from nevkg.store import Store
from nevkg.store.engine import attempt

Term = NamedNode | Literal
Triple = tuple[Term, str, Term]
_LINKS = (terms.NEV + "fact", terms.NEV + "plan")
_AT_ONCE = 500
# For each cell of a row, the IRIs of the statements or episodes that support it.
CellEvidence = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Trace:
    """The evidence of rows.

    Attributes:
        facts: for each row and cell, the IRIs of its facts, plans and reports, sorted.
        because: for each of these, the IRIs of those that it follows from, sorted.
        gaps: the parts of the query that are not traced; see ``patterns.Tracing``.
        aggregates: the columns that aggregate several solutions.
    """

    facts: Sequence[CellEvidence]
    because: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gaps: Sequence[str] = ()
    aggregates: Sequence[str] = ()

    @property
    def roots(self) -> list[CellEvidence]:
        """For each row and cell, the episodes and reports from which its facts ultimately follow, sorted."""

        @cache
        def behind(fact: str) -> frozenset[str]:
            above = self.because.get(fact, ())
            return frozenset(root for reason in above for root in behind(reason)) if above else frozenset((fact,))

        return [tuple(tuple(sorted({root for fact in cell for root in behind(fact)})) for cell in row) for row in self.facts]


def find_evidence(store: Store, text: str, names: Sequence[str], solutions: Sequence[Sequence[QuerySolution]]) -> list[CellEvidence]:
    """Returns the IRIs of the episodes and reports that support each cell of each row; see :func:`find_facts`."""
    return find_facts(store, text, names, solutions).roots


def find_facts(store: Store, text: str, names: Sequence[str], solutions: Sequence[Sequence[QuerySolution]]) -> Trace:
    """Finds the facts that support rows.

    A cell is supported by the facts that have it as their value; if there are none, by those about the subject that it is a
    value of, since these say why the row is there; else by those about itself; else by all facts of its row.

    Args:
        store: the snapshot.
        text: the query, a SELECT.
        names: the columns.
        solutions: for each row, the solutions that it shows.

    Returns:
        No evidence, and ``SYNTAX`` as a gap, if the query cannot be analysed.
    """
    untraced = Trace([((),) * len(names) for _ in solutions], gaps=(SYNTAX,))
    return attempt(lambda: _find_facts(store, text, names, solutions), untraced)


def _find_facts(store: Store, text: str, names: Sequence[str], solutions: Sequence[Sequence[QuerySolution]]) -> Trace:
    spaces = entities.namespaces(store)
    tracing = build_tracing(text, tuple(names), tuple(spaces.items()))
    found: dict[tuple[str, ...], list[dict[str, Term]]] = defaultdict(list)
    results = store.query(tracing.text, spaces)
    assert isinstance(results, QuerySolutions)
    variables = [variable.value for variable in results.variables]
    keys = [[tuple(str(solution[name] or "") for name in tracing.keys) for solution in row] for row in solutions]
    wanted = {key for row in keys for key in row}
    for solution in results:
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
        instances = [self._instances(row) for row in self._rows]
        triples = {triple for row in instances for _, of_pattern in row for triple in of_pattern}
        subjects = {subject.value for subject, _, _ in triples if isinstance(subject, NamedNode)}
        facts = self._facts(subjects)
        # A triple about a fact, a plan or a statement is supported by that fact, plan or statement.
        linked = {obj.value for _, name, obj in triples if name in _LINKS} | self._statements(subjects)

        def behind(of_pattern: Iterable[Triple]) -> set[str]:
            found: set[str] = set()
            for subject, name, obj in of_pattern:
                found |= {subject.value} & linked or ({obj.value} if name in _LINKS else facts.get((subject.value, name, str(obj)), set()))
            return found

        cells = [_assign_to_cells([(pattern, behind(of_pattern)) for pattern, of_pattern in row], names) for row in instances]
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
        """Finds the intermediate triples of property paths."""
        for pattern in self._tracing.patterns:
            if len(pattern.steps) < 2:
                continue
            pairs = {ends for row in self._rows for values in row if (ends := self._ends(pattern, values))}
            stations = ["?s", *(f"?m{number}" for number in range(1, len(pattern.steps))), "?o"]
            hops = list(zip(stations[:-1], pattern.steps, stations[1:], strict=True))
            body = " ".join(f"{b} <{name}> {a} ." if against else f"{a} <{name}> {b} ." for a, (name, against), b in hops)
            for portion in _batches(sorted(pairs, key=str)):
                values = " ".join(f"({subject} {obj})" for subject, obj in portion)
                for found in entities.select(self._store, f"SELECT * WHERE {{ VALUES (?s ?o) {{ {values} }} {body} }}"):
                    for a, (name, against), b in hops:
                        one, other = found[a[1:]], found[b[1:]]
                        self._between[pattern, found["s"], found["o"]].append((other, name, one) if against else (one, name, other))

    def _facts(self, subjects: Iterable[str]) -> dict[tuple[str, str, str], set[str]]:
        """Returns the facts of each triple about some subjects."""
        found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for portion in _batches(sorted(subjects)):
            query = f"""PREFIX nev: <{terms.NEV}>
                SELECT ?subject ?property ?value ?fact WHERE {{
                  VALUES ?subject {{ {terms.format_iris(portion)} }}
                  ?subject nev:fact ?fact .
                  ?fact nev:property ?property ;
                    ?slot ?value .
                  FILTER(?slot IN (nev:value, nev:low, nev:high, nev:text))
                }}"""
            for row in entities.select(self._store, query):
                found[terms.text(row["subject"]), terms.text(row["property"]), str(row["value"])].add(terms.text(row["fact"]))
        return found

    def _statements(self, subjects: Iterable[str]) -> set[str]:
        """Returns the subjects that are statements."""
        found: set[str] = set()
        for portion in _batches(sorted(subjects)):
            query = f"SELECT ?subject WHERE {{ VALUES ?subject {{ {terms.format_iris(portion)} }} ?subject <{terms.NEV}source> ?source }}"
            found |= {terms.text(row["subject"]) for row in entities.select(self._store, query)}
        return found

    def _because(self, facts: Iterable[str]) -> dict[str, list[str]]:
        """Returns the facts from which each fact follows, including those of the facts found, to the end of every chain."""
        above: dict[str, set[str]] = {}
        wanted = set(facts)
        while missing := wanted - above.keys():
            above |= {fact: set() for fact in missing}
            for portion in _batches(sorted(missing)):
                query = (
                    f"SELECT ?fact ?because WHERE {{ VALUES ?fact {{ {terms.format_iris(portion)} }} ?fact <{terms.NEV}because> ?because }}"
                )
                for row in entities.select(self._store, query):
                    above[terms.text(row["fact"])].add(terms.text(row["because"]))
            wanted |= {reason for fact in missing for reason in above[fact]}
        return {fact: sorted(reasons) for fact, reasons in above.items()}


def _assign_to_cells(row: Sequence[tuple[Pattern, set[str]]], names: Sequence[str]) -> CellEvidence:
    """Assigns the facts of a row to its cells; see :func:`find_facts`."""
    whole = set[str]().union(*(facts for _, facts in row))
    cells = []
    for name in names:
        as_value = set[str]().union(*(facts for pattern, facts in row if pattern.object == f"?{name}"))
        about = set[str]().union(*(facts for pattern, facts in row if pattern.subject == f"?{name}"))
        owners = {pattern.subject for pattern, _ in row if pattern.object == f"?{name}"}
        beside = set[str]().union(*(facts for pattern, facts in row if pattern.subject in owners))
        cells.append(tuple(sorted(as_value or beside or about or whole)))
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


def _batches(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    rest = iter(items)
    while portion := list(islice(rest, _AT_ONCE)):
        yield portion
