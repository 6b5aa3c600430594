"""Runs the rules that derive the history from statements, and snapshots of one day from the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store

from nevkg.data import dataset, terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData, WrongUsage
from nevkg.sparql.syntax import Token, apply_edits, explain_syntax_error, tokenize
from nevkg.store import engine

# Intermediate results of rules for later rules; removed at the end, so that no query sees them.
WORK = "work"
# Used instead of a day: the snapshot of all that holds on any day.
EVER = "ever"
FIRST, LAST = "0001-01-01", "9999-12-31"
BEFORE_ALL = "0000-12-31"
_BECAUSE, _RULE = (str(NamedNode(terms.NEV + name)).encode() for name in ("because", "rule"))
# The most bytes of derived triples to hold in memory.
_MOST = 50_000_000
# The default graph of a snapshot. Rules that write to it read this graph, and any other graphs explicitly by GRAPH.
SNAPSHOT = "snapshot"


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query, the slug of the graph that it writes to, its title (one sentence), and the variables that days replace."""

    path: Path
    text: str
    into: str
    title: str = ""
    given: tuple[str, ...] = ()


def read_rules(paths: Iterable[Path]) -> list[Rule]:
    """Reads the rules in ``paths``, in that order."""
    rules = []
    for path in paths:
        text = read_query(path)
        head = read_head(path, text)
        into = head.get("into")
        if not isinstance(into, str):
            raise InvalidData(f"{path} does not say which graph it writes into; add '#+ into: history' to its head.")
        given = tuple(name.strip() for name in str(head.get("given", "")).split(",") if name.strip())
        rules.append(Rule(path, text, into, str(head.get("title", "")), given))
    return rules


def derive(store: Store, rules: Iterable[Rule]) -> None:
    """Runs each rule once over the union of all graphs and adds the triples that it constructs. Skips rules for snapshots."""
    for rule in rules:
        if rule.into != SNAPSHOT:
            _add(store, rule, NamedNode(terms.graph(rule.into)))
    store.remove_graph(NamedNode(terms.graph(WORK)))


def derive_current(store: Store, layout: Layout) -> str:
    """Derives the snapshot of the dataset's own day into the default graph, and the current view, which is what it says directly.

    Args:
        store: the record, whose default graph is empty.

    Returns:
        The day (ISO).
    """
    graph = NamedNode(terms.graph(dataset.CURRENT))
    structure = list(store.quads_for_pattern(None, None, None, graph))
    day = next(terms.text(quad.object) for quad in store.quads_for_pattern(None, NamedNode(terms.NEV + "datasetDate"), None))
    derive_snapshot(store, layout, day)
    for rule in _read_folder(layout, dataset.CURRENT):
        _add(store, rule, graph)
    store.extend(structure)
    return day


def derive_snapshot(store: Store, layout: Layout, day: str) -> None:
    """Derives the snapshot of a day (ISO or ``EVER``) into the default graph of the record."""
    derive_timeless(store, layout)
    derive_until(store, layout, BEFORE_ALL, day)
    derive_day(store, layout, day)


def derive_timeless(store: Store, layout: Layout) -> None:
    """Derives into the default graph what holds on every day, and removes the current view, which would count for every day."""
    store.remove_graph(NamedNode(terms.graph(dataset.CURRENT)))
    rules = [rule for rule in _read_folder(layout, dataset.STRUCTURE) if rule.into != dataset.HISTORY]
    # Rules that read the union of all graphs are first: their look-ups cost more once the default graph has content.
    _run_rules(store, sorted(rules, key=lambda rule: rule.into == SNAPSHOT))


def derive_until(store: Store, layout: Layout, after: str, day: str) -> None:
    """Derives into the default graph what begins after one day (ISO), up to and including another or ``EVER``, and has no end."""
    _run_rules(store, _read_folder(layout, dataset.LASTING), after=after, day=_bounds(day)[1])


def derive_day(store: Store, layout: Layout, day: str) -> None:
    """Derives into the default graph whatever else holds on this day, or on any day for ``EVER``."""
    first, last = _bounds(day)
    for quad in _describe_day(day):
        store.add(quad)
    _run_rules(store, _read_folder(layout, dataset.SNAPSHOT), first=first, day=last)


def change_day(store: Store, old: str, new: str) -> None:
    """Makes the snapshot of one day (ISO) that of another, between which nothing changes."""
    for quad in _describe_day(old):
        store.remove(quad)
    for quad in _describe_day(new):
        store.add(quad)


