"""Traces the evidence of an answer: the triples that each row matched, and the facts, statements or episodes behind them.

The body of the query is run again for each variable that the evidence needs, and so is that of each sub-select. So a row that
groups solutions has the evidence of each of them. ``patterns.GAPS`` lists what is not traced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import NamedTuple

from pyoxigraph import QuerySolution, QuerySolutions

from nevkg.lookup import entities
from nevkg.lookup.matches import Solution, Term, find_reasons, match_facts
from nevkg.sparql.patterns import SYNTAX, Argument, Tracing, build_tracing
from nevkg.store import Store
from nevkg.store.engine import attempt

# Maximum number of solutions of the query, and of each of its sub-selects, that are traced for a row.
MOST = 1000
# For each cell of a row, the IRIs of the statements or episodes that support it.
CellEvidence = tuple[tuple[str, ...], ...]
_Key = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Addend:
    """A number that a sum or an average adds, as text, and the IRIs of its facts, sorted."""

    value: str
    facts: tuple[str, ...]


class Aggregate(NamedTuple):
    """What a cell aggregates: the number of solutions, and the numbers that it adds; none if it only counts."""

    solutions: int
    addends: Sequence[Addend]


class Extent(NamedTuple):
    """How many solutions of a row are traced, and how many there are."""

    traced: int
    total: int


@dataclass(frozen=True)
class Trace:
    """The evidence of rows.

    Attributes:
        facts: for each row and cell, the IRIs of its facts, plans and reports, sorted.
        because: for each of these, the IRIs of those that it follows from, sorted.
        gaps: the parts of the query that are not traced; see ``patterns.GAPS``.
        aggregates: for each row, what its columns aggregate, by name; empty if no row aggregates.
        extents: for each row, how far it is traced; empty if all rows are traced in full.
    """

    facts: Sequence[CellEvidence]
    because: Mapping[str, Sequence[str]] = field(default_factory=dict)
    gaps: Sequence[str] = ()
    aggregates: Sequence[Mapping[str, Aggregate]] = ()
    extents: Sequence[Extent] = ()

    @cached_property
    def roots(self) -> list[CellEvidence]:
        """For each row and cell, the episodes and reports from which its facts ultimately follow, sorted."""
        return [tuple(self.find_roots(cell) for cell in row) for row in self.facts]

    @property
    def addends(self) -> list[dict[str, list[Addend]]]:
        """For each row, what its columns add, by name, with the episodes and reports from which the facts ultimately follow."""
        return [
            {
                name: [Addend(addend.value, self.find_roots(addend.facts)) for addend in cell.addends]
                for name, cell in row.items()
                if cell.addends
            }
            for row in self.aggregates
        ]

    def of_rows(self, rows: slice) -> Trace:
        """Returns the evidence of some of the rows."""
        return replace(self, facts=self.facts[rows], aggregates=self.aggregates[rows], extents=self.extents[rows])

    def find_roots(self, facts: Iterable[str]) -> tuple[str, ...]:
        """Returns the episodes and reports from which facts ultimately follow, sorted."""
        return tuple(sorted({root for fact in facts for root in self._root(fact)}))

    @cached_property
    def _root(self) -> Callable[[str], frozenset[str]]:
        @cache
        def root(fact: str) -> frozenset[str]:
            above = self.because.get(fact, ())
            return frozenset(found for reason in above for found in root(reason)) if above else frozenset((fact,))

        return root


def trace_rows(store: Store, text: str, names: Sequence[str], solutions: Sequence[Sequence[QuerySolution]]) -> Trace:
    """Finds the facts that support rows.

    A cell that aggregates is supported by all facts of the solutions that have a value to count, or a number but 0 to add. Any
    other cell is supported by the facts that have it as their value; if there are none, by those about the subject that it is a
    value of, since these say why the row is there; else by those about itself; else by all facts of its row.

    Args:
        store: the snapshot, or the record.
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
    keys = [[tuple(str(solution[name] or "") for name in tracing.keys) for solution in row] for row in solutions]
    level = _solve(store, tracing, {key for row in keys for key in row}, lambda name: name)
    match_facts(store, [(inner.tracing.patterns, inner.solutions) for inner in level.walk()])
    rows = [_Group.of(level, row) for row in keys]
    cells = [tuple(tuple(sorted(row.find_facts(name))) for name in names) for row in rows]
    return Trace(
        cells,
        find_reasons(store, {fact for row in cells for cell in row for fact in cell}),
        tracing.gaps,
        [{name: aggregate for name in names if (aggregate := row.aggregate(name))} for row in rows],
        [row.extent for row in rows] if any(row.extent.traced < row.extent.total for row in rows) else (),
    )


