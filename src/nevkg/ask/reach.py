"""How far sources reach for the places that an answer is about; queries say which places these are, and what counts for them."""

from __future__ import annotations

from collections.abc import Iterable

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_query
from nevkg.lookup import entities
from nevkg.sparql.binding import bind
from nevkg.store import Store
from nevkg.store.memo import Lookup, kept
from nevkg.table.columns import Words
from nevkg.table.values import Thing

_PLACES, _NEWEST = "places-of", "newest-sources"


def find_reach(snapshot: Store, things: Iterable[Thing], language: str) -> dict[Thing, str]:
    """The day (ISO) of the newest source for each place of these things, the oldest first; empty where none has a date."""
    places = sorted({place for found in _places(snapshot, {thing.iri for thing in things}).values() for place in found})
    newest = _newest(snapshot, places)
    labels = entities.labels(snapshot, places, language)
    return {
        Thing(place, labels.get(place, place)): newest.get(place, "")
        for place in sorted(places, key=lambda one: (newest.get(one, ""), one))
    }


@kept
def place_words(store: Store) -> Words:
    """What such a place is called, by language."""
    path = store.layout.queries / "api" / f"{_PLACES}.rq"
    words: Words = read_head(path, read_query(path))["columns"]["place"]["label"]
    return words


def _find_places(store: Store, things: set[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in entities.select(store, _query(store, _PLACES, "thing", things)):
        thing = terms.text(row["thing"])
        found[thing] = (*found.get(thing, ()), terms.text(row["place"]))
    return found


def _find_newest(store: Store, places: set[str]) -> dict[str, str]:
    found = entities.select(store, _query(store, _NEWEST, "place", places))
    return {terms.text(row["place"]): terms.text(row["newest"]) for row in found if row["place"] is not None and row["newest"] is not None}


def _query(store: Store, name: str, parameter: str, iris: Iterable[str]) -> str:
    text = read_query(store.layout.queries / "api" / f"{name}.rq")
    return bind(text, {parameter: [f"<{iri}>" for iri in sorted(iris)]})


_places = Lookup[str, tuple[str, ...]](_find_places)
_newest = Lookup[str, str](_find_newest)
