"""Tasks of workers for questions, answers, stories, the home page and the search for anything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, cast

from nevkg.ask import arguments
from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import Catalogue, Parameter, Question, load_catalogue, topics
from nevkg.ask.discovery import ENTITY, QUESTION, Match, discover
from nevkg.ask.evaluation import bind, find_display_labels
from nevkg.ask.stories import describe_home, find_story, load_stories
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.search import find_containing, normalise
from nevkg.lookup.statements import count_statements
from nevkg.network import load_projections
from nevkg.serve.api import responses
from nevkg.serve.api.results import PagedTask, file_reply
from nevkg.serve.jobs import Reply, Task, json_reply
from nevkg.serve.parameter import RELIABLE, Lang, count, limit, text, truth
from nevkg.serve.problem import not_found
from nevkg.store import EmbeddedStore, Store
from nevkg.store.memo import memoise
from nevkg.table import formats

# Maximum number of facts that are named as the evidence of one cell; a count may rest on a thousand.
_MOST = 100
_QUESTION = "The name of a question."


@memoise
def catalogue(store: Store) -> Catalogue:
    """Returns the questions as they were when the worker started."""
    return load_catalogue(store.layout)


@memoise
def dataset(store: Store) -> responses.State:
    """Returns the state of the dataset, which every answer names."""
    return {"version": entities.version(store), "date": entities.dataset_date(store), "identity": store.identity}


# The last answers with their evidence, which the script of a page asks for after the page; larger ones would take too much memory.
_answers: OrderedDict[object, Answer] = OrderedDict()
_MOST_ANSWERS, _MOST_ROWS = 4, 1000


def find_answer(store: Store, question: Question, given: Mapping[str, Sequence[str]], as_of: str | None, language: str) -> Answer:
    """Returns the answer to a question; see ``ask``."""
    bound = bind(store, question, given, as_of, language)  # not as typed, since "today" means another day tomorrow
    key = (store, question.name, question.text, tuple((name, tuple(values)) for name, values in bound.items()), language)
    found = _answers.pop(key, None)
    if found is None:  # one without rows is false
        found = ask(store, question, given, as_of=as_of, language=language)
    if isinstance(store, EmbeddedStore) and len(found) <= _MOST_ROWS:
        _answers[key] = found
        if len(_answers) > _MOST_ANSWERS:
            _answers.popitem(last=False)
    return found


@dataclass(frozen=True, kw_only=True)
class ListQuestions(Task):
    """The catalogue of questions, by topic."""

    topic: Annotated[str | None, text("Only questions of this topic.")] = None
    tag: Annotated[str | None, text("Only questions with this tag.")] = None
    q: Annotated[str | None, text("Only questions whose name, title, description, tags or keywords hold this text.")] = None

    def run(self, store: Store) -> Reply:
        """Returns the catalogue by topic."""
        found = [question for question in catalogue(store).find(self.tag, self.q) if self.topic in (None, question.topic)]
        titles = topics(store.layout)
        listed: list[responses.Topic] = [
            {"topic": topic, "title": titles.get(topic, {}), "questions": [question.head for question in group]}
            for topic, group in groupby(found, key=lambda question: question.topic)
        ]
        return json_reply(responses.Catalogue(dataset=dataset(store), total=len(found), topics=listed))


@dataclass(frozen=True, kw_only=True)
class DescribeQuestion(Task):
    """One question, with its parameters, columns and SPARQL."""

    question: Annotated[str, _QUESTION]

    def run(self, store: Store) -> Reply:
        """Returns one question with its query."""
        with not_found():
            found = catalogue(store)[self.question]
        body: responses.Question = {"dataset": dataset(store), **found.to_json()}
        return json_reply(body)


@dataclass(frozen=True, kw_only=True)
class ListOptions(PagedTask):
    """The possible values of a parameter, those with most statements first."""

    parameter: Annotated[str, "The name of one of its parameters."]
    question: Annotated[str | None, _QUESTION] = None
    projection: Annotated[str | None, "The name of a projection."] = None
    q: Annotated[str | None, text("Only values with this text in a name, in any language.")] = None
    lang: Lang
    limit: Annotated[int, limit(100, 1000)]

    def run(self, store: Store) -> Reply:
        """Returns the possible values of a parameter of a question or projection: those with most statements first."""
        with not_found():
            if self.question is not None:
                owner = catalogue(store)[self.question]
            else:
                owner = load_projections(store.layout)[self.projection or ""].question
            parameter = owner.parameter(owner.other_names.get(self.parameter, self.parameter))
        word = normalise(self.q or "")
        iris = _matching_options(store, parameter, word)
        labels, counts = find_display_labels(store, iris, self.lang), count_statements(store, iris)
        spaces = entities.namespaces(store)

        def rank(option: responses.Option) -> tuple[bool, int, str, str]:
            label = normalise(option["label"])
            return not label.startswith(word), -counts.get(option["iri"], 0), label, option["iri"]

        listed = sorted((responses.Option(iri=iri, name=terms.shorten(iri, spaces), label=labels[iri]) for iri in iris), key=rank)
        page = self.page(len(listed))
        body: responses.Options = {"parameter": parameter, **page.members, "options": page.of(listed)}
        return json_reply(body, page.headers)


def _matching_options(store: Store, parameter: Parameter, word: str) -> Sequence[str]:
    """Returns the possible values of a parameter; with ``word``, only those with a name in any language that contains it."""
    iris = arguments.options(store, parameter)
    if not word:
        return iris
    matches = find_containing(store, word)
    return sorted(matches if parameter.type == arguments.ANYTHING else matches.intersection(iris))


@dataclass(frozen=True, kw_only=True)
class AnswerQuestion(PagedTask):
    """The answer to a question; ``values`` has those of its parameters, as typed."""

    question: str
    values: Mapping[str, Sequence[str]]
    as_of: str | None = None
    lang: Lang
    evidence: Annotated[bool, truth("Whether to include the evidence of each cell (JSON only).", default=True)]
    reliable: Annotated[bool, RELIABLE]
    citation: Annotated[bool, truth("Whether to include the permanent address of the whole answer (JSON only).", default=False)]
    limit: Annotated[int, limit(10_000, 10_000)]
    format: str

    def run(self, store: Store) -> Reply:
        """Returns the answer to a question."""
        return self.format_answer(store, find_answer(store, catalogue(store)[self.question], self.values, self.as_of, self.lang))

    def format_answer(self, store: Store, found: Answer) -> Reply:
        """Returns the answer, which is that of ``run``, in the format of the task."""
        owner, page = found.question, self.page(len(found))
        part = found.page(page.offset, page.limit)
        part = part.with_reliable_sources() if self.reliable else part
        if self.format == "json":
            document = {**formats.to_json_document(part), "view": owner.view, "dataset": dataset(store), **page.members}
            evidence: responses.CellEvidence = _evidence(part) if self.evidence else {}
            # Its digest is that of the whole answer with its evidence, which takes longer than a page of it.
            cited = {"citation": part.citation, "footnote": part.footnote} if self.citation and part.citation else {}
            return json_reply({**document, **evidence, **cited}, page.headers)
        return file_reply(f"{owner.name}-{found.as_of}", self.format, formats.FORMATS[self.format](part), page.headers)


def _evidence(part: Answer) -> responses.CellEvidence:
    """Returns the evidence of each cell, what the sums among them add, the statements behind, and their sources."""
    names = [column.name for column in part.columns]
    rests = [{name: iris[:_MOST] for name, iris in zip(names, row, strict=True) if iris} for row in part.rests]
    addends = [{name: added[:_MOST] for name, added in row.items()} for row in part.addends]
    grounds, named = part.evidence.grounds, {iri for row in rests for cell in row.values() for iri in cell}
    found: responses.CellEvidence = {"evidence": rests or [{} for _ in part]}
    if any(addends):
        found["addends"] = addends
    return {**found, "grounds": {iri: grounds[iri] for iri in sorted(named & grounds.keys())}, "sources": part.sources}


@dataclass(frozen=True, kw_only=True)
class DescribeHome(Task):
    """The content of the home page: numbers with the answers that they count, starting points, stories and topics."""

    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns the content of the home page."""
        return json_reply({"dataset": dataset(store), **describe_home(store, catalogue(store), self.lang)})


