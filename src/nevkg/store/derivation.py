"""Runs the rules that derive the history from statements, and snapshots of one day from the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryTriples, Store, Triple

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.errors import InvalidData, WrongUsage
from nevkg.sparql.syntax import explain_syntax_error, tokenize
from nevkg.store import engine

Subject = NamedNode | BlankNode | Triple

# Intermediate results of rules for later rules; removed at the end, so that no query sees them.
WORK = "work"
_BECAUSE, _RULE = NamedNode(terms.NEV + "because"), NamedNode(terms.NEV + "rule")
# The default graph of a snapshot. Rules that write to it read this graph, and any other graphs explicitly by GRAPH.
SNAPSHOT = "snapshot"
# Below this number of quads a transaction is faster than a bulk load, which writes separate files.
_FEW = 5_000
# The most quads to hold in memory. The query still reads the state in which it began.
_MOST = 500_000


@dataclass(frozen=True)
class Rule:
    """A CONSTRUCT query, the slug of the graph that it writes to, and its title, one sentence."""

    path: Path
    text: str
    into: str
    title: str = ""


def read_rules(paths: Iterable[Path]) -> list[Rule]:
    """Reads the rules in ``paths``, in that order.

    Raises:
        InvalidData: if a head does not name its graph.
    """
    rules = []
    for path in paths:
        text = read_query(path)
        head = read_head(path, text)
        into = head.get("into")
        if not isinstance(into, str):
            raise InvalidData(f"{path} does not say which graph it writes into; add '#+ into: history' to its head.")
        rules.append(Rule(path, text, into, str(head.get("title", ""))))
    return rules


def derive(store: Store, rules: Iterable[Rule]) -> None:
    """Runs each rule once over the union of all graphs and adds the triples that it constructs. Skips rules for snapshots.

    Raises:
        InvalidData: if a rule is not a SPARQL CONSTRUCT query.
    """
    for rule in rules:
        if rule.into != SNAPSHOT:
            _add(store, rule, NamedNode(terms.graph(rule.into)))
    store.remove_graph(NamedNode(terms.graph(WORK)))


def derive_snapshot(store: Store, rules: Iterable[Rule], **days: str) -> None:
    """Runs each rule once and adds the triples that it constructs to the default graph, with ``nev:rule`` for derived facts.

    Args:
        store: the record, with the results of earlier rules.
        rules: the rules, in the order in which they run.
        days: ISO dates by the names of the variables that they replace.

    Raises:
        InvalidData: if a rule is not a SPARQL CONSTRUCT query.
    """
    for rule in rules:
        _add(store, replace(rule, text=_with_days(rule.text, days)), DefaultGraph())


def _with_days(text: str, days: Mapping[str, str]) -> str:
    """Returns a rule with variables replaced by dates: if a date is a constant, the engine filters before it joins."""
    parts, end = [], 0
    for token in tokenize(text):
        if token.kind == "variable" and (day := days.get(token.text[1:])):
            parts += [text[end : token.start], str(Literal(day, datatype=NamedNode(terms.XSD + "date")))]
            end = token.start + len(token.text)
    return "".join([*parts, text[end:]])


def _add(store: Store, rule: Rule, graph: NamedNode | DefaultGraph) -> None:
    try:
        found = engine.ask(store, rule.text, use_default_graph_as_union=rule.into != SNAPSHOT)
    except SyntaxError as error:
        raise InvalidData(f"{rule.path}: the rule is not SPARQL: {explain_syntax_error(rule.text, error)}.") from None
    except WrongUsage as error:
        raise InvalidData(f"{rule.path}: {error}") from None
    if not isinstance(found, QueryTriples):
        raise InvalidData(f"{rule.path}: the rule makes no triples; write it as a CONSTRUCT query.")
    quads: list[Quad] = []
    derived: set[Subject] = set()
    named: set[Subject] = set()
    for subject, predicate, value in found:
        quads.append(Quad(subject, predicate, value, graph))
        if predicate == _BECAUSE:
            derived.add(subject)
        elif predicate == _RULE:
            named.add(subject)
        if len(quads) == _MOST:
            store.bulk_extend(quads)
            quads.clear()
    title = Literal(rule.title, language=terms.LANGUAGES[0])
    quads += [Quad(fact, _RULE, title, graph) for fact in derived - named]
    (store.extend if len(quads) < _FEW else store.bulk_extend)(quads)
