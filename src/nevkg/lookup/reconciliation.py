"""Matches the names in a table of a user with entities: candidates with scores, which further columns can confirm.

A score is a number from 0 to 100. Of the name: 100 is a name, alias or identifier of the entity, apart from case and accents; less
is a part of a name, a misspelling, or a text that contains the name. With further columns, the name counts 70 percent, and the share
of the columns that agree 30 percent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from nevkg.data import terms
from nevkg.lookup import entities, search
from nevkg.lookup.search import EXACT, INSIDE, Hit, normalise
from nevkg.store import Store
from nevkg.store.memo import Lookup, memoise

SURE = 100.0
_OF_NAME, _OF_PROPERTIES = 0.7, 0.3
# Of a part of a name: by where it is, and up to this more for a larger share of the name.
_PART, _SHARE = {300: 70.0, 200: 60.0, 150: 50.0}, 20.0
# What a misspelling loses for each percent by which it is not similar.
_SLIP = 2.25
# Of a text that begins with the name of the entity or contains it, and up to this more if it has little else.
_BEGINS, _CONTAINS, _REST = 55.0, 40.0, 30.0
_SHORTEST, _SHORTEST_LATIN = 2, 3
# Candidates by name that are compared with the other columns.
_POOL = 500


@dataclass(frozen=True)
class EntityValue:
    """A value that is an entity, by its IRI."""

    iri: str


Value = EntityValue | str | int | float | bool


@dataclass(frozen=True)
class Candidate:
    """An entity that a row of a table may mean.

    Attributes:
        score: from 0 to 100, see the module.
        of_name: the part of the name, from 0 to 100; None if no name was given.
        agrees: for each property given, whether one of the values agrees.
    """

    iri: str
    score: float
    of_name: float | None
    agrees: Mapping[str, bool] = field(default_factory=dict)


def match(
    store: Store,
    snapshot: Store,
    name: str,
    properties: Mapping[str, Sequence[Value]],
    among: Collection[str],
    limit: int,
) -> list[Candidate]:
    """Returns the entities that a row may mean, best first; in the order of their IRIs if they are equally good.

    Args:
        store: the record, for names.
        snapshot: the snapshot whose facts are compared with ``properties``.
        name: the name in the table; if empty, entities are found by the properties alone.
        properties: the IRI of each property, with the values in the table, of which one must agree.
        among: the IRIs of the entities to search.
    """
    facts = find_values(snapshot, properties)
    if name:
        of_name: dict[str, float] = _score_names(store, name, among)
    else:
        of_name = dict.fromkeys({iri for pairs in facts.values() for iri in pairs} & set(among), 0.0)
    found = []
    for iri, score in of_name.items():
        agrees = {name: _agree(store, values, facts.get(name, {}).get(iri, ())) for name, values in properties.items()}
        share = SURE * sum(agrees.values()) / len(agrees) if agrees else 0.0
        if not name and not share:
            continue
        whole = share if not name else _OF_NAME * score + _OF_PROPERTIES * share if agrees else score
        found.append(Candidate(iri, round(whole, 1), round(score, 1) if name else None, agrees))
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.iri))[:limit]


def is_certain(candidates: Sequence[Candidate]) -> bool:
    """Returns whether the first candidate is the only one that fits entirely."""
    return bool(candidates) and candidates[0].score == SURE and (len(candidates) < 2 or candidates[1].score < SURE)


def _score_names(store: Store, name: str, among: Collection[str]) -> dict[str, float]:
    """Returns the scores of the best candidates by name alone."""
    wanted = normalise(name)
    scores = {hit.iri: _score(wanted, hit) for hit in search.search(store, name, _POOL, among)}
    for iri, names in _plain_names(store).items():
        if iri in among and iri not in scores and (longest := max((len(name) for name in names if _is_within(name, wanted)), default=0)):
            begins = any(len(name) == longest and wanted.startswith(name) for name in names)
            scores[iri] = (_BEGINS if begins else _CONTAINS) + _REST * longest / len(wanted)
    return scores


def _score(wanted: str, hit: Hit) -> float:
    if hit.score >= EXACT:
        return SURE
    if hit.score < INSIDE:
        return SURE - _SLIP * (SURE - hit.score)
    start = next(least for least in _PART if hit.score >= least)
    return _PART[start] + _SHARE * len(wanted) / max(len(normalise(hit.name)), 1)


def _is_within(name: str, text: str) -> bool:
    """Returns whether a text contains a name, as whole words if they are of Latin letters or digits."""
    if len(name) < (_SHORTEST_LATIN if name.isascii() else _SHORTEST) or (start := text.find(name)) < 0:
        return False
    end = start + len(name)
    return not (_joins(text[start - 1 : start] + name[:1]) or _joins(name[-1:] + text[end : end + 1]))


def _joins(pair: str) -> bool:
    return len(pair) > 1 and pair.isascii() and pair.isalnum()


@memoise
def _plain_names(store: Store) -> dict[str, set[str]]:
    """Returns the normalised names of each entity."""
    found: dict[str, set[str]] = {}
    for iri, name in search.names(store):
        found.setdefault(iri, set()).add(normalise(name))
    return found


def _agree(store: Store, wanted: Iterable[Value], terms_of_entity: Iterable[terms.Term]) -> bool:
    """Returns whether one of the values is one of the terms, or one of its names."""
    for term in terms_of_entity:
        text = terms.text(term)
        names = {normalise(text)} | (_plain_names(store).get(text, set()) if isinstance(term, NamedNode) else set())
        if any(value.iri == text if isinstance(value, EntityValue) else _is_named(value, names) for value in wanted):
            return True
    return False


def _is_named(value: str | float | bool, names: Collection[str]) -> bool:
    if isinstance(value, bool):
        return str(value).lower() in names
    if isinstance(value, str) and normalise(value) in names:
        return True
    number = _read_number(value)
    return number is not None and any(_read_number(name) == number for name in names)


def _read_number(value: str | float) -> float | None:
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


@Lookup
def find_values(snapshot: Store, properties: set[str]) -> dict[str, dict[str, list[terms.Term]]]:
    """Returns the values of properties in a snapshot: property to entity to values, in a fixed order."""
    query = f"""SELECT DISTINCT ?property ?thing ?value WHERE {{
        VALUES ?property {{ {terms.format_iris(properties)} }} ?thing ?property ?value FILTER(ISIRI(?thing))
    }}"""
    found: dict[str, dict[str, list[terms.Term]]] = {property_name: {} for property_name in properties}
    for row in entities.select(snapshot, query):
        found[terms.text(row["property"])].setdefault(terms.text(row["thing"]), []).append(row["value"])
    return {name: {iri: sorted(values, key=str) for iri, values in things.items()} for name, things in found.items()}