@dataclass(frozen=True, kw_only=True)
class ListStories(Task):
    """The stories."""

    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns the titles of all stories."""
        listed = load_stories(store.layout, self.lang)
        return json_reply(responses.Stories(stories=[{"name": story.name, "title": story.title} for story in listed]))


@dataclass(frozen=True, kw_only=True)
class TellStory(Task):
    """A story: a short text with figures computed from the data, each with the answer that it is from."""

    story: Annotated[str, "The name of a story."]
    lang: Lang

    def run(self, store: Store) -> Reply:
        """Returns a story with its figures computed."""
        with not_found():
            found = find_story(store.layout, self.story, self.lang)
        blocks = cast(list[responses.StoryBlock], found.compute(store))
        return json_reply(
            responses.Story(dataset=dataset(store), name=found.name, title=found.title, language=found.language, blocks=blocks)
        )


@dataclass(frozen=True, kw_only=True)
class Discover(Task):
    """Entities, questions, topics and stories by name or by words, best match first.

    Case, accents and small typing errors are ignored. Entities that the data mentions often rank first. A sentence that names
    entities, such as *who builds in Thailand*, gives questions with these as parameters; the first has the first line of its answer.
    """

    q: Annotated[str, text("A name, a part of a name, words, or a sentence, in any language.", required=True)]
    lang: Lang
    limit: Annotated[int, count("Maximum number of results.", most=100, default=12)]

    def run(self, store: Store) -> Reply:
        """Searches entities, questions, topics and stories."""
        found = discover(store, catalogue(store), self.q, self.limit, self.lang)
        return json_reply(responses.Discovery(q=self.q, found=[_describe_match(store, match) for match in found]))


def _describe_match(store: Store, match: Match) -> responses.Found:
    found = responses.Found(kind=match.kind, name=match.short, label=match.label)
    if match.kind == ENTITY:
        return {**found, "iri": match.name, "kinds": match.classes, "matched": match.matched}
    if match.kind == QUESTION:
        given, example = match.given("as_of"), catalogue(store)[match.name].example
        return {**found, "example": example, "parameters": given, "filters": match.filters, "answer": match.answer}
    return found
