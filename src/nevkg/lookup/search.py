"""Searches entities by names, with misspellings, and ranks texts by words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.reading.names import NameIndex
from nevkg.reading.spans import Found
from nevkg.store import Store, cache
from nevkg.store.memo import memoise
from nevkg.words import labels_of

_RUN = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ALIKE = 80.0
_LEAST_FOR_BEGINNINGS, _LEAST_FOR_SLIPS_IN_WORDS = 3, 4
# Texts with a smaller share of the best score are omitted as noise.
LEAST_SHARE = 0.2
# Stop words.
_COMMON = {"a", "an", "and", "are", "by", "did", "do", "does", "for", "from", "how", "in", "is", "it", "many", "much", "of", "on", "or"}
_COMMON |= {"the", "there", "to", "what", "when", "where", "which", "who", "with"}

# One text in parts, each with the weight of its words.
Parts = Iterable[tuple[str, float]]


def tokenize_words(text: str) -> list[str]:
    """Returns the words of a text, normalised and in the singular."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if _HAN.match(run):
            found += [run[start : start + 2] for start in range(max(len(run) - 1, 1))]
        else:
            found.append(_singular(run))
    return found


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("is", "ss", "us")) else word


def rank_texts(texts: Mapping[str, Parts], wanted: str, least: float = LEAST_SHARE) -> list[str]:
    """Returns the names of the matching texts, best first; those with the same score by length of the name.

    Args:
        texts: the parts of each text by its name.
        wanted: the words to search, in any order.
        least: the minimum score of a text, as a share of the best.
    """
    scores = score_texts(texts, wanted)
    best = max(scores.values(), default=0.0)
    fitting = [name for name, score in scores.items() if score and score >= best * least]
    return sorted(fitting, key=lambda name: (-scores[name], len(tokenize_words(name)), name))


def score_texts(texts: Mapping[str, Parts], wanted: str) -> dict[str, float]:
    """Returns how well each text matches some words, by its name; 0 if it has none of them.

    A word that occurs in no text matches the words that begin with it, else the most similar ones. Rare words count more.
    Chinese has no spaces, so every pair of adjacent characters is a word.

    Args:
        texts: the parts of each text by its name.
        wanted: the words to search, in any order.
    """
    weights = {name: _weights(tuple(parts)) for name, parts in texts.items()}
    known = {word for weighed in weights.values() for word in weighed}
    scores, has = dict.fromkeys(texts, 0.0), dict.fromkeys(texts, 0)
    for word in dict.fromkeys(tokenize_words(wanted)):
        if word in _COMMON:
            continue
        matches = _match_words(word, known)
        found = {name: max((weighed.get(match, 0.0) for match in matches), default=0.0) for name, weighed in weights.items()}
        most = max(found.values(), default=0.0)
        if most:
            rarity = log(1 + len(found) * most / sum(found.values()))
            for name, weight in found.items():
                scores[name] += rarity * weight
                has[name] += weight > 0
    # A text with all the words ranks before one that has some of them many times.
    return {name: score * has[name] for name, score in scores.items()}


@lru_cache(maxsize=1024)
def _weights(parts: tuple[tuple[str, float], ...]) -> Mapping[str, float]:
    """Returns the weight of each word: the sum of the weights of the parts that contain it."""
    found: dict[str, float] = {}
    for text, weight in parts:
        for word in set(tokenize_words(text)):
            found[word] = found.get(word, 0.0) + weight
    return found


def _match_words(word: str, known: set[str]) -> list[str]:
    """Returns the known words that a word matches: itself, else those that begin with it, else the most similar."""
    from rapidfuzz import fuzz, process

    if word in known:
        return [word]
    if len(word) >= _LEAST_FOR_BEGINNINGS and (longer := sorted(name for name in known if name.startswith(word))):
        return longer
    if len(word) < _LEAST_FOR_SLIPS_IN_WORDS:
        return []
    alike = process.extract(word, sorted(known), scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=None)
    best = max((score for _, score, _ in alike), default=0.0)
    return [name for name, score, _ in alike if score == best]


