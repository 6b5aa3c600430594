"""Finds whatever a few words may mean: entities, questions, topics of questions and stories, best match first."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

from nevkg.ask.catalogue import Catalogue, question_parts, topics
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.lookup.search import EXACT, INSIDE, Hit, rank_texts, search
from nevkg.lookup.statements import count_statements
from nevkg.store import Store
from nevkg.store.memo import memoise

ENTITY, QUESTION, TOPIC, STORY = "entity", "question", "topic", "story"
_CANDIDATES = 200  # entities to rank
# The weights of titles: of a topic more than all that a question has, of a story less than a question about the same.
_WEIGHTS = {TOPIC: 20, STORY: 6}
# After what has exactly this name come a text, two entities, a text, and so on.
_ENTITIES_PER_TEXT = 2


@dataclass(frozen=True)
class Match:
    """What was found: its kind, its name (an IRI for an entity), and for an entity the name that matched."""

    kind: str
    name: str
    matched: str = ""


def discover(store: Store, catalogue: Catalogue, text: str, limit: int) -> list[Match]:
    """Returns at most ``limit`` entities, questions, topics and stories that match a text, best first."""
    hits = _rank_entities(store, text)
    exact = [Match(ENTITY, hit.iri, hit.name) for hit in hits if hit.score >= EXACT]
    others = [Match(ENTITY, hit.iri, hit.name) for hit in hits if hit.score < EXACT]
    return [*exact[:1], *_interleave(_rank_texts(store, catalogue, text), [*exact[1:], *others])][:limit]


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


def _split(key: str) -> tuple[str, str]:
    kind, _, name = key.partition(" ")
    return kind, name
