"""Measures which questions the tools of the project can answer: each named tool is run, and must contain the golden answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.scoring.golden import Cells, Golden, cells, texts
from benchmarks.scoring.items import DESCRIBE, PATH, QUERY, QUESTION, Item
from pyoxigraph import NamedNode

from nevkg import KnowledgeGraph
from nevkg.ask.profile import triples
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.table.table import Row, Table


@dataclass(frozen=True)
class Coverage:
    """The tool that answers each question, and the questions whose tool lacks a part of the golden answer.

    The latter count as answered by ``query``, as do those that name no tool.
    """

    tools: Mapping[str, str]
    failed: Sequence[str]

    @property
    def typed(self) -> float:
        """The share of the questions that need no SPARQL."""
        return sum(tool != QUERY for tool in self.tools.values()) / len(self.tools)


def measure_coverage(graph: KnowledgeGraph, items: Iterable[Item], golden: Iterable[Golden]) -> Coverage:
    """Runs the tool of each question on each day for which the golden answer has rows; on every day if it never has any."""
    answers: dict[str, list[Golden]] = {}
    for answer in golden:
        answers.setdefault(f"{answer.kind}/{answer.name}", []).append(answer)
    tools, failed = {}, []
    for item in items:
        key, tool = f"{item.kind}/{item.name}", item.answered_by.tool
        checked = [answer for answer in answers[key] if answer.rows] or answers[key]
        if tool != QUERY and not all(_contains(graph.at(as_of=answer.day), item, answer) for answer in checked):
            failed.append(key)
            tool = QUERY
        tools[key] = tool
    return Coverage(tools, failed)


def covers(rows: Iterable[Cells], answer: Golden) -> bool:
    """Whether each golden row is part of some row; if there is no golden row, whether there is none at all."""
    found_rows = [set(row) for row in rows]
    return all(any(set(row) <= found_row for found_row in found_rows) for row in answer.rows) and bool(answer.rows or not found_rows)


def _contains(graph: KnowledgeGraph, item: Item, answer: Golden) -> bool:
    call = item.answered_by
    if call.tool == DESCRIBE:
        return covers(_describe(graph, str(call.target), call.count), answer)
    if call.tool == PATH:
        start, end = call.target
        # The values of a row may be steps of several paths.
        steps = tuple(text for row in graph.path(start, end) for text in cells(row))
        return covers([steps] if steps else [], answer)
    assert call.tool == QUESTION
    table = graph.ask(str(call.target), **dict[str, Any](call.parameters))
    if call.count is not None:
        return covers(_count(table, call.count), answer)
    # The sources that the tool cites are part of its answer; finding them takes long, so they come second.
    return covers(map(cells, table), answer) or covers((cells(row) + _cited(row) for row in table), answer)


def _cited(row: Row) -> Cells:
    return tuple(source.iri for source in row.sources())


def _count(table: Table, column: str) -> list[Cells]:
    number = len({text for value in table[column] for text in texts(value)})
    return [(str(number),)] if number else []


def _describe(graph: KnowledgeGraph, name: str, counted: str | None) -> list[Cells]:
    """Returns the values that an entity has on the day, or the number of those of one property."""
    iri = graph.resolve(name)
    own = [triple for triple in triples(graph.store, iri, graph.as_of) if triple.subject == NamedNode(iri)]
    if counted is None:
        return [(terms.text(triple.object),) for triple in own]
    counted_iri = terms.expand(counted, entities.namespaces(graph.store))
    number = len({triple.object for triple in own if triple.predicate.value == counted_iri})
    return [(str(number),)] if number else []