# From this similarity on, a name counts as a misspelling of another; 100 is identical.
_LEAST_FOR_SLIPS = 4
# The minimum similarity of suggestions.
_SUGGESTED = 60.0
_MOST_SUGGESTED = 3
_SHORTEST_NAME = 2  # letters
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_]")
KINDS = labels_of("lookup.search")
EXACT, PREFIX, _WORD, INSIDE = 400.0, 300.0, 200.0, 150.0


@dataclass(frozen=True)
class Hit:
    """A search result: the IRI of an entity, the name that matched, and the score (higher is better)."""

    iri: str
    name: str
    score: float


def normalise(text: str) -> str:
    """Returns the text in lower case without accents: ``Camaçari`` becomes ``camacari``; Chinese does not change."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).strip()


@memoise
def names(store: Store) -> list[tuple[str, str]]:
    """Returns all names of all entities that have a label: labels, aliases, identifiers and the slug of the IRI, as (IRI, name)."""
    file = store.place / "names.json" if store.place else None
    if file is not None and (known := cache.load(file)) is not None:
        return [(iri, name) for iri, name in known]
    labels, others = map(terms.format_path, (terms.LABELS, (*terms.ALIASES, *_identifiers(store))))
    query = f"""SELECT DISTINCT ?thing ?name WHERE {{
        ?thing {labels} ?label .
        {{ ?thing {labels} ?name }} UNION {{ ?thing {others} ?name }}
    }} ORDER BY ?thing ?name"""
    found = [(row["thing"], row["name"]) for row in entities.rows(store, query)]
    slugs = {(iri, iri.replace("#", "/").rpartition("/")[2]) for iri, _ in found}
    whole = sorted({*found, *slugs})
    if file is not None:
        cache.save(file, whole)
    return whole


@memoise
def _plain_names(store: Store) -> list[str]:
    return [normalise(name) for _, name in names(store)]


def find_containing(store: Store, text: str) -> set[str]:
    """Returns the IRIs of the entities with a name that contains ``text``, ignoring case and accents."""
    wanted = normalise(text)
    return {iri for (iri, _), name in zip(names(store), _plain_names(store), strict=True) if wanted in name}


@memoise
def _name_index(store: Store) -> NameIndex[tuple[str, str]]:
    return NameIndex(((name, (iri, name)) for iri, name in names(store)), normalise)


def find_mentions(store: Store, text: str) -> list[Found[frozenset[str]]]:
    """Returns the names in a sentence, in its order, each with the IRIs of the entities that it may mean; of names in names, the longest.

    A short name counts if it is written as it is known or in capitals: *in* is a word, *IN* is a country.
    """

    def choose(meanings: Sequence[tuple[str, str]], written: str) -> frozenset[str] | None:
        is_long = len(written) >= _LEAST_FOR_SLIPS and normalise(written) not in _COMMON
        iris = frozenset(iri for iri, name in meanings if is_long or name == written or written.isupper())
        return iris if iris and len(written) >= _SHORTEST_NAME else None

    return list(_name_index(store).find(text, choose))


def _identifiers(store: Store) -> list[str]:
    """Returns the properties for identifiers: ``dcterms:identifier`` and its subproperties."""
    query = "SELECT ?p WHERE { ?p rdfs:subPropertyOf* dcterms:identifier } ORDER BY ?p"
    return [row["p"] for row in entities.rows(store, query)]


def _score(wanted: str, name: str) -> float:
    """Scores a normalised name: identical, then prefix, start of a word, substring; matches of a larger share score higher."""
    if name == wanted:
        return EXACT
    share = len(wanted) / max(len(name), 1)
    if name.startswith(wanted):
        return PREFIX + share
    if f" {wanted}" in name or f"-{wanted}" in name:
        return _WORD + share
    return INSIDE + share if wanted in name else 0.0


def search(store: Store, text: str, limit: int = 20, among: Collection[str] | None = None) -> list[Hit]:
    """Returns the entities whose names match ``text``, best first, each once.

    Args:
        text: a name or a part of one.
        among: the IRIs of the entities to search; all if None.
    """
    wanted = normalise(text)
    if not wanted:
        return []
    known, simple = names(store), _plain_names(store)
    if among is not None:
        chosen = [number for number, (iri, _) in enumerate(known) if iri in among]
        known, simple = [known[number] for number in chosen], [simple[number] for number in chosen]
    return _rank(known, simple, wanted, limit)


def _rank(known: Sequence[tuple[str, str]], simple: Sequence[str], wanted: str, limit: int) -> list[Hit]:
    """Returns the entities whose normalised names match a normalised text, best first."""
    from rapidfuzz import fuzz, process

    best: dict[str, Hit] = {}

    def offer(number: int, score: float) -> None:
        iri, name = known[number]
        if iri not in best or score > best[iri].score:
            best[iri] = Hit(iri, name, score)

    for number, name in enumerate(simple):
        score = _score(wanted, name)
        if score:
            offer(number, score)
    # Short words are similar to too many others.
    if len(wanted) >= _LEAST_FOR_SLIPS:
        for _, score, number in process.extract(wanted, simple, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=limit):
            offer(number, score)
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.iri))[:limit]


def suggest(known: Iterable[tuple[str, str]], iri: str) -> list[str]:
    """Suggests entities for an unknown IRI: those in its namespace with its local name as one of the names, else with similar ones."""
    from rapidfuzz import fuzz, process

    space, local = entities.split_iri(iri)
    own = [(candidate, name) for candidate, name in known if candidate.startswith(space) and entities.split_iri(candidate)[0] == space]
    simple = [normalise(name) for _, name in own]
    wanted = {normalise(local): None, normalise(_HUMP.sub(" ", local)): None}
    scores: dict[str, float] = {}
    for text in filter(None, wanted):
        for hit in _rank(own, simple, text, len(own)):
            scores[hit.iri] = max(hit.score, scores.get(hit.iri, 0.0))
        for _, score, number in () if scores else process.extract(text, simple, scorer=fuzz.ratio, score_cutoff=_SUGGESTED, limit=None):
            scores[own[number][0]] = max(score, scores.get(own[number][0], 0.0))
    exact = [candidate for candidate, score in scores.items() if score >= EXACT]
    # Names of classes begin with a capital letter, those of properties do not.
    alike = [candidate for candidate in scores if entities.split_iri(candidate)[1][:1].isupper() == local[:1].isupper()]
    found = [candidate for candidate in exact if candidate in alike] or exact or alike or list(scores)
    return sorted(found, key=lambda candidate: (-scores[candidate], candidate))[:_MOST_SUGGESTED]


def find_classes(store: Store, iris: Iterable[str]) -> dict[str, list[str]]:
    """Returns the IRIs of the most specific classes of each entity, without roles such as publisher, which do not say what it is."""
    query = f"""SELECT DISTINCT ?thing ?kind WHERE {{
        VALUES ?thing {{ {terms.format_iris(iris)} }} ?thing rdf:type ?kind .
        FILTER NOT EXISTS {{ ?kind nev:isRole true }}
        FILTER NOT EXISTS {{ ?thing rdf:type ?lower . ?lower rdfs:subClassOf ?kind FILTER NOT EXISTS {{ ?lower nev:isRole true }} }}
    }} ORDER BY ?thing ?kind"""
    found: dict[str, list[str]] = {}
    for row in entities.rows(store, query):
        found.setdefault(row["thing"], []).append(row["kind"])
    return found


def find_kinds(store: Store, iris: list[str], language: str) -> dict[str, list[str]]:
    """Returns the labels of the classes that ``find_classes`` finds."""
    found = find_classes(store, iris)
    labels = entities.labels(store, {kind for kinds in found.values() for kind in kinds}, language)
    spaces = entities.namespaces(store)
    return {thing: list(dict.fromkeys(labels.get(kind, terms.shorten(kind, spaces)) for kind in kinds)) for thing, kinds in found.items()}
