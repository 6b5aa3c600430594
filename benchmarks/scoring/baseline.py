"""A baseline without a language model: the search of the project finds a question of the catalogue and its parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from benchmarks.scoring.golden import cells
from benchmarks.scoring.score import Response

from nevkg import KnowledgeGraph, Question
from nevkg.ask.arguments import options
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Parameter, load_catalogue
from nevkg.lookup.search import names
from nevkg.lookup.statements import count_statements
from nevkg.store import Store
from nevkg.store.memo import memoise

# The number of best-ranked questions to consider, and the maximum number of rows. A longer answer is cut and has no citations.
_QUESTIONS, _ROWS = 5, 50
# Names with fewer letters than the first number are matched with case; names shorter than the second are ignored.
_LEAST_LETTERS, _LEAST_CHARACTERS = 4, 2
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Baseline:
    """Answers by a question of the catalogue, chosen by the words of the text and the entities that it names."""

    graph: KnowledgeGraph
    answers: dict[tuple[str, ...], Response] = field(default_factory=dict)

    def __call__(self, question: str, language: str, day: str) -> Response:  # noqa: ARG002  names are found in any language
        """See :class:`benchmarks.scoring.score.System`."""
        named = find_named(self.graph, question)
        ranked = load_catalogue(self.graph.store.layout).rank(question)[:_QUESTIONS]
        # Questions with parameters for more of the entities come first; the sort is stable.
        candidates = [(candidate, fill_parameters(self.graph, candidate, named)) for candidate in ranked]
        for best, parameters in sorted(candidates, key=lambda pair: -len(pair[1]))[:1]:
            return self._answer(best, parameters, day)
        return Response(not_known=True)

    def _answer(self, question: Question, parameters: Mapping[str, str], day: str) -> Response:
        as_of = day if question.over == SNAPSHOT else None
        key = (question.name, str(as_of), *(f"{name}={value}" for name, value in parameters.items()))
        if key not in self.answers:
            table = self.graph.ask(question.name, as_of=as_of, **parameters)
            # A long answer is cut, so it cannot be right; finding its sources would only take time.
            cited = [[source.iri for source in row.sources()] for row in table] if len(table) <= _ROWS else []
            self.answers[key] = Response([cells(row) for row in table[:_ROWS]], cited, not len(table))
        return self.answers[key]


def find_named(graph: KnowledgeGraph, text: str) -> list[list[str]]:
    """Finds the names in a text, the longest first; parts of a name that was found do not count.

    Returns:
        For each name, the IRIs that it may mean, those that sources mention most often first.
    """
    rest, meanings = text, []
    for name, folded, iris in _names(graph.store):
        if folded not in rest.casefold():
            continue
        # A word in Chinese has no spaces around it. A short name, such as a code, may look like a word in lower case.
        pattern = re.escape(name) if _HAN.search(name) else rf"(?<!\w){re.escape(name)}(?!\w)"
        if match := re.search(pattern, rest, 0 if len(name) < _LEAST_LETTERS else re.IGNORECASE):
            rest = f"{rest[: match.start()]} | {rest[match.end() :]}"
            counts = count_statements(graph.store, iris)
            meanings.append(sorted(iris, key=lambda iri: (-counts.get(iri, 0), iri)))
    return meanings


def fill_parameters(graph: KnowledgeGraph, question: Question, named: list[list[str]]) -> dict[str, str]:
    """Gives each name to the first free parameter of a question that accepts one of its meanings."""
    values: dict[str, str] = {}
    for iris in named:
        for parameter in question.parameters:
            fitting = [iri for iri in iris if parameter.name not in values and _accepts(graph, parameter, iri)]
            if fitting:
                values[parameter.name] = f"<{fitting[0]}>"
                break
    return values


def _accepts(graph: KnowledgeGraph, parameter: Parameter, iri: str) -> bool:
    return parameter.name != AS_OF and iri in options(graph.store, parameter)


@memoise
def _names(store: Store) -> list[tuple[str, str, list[str]]]:
    """Returns the names that are long enough, the longest first, each without case, and with the IRIs that have it."""
    by_name: dict[str, list[str]] = {}
    for iri, name in names(store):
        if len(name) >= _LEAST_CHARACTERS:
            by_name.setdefault(name, []).append(iri)
    return [(name, name.casefold(), iris) for name, iris in sorted(by_name.items(), key=lambda pair: (-len(pair[0]), pair[0]))]
