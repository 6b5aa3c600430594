"""Retracts and corrects statements, and adds quotes to them, in the files of their sources, which are the master of the data.

A retraction is stated by a review, which is a source: the editors of the data say of a day which statements their sources do
not support.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from string import Template

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from nevkg.contribute import source_documents
from nevkg.contribute.cells import read_date
from nevkg.contribute.changes import Changes
from nevkg.contribute.decisions import QUOTE
from nevkg.contribute.mapping import EARLIEST, date_pairs, number_literal
from nevkg.contribute.problems import ImportProblem, Problems
from nevkg.contribute.registry import Registry, SchemaIndex, read_schema
from nevkg.contribute.row_quotes import QuoteCheck, QuotedRow, measure_quote
from nevkg.contribute.sheets import Row
from nevkg.contribute.source_files import SourceFile
from nevkg.data import dataset, terms
from nevkg.data.atomic import make_draft, replace_folder
from nevkg.data.paths import Layout, reading, walk
from nevkg.data.statement_ids import name_statements, rename
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.reading.quotes import Passage, Quote
from nevkg.store import open_store
from nevkg.validate.findings import Severity

_LANGUAGE = terms.LANGUAGES[0]
# Fields that are dates, with their properties.
_DATES = {"date": EARLIEST, **{name: f"{terms.NEV}{name}Earliest" for name in ("end", "due")}}
_PUBLISHERS = "registry/publishers.ttl"
_DIGITS = re.compile(rb"\b[0-9a-f]{32}\b")  # of statements and passages
# How the note of a corrected statement begins.
CORRECTED = "Corrected on"


@dataclass
class Edits(Changes):
    """Edits of statements, which :meth:`finish` checks and writes in one step.

    A statement is given by its IRI, its short name or only its digits.

    Attributes:
        day: the day of the edits (ISO).
        names: old to new IRI of each statement whose content has changed.
    """

    day: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def retract(self, text: str, reason: str) -> str:
        """Adds a retraction to the review of the day, and returns what was done."""
        statement, _ = self.find(text)
        retracted = NamedNode(statement), NamedNode(terms.NEV + "retracts")
        for name in self.files_with(statement):
            if any((quad.object, quad.predicate) == retracted for quad in self.read_quads(name)):
                raise WrongUsage(f"{self.short(statement)} is retracted already, in {name}.")
        slug, tables = f"s-nevkg-review-{self.day}", self.layout.ontology / "tables"
        name = source_documents.source_path(slug, self.day)
        template = Template((tables / "retraction.trig").read_text(encoding="utf-8"))
        text = template.substitute(day=self.day, statement=statement, reason=Literal(reason, language=_LANGUAGE))
        known, review = self.read_quads(name), NamedNode(terms.SOURCE + slug)
        self.save(name, [*known, *(quad for quad in parse(text, RdfFormat.TRIG) if not known or quad.subject != review)])
        self.save(_PUBLISHERS, [*self.read_quads(_PUBLISHERS), *parse(path=tables / "editors.ttl")])
        return f"{self.short(statement)} is retracted in {name}."

    def correct(self, text: str, fields: Mapping[str, Sequence[str]], reason: str) -> str:
        """Corrects fields of a statement in the file of its source, and returns what was done.

        The statement gets a new name, computed from its content, in all files; its note has the day, the old values and the reason.

        Args:
            fields: the name of each field and its one new value; an empty value removes the field.
            reason: why, in one sentence.
        """
        statement, name = self.find(text)
        quads = self.read_quads(name)
        own = [quad for quad in quads if quad.subject == NamedNode(statement)]
        graph, old = terms.text(own[0].graph_name), list[str]()
        for field_name, values in fields.items():
            if len(values) != 1:
                raise WrongUsage(f"{field_name}: give one value.")
            new = self.read_field(field_name, values[0], own)
            names = {predicate for predicate, _ in new}
            before = [quad for quad in own if quad.predicate.value in names]
            said = " to ".join(dict.fromkeys(self.short(terms.text(quad.object)) for quad in before[:2])) or "missing"
            added = terms.describe(statement, ((predicate, value) for predicate, value in new if value is not None), graph)
            if set(added) == set(before):
                raise WrongUsage(f"{field_name} has this value already.")
            own = [quad for quad in own if quad not in before] + added
            old.append(f"{field_name} was {said}")
        note = NamedNode(terms.NEV + "note")
        notes = [terms.text(quad.object) for quad in own if quad.predicate == note]
        words = "; ".join([*notes, f"{CORRECTED} {self.day} ({', '.join(old)}): {reason}"])
        noted = terms.describe(statement, [(note.value, Literal(words, language=_LANGUAGE))], graph)
        others = (quad for quad in quads if quad.subject != NamedNode(statement))
        self.save(name, [*others, *(quad for quad in own if quad.predicate != note), *noted])
        now = self.names.get(statement, statement)
        return f"{self.short(statement)} is corrected in {name}, and called {self.short(now)} now."

    def add_passages(self, text: str, quotes: Iterable[Quote]) -> tuple[str, str]:
        """Adds to a statement that its page contains some quotes, and returns its IRI and its file."""
        statement, name = self.find(text)
        quads = self.read_quads(name)
        own = [quad for quad in quads if quad.subject == NamedNode(statement)]
        source = next(terms.text(quad.object) for quad in own if quad.predicate.value == terms.NEV + "source")
        graph = terms.text(own[0].graph_name)
        self.save(name, [*quads, *(quad for each in quotes for quad in Passage.of(source, each).link([statement], graph))])
        return statement, name

    def mark_checked(self, text: str) -> None:
        """Gives a statement the day as that on which it was compared with its page; an earlier day is replaced."""
        statement, name = self.find(text)
        mark, quads = NamedNode(terms.NEV + "checked"), self.read_quads(name)
        graph = next(terms.text(quad.graph_name) for quad in quads if quad.subject == NamedNode(statement))
        kept = [quad for quad in quads if (quad.subject, quad.predicate) != (NamedNode(statement), mark)]
        self.save(name, [*kept, *terms.describe(statement, [(mark.value, terms.date(self.day))], graph)])

    @cached_property
    def schema(self) -> SchemaIndex:
        """What the ontology says of properties and codes."""
        return read_schema(self.layout)

    def short(self, iri: str) -> str:
        """Returns the short name of an IRI."""
        return terms.shorten(iri, self.namespaces)

    def find(self, text: str) -> tuple[str, str]:
        """Returns the IRI of a statement, and the file that has it."""
        digits = text.strip("<>").removeprefix(terms.STATEMENT).removeprefix("statement:")
        iri = NamedNode(terms.STATEMENT + digits) if digits.isalnum() else None
        kind = NamedNode(terms.RDF + "type")
        for name in self.files_with(terms.STATEMENT + digits) if iri else ():
            if any((quad.subject, quad.predicate) == (iri, kind) for quad in self.read_quads(name)):
                return terms.STATEMENT + digits, name
        raise WrongUsage(f"There is no statement '{text}' in {self.layout.data}; 'nevkg explain … --format json' has their names.")

    def files_with(self, statement: str) -> list[str]:
        """Returns the files that name a statement, relative to the data folder."""
        digits = statement.removeprefix(terms.STATEMENT).encode()
        return sorted(self._index[digits])

    @cached_property
    def _index(self) -> dict[bytes, set[str]]:
        """Digits of a statement to the files that name it; files that are changed stay among those of what they named before."""
        found: dict[bytes, set[str]] = defaultdict(set)
        for path in walk(self.layout.data, ""):
            for digits in _DIGITS.findall(path.read_bytes()):
                found[digits].add(str(path.relative_to(self.layout.data)))
        return found

    def write(self, name: str, content: bytes) -> None:
        """Sets the content of a file."""
        super().write(name, content)
        for digits in _DIGITS.findall(content):
            self._index[digits].add(name)

    def save(self, name: str, quads: Iterable[Quad]) -> None:
        """Puts the canonical form of a file into the changes, with statements named by their content."""
        quads = list(dict.fromkeys(quads))
        names = {old: new for old, new in name_statements(quads, self.schema.identifying).items() if old != new}
        self.names |= names
        self.write_quads(name, rename(quads, names))

    def follow(self) -> None:
        """Changes the names of renamed statements in all other files; those that refer to one may get a new name, too."""
        done = set[str]()
        while waiting := self.names.keys() - done:
            for old in sorted(waiting):
                for name in self.files_with(old):
                    if name.endswith(tuple(dataset.FORMATS)):
                        self.save(name, rename(self.read_quads(name), self.names))
                    else:
                        before, after = (iri.removeprefix(terms.STATEMENT).encode() for iri in (old, self.names[old]))
                        self.write(name, (self.read(name) or b"").replace(before, after))
                done.add(old)

    def finish(self) -> None:
        """Sets the date of the dataset, and writes the changes, or raises ``InvalidData`` if the data would be invalid."""
        self.follow()
        self.advance_date(self.day)
        wrong = [sentence for finding, sentence in self.findings() if finding.severity is Severity.VIOLATION]
        if wrong:
            raise InvalidData("\n".join([*wrong, "Nothing was written."]))
        replace_folder(make_draft(self.layout.data, self.files), self.layout.data)

    def read_field(self, name: str, text: str, own: Sequence[Quad]) -> list[tuple[str, terms.Term | None]]:
        """Returns the properties of a field with their new values, None for a value that is removed."""
        if name in _DATES:
            try:
                pairs = date_pairs(_DATES[name], read_date(text or "2000"), self.schema)
            except ValueError as error:
                raise WrongUsage(f"{name}: {error}.") from None
            return [(iri, value if text else None) for iri, value in pairs]
        iri = terms.NEV + name
        kind = self.schema.scheme(iri) or self.schema.range(iri)
        known = {quad.predicate.value for quad in own}
        if name in ("source", "retracts") or not (kind or iri in known):
            fields = sorted({*_DATES, *(iri.removeprefix(terms.NEV) for iri in known if iri.startswith(terms.NEV))} - {"source"})
            raise WrongUsage(f"There is no field '{name}' to correct; this statement has {', '.join(fields)}.{terms.suggest(name, fields)}")
        return [(iri, self._term(name, kind, text, own) if text else None)]

    def _term(self, name: str, kind: str, text: str, own: Sequence[Quad]) -> terms.Term:
        old = next((quad.object for quad in own if quad.predicate.value == terms.NEV + name), None)
        if self.schema.is_number(terms.NEV + name):
            try:
                return number_literal(text)
            except ValueError as error:
                raise WrongUsage(f"{name}: {error}.") from None
        if isinstance(old, Literal) or kind.startswith((terms.XSD, terms.RDF)):
            language = old.language if isinstance(old, Literal) else _LANGUAGE
            return Literal(text, language=language) if language else Literal(text, datatype=NamedNode(kind or terms.XSD + "string"))
        if name == "value":
            of = next((terms.text(quad.object) for quad in own if quad.predicate.value == terms.NEV + "property"), "")
            kind = self.schema.scheme(of) or self.schema.range(of)
        known = self.schema.codes(kind).get(text) or terms.expand(text, self.namespaces)
        if known:
            return NamedNode(known)
        try:
            return NamedNode(entities.resolve(open_store(self.layout), text, kind or None))
        except WrongUsage as error:
            raise WrongUsage(f"{name}: {error}") from None


_QUOTE_COLUMNS = ("statement", QUOTE)


def add_quotes(layout: Layout, path: Path, day: str) -> tuple[int, list[ImportProblem]]:
    """Keeps the length and the digest of each quote of a table as a passage of its statement.

    A statement may have several rows, with passages that carry it together.

    Args:
        path: the table; a statement is given by its IRI, its short name or only its digits.

    Returns:
        The number of statements with quotes, and what these do not mention of a statement.

    Raises:
        InvalidData: if a row is wrong; nothing is written.
    """
    edits, problems = Edits(layout, day=day), Problems()
    found: dict[tuple[str, str], list[QuotedRow]] = defaultdict(list)
    for row in _read_quotes(path):
        if quoted := measure_quote(row, QUOTE, (), problems):
            try:
                found[edits.add_passages(row.cells["statement"], quoted.quotes)].append(quoted)
            except WrongUsage as error:
                problems.add(*row.place, "statement", str(error))
    if problems:
        raise InvalidData("\n".join([*map(str, problems.found), "Nothing was written."]))
    check = QuoteCheck(layout, Registry(layout, edits.schema))
    doubts = list[ImportProblem]()
    for (statement, name), several in found.items():
        together = replace(several[0], words="\n".join(quoted.words for quoted in several), statements=[statement])
        file = SourceFile.of(edits.read_quads(name))
        source = next(terms.text(quad.object) for quad in file.about[statement] if quad.predicate.value == terms.NEV + "source")
        doubts += check.find_doubts(together, file, source)
    edits.finish()
    return len(found), doubts


def _read_quotes(path: Path) -> list[Row]:
    with reading(path), path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, restval="", strict=True)
        try:
            rows = [(reader.line_num, {name: cells[name] for name in _QUOTE_COLUMNS}) for cells in reader]
        except (KeyError, csv.Error, UnicodeDecodeError):
            raise InvalidData(f"{path} is not a table in CSV (UTF-8) with the columns {' and '.join(_QUOTE_COLUMNS)}.") from None
    return [Row("", "", str(path), line, cells, cells["statement"]) for line, cells in rows]
