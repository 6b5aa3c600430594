"""Quotes of rows: kept as passages, and compared with what the rows say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import chain

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.decisions import QUOTE
from nevkg.contribute.duplicates import read_generic_words
from nevkg.contribute.problems import ImportProblem, Problems
from nevkg.contribute.registry import Entity, Registry
from nevkg.contribute.sheets import Row
from nevkg.contribute.source_files import SourceFile
from nevkg.contribute.table_format import TableFormat
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.reading import grounding
from nevkg.reading.dates import Date, Days, read_dates
from nevkg.reading.quotes import Passage, Quote, quote, split_passages
from nevkg.reading.sentences import split_sentences
from nevkg.reading.words import Vocabulary, read_words, simplify

_SHORTEST, _LONGEST = 4, 2000  # characters
_BEFORE = 2  # sentences
_KINDS_OF_NAMES = ("place", "name")
_NUMBER, _EARLIEST, _LATEST = (NamedNode(terms.NEV + name) for name in ("number", "earliest", "latest"))
_DUE = (NamedNode(terms.NEV + "dueEarliest"), NamedNode(terms.NEV + "dueLatest"))
_SUBJECT, _EVENT, _ACCORDING_TO = (NamedNode(terms.NEV + name) for name in ("subject", "event", "accordingTo"))
_DESCRIBED = frozenset({_SUBJECT, _EVENT})  # what texts describe rather than name
_PASSAGE, _SOURCE, _COLLECTED = (NamedNode(terms.NEV + name) for name in ("passage", "source", "collected"))
_OF_SOURCE = frozenset({_SOURCE, _PASSAGE, _ACCORDING_TO})
_LANGUAGE = NamedNode(terms.DCTERMS + "language")
# Words that may distinguish an entity from others: Motors, T03, 7X.
_WORD = re.compile(r"[^\W\d_]{3,}|\b(?=\w*\d)(?=\w*[^\W\d])\w{2,}\b")
_BRACKETS = re.compile(r" \(")  # between two names of an entity, as in "Hozon (Neta)"
# Subject to the IRIs of what statements link it to.
_Links = dict[str, set[str]]
_PAIR = re.compile(r"(?=([\u3400-\u9fff]{2}))")


@dataclass(frozen=True)
class QuotedRow:
    """A row with a quote.

    Attributes:
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
    problems.add(*row.place, column, f"{length}; give between {_SHORTEST} and {_LONGEST} that are in the page.")
    return None


@dataclass(frozen=True)
class _Reader:
    """Reads words of one source.

    Attributes:
        published: the days on which it may have been published; None if unknown.
        last: the last of them, or the day on which it was collected.
    """

    language: str
    words: Vocabulary
    published: Days | None
    last: date

    def read(self, words: str) -> grounding.Excerpt:
        """Returns what some words mention."""
        return grounding.read_excerpt(words, self.language, self.words, self.last)

    def read_dates_around(self, context: str) -> tuple[Date, ...]:
        """Returns the dates of the title and the first paragraph, which are the first two lines, and of the last line that has any."""
        lines = list(dict.fromkeys(line for line in context.split("\n") if line.strip()))  # the text may begin with its title
        dates = [tuple(read_dates(simplify(line, self.language), self.language, self.words["date"], self.last)) for line in lines]
        return (*chain(*dates[:2]), *next(filter(None, reversed(dates[2:])), ()))


