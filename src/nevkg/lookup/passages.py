"""Passages of statements: what the data keeps of them, and their words, where the user keeps the text of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from nevkg.errors import NevkgError
from nevkg.lookup.api_queries import texts
from nevkg.reading.archive import Archive
from nevkg.reading.quotes import PassageText, Quote, normalise
from nevkg.store import Store
from nevkg.words import words_of

_WORDS = words_of("lookup.passages")


@dataclass(frozen=True)
class PassageDescription:
    """A passage of a source that makes a statement.

    Attributes:
        iri: its IRI.
        length: characters of the words, normalised as docs/passages.md says.
        digest: SHA-256 of the normalised words.
        text: the words, with what is around them; null unless texts of pages are shown, and that of its page is kept.
        fault: why the text of its page that is kept does not show them; empty otherwise.
    """

    iri: str
    length: int
    digest: str
    text: PassageText | None = None
    fault: str = ""


def find_passages(store: Store, statements: Collection[str], language: str) -> dict[str, list[PassageDescription]]:
    """Returns the passages of each statement, sorted by IRI."""
    archive = Archive(store.layout.texts) if store.layout.texts else None
    found: dict[str, dict[str, PassageDescription]] = defaultdict(dict)
    for row in texts(store, "passages", {"statement": sorted(statements)}) if statements else ():
        iri, known = row["passage"], found[row["statement"]]
        if iri not in known:
            quote = Quote(int(row["length"]), row["digest"])
            words, fault = _read_words(archive, row.get("address", ""), quote, language) if archive else (None, "")
            known[iri] = PassageDescription(iri, quote.length, quote.digest, words, fault)
    return {statement: list(passages.values()) for statement, passages in found.items()}


def _read_words(archive: Archive, address: str, quote: Quote, language: str) -> tuple[PassageText | None, str]:
    """Returns the words of a passage, or why there are none although the text of its page is kept."""
    fault = ""
    try:
        for page in archive.find_texts(address):
            if span := next(quote.find(_normalise(page)), None):
                return PassageText.cut(page, *span), ""
            fault = _WORDS[language]["changed"]
    except NevkgError as error:
        fault = str(error)
    return None, fault


# The passages of a page are looked for one after the other.
_normalise = lru_cache(maxsize=8)(normalise)
