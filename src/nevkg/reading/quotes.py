"""Quotes: words of a page, kept as a length and a digest, and found again in any copy of the page; passages of sources have them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.data import terms

# Double and single quotation marks of any language. Pages, and the programs that read them, exchange one for another.
_DOUBLE = dict.fromkeys(map(ord, "“”„‟«»「」『』《》〈〉〝〞＂"), '"')
_SINGLE = dict.fromkeys(map(ord, "‘’‚‛‹›`´′＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_MARKS = str.maketrans(_DOUBLE | _SINGLE | _DASHES)

# A character with the marks that follow it, which NFKC may join with it.
_CLUSTER = re.compile(r".[\u0300-\u036f\u1160-\u11ff\u3099\u309a\ufe00-\ufe0f]*", re.DOTALL)
_PLAIN = re.compile(r"[ -~]")
_SPACE = re.compile(r"\s+")
# Control characters, and those that change the direction of what follows, also outside the text.
_HARMFUL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_AROUND, _LONGEST_WORD = 150, 30  # characters

# Words left out: an ellipsis after white space, perhaps in brackets, and the punctuation that follows it.
_OMISSION = re.compile(r"(?:^|\s+)[\[(]?(?:…|\.{3,})[\])]?(?=[\s,;:.]|$)[\s,;:.]*")


@dataclass(frozen=True)
class Text:
    """A text without what differs between copies of a page.

    Each character is in Unicode NFKC; quotation marks are ``"`` or ``'`` and dashes ``-``; white space, control and
    format characters (soft hyphens, zero-width spaces) are left out. Case and all other characters stay.

    Attributes:
        plain: the text to compare.
        positions: for each character of ``plain``, where the character that it comes from is in ``original``.
    """

    original: str
    plain: str
    positions: tuple[int, ...]

    def span(self, start: int, length: int) -> tuple[int, int]:
        """Returns the first and the last position, exclusive, in ``original`` of a part of ``plain``."""
        first, last = self.positions[start], self.positions[start + length - 1]
        cluster = _CLUSTER.match(self.original, last)
        return first, cluster.end() if cluster else last + 1


def normalise(original: str) -> Text:
    """Returns a text in the form in which quotes are compared and counted; see :class:`Text`."""
    characters: list[str] = []
    positions: list[int] = []
    for cluster in _CLUSTER.finditer(original):
        for character in _normalise_cluster(cluster.group()):
            characters.append(character)
            positions.append(cluster.start())
    return Text(original, "".join(characters), tuple(positions))


def _normalise_cluster(cluster: str) -> str:
    if _PLAIN.fullmatch(cluster):
        return cluster if cluster not in " `" else "'" * (cluster == "`")
    whole = unicodedata.normalize("NFKC", cluster.translate(_MARKS)).translate(_MARKS)
    return "".join(character for character in whole if not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf"})


@dataclass(frozen=True, order=True)
class Quote:
    """Words of a page, without the words.

    Attributes:
        length: number of characters of the normalised words.
        digest: SHA-256 of the normalised words in UTF-8, in hexadecimal digits.
    """

    length: int
    digest: str

    def find(self, text: Text) -> Iterator[tuple[int, int]]:
        """Yields where a text has the words: start and end, exclusive, in the original text."""
        for start in range(len(text.plain) - self.length + 1):
            if hashlib.sha256(text.plain[start : start + self.length].encode()).hexdigest() == self.digest:
                yield text.span(start, self.length)


def quote(words: str) -> Quote:
    """Returns the quote of some words; its length is 0 if nothing is left of them."""
    plain = normalise(words).plain
    return Quote(len(plain), hashlib.sha256(plain.encode()).hexdigest())


def split_passages(words: str) -> list[str]:
    """Returns the passages that some words consist of: what is before, between and after free-standing ellipses."""
    return [part for part in map(str.strip, _OMISSION.split(words)) if part]


def find_words(words: str, text: Text) -> list[tuple[int, int]]:
    """Returns where a text has some words, compared as quotes are: starts and ends, exclusive, in the original text."""
    plain = normalise(words).plain
    found = []
    start = text.plain.find(plain) if plain else -1
    while start >= 0:
        found.append(text.span(start, len(plain)))
        start = text.plain.find(plain, start + 1)
    return found


@dataclass(frozen=True)
class PassageText:
    """Words of a page with what is around them, each on one line, for readers.

    Attributes:
        before: at most 150 characters before the words.
        words: the words.
        after: at most 150 characters after them.
    """

    before: str
    words: str
    after: str

    @classmethod
    def cut(cls, text: str, start: int, end: int) -> PassageText:
        """Returns the part of a text from a start to an end (exclusive) with what is around it, without control characters."""
        before, after = text[max(start - _AROUND, 0) : start], text[end : end + _AROUND]
        if start > _AROUND:
            before = "…" + before[max(before.find(" ", 0, _LONGEST_WORD), 0) :]
        if end + _AROUND < len(text):
            last = after.rfind(" ", _AROUND - _LONGEST_WORD)
            after = (after[: last + 1] if last >= 0 else after) + "…"
        return cls(*(_SPACE.sub(" ", _HARMFUL.sub("", part)) for part in (before, text[start:end], after)))

    def __str__(self) -> str:
        return f"{self.before}[{self.words}]{self.after}".strip()


_TYPE, _CLASS = terms.RDF + "type", NamedNode(terms.NEV + "Passage")
_OF, _LENGTH, _DIGEST, _PASSAGE = (terms.NEV + name for name in ("passageOf", "quoteLength", "quoteDigest", "passage"))
_INTEGER = NamedNode(terms.XSD + "integer")
_ID_DIGITS = 32


@dataclass(frozen=True)
class Passage:
    """A passage of a source."""

    iri: str
    source: str
    quote: Quote

    @classmethod
    def of(cls, source: str, quote: Quote) -> Passage:
        """Returns the passage with the words of a quote; its IRI has the first 128 bits of the digest."""
        return cls(f"{terms.PASSAGE}{source.removeprefix(terms.SOURCE)}/{quote.digest[:_ID_DIGITS]}", source, quote)

    def quads(self, graph: str) -> list[Quad]:
        """Returns its description, for a named graph."""
        pairs: list[terms.Pair] = [
            (_TYPE, _CLASS),
            (_OF, NamedNode(self.source)),
            (_LENGTH, Literal(str(self.quote.length), datatype=_INTEGER)),
            (_DIGEST, Literal(self.quote.digest)),
        ]
        return terms.describe(self.iri, pairs, graph)

    def link(self, statements: Iterable[str], graph: str) -> list[Quad]:
        """Returns its description, and that some statements (IRIs) are in it, for a named graph."""
        links = [quad for iri in statements for quad in terms.describe(iri, [(_PASSAGE, NamedNode(self.iri))], graph)]
        return [*self.quads(graph), *links]


def read_passages(quads: Iterable[Quad]) -> list[Passage]:
    """Returns the passages that some quads describe, by their IRIs."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    iris = set()
    for quad in quads:
        values[terms.text(quad.subject)][quad.predicate.value] = terms.text(quad.object)
        if quad.predicate.value == _TYPE and quad.object == _CLASS:
            iris.add(terms.text(quad.subject))
    return [Passage(iri, values[iri][_OF], Quote(int(values[iri][_LENGTH]), values[iri][_DIGEST])) for iri in sorted(iris)]
