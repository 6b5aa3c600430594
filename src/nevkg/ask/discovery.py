"""Finds whatever a few words may mean: entities, questions, topics of questions and stories, best match first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log10
from typing import Final, Literal, cast

from nevkg.ask import days
from nevkg.ask.catalogue import Catalogue, question_parts, topics
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.sentences import Offer, answer_first, offer_questions
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.search import EXACT, INSIDE, PREFIX, Hit, find_kinds, rank_texts, search
from nevkg.lookup.statements import count_statements
from nevkg.store import Store
from nevkg.store.memo import memoise
from nevkg.words import labels_of

MatchKind = Literal["entity", "question", "topic", "story"]
ENTITY: Final = "entity"
QUESTION: Final = "question"
TOPIC: Final = "topic"
STORY: Final = "story"
KINDS = labels_of("ask.discovery")
_CANDIDATES = 200  # entities to rank
# The weights of titles: of a topic more than all that a question has, of a story less than a question about the same.
_WEIGHTS = {TOPIC: 20, STORY: 6}
# After what has exactly this name come a text, two entities, a text, and so on.
_ENTITIES_PER_TEXT = 2
# Questions with filters that a sentence gives, before everything else.
_OFFERED = 3


@dataclass(frozen=True)
class Match:
    """What was found.

    Attributes:
        name: its name; an IRI for an entity.
        short: the short name of an entity; the name of anything else.
        label: its label or title.
        classes: the classes of an entity.
        matched: the name of an entity that matched; empty if it is in a sentence.
        parameters: the filters that a sentence gives for a question, as short names.
        as_of: the day (ISO) that a sentence gives for a question; empty if it gives none.
        filters: the labels of these filters, and the day.
        answer: the first line of the answer to a question; only one match has it.
    """

    kind: MatchKind
    name: str
    short: str = ""
    label: str = ""
    classes: Sequence[str] = ()
    matched: str = ""
    parameters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    as_of: str = ""
    filters: Sequence[str] = ()
    answer: str = ""

    @property
    def key(self) -> tuple[MatchKind, str]:
        """What it is; a list has each once."""
        return self.kind, self.name

    def given(self, day: str) -> dict[str, Sequence[str]]:
        """Returns the filters, and the day of the sentence as the parameter ``day``."""
        return {**self.parameters, **({day: [self.as_of]} if self.as_of else {})}


def discover(store: Store, catalogue: Catalogue, text: str, limit: int, language: str, day: str | None = None) -> list[Match]:
    """Returns at most ``limit`` entities, questions, topics and stories that match a text, best first.

    A sentence that names entities, such as *who builds in Thailand*, gives questions with these filters, and the entities.

    Args:
        store: the record.
        language: the language of labels, and of the first line of an answer.
        day: the day of the entities and of that answer; all days, and the date of the dataset, if None.
    """
    known = days.view(store, day)
    hits = _rank_entities(known, text)
    first = [Match(ENTITY, hit.iri, matched=hit.name) for hit in hits if hit.score >= EXACT]
    others = [Match(ENTITY, hit.iri, matched=hit.name) for hit in hits if hit.score < EXACT]
    offers, line = answer_first(store, offer_questions(known, catalogue, text), language, day)
    offered: dict[str, Match] = {}
    for offer in offers:
        offered.setdefault(offer.question.name, _offer(offer, entities.namespaces(store)))
    best = [replace(match, answer=line if number == 0 else "") for number, match in enumerate(list(offered.values())[:_OFFERED])]
    texts = [offered.get(match.name, match) if match.kind == QUESTION else match for match in _rank_texts(store, catalogue, text)]
    # The whole text is the name of an entity; or the beginning of one, and does not name two others.
    if hits and hits[0].score >= (EXACT if any(len(offer.entities) > 1 for offer in offers) else PREFIX):
        lead = [*first[:1], *others[: not first], *best[:1]]
    else:
        lead = [*best, *(Match(ENTITY, iri) for offer in offers for iri in offer.entities)]
    found: dict[tuple[str, str], Match] = {}
    for match in (*lead, *_interleave(texts, [*first, *others])):
        found.setdefault(match.key, match)
    return _label(known, catalogue, list(found.values())[:limit], language)


def _label(store: Store, catalogue: Catalogue, matches: Sequence[Match], language: str) -> list[Match]:
    spaces = entities.namespaces(store)
    iris = [match.name for match in matches if match.kind == ENTITY]
    kinds = find_kinds(store, iris, language) if iris else {}
    filters = {name: terms.expand(name, spaces) or name for match in matches for names in match.parameters.values() for name in names}
    labels = find_display_labels(store, [*iris, *filters.values()], language)
    stories = load_stories(store.layout, language) if any(match.kind == STORY for match in matches) else ()
    titles = {
        **{(QUESTION, name): question.title[language] for name, question in catalogue.questions.items()},
        **{(TOPIC, name): title.get(language, name) for name, title in topics(store.layout).items()},
        **{(STORY, story.name): story.title for story in stories},
    }

    def label(match: Match) -> Match:
        if match.kind == ENTITY:
            classes = kinds.get(match.name, [])
            return replace(match, short=terms.shorten(match.name, spaces), label=labels[match.name], classes=classes)
        given = [labels[filters[name]] for names in match.parameters.values() for name in names]
        filters_and_day = [*given, *([match.as_of] if match.as_of else [])]
        return replace(match, short=match.name, label=titles.get(match.key, match.name), filters=filters_and_day)

    return [label(match) for match in matches]


def _offer(offer: Offer, spaces: dict[str, str]) -> Match:
    given = {name: [terms.shorten(iri, spaces) for iri in iris] for name, iris in offer.given.items()}
    return Match(QUESTION, offer.question.name, parameters=given, as_of=offer.as_of)


def _interleave(texts: list[Match], others: list[Match]) -> list[Match]:
    found: list[Match] = []
    while texts or others:
        found += [*texts[:1], *others[:_ENTITIES_PER_TEXT]]
        texts, others = texts[1:], others[_ENTITIES_PER_TEXT:]
    return found


def _rank_entities(store: Store, text: str) -> list[Hit]:
    """Returns entities with such a name: those that the data mentions often rank before others with a name as similar."""
    hits = search(store, text, _CANDIDATES)
    counts = count_statements(store, [hit.iri for hit in hits])

    def relevance(hit: Hit) -> tuple[float, float, str]:
        # A misspelling of the whole name counts as much as a part of a long one.
        similar = max(hit.score, INSIDE) / 100
        return -float(hit.score >= EXACT), -(similar + 2 * log10(1 + counts.get(hit.iri, 0))), hit.iri

    return sorted(hits, key=relevance)


def _rank_texts(store: Store, catalogue: Catalogue, text: str) -> list[Match]:
    parts = {f"{QUESTION} {name}": question_parts(question) for name, question in catalogue.questions.items()}
    return [Match(*_split(key)) for key in rank_texts(parts | _titles(store), text)]


@memoise
def _titles(store: Store) -> dict[str, list[tuple[str, float]]]:
    """Returns the titles of topics and stories in all languages, as parts to rank."""
    titles = {f"{TOPIC} {name}": list(title.values()) for name, title in topics(store.layout).items()}
    for language in terms.LANGUAGES:
        for story in load_stories(store.layout, language):
            titles.setdefault(f"{STORY} {story.name}", []).append(story.title)
    return {key: [(" ".join([_split(key)[1], *own]), _WEIGHTS[_split(key)[0]])] for key, own in titles.items()}


def _split(key: str) -> tuple[MatchKind, str]:
    kind, _, name = key.partition(" ")
    return cast(MatchKind, kind), name