def list_changes(store: Store, layout: Layout) -> list[str]:
    """Returns the days (ISO, sorted) on which a snapshot may differ from that of the day before; none if a release does not say."""
    path = dataset.changes_file(layout)
    if not path.is_file():
        return []
    found = engine.ask(store, read_query(path))
    assert isinstance(found, QuerySolutions)
    days = set()
    for row in found:
        if (day := row["day"]) is not None:
            days.add(terms.text(day))
        elif (last := row["last"]) is not None and terms.text(last) < LAST:
            days.add((date.fromisoformat(terms.text(last)) + timedelta(1)).isoformat())
    return sorted(days)


def _bounds(day: str) -> tuple[str, str]:
    return (FIRST, LAST) if day == EVER else (day, day)


def _describe_day(day: str) -> list[Quad]:
    name, kind = NamedNode(terms.SNAPSHOT + day), NamedNode(terms.XSD + "date")
    bounds = zip(("firstDay", "asOf"), _bounds(day), strict=True)
    return [Quad(name, NamedNode(terms.NEV + bound), Literal(value, datatype=kind), DefaultGraph()) for bound, value in bounds]


def _read_folder(layout: Layout, folder: str) -> list[Rule]:
    return read_rules(dataset.rule_files(layout, [folder]))


def _run_rules(store: Store, rules: Iterable[Rule], **days: str) -> None:
    """Runs each rule once and adds the triples that it constructs to the default graph, with ``nev:rule`` for derived facts.

    Args:
        store: the record, with the results of earlier rules.
        rules: the rules, in the order in which they run.
        days: ISO dates by the names of the variables that they replace.
    """
    for rule in rules:
        if unknown := set(rule.given) - set(days):
            raise InvalidData(f"{rule.path}: no day is called {min(unknown)!r} here; its head may name {', '.join(sorted(days))}.")
        given = {name: days[name] for name in rule.given}
        _add(store, replace(rule, text=_with_days(rule.text, given)), DefaultGraph())


def _with_days(text: str, days: Mapping[str, str]) -> str:
    """Returns a rule with variables replaced by dates: if a date is a constant, the engine filters before it joins."""
    return apply_edits(
        text,
        (
            (token.start, token.end, str(Literal(day, datatype=NamedNode(terms.XSD + "date"))))
            for token in _find_variables(text)
            if (day := days.get(token.text[1:]))
        ),
    )


@lru_cache(500)  # each snapshot needs those of the same rules
def _find_variables(text: str) -> tuple[Token, ...]:
    return tuple(token for token in tokenize(text) if token.kind == "variable")


def _add(store: Store, rule: Rule, graph: NamedNode | DefaultGraph) -> None:
    try:
        found = engine.ask(store, rule.text, use_default_graph_as_union=rule.path.parent.name != dataset.CURRENT and rule.into != SNAPSHOT)
    except SyntaxError as error:
        raise InvalidData(f"{rule.path}: the rule is not SPARQL: {explain_syntax_error(rule.text, error)}.") from None
    except WrongUsage as error:
        raise InvalidData(f"{rule.path}: {error}") from None
    if not isinstance(found, QueryTriples):
        raise InvalidData(f"{rule.path}: the rule makes no triples; write it as a CONSTRUCT query.")
    # As lines, which takes half the time of terms in Python.
    parts = _Parts(store, graph)
    found.serialize(cast(IO[bytes], parts), format=RdfFormat.N_TRIPLES)
    parts.load()
    title = str(Literal(rule.title, language=terms.LANGUAGES[0])).encode()
    for fact in sorted(parts.subjects[_BECAUSE] - parts.subjects[_RULE]):
        parts.write(b"%b %b %b .\n" % (fact, _RULE, title))
    parts.load()


class _Parts(RawIOBase):
    """Loads N-Triples into a graph, in parts, so that not all are in memory; the query still reads the state in which it began."""

    def __init__(self, store: Store, graph: NamedNode | DefaultGraph) -> None:
        self.subjects: dict[bytes, set[bytes]] = {_BECAUSE: set(), _RULE: set()}
        self._store, self._graph = store, graph
        self._content = bytearray()

    def write(self, content: Any) -> int:
        self._content += content
        if len(self._content) > _MOST:
            self.load()
        return len(content)

    def load(self) -> None:
        """Loads the complete lines so far."""
        end = self._content.rfind(b"\n") + 1
        lines = bytes(self._content[:end])
        del self._content[:end]
        for name, subjects in self.subjects.items():
            # Faster than a regular expression; what has a space is the beginning of a triple with the name in a literal.
            starts = (before[before.rfind(b"\n") + 1 :] for before in lines.split(b" %b " % name)[:-1])
            subjects.update(start for start in starts if b" " not in start)
        engine.load_lines(self._store, lines, self._graph)