class QuoteCheck:
    """Compares quotes with what the statements of their rows say."""

    def __init__(self, layout: Layout, registry: Registry) -> None:
        self._layout, self._registry = layout, registry

    @cached_property
    def _words(self) -> Vocabulary:
        return read_words(self._layout.ontology / "tables" / "words.csv")

    @cached_property
    def _generic(self) -> frozenset[str]:
        found = read_generic_words(self._layout.ontology / "tables" / "generic-words.csv", self._registry.namespaces)
        return frozenset().union(*found.values())

    @cached_property
    def _adjectives(self) -> Mapping[str, set[str]]:
        """Local name of an entity to words for it that are no names, such as *Chinese* and *Chinese brands*."""
        found: dict[str, set[str]] = defaultdict(set)
        for kind in _KINDS_OF_NAMES:
            for words in self._words[kind].meanings.values():
                for word, local in words.items():
                    found[local].add(word)
        return found

    def find_doubts(self, quoted: QuotedRow, file: SourceFile, source: str, context: str = "") -> Iterator[ImportProblem]:
        """Yields what a row says and its quote does not mention: numbers, dates and names.

        Args:
            file: the graph of its source, with the statements of the row.
            source: IRI of the source. A statement of the days on which it may have been published needs no date.
            context: title and words of the page up to the quote, and the rest of its paragraph. Names may be there, since the quote
                may refer to them: *the plant*. So may the date, if the quote has no other: in the title, the first paragraph, or the
                last one that has a date.
        """
        reader, links = self._reader_of(file, source), _read_links(file)
        passage = reader.read(quoted.words)
        around = replace(passage, text=f"{context}\n{quoted.words}", dates=reader.read_dates_around(context))
        missing: dict[str, None] = {}
        for iri in quoted.statements:
            missing |= dict.fromkeys(self._find_missing(file.about[iri], passage, around, reader.published, links, described=None))
        for what in missing:
            message = f"the quote does not mention {what}; quote the words that do, or correct the row."
            yield ImportProblem(*quoted.row.place, QUOTE, message)

    def find_ungrounded(self, file: SourceFile, source: str, text: str) -> Iterator[tuple[str, list[str]]]:
        """Yields the statements of a source that no part of a text mentions, with what is missing where least is.

        A part is a sentence with the two before it, since a sentence may refer to these.
        """
        reader = self._reader_of(file, source)
        sentences = list(split_sentences(text))
        links = _read_links(file)
        parts = [reader.read(text[sentences[max(0, number - _BEFORE)].start : sentence.end]) for number, sentence in enumerate(sentences)]
        for iri, quads in sorted(file.about.items()):
            if any(quad.predicate == _SOURCE for quad in quads):
                found = (self._find_missing(quads, part, part, reader.published, links, described=_DESCRIBED) for part in parts)
                missing = min(map(list, found), key=len, default=["any words"])
                if missing:
                    yield iri, missing

    def _reader_of(self, file: SourceFile, source: str) -> _Reader:
        about = {quad.predicate: terms.text(quad.object) for quad in file.about[source]}
        published = _read_days(about)
        last = published[1] if published else date.fromisoformat(about[_COLLECTED])
        return _Reader(about.get(_LANGUAGE, ""), self._words, published, last)

    def _find_missing(
        self,
        quads: Sequence[Quad],
        passage: grounding.Excerpt,
        around: grounding.Excerpt,
        published: Days | None,
        links: _Links,
        *,
        described: Container[NamedNode] | None,
    ) -> Iterator[str]:
        """Yields what a passage does not mention; ``described`` are the properties of what texts describe, None for all."""
        values = {quad.predicate: terms.text(quad.object) for quad in quads if isinstance(quad.object, Literal)}
        if (number := values.get(_NUMBER)) and not passage.mentions_number(Decimal(number)):
            yield f"the number {number}"
        days, due = _read_days(values), _read_days(values, *_DUE)
        dated = passage if passage.has_dates_besides(due) else around
        if days and days != published and not passage.mentions_days(days) and not dated.mentions_days(days):
            yield f"the date {days[0]}" if days[0] == days[1] else f"a date from {days[0]} to {days[1]}"
        for quad in quads:
            entity = self._registry.entities.get(self._registry.current(terms.text(quad.object)))
            if entity is None or quad.predicate == _SOURCE:
                continue
            if not self._mentions(around, entity, links, set(), is_described=described is None or quad.predicate in described):
                yield f"'{entity.name()}'"

    @cached_property
    def _whole_names(self) -> frozenset[str]:
        """The names of all entities, in lower case."""
        return frozenset(name.casefold() for entity in self._registry.entities.values() for name, _ in entity.names)

    def _mentions(self, passage: grounding.Excerpt, entity: Entity, links: _Links, seen: set[str], *, is_described: bool) -> bool:
        """Whether an excerpt has one of the names of an entity, or at least a word that distinguishes it from others.

        A word that is the name of another entity does not, such as *Selangor* of *Hulu Selangor*, unless all are. Of a subject or event
        it does, since texts describe it: *the plant of BYD in Rayong*, *BYD opened a plant in Rayong*.

        A page in another script cannot have the names of an entity that has none in this script. It has those of what the entity is
        linked to, such as the city of a plant, unless they have no such names either.
        """
        seen.add(entity.iri)
        names = [*(name for name, _ in entity.names), *self._adjectives.get(entity.local, ())]
        parts = {part for name in names for part in (*_WORD.findall(name), *_PAIR.findall(name)) if part.casefold() not in self._generic}
        own = parts if is_described else {part for part in parts if part.casefold() not in self._whole_names} or parts
        if passage.mentions_name([*names, *own, *(part for name in names for part in _BRACKETS.split(name.rstrip(")")))]):
            return True
        if passage.shares_script(names):
            return False
        iris = {value for _, value in entity.links} | links.get(entity.iri, set())
        linked = [self._registry.entities[iri] for iri in iris - seen if iri in self._registry.entities]
        return not linked or any(self._mentions(passage, other, links, seen, is_described=is_described) for other in linked)


def _read_links(file: SourceFile) -> _Links:
    """Returns what the statements of a source link each subject to."""
    found: _Links = defaultdict(set)
    for quads in file.about.values():
        for subject in (terms.text(quad.object) for quad in quads if quad.predicate == _SUBJECT):
            found[subject] |= {
                quad.object.value for quad in quads if isinstance(quad.object, NamedNode) and quad.predicate not in _OF_SOURCE
            }
    return found


def _read_days(values: Mapping[NamedNode, str], first: NamedNode = _EARLIEST, last: NamedNode = _LATEST) -> Days | None:
    """Returns the first and last day of a statement or source that has both."""
    return (date.fromisoformat(values[first]), date.fromisoformat(values[last])) if {first, last} <= values.keys() else None
