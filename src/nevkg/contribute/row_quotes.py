"""Quotes of rows: kept as passages, and compared with what the rows say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.duplicates import read_generic_words
from nevkg.contribute.problems import ImportProblem, Problems
from nevkg.contribute.registry import Registry
from nevkg.contribute.sheets import Row
from nevkg.contribute.source_files import SourceFile
from nevkg.contribute.table_format import TableFormat
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.reading import grounding
from nevkg.reading.dates import Days
from nevkg.reading.passages import Passage
from nevkg.reading.quotes import Quote, quote, split_passages
from nevkg.reading.sentences import split_sentences
from nevkg.reading.words import Words, read_words

_SHORTEST, _LONGEST = 4, 2000  # characters
_BEFORE = 2  # sentences
_PLACE = "place"
_NUMBER, _EARLIEST, _LATEST = (NamedNode(terms.NEV + name) for name in ("number", "earliest", "latest"))
_SOURCE, _COLLECTED, _SUBJECT = (NamedNode(terms.NEV + name) for name in ("source", "collected", "subject"))
_LANGUAGE = NamedNode(terms.DCTERMS + "language")
_WORD = re.compile(r"[^\W\d_]{3,}")
_BRACKETS = re.compile(r" \(")  # between two names of an entity, as in "Hozon (Neta)"
_PAIR = re.compile(r"(?=([\u3400-\u9fff]{2}))")


@dataclass(frozen=True)
class QuotedRow:
    """A row with a quote.

    Attributes:
        words: the words of the source.
        quotes: what is kept of them, one for each passage.
        statements: IRIs of the statements that the row makes.
    """

    row: Row
    words: str
    quotes: Sequence[Quote]
    statements: Sequence[str]

    def describe(self, source: str, graph: str) -> list[Quad]:
        """Returns the passages, and that the statements are in them, for the named graph of a source (IRIs)."""
        return [quad for each in self.quotes for quad in Passage.of(source, each).link(self.statements, graph)]


def read_quote(row: Row, table: TableFormat, statements: Sequence[str], problems: Problems) -> QuotedRow | None:
    """Returns the quote of a row that makes some statements; None if it has none, or, recorded as a problem, an unusable one."""
    for rule in table.rules_for("passage", row.cells):
        return measure_quote(row, rule.column, statements, problems)
    return None


def measure_quote(row: Row, column: str, statements: Sequence[str], problems: Problems) -> QuotedRow | None:
    """Returns the quotes in a cell of a row; None, recorded as a problem, if they are too short or too long."""
    words = row.cells[column]
    found = [quote(part) for part in split_passages(words)]
    longest = max((each.length for each in found), default=0)
    if _SHORTEST <= longest <= _LONGEST:
        return QuotedRow(row, words, [each for each in found if each.length >= _SHORTEST], statements)
    length = f"it has {longest} characters, not counting spaces"
    problems.add(row.file, row.line, column, f"{length}; give between {_SHORTEST} and {_LONGEST} that are in the page.")
    return None


@dataclass(frozen=True)
class _Reader:
    """Reads words of one source.

    Attributes:
        language: its language.
        words: words of all kinds.
        published: the days on which it may have been published; None if unknown.
        last: the last of them, or the day on which it was collected.
    """

    language: str
    words: Mapping[str, Words]
    published: Days | None
    last: date

    def read(self, words: str) -> grounding.Excerpt:
        """Returns what some words mention."""
        return grounding.read_excerpt(words, self.language, self.words, self.last)


class QuoteCheck:
    """Compares quotes with what the statements of their rows say."""

    def __init__(self, layout: Layout, registry: Registry) -> None:
        self._layout, self._registry = layout, registry

    @cached_property
    def _words(self) -> Mapping[str, Words]:
        return read_words(self._layout.ontology / "tables" / "words.csv")

    @cached_property
    def _generic(self) -> frozenset[str]:
        found = read_generic_words(self._layout.ontology / "tables" / "generic-words.csv", self._registry.namespaces)
        return frozenset().union(*found.values())

    @cached_property
    def _adjectives(self) -> Mapping[str, set[str]]:
        """Local name of a place to what its people and companies are called, such as *Chinese*."""
        found: dict[str, set[str]] = defaultdict(set)
        for words in self._words.get(_PLACE, Words({})).meanings.values():
            for word, local in words.items():
                found[local].add(word)
        return found

    def find_doubts(self, quoted: QuotedRow, file: SourceFile, source: str, before: str = "") -> Iterator[ImportProblem]:
        """Yields what a row says and its quote does not mention: numbers, dates and names.

        Args:
            file: the graph of its source, with the statements of the row.
            source: IRI of the source. A statement of the days on which it may have been published needs no date.
            before: words of the page before the quote, in which names may be, since the quote may refer to them: *the plant*.
        """
        reader = self._reader_of(file, source)
        passage, published = reader.read(quoted.words), reader.published
        missing: dict[str, None] = {}
        for iri in quoted.statements:
            missing |= dict.fromkeys(self._find_missing(file.about[iri], passage, published, before))
        for what in missing:
            message = f"the quote does not mention {what}; quote the words that do, or correct the row."
            yield ImportProblem(quoted.row.file, quoted.row.line, "quote", message)

    def find_ungrounded(self, file: SourceFile, source: str, text: str) -> Iterator[tuple[str, list[str]]]:
        """Yields the statements of a source that no part of a text mentions, with what is missing where least is.

        A part is a sentence with the two before it, since a sentence may refer to these.

        Args:
            file: the graph of the source.
            source: IRI of the source.
            text: the text of its page.
        """
        reader = self._reader_of(file, source)
        sentences = list(split_sentences(text))
        parts = [reader.read(text[sentences[max(0, number - _BEFORE)].start : sentence.end]) for number, sentence in enumerate(sentences)]
        for iri, quads in sorted(file.about.items()):
            if any(quad.predicate == _SOURCE for quad in quads):
                missing = min((list(self._find_missing(quads, part, reader.published)) for part in parts), key=len, default=["any words"])
                if missing:
                    yield iri, missing

    def _reader_of(self, file: SourceFile, source: str) -> _Reader:
        about = {quad.predicate: terms.text(quad.object) for quad in file.about[source]}
        published = _read_days(about)
        last = published[1] if published else date.fromisoformat(about[_COLLECTED])
        return _Reader(about.get(_LANGUAGE, ""), self._words, published, last)

    def _find_missing(self, quads: Sequence[Quad], passage: grounding.Excerpt, published: Days | None, before: str = "") -> Iterator[str]:
        values = {quad.predicate: terms.text(quad.object) for quad in quads if isinstance(quad.object, Literal)}
        if (number := values.get(_NUMBER)) and not passage.mentions_number(Decimal(number)):
            yield f"the number {number}"
        days = _read_days(values)
        if days and days != published and not passage.mentions_days(days):
            yield f"the date {days[0]}" if days[0] == days[1] else f"a date from {days[0]} to {days[1]}"
        with_names = replace(passage, text=f"{before}\n{passage.text}") if before else passage
        for quad in quads:
            entity = self._registry.entities.get(self._registry.current(terms.text(quad.object)))
            if entity is None or quad.predicate == _SOURCE:
                continue
            names = [*(name for name, _ in entity.names), *self._adjectives.get(entity.local, ())]
            if not self._mentions(with_names, names, is_subject=quad.predicate == _SUBJECT):
                yield f"'{entity.name()}'"

    @cached_property
    def _whole_names(self) -> frozenset[str]:
        """The names of all entities, in lower case."""
        return frozenset(name.casefold() for entity in self._registry.entities.values() for name, _ in entity.names)

    def _mentions(self, passage: grounding.Excerpt, names: Sequence[str], *, is_subject: bool) -> bool:
        """Whether an excerpt has one of the names, or at least a word that distinguishes the entity from others.

        A word that is the name of another entity does not, such as *Selangor* of *Hulu Selangor*, unless all are. Of a subject it
        does, since texts describe it: *the plant of BYD in Rayong*.
        """
        parts = {part for name in names for part in (*_WORD.findall(name), *_PAIR.findall(name)) if part.casefold() not in self._generic}
        own = parts if is_subject else {part for part in parts if part.casefold() not in self._whole_names} or parts
        return passage.mentions_name([*names, *own, *(part for name in names for part in _BRACKETS.split(name.rstrip(")")))])


def _read_days(values: Mapping[NamedNode, str]) -> Days | None:
    """Returns the first and last day of a statement or source that has both."""
    return (date.fromisoformat(values[_EARLIEST]), date.fromisoformat(values[_LATEST])) if {_EARLIEST, _LATEST} <= values.keys() else None
