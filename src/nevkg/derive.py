"""Runs the rules: statements become history, history becomes the current view."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, QueryTriples, Store

from nevkg import engine, terms
from nevkg.errors import InvalidData
from nevkg.head import read_head, read_query
from nevkg.sparql import syntax_problem

# What rules note for later rules only; no query sees it.
WORK = "work"


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
    """Runs each rule once over the union of all graphs and adds what it constructs.

    Raises:
        InvalidData: if a rule is not a SPARQL CONSTRUCT query.
    """
    for rule in rules:
        name = NamedNode(terms.graph(rule.into))
        try:
            found = engine.ask(store, rule.text)
        except SyntaxError as error:
            raise InvalidData(f"{rule.path}: the rule is not SPARQL: {syntax_problem(rule.text, error)}.") from None
        if not isinstance(found, QueryTriples):
            raise InvalidData(f"{rule.path}: the rule makes no triples; write it as a CONSTRUCT query.")
        store.extend([Quad(triple.subject, triple.predicate, triple.object, name) for triple in found])
    store.remove_graph(NamedNode(terms.graph(WORK)))
