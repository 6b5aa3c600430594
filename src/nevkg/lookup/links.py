"""Links to where the page of a statement may say it: its address, with a text fragment made of the statement's number or names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from pyoxigraph import NamedNode

from nevkg.data import terms
from nevkg.data.tables import GENERIC_WORDS, read_rows
from nevkg.lookup import entities
from nevkg.lookup.statements import Properties, first, nev
from nevkg.reading.addresses import link_to_words
from nevkg.reading.numbers import write_number
from nevkg.reading.words import Words, read_words
from nevkg.store import Store
from nevkg.store.memo import Lookup

_MOST_NAMES, _MOST_PARTS = 3, 3
_PART = re.compile(r"[^\W\d_]{3,}")


def find_links(store: Store, statements: Mapping[str, Properties]) -> dict[str, str]:
    """Returns the address of the page of each statement, with a text fragment if it is one of HTML.

    The fragment has the number of the statement, in the ways in which the language of the page writes it, or else the names of its
    value or its subject. There is no link to pages without an address, or on unreliable hosts.

    Args:
        statements: the properties of statements, by IRI.
    """
    pages = _pages(store, {first(of, nev("source")) for of in statements.values()})
    names = _names(store, {iri for of in statements.values() for iri in _list_entities(of)})
    found = {}
    for iri, of in statements.items():
        if page := pages.get(first(of, nev("source"))):
            address, language = page
            found[iri] = link_to_words(address, list(_write(store, of, names, language)))
    return found


def _write(store: Store, of: Properties, names: Mapping[str, Sequence[tuple[str, str]]], language: str) -> Iterator[str]:
    """Yields words that a page may have for a statement, the most telling first."""
    words, generic = _read_tables(store.layout.ontology / "tables")
    if number := first(of, nev("number")):
        yield from write_number(Decimal(number), language, words)
        return
    entity = next((iri for iri in _list_entities(of) if iri in names), None)
    if entity is None:
        return
    own, english = ([name for name, tongue in names[entity] if tongue == wanted] for wanted in (language, terms.LANGUAGES[0]))
    chosen = (own or english)[:_MOST_NAMES]
    yield from chosen
    # Pages do not have the names that describe an entity, but words of them: BYD Rayong plant.
    parts = {part for name in chosen[:1] for part in _PART.findall(name) if part.casefold() not in generic}
    yield from sorted(parts - set(chosen), key=lambda part: (-len(part), part))[:_MOST_PARTS]


def _list_entities(of: Properties) -> list[str]:
    """Returns the value of a statement and its subject, as IRIs."""
    return [terms.text(term) for name in ("value", "subject") for term in of.get(nev(name), ()) if isinstance(term, NamedNode)]


@lru_cache(maxsize=4)
def _read_tables(folder: Path) -> tuple[Words, frozenset[str]]:
    """Returns the number words of all languages, and the words that distinguish no entity; none if an older release lacks them."""
    words, generic = folder / "words.csv", folder / "generic-words.csv"
    if not (words.exists() and generic.exists()):
        return Words({}), frozenset()
    return read_words(words)["number"], frozenset(word.casefold() for _, (_, word) in read_rows(generic, GENERIC_WORDS))


@Lookup
def _pages(store: Store, sources: set[str]) -> dict[str, tuple[str, str]]:
    """Returns address and language (ISO 639-1, or empty) of sources."""
    query = f"""SELECT ?source ?address ?language WHERE {{
      VALUES ?source {{ {terms.format_iris(sources - {""})} }} ?source nev:address ?address .
      OPTIONAL {{ ?source dcterms:language ?language }} FILTER NOT EXISTS {{ ?source nev:unreliableHost ?host }} }}
      ORDER BY ?source DESC(?address)"""
    return {
        row["source"]: (row["address"], row.get("language", "").partition("-")[0])
        for row in entities.rows(store, query)
        if row["address"].startswith(("https://", "http://"))
    }


@Lookup
def _names(store: Store, iris: set[str]) -> dict[str, Sequence[tuple[str, str]]]:
    """Returns the names of entities with their languages, labels before aliases. Concepts have none: pages use other words."""
    found: dict[str, dict[tuple[str, str], None]] = defaultdict(dict)
    for properties in (terms.LABELS, terms.ALIASES):
        query = f"""SELECT ?thing ?name WHERE {{
          VALUES ?thing {{ {terms.format_iris(iris)} }} ?thing {terms.format_path(properties)} ?name
          FILTER NOT EXISTS {{ ?thing skos:inScheme ?scheme }} }}
          ORDER BY ?thing ?name"""
        for row in entities.select(store, query):
            found[terms.text(row["thing"])][row["name"].value, (row["name"].language or "").partition("-")[0]] = None
    return {iri: list(names) for iri, names in found.items()}
