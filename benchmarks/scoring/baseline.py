"""A baseline without a language model: the search of the project finds a question of the catalogue and its parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.scoring.golden import cells
from benchmarks.scoring.score import Response

from nevkg import KnowledgeGraph, Question
from nevkg.ask.arguments import options
from nevkg.ask.catalogue import AS_OF, Parameter, load_catalogue
from nevkg.lookup.search import names, normalise
from nevkg.lookup.statements import count_statements
from nevkg.store import Store
from nevkg.store.memo import memoise

# How many of the best questions are considered, and how many rows of an answer are given.
_QUESTIONS, _ROWS = 5, 50
_LEAST_LETTERS, _LEAST_CHARACTERS = 3, 2
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Baseline:
    """Answers by a question of the catalogue, chosen by the words of the text and the entities that it names."""

    graph: KnowledgeGraph

    def __call__(self, question: str, language: str, day: str) -> Response:
        """See :class:`benchmarks.scoring.score.System`."""
        named, rest = find_named(self.graph, question)
        ranked = load_catalogue(self.graph.store.layout).rank(rest)[:_QUESTIONS]
        # One with a parameter for more of the entities comes first; sorting keeps the order of the rest.
        given = [(one, fill_parameters(self.graph, one, named)) for one in ranked]
        for chosen, parameters in sorted(given, key=lambda pair: -len(pair[1]))[:1]:
            as_of = day if chosen.over == "snapshot" else None
            table = self.graph.ask(chosen.name, as_of=as_of, lang=language, **parameters).page(0, _ROWS)
            rows = [cells(row) for row in table]
            return Response(rows, [[source.iri for source in row.sources()] for row in table], not rows)
        return Response(not_known=True)


def find_named(graph: KnowledgeGraph, text: str) -> tuple[list[list[str]], str]:
    """Finds the names in a text, the longest first.

    Returns:
        For each name, the IRIs that it may mean, those that sources mention most often first; and the rest of the text.
    """
    rest, found = normalise(text), []
    for name, iris in _names(graph.store):
        # A word in Chinese has no spaces around it.
        pattern = re.escape(name) if _HAN.search(name) else rf"(?<!\w){re.escape(name)}(?!\w)"
        if name in rest and (match := re.search(pattern, rest)):
            rest = f"{rest[: match.start()]} | {rest[match.end() :]}"
            counts = count_statements(graph.store, iris)
            found.append(sorted(iris, key=lambda iri: (-counts.get(iri, 0), iri)))
    return found, rest


def fill_parameters(graph: KnowledgeGraph, question: Question, named: list[list[str]]) -> dict[str, object]:
    """Gives each name to the first free parameter of a question that accepts one of its meanings."""
    given: dict[str, object] = {}
    for iris in named:
        for parameter in question.parameters:
            fitting = [iri for iri in iris if parameter.name not in given and _accepts(graph, parameter, iri)]
            if fitting:
                given[parameter.name] = f"<{fitting[0]}>"
                break
    return given


def _accepts(graph: KnowledgeGraph, parameter: Parameter, iri: str) -> bool:
    return parameter.name != AS_OF and iri in options(graph.store, parameter)


@memoise
def _names(store: Store) -> list[tuple[str, list[str]]]:
    """Returns the normalised names that are long enough, the longest first, each with the IRIs that have it."""
    found: dict[str, list[str]] = {}
    for iri, name in names(store):
        plain = normalise(name)
        if len(plain) >= (_LEAST_CHARACTERS if _HAN.search(plain) else _LEAST_LETTERS):
            found.setdefault(plain, []).append(iri)
    return sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0]))
