"""Finds how far sources reach for the places in an answer; queries define which places these are, and which sources count for them."""

from __future__ import annotations

from collections.abc import Iterable

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.lookup import entities
from nevkg.sparql.binding import bind
from nevkg.store import Store
from nevkg.store.memo import Lookup, memoise
from nevkg.table.columns import Words
from nevkg.table.values import Thing

_PLACES, _NEWEST = "places-of", "newest-sources"


def find_reach(snapshot: Store, subjects: Iterable[Thing], language: str) -> dict[Thing, str]:
    """Returns the day (ISO) of the newest source for each place of these entities, the oldest first; empty if no source has a date."""
    places = sorted({place for found in _places(snapshot, {subject.iri for subject in subjects}).values() for place in found})
    newest = _newest(snapshot, places)
    labels = entities.labels(snapshot, places, language)
    return {
        Thing(place, labels.get(place, place)): newest.get(place, "")
        for place in sorted(places, key=lambda one: (newest.get(one, ""), one))
    }


@memoise
def place_words(store: Store) -> Words:
    """Returns the label of such a place, by language."""
    path = store.layout.queries / "api" / f"{_PLACES}.rq"
    words: Words = read_head(path, read_query(path))["columns"]["place"]["label"]
    return words


def _find_places(store: Store, iris: set[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in entities.select(store, _query(store, _PLACES, "thing", iris)):
        iri = terms.text(row["thing"])
        found[iri] = (*found.get(iri, ()), terms.text(row["place"]))
    return found


def _find_newest(store: Store, places: set[str]) -> dict[str, str]:
    found = entities.select(store, _query(store, _NEWEST, "place", places))
    return {terms.text(row["place"]): terms.text(row["newest"]) for row in found if row["place"] is not None and row["newest"] is not None}


def _query(store: Store, name: str, parameter: str, iris: Iterable[str]) -> str:
    text = read_query(store.layout.queries / "api" / f"{name}.rq")
    return bind(text, {parameter: [f"<{iri}>" for iri in sorted(iris)]})


_places = Lookup[str, tuple[str, ...]](_find_places)
_newest = Lookup[str, str](_find_newest)