@dataclass(frozen=True)
class _Level:
    """The solutions of a query, or of a sub-select of it.

    Attributes:
        tracing: how it is traced.
        scope: gives a variable the name that it has in the whole query, or one of its own.
        groups: the solutions of each key, at most ``MOST``.
        counts: the number of solutions of each key.
        parts: its sub-selects.
    """

    tracing: Tracing
    scope: Callable[[str], str]
    groups: Mapping[_Key, Sequence[Solution]]
    counts: Mapping[_Key, int]
    parts: Sequence[_Level]

    @property
    def solutions(self) -> list[Solution]:
        """The solutions of all keys."""
        return [solution for group in self.groups.values() for solution in group]

    def walk(self) -> Iterator[_Level]:
        """Yields the level and those of all sub-selects in it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def find_targets(self, name: str) -> set[str]:
        """Returns a variable and all that it is computed from, by their names in the whole query."""
        found, wanted = set[str](), [name]
        while wanted:
            if (variable := wanted.pop()) not in found:
                found.add(variable)
                wanted += self.tracing.computed.get(variable, ())
        inside = {target for part in self.parts for variable in found & set(part.tracing.keys) for target in part.find_targets(variable)}
        return {self.scope(variable) for variable in found} | inside


def _solve(store: Store, tracing: Tracing, wanted: set[_Key], scope: Callable[[str], str]) -> _Level:
    """Runs a query as it is traced, and its sub-selects, and returns the solutions with the wanted keys.

    Nothing here may call rdflib's parser: its exceptions keep the variables of all callers until the garbage is collected, in
    whatever thread, and results may only be released in the thread that made them.
    """
    results = store.query(tracing.text, entities.namespaces(store))
    assert isinstance(results, QuerySolutions)
    found: dict[_Key, list[Solution]] = {}
    variables = [variable.value for variable in results.variables]
    for solution in results:
        key = tuple([str(term) if isinstance(term, Term) else "" for term in map(solution.__getitem__, tracing.keys)])
        if key in wanted:
            values = {name: term for name, term in zip(variables, solution, strict=True) if isinstance(term, Term)}
            found.setdefault(key, []).append(Solution(values))
    # Engines return solutions in any order, but the same ones are to be traced each time.
    groups = {key: sorted(group, key=str)[:MOST] if len(group) > MOST else group for key, group in found.items()}

    def solve(number: int, part: Tracing) -> _Level:
        keys = {_find_key(part, ground.values) for group in groups.values() for ground in group}
        return _solve(store, part, keys, lambda name: scope(name) if name in part.keys else f"{scope(name)}/{number}")

    parts = [solve(number, part) for number, part in enumerate(tracing.parts)]
    return _Level(tracing, scope, groups, {key: len(group) for key, group in found.items()}, parts)


def _find_key(tracing: Tracing, values: Mapping[str, Term]) -> _Key:
    return tuple(str(values.get(name, "")) for name in tracing.keys)


@dataclass(frozen=True)
class _Group:
    """The solutions behind a row at a level: at most ``MOST``, of how many, and those of the sub-selects that agree with them."""

    level: _Level
    solutions: Sequence[Solution]
    total: int

    @classmethod
    def of(cls, level: _Level, keys: Iterable[_Key]) -> _Group:
        """Returns the solutions of some keys."""
        wanted = dict.fromkeys(keys)
        found = [ground for key in wanted for ground in level.groups.get(key, ())]
        return cls(level, found[:MOST], sum(level.counts.get(key, 0) for key in wanted))

    @cached_property
    def parts(self) -> Sequence[_Group]:
        """The solutions of each sub-select."""
        return [_Group.of(part, (_find_key(part.tracing, solution.values) for solution in self.solutions)) for part in self.level.parts]

    @cached_property
    def extent(self) -> Extent:
        """How far it is traced; if not all solutions of a sub-select are, how far that is."""
        extents = [Extent(len(self.solutions), self.total), *(part.extent for part in self.parts)]
        return max(extents, key=lambda extent: extent.total - extent.traced)

    @cached_property
    def matches(self) -> Sequence[tuple[str, str, set[str]]]:
        """The subject and the object of each pattern, variables by their names in the whole query, and the facts that it matched."""
        own = [
            set[str]().union(*(solution.facts[number] for solution in self.solutions)) for number in range(len(self.level.tracing.patterns))
        ]
        ends = [(self._rename(pattern.subject), self._rename(pattern.object)) for pattern in self.level.tracing.patterns]
        matches = [(subject, obj, facts) for (subject, obj), facts in zip(ends, own, strict=True)]
        return [*matches, *(match for part in self.parts for match in part.matches)]

    def _rename(self, end: str) -> str:
        return f"?{self.level.scope(end[1:])}" if end.startswith("?") else end

    @cached_property
    def facts(self) -> set[str]:
        """All facts."""
        return set[str]().union(*(facts for _, _, facts in self.matches))

    def find_facts(self, name: str) -> set[str]:
        """Returns the facts of a cell; see :func:`trace_rows`."""
        if aggregated := self._find_groups(name):
            return set[str]().union(*(group.facts for group, _ in aggregated))
        targets = {f"?{target}" for target in self.level.find_targets(name)}
        owners = {subject for subject, obj, _ in self.matches if obj in targets}
        as_value = set[str]().union(*(facts for _, obj, facts in self.matches if obj in targets))
        beside = set[str]().union(*(facts for subject, _, facts in self.matches if subject in owners))
        about = set[str]().union(*(facts for subject, _, facts in self.matches if subject in targets))
        return as_value or beside or about or self.facts

    def _find_groups(self, name: str) -> list[tuple[_Group, Sequence[Argument]]]:
        """Returns what :meth:`find_aggregated` yields; nothing if there is nothing to aggregate and another variable gives the value."""
        found = list(self.find_aggregated(name))
        is_mixed = any(not list(self.find_aggregated(other)) for other in self.level.tracing.computed.get(name, ()))
        return [] if is_mixed and not any(group.solutions for group, _ in found) else found

    def find_aggregated(self, name: str) -> Iterator[tuple[_Group, Sequence[Argument]]]:
        """Yields the solutions that a cell aggregates, also by way of sub-selects and expressions, with what it aggregates."""
        tracing = self.level.tracing
        if name in tracing.aggregates:
            arguments = tracing.aggregates[name]
            found = [solution for solution in self.solutions if not arguments or any(_counts(solution, argument) for argument in arguments)]
            yield _Group(self.level, found, len(found)), arguments
        for part in self.parts:
            if name in part.level.tracing.aggregates or name in part.level.tracing.keys:
                yield from part.find_aggregated(name)
        for other in tracing.computed.get(name, ()):
            yield from self.find_aggregated(other)

    def aggregate(self, name: str) -> Aggregate | None:
        """Returns what a cell aggregates; None if it does not."""
        found = self._find_groups(name)
        addends = [addend for group, arguments in found for argument in arguments if argument.is_added for addend in group._add(argument)]
        return Aggregate(max(len(group.solutions) for group, _ in found), addends) if found else None

    def _add(self, argument: Argument) -> list[Addend]:
        """Returns what is added for an argument, the greatest first; nothing if it only counts, as each number is 1."""
        values = [(solution, solution.values[argument.name].value) for solution in self.solutions if _counts(solution, argument)]
        if all(value == "1" for _, value in values):
            return []
        return sorted(
            (Addend(value, self._find_addend(solution, argument)) for solution, value in values),
            key=lambda addend: (-float(addend.value), addend),
        )

    def _find_addend(self, solution: Solution, argument: Argument) -> tuple[str, ...]:
        alone = _Group(self.level, [solution], 1)
        targets = {f"?{target}" for name in argument.variables for target in self.level.find_targets(name)}
        return tuple(sorted(set[str]().union(*(facts for _, obj, facts in alone.matches if obj in targets)) or alone.facts))


def _counts(solution: Solution, argument: Argument) -> bool:
    """Whether an argument has a value in a solution, and not 0 if it is added."""
    term = solution.values.get(argument.name)
    return term is not None and not (argument.is_added and float(term.value) == 0)
