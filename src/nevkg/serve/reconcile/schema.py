"""The identifiers, types and properties of the reconciliation service, which come from the ontology and the data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nevkg.ask import days
from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities, search
from nevkg.serve.api import queries
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.address import ONTOLOGY
from nevkg.store import Store
from nevkg.store.memo import memoise


@dataclass(frozen=True)
class Property:
    """A property: its IRI, the classes whose entities have it, and the classes or datatypes of its values."""

    iri: str
    types: Sequence[str]
    ranges: Sequence[str]


def identifier(iri: str) -> str:
    """Returns the identifier of an entity."""
    return iri.removeprefix(terms.BASE)


def find_entity(store: Store, text: str) -> str | None:
    """Returns the IRI of the entity with an identifier, a short name or an IRI; None if there is none."""
    word = text if "/" not in text or ":" in text else terms.BASE + text
    if ":" not in word or any(character.isspace() for character in word):
        return None
    try:
        iri = entities.resolve(store, word)
    except WrongUsage:
        return None
    return iri if iri in find_entities(store) else None


@memoise
def find_types(store: Store) -> list[str]:
    """Returns the IRIs of the types: classes with named entities, their superclasses, and vocabularies."""
    types = {queries.text(row["type"]) for row in queries.rows(store, "reconciliation-types")}
    return sorted(kind for kind in entities.with_superclasses(store, types) if kind in types or kind.startswith(terms.NEV))


@memoise
def find_entities(store: Store) -> frozenset[str]:
    """Returns the IRIs of all entities that have a name."""
    names = {iri for iri, _ in search.names(store) if iri.startswith(terms.BASE) and not iri.startswith(ONTOLOGY)}
    return frozenset(names - set(find_types(store)))


@memoise
def find_properties(store: Store) -> Mapping[str, Property]:
    """Returns the properties by IRI."""
    snapshot = days.snapshot(store, entities.dataset_date(store))
    rows = [{name: queries.text(term) for name, term in row.items()} for row in queries.rows(snapshot, "reconciliation-properties")]
    types: dict[str, set[str]] = {}
    ranges: dict[str, set[str]] = {}
    for row in rows:
        types.setdefault(row["property"], set()).update(entities.with_superclasses(store, [row["type"]]))
        ranges.setdefault(row["property"], set()).add(row["range"])
    return {iri: Property(iri, sorted(types[iri]), sorted(ranges[iri])) for iri in sorted(types)}


def choose(store: Store, text: str, known: Iterable[str], what: str) -> str:
    """Returns the IRI of a type or property of the service, given by short name or IRI.

    Raises:
        Problem: 400 if there is none; ``what`` names it in the message.
    """
    known, spaces = list(known), entities.namespaces(store)
    try:
        iri = terms.expand(text, spaces)
    except WrongUsage as error:
        raise Problem(400, str(error)) from None
    if iri in known:
        return iri
    short = text[:80]
    raise Problem(400, f"There is no {what} '{short}'.{terms.suggest(short, [terms.shorten(one, spaces) for one in known])}")


def describe(store: Store, iris: Iterable[str], language: str) -> dict[str, dict[str, str]]:
    """Returns each type or property as an object with short name and label."""
    wanted, spaces = list(iris), entities.namespaces(store)
    labels = find_display_labels(store, wanted, language)
    return {iri: {"id": terms.shorten(iri, spaces), "name": labels[iri]} for iri in wanted}


def find_members(store: Store, names: Sequence[str], of_all: bool = False) -> Collection[str]:
    """Returns the entities of one of the types, or of all of them; every entity if no type is given.

    Raises:
        Problem: 400 if there is no such type.
    """
    if not names:
        return find_entities(store)
    types = [choose(store, name, find_types(store), "type") for name in names]
    members = [set(entities.instances(store, kind)) for kind in types]
    return set.intersection(*members) if of_all else set.union(*members)
