"""Runs the rules: statements become history, and history becomes what holds on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, Store

from nevkg import engine, terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.head import read_head, read_query
from nevkg.sparql import syntax_problem

# Notes of rules for later rules; removed at the end, so that no query sees them.
WORK = "work"
# The default graph of a snapshot. Rules into it read that graph, and name the graphs of the record that they read.
SNAPSHOT = "snapshot"


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query and the slug of the graph that its triples go into."""

    path: Path
    text: str
    into: str


def read_rules(paths: Iterable[Path]) -> list[Rule]:
    """The rules in ``paths``, in that order.

    Raises:
        InvalidData: if a head does not name its graph.
    """
    rules = []
    for path in paths:
        text = read_query(path)
        into = read_head(path, text).get("into")
        if not isinstance(into, str):
            raise InvalidData(f"{path} does not say which graph it writes into; add '#+ into: history' to its head.")
        rules.append(Rule(path, text, into))
    return rules


def derive(store: Store, rules: Iterable[Rule]) -> None:
    """Runs each rule once over the union of all graphs and adds what it constructs. Rules into snapshots are left out.

    Raises:
        InvalidData: if a rule is not a SPARQL CONSTRUCT query.
    """
    for rule in rules:
        if rule.into != SNAPSHOT:
            _add(store, rule, NamedNode(terms.graph(rule.into)))
    store.remove_graph(NamedNode(terms.graph(WORK)))


def derive_snapshot(store: Store, rules: Iterable[Rule]) -> None:
    """Runs each rule once and adds what it constructs to the default graph.

    Raises:
        InvalidData: if a rule is not a SPARQL CONSTRUCT query.
    """
    for rule in rules:
        _add(store, rule, DefaultGraph())


def _add(store: Store, rule: Rule, graph: NamedNode | DefaultGraph) -> None:
    try:
        found = engine.ask(store, rule.text, use_default_graph_as_union=rule.into != SNAPSHOT)
    except SyntaxError as error:
        raise InvalidData(f"{rule.path}: the rule is not SPARQL: {syntax_problem(rule.text, error)}.") from None
    except WrongUsage as error:
        raise InvalidData(f"{rule.path}: {error}") from None
    if not isinstance(found, QueryTriples):
        raise InvalidData(f"{rule.path}: the rule makes no triples; write it as a CONSTRUCT query.")
    store.bulk_extend([Quad(triple.subject, triple.predicate, triple.object, graph) for triple in found])
