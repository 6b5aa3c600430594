"""Search: things by label, alias or identifier, in any language, whatever the accents, case and small slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store, cache
from nevkg.store.memo import kept

# From here on two names count as one with a slip; 100 is the same.
_ALIKE = 80.0
_LEAST_FOR_SLIPS = 4
# Names that are not this much alike are no suggestion.
_SUGGESTED = 60.0
_MOST_SUGGESTED = 3
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_]")
KINDS = {
    "thing": {"en": "thing", "zh": "事物"},
    "kinds": {"en": "kind", "zh": "类别"},
    "matched": {"en": "matched", "zh": "匹配"},
}
_EXACT, _PREFIX, _WORD, _INSIDE = 400.0, 300.0, 200.0, 150.0


@dataclass(frozen=True)
class Hit:
    """A thing found: its IRI, the name that matched, and how well (more is better)."""

    iri: str
    name: str
    score: float


def plain(text: str) -> str:
    """Lower case without accents: ``Camaçari`` is ``camacari``; Chinese stays as it is."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part)).strip()


@kept
def names(store: Store) -> list[tuple[str, str]]:
    """Every name of every thing that has a label: labels, aliases, identifiers and the slug of its IRI."""
    file = store.place / "names.json" if store.place else None
    if file is not None and (known := cache.recall(file)) is not None:
        return [(iri, name) for iri, name in known]
    labels, others = ("|".join(f"<{name}>" for name in group) for group in (terms.LABELS, (*terms.ALIASES, *_identifiers(store))))
    query = f"""SELECT DISTINCT ?thing ?name WHERE {{
        ?thing {labels} ?label .
        {{ ?thing {labels} ?name }} UNION {{ ?thing {others} ?name }}
    }} ORDER BY ?thing ?name"""
    found = [(terms.text(row["thing"]), terms.text(row["name"])) for row in entities.select(store, query)]
    slugs = {(iri, iri.replace("#", "/").rpartition("/")[2]) for iri, _ in found}
    whole = sorted({*found, *slugs})
    if file is not None:
        cache.keep(file, whole)
    return whole


@kept
def _plain_names(store: Store) -> list[str]:
    return [plain(name) for _, name in names(store)]


def holding(store: Store, text: str) -> set[str]:
    """The IRIs of the things of which a name holds ``text``."""
    wanted = plain(text)
    return {iri for (iri, _), name in zip(names(store), _plain_names(store), strict=True) if wanted in name}


def _identifiers(store: Store) -> list[str]:
    """The properties that hold identifiers: ``dcterms:identifier`` and those below it."""
    query = f"SELECT ?p WHERE {{ ?p <{terms.RDFS}subPropertyOf>* <{terms.DCTERMS}identifier> }} ORDER BY ?p"
    return [terms.text(row["p"]) for row in entities.select(store, query)]


def _score(wanted: str, name: str) -> float:
    """How well a plain name fits: the same, then a beginning, a word's beginning, a part; fuller matches first."""
    if name == wanted:
        return _EXACT
    share = len(wanted) / max(len(name), 1)
    if name.startswith(wanted):
        return _PREFIX + share
    if f" {wanted}" in name or f"-{wanted}" in name:
        return _WORD + share
    return _INSIDE + share if wanted in name else 0.0


def search(store: Store, text: str, limit: int = 20, among: Collection[str] | None = None) -> list[Hit]:
    """The things whose names fit ``text``, best first; each once.

    Args:
        store: where they are.
        text: a name or a part of one.
        limit: how many at the most.
        among: the IRIs of those that count; all if None.
    """
    wanted = plain(text)
    if not wanted:
        return []
    known, simple = names(store), _plain_names(store)
    if among is not None:
        chosen = [number for number, (iri, _) in enumerate(known) if iri in among]
        known, simple = [known[number] for number in chosen], [simple[number] for number in chosen]
    return _rank(known, simple, wanted, limit)


def _rank(known: Sequence[tuple[str, str]], simple: Sequence[str], wanted: str, limit: int) -> list[Hit]:
    """The things whose plain names fit a plain text, best first."""
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
    # Short words are like too many others.
    if len(wanted) >= _LEAST_FOR_SLIPS:
        for _, score, number in process.extract(wanted, simple, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=limit):
            offer(number, score)
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.iri))[:limit]


def suggest(known: Iterable[tuple[str, str]], iri: str) -> list[str]:
    """What an unknown IRI may stand for: things of its namespace that have its last part as a name, else those with similar names.

    Args:
        known: things and their names, see :func:`names`.
        iri: the unknown one.
    """
    from rapidfuzz import fuzz, process

    space, local = _split(iri)
    own = [(one, name) for one, name in known if one.startswith(space) and _split(one)[0] == space]
    simple = [plain(name) for _, name in own]
    wanted = {plain(local): None, plain(_HUMP.sub(" ", local)): None}
    scores: dict[str, float] = {}
    for text in filter(None, wanted):
        for hit in _rank(own, simple, text, len(own)):
            scores[hit.iri] = max(hit.score, scores.get(hit.iri, 0.0))
        for _, score, number in () if scores else process.extract(text, simple, scorer=fuzz.ratio, score_cutoff=_SUGGESTED, limit=None):
            scores[own[number][0]] = max(score, scores.get(own[number][0], 0.0))
    exact = [one for one, score in scores.items() if score >= _EXACT]
    # Classes begin with a capital, properties do not.
    alike = [one for one in scores if _split(one)[1][:1].isupper() == local[:1].isupper()]
    found = [one for one in exact if one in alike] or exact or alike or list(scores)
    return sorted(found, key=lambda one: (-scores[one], one))[:_MOST_SUGGESTED]


def _split(iri: str) -> tuple[str, str]:
    """The namespace and the last part of an IRI."""
    at = max(iri.rfind("/"), iri.rfind("#")) + 1
    return iri[:at], iri[at:]


def kinds(store: Store, iris: list[str], language: str) -> dict[str, list[str]]:
    """The labels of the most special classes of each thing; a role, such as publisher, does not say what it is."""
    query = f"""SELECT DISTINCT ?thing ?kind WHERE {{
        VALUES ?thing {{ {terms.iris(iris)} }} ?thing <{terms.RDF}type> ?kind .
        FILTER NOT EXISTS {{ ?kind <{terms.NEV}isRole> true }}
        FILTER NOT EXISTS {{
            ?thing <{terms.RDF}type> ?lower . ?lower <{terms.RDFS}subClassOf> ?kind FILTER NOT EXISTS {{ ?lower <{terms.NEV}isRole> true }}
        }}
    }} ORDER BY ?thing ?kind"""
    rows = [(terms.text(row["thing"]), terms.text(row["kind"])) for row in entities.select(store, query)]
    labels = entities.labels(store, {kind for _, kind in rows}, language)
    found: dict[str, list[str]] = {}
    for thing, kind in rows:
        found.setdefault(thing, []).append(labels.get(kind, terms.shorten(kind, entities.namespaces(store))))
    return {thing: list(dict.fromkeys(kinds)) for thing, kinds in found.items()}
