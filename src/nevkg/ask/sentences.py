"""Reads sentences such as *who builds in Thailand*: the entities and the year that they name, and the questions that they ask."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import islice, product
from math import inf

from nevkg.ask.answer import Answer, ask
from nevkg.ask.arguments import ANYTHING, options
from nevkg.ask.catalogue import SNAPSHOT, Catalogue, Parameter, Question, question_parts
from nevkg.data.json_values import to_json_value
from nevkg.lookup import entities
from nevkg.lookup.literals import format_number
from nevkg.lookup.search import find_mentions, score_texts
from nevkg.lookup.statements import count_statements
from nevkg.store import Store
from nevkg.table.values import Thing, each, to_text
from nevkg.view import NO_DATA, describe_figure

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# The type of a parameter that is a vocabulary: its values are kinds, such as *planned*, not entities.
_VOCABULARY = "voc:"
# The questions whose answers are looked at, until one is not empty; and the values of an answer to show.
_TRIED, _SHOWN = 5, 4
# The ways to give the entities to the parameters of one question.
_WAYS = 2
# The weight of the words of a question that the first page shows, which is often meant.
_FEATURED = 1.5
_BETWEEN = " · "
_LEAST_FOR_COMMAS = 10_000  # smaller numbers may be years


@dataclass(frozen=True)
class Offer:
    """A question with filters that a sentence gives.

    Attributes:
        question: the question.
        given: the values of its parameters, as IRIs.
        as_of: the day (ISO) that the sentence asks for; empty if it names none.
        fit: how well it matches the other words of the sentence, as a share of the best; 0 if it has none of them.
    """

    question: Question
    given: Mapping[str, Sequence[str]]
    as_of: str
    fit: float = 0.0

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """The IRIs of the entities in its filters, without kinds of a vocabulary."""
        return tuple(
            iri for name, iris in self.given.items() if not self.question.parameter(name).type.startswith(_VOCABULARY) for iri in iris
        )

    def ask(self, store: Store, language: str, day: str | None) -> Answer:
        """Returns its answer; for ``day`` if the sentence names none."""
        given = {name: [f"<{iri}>" for iri in iris] for name, iris in self.given.items()}
        as_of = self.as_of or (day if self.question.over == SNAPSHOT else None)
        return ask(store, self.question, given, as_of=as_of, language=language)


def offer_questions(store: Store, catalogue: Catalogue, text: str) -> list[Offer]:
    """Returns the questions with a parameter for an entity that a sentence names.

    Those for most of its entities that match its other words best are first, then the most important ones.
    """
    accepted = _find_accepted(store, catalogue)
    mentions, words, end = list[frozenset[str]](), "", 0
    for found in find_mentions(store, text):
        mentions.append(found.meaning)
        if not found.meaning.isdisjoint(accepted):
            words, end = f"{words}{text[end : found.start]} ", found.end
    words += text[end:]
    if not end:
        return []
    day = _find_day(store, text)
    filled = _fill(store, catalogue, mentions, accepted)
    offers = [Offer(question, given, day if question.over == SNAPSHOT else "") for question, given in filled]
    offers = [offer for offer in offers if offer.entities]
    scores = score_texts({offer.question.name: question_parts(offer.question) for offer in offers}, words)
    best = max(scores.values(), default=0.0) or 1.0

    def place(offer: Offer) -> tuple[float, float, str]:
        featured = offer.question.show.get("featured", inf)
        return -len(offer.entities) - offer.fit * (_FEATURED if featured < inf else 1), featured, offer.question.name

    return sorted((replace(offer, fit=scores[offer.question.name] / best) for offer in offers), key=place)


def _find_accepted(store: Store, catalogue: Catalogue) -> set[str]:
    """Returns the entities, without kinds of a vocabulary, that a parameter of a class accepts."""
    parameters = {parameter.type: parameter for question in catalogue.questions.values() for parameter in question.parameters}
    return {iri for kind, parameter in parameters.items() if not kind.startswith(_VOCABULARY) for iri in options(store, parameter)}


def answer_first(store: Store, offers: Sequence[Offer], language: str, day: str | None = None) -> tuple[list[Offer], str]:
    """Returns questions, and the first line of the answer to the first.

    The first is the one that matches the words best, even if its answer is empty; without such words, one whose answer is not.
    """
    for offer in offers[:_TRIED]:
        if offers[0].fit and offer.question is not offers[0].question:
            break
        if line := _first_line(offer.ask(store, language, day)):
            return [offer, *(other for other in offers if other is not offer)], line
    return list(offers), describe_figure(NO_DATA, language) if offers else ""


def _find_day(store: Store, text: str) -> str:
    """Returns the last day of the year that a text names, if that is before the date of the dataset; else an empty text."""
    year = _YEAR.search(text)
    day = f"{year[0]}-12-31" if year else ""
    return day if day < entities.dataset_date(store) else ""


def _fill(
    store: Store, catalogue: Catalogue, mentions: Sequence[frozenset[str]], accepted: Set[str]
) -> Iterator[tuple[Question, dict[str, list[str]]]]:
    """Yields each question with the values that mentions give for its parameters: those that accept fewest entities, then others.

    Parameters for anything have the only entity of a sentence.
    """
    counts = count_statements(store, frozenset().union(*mentions))
    is_one = sum(not iris.isdisjoint(accepted) for iris in mentions) == 1

    def fit(parameter: Parameter, iris: frozenset[str]) -> list[str]:
        fitting = (iris & accepted if is_one else ()) if parameter.type == ANYTHING else iris.intersection(options(store, parameter))
        return sorted(fitting, key=lambda iri: (-counts.get(iri, 0), iri))[:1]

    def breadth(parameter: Parameter) -> float:
        return inf if parameter.type == ANYTHING else len(options(store, parameter))

    for question in catalogue.questions.values():
        ways = [
            [(parameter.name, *fitting) for parameter in sorted(question.parameters, key=breadth) if (fitting := fit(parameter, iris))]
            for iris in mentions
        ]
        for way in islice(product(*filter(None, ways)), _WAYS):
            given: dict[str, list[str]] = {}
            for name, iri in way:
                given.setdefault(name, []).append(iri)
            yield question, given


def _first_line(answer: Answer) -> str:
    """Returns the entities in the most important column that the filters do not give, or the first row.

    Without rows, it returns what is left out of the answer.
    """
    if not answer.records:
        return answer.support.left_out_text if answer.support else ""
    names = [name for name in answer.brief or answer.names if name not in answer.parameters]
    values = list(dict.fromkeys(value for cell in answer[names[0]] for value in each(cell)))
    if any(isinstance(value, Thing) for value in values):
        more = max(len(values) - _SHOWN, 0)
        return describe_figure({"value": [to_json_value(value) for value in values[:_SHOWN]], "more": more}, answer.language)
    return _BETWEEN.join(filter(None, (_format(answer, answer.position(name)) for name in names)))


def _format(answer: Answer, column: int) -> str:
    """Returns the cell of a column in the first row; a number with the label of its column."""
    value = answer.records[0][column]
    if not isinstance(value, int | Decimal):
        return to_text(value)
    number = format_number(str(value)) if value >= _LEAST_FOR_COMMAS else str(value)
    return f"{answer.columns[column].label[answer.language]} {number}"
