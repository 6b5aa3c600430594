"""From rows to statements, by the rules of ``mapping.csv``; nothing here knows what the columns mean."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.cells import Span, local_name, read_date, read_number, slug
from nevkg.contribute.problems import Problems, listed
from nevkg.contribute.reader import DATES, EMPTY, BadCell, Reader, Unknown
from nevkg.contribute.rows import Row
from nevkg.contribute.schema import Schema
from nevkg.contribute.tables import Rule, Table
from nevkg.data import terms
from nevkg.data.statement_ids import statement_iri

_NEV = terms.NEV
_SOURCE = _NEV + "source"
_SUBJECT, _PROPERTY, _VALUE, _NUMBER, _TEXT = (_NEV + name for name in ("subject", "property", "value", "number", "text"))
_METRIC, _UNIT = _NEV + "metric", _NEV + "unit"
_MODALITY, _COMPARATOR, _SCOPE = _NEV + "modality", _NEV + "comparator", _NEV + "scope"
_PRECISION = _NEV + "precision"
_EARLIEST, _LATEST, _END_EARLIEST, _END_LATEST = (_NEV + name for name in ("earliest", "latest", "endEarliest", "endLatest"))
_SPANS = {_NEV + f"{what}Earliest": _NEV + f"{what}Latest" for what in ("end", "due")}
_FIRST_DAY, _LAST_DAY = _NEV + "periodStart", _NEV + "periodEnd"
_DATE = NamedNode(terms.XSD + "date")
_DECIMAL, _INTEGER = NamedNode(terms.XSD + "decimal"), NamedNode(terms.XSD + "integer")
Pair = tuple[str, terms.Term]


@dataclass
class Statement:
    """A statement in the making: its class, and properties with values in the order in which they came."""

    kind: str
    pairs: list[Pair] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether it has a value for a property."""
        return any(one == name for one, _ in self.pairs)

    def quads(self, source: str, graph: str, identifying: frozenset[str]) -> tuple[str, list[Quad]]:
        """Its IRI and its quads."""
        names = [(name, value) for name, value in self.pairs if name in identifying or name == terms.DCTERMS + "identifier"]
        iri = statement_iri(source, self.kind, set(names))
        node, where = NamedNode(iri), NamedNode(graph)
        pairs = [(terms.RDF + "type", NamedNode(self.kind)), *self.pairs]
        return iri, [Quad(node, NamedNode(name), value, where) for name, value in dict.fromkeys(pairs)]


def number(text: str) -> Literal:
    """A number as the data writes it: whole ones as integers, none with zeros at its end."""
    value = read_number(text).normalize()
    return Literal(f"{value:f}", datatype=_INTEGER if value == value.to_integral_value() else _DECIMAL)


class Statements:
    """Makes statements from rows; what is wrong with a row is noted.

    Attributes:
        unknown: the codes that may be new terms, where these are to be added; they are no problems then.
    """

    def __init__(self, reader: Reader, problems: Problems, *, new_terms: bool = False) -> None:
        self.reader, self.problems, self.new_terms = reader, problems, new_terms
        self.unknown: set[Unknown] = set()
        self.tables, self.schema, self.registry = reader.tables, reader.schema, reader.registry

    def make(self, row: Row) -> list[Statement]:
        """The statements of a row, complete but for their source; if anything is wrong with it all of that is noted, and there are none."""
        table = self.tables[row.table]
        bad = [one for column in table.columns if (one := self._bad_cell(row, column))]
        made: list[tuple[Rule, Statement]] = []
        details: list[tuple[Rule, list[Pair]]] = []
        for rule in [
            *table.rules_for("reference", row.cells),
            *table.rules_for("statement", row.cells),
            *table.rules_for("detail", row.cells),
        ]:
            try:
                if rule.makes == "reference":
                    self._must_be_known(row, rule)
                elif rule.makes == "detail":
                    details.append((rule, self._detail(row, rule)))
                else:
                    cells = [rule.value] if rule.value else self.reader.cells(row, rule.column)
                    made += [(rule, self._open(row, rule, cell)) for cell in cells]
            except BadCell as one:
                bad.append(one)
        try:
            if not table.rules_for("statement", row.cells) and not any(
                rule.makes == "entity" and not rule.properties for rule in table.rules
            ):
                self._nothing_made(row, table)
            for rule, statement in made:
                self._complete(row, rule, statement, details)
        except BadCell as one:
            # What is missing because its cell is bad has been told.
            bad += [] if any(one.column == other.column for other in bad) else [one]
        self._note(row, bad)
        return [] if bad else [statement for _, statement in made]

    def describe(self, row: Row) -> list[Pair] | None:
        """What the details of a row say of its thing, which is no statement: a source has its description so; None if anything is wrong."""
        pairs: list[Pair] = []
        bad = [one for column in self.tables[row.table].columns if (one := self._bad_cell(row, column))]
        for rule in self.tables[row.table].rules_for("detail", row.cells):
            try:
                pairs += self._detail(row, rule)
            except BadCell as one:
                bad.append(one)
        self._note(row, bad)
        return None if bad else pairs

    def _bad_cell(self, row: Row, column: str) -> BadCell | None:
        try:
            self.reader.cells(row, column)
        except BadCell as bad:
            return bad
        return None

    def _note(self, row: Row, bad: list[BadCell]) -> None:
        for one in bad:
            if one.unknown and self.new_terms:
                self.unknown.add(one.unknown)
            else:
                hint = " If it is a new one, --new-terms adds it." if one.unknown else ""
                self.problems.add(row.file, row.line, one.column, one.sentence + hint)

    def _must_be_known(self, row: Row, rule: Rule) -> None:
        for cell in self.reader.cells(row, rule.column):
            if self.reader.find(rule.column, cell, rule.kind, self.reader.template(row, rule.column, cell)) is None:
                raise BadCell(rule.column, self.registry.unknown(cell, rule.kind, ""))

    def _nothing_made(self, row: Row, table: Table) -> None:
        for rule in table.rules:
            column = rule.when[0] if rule.when else ""
            codes = table.codes(column)
            if rule.makes == "statement" and row.cells.get(column) and row.cells[column] not in codes:
                raise BadCell(
                    column,
                    f"the format knows no '{row.cells[column]}'.{terms.nearest(row.cells[column], codes)} It knows {listed(codes, 12)}",
                    Unknown(row.cells[column], table=table.name, column=rule.column, by=column),
                )

    def _open(self, row: Row, rule: Rule, cell: str) -> Statement:
        statement = Statement(rule.kind)
        subject = self.reader.thing(row)
        value: terms.Term
        if rule.value:
            name, value = rule.properties[0][0], NamedNode(self.reader.expand(rule.value))
        else:
            name, value = self._value(row, rule, cell)
        if subject is None and not self._is_own(rule.kind, name):
            raise BadCell(self._column_of_subject(row), EMPTY)
        if self.schema.is_metric(name):
            statement.pairs += [(_SUBJECT, NamedNode(subject or "")), (_METRIC, NamedNode(name)), (_NUMBER, value)]
        elif self._is_own(rule.kind, name):
            statement.pairs.append((name, value))
        else:
            slot = _VALUE if isinstance(value, NamedNode) else _NUMBER if self.schema.is_number(name) else _TEXT
            statement.pairs += [(_SUBJECT, NamedNode(subject or "")), (_PROPERTY, NamedNode(name)), (slot, value)]
        if rule.modality:
            statement.pairs.append((_MODALITY, NamedNode(rule.modality)))
        return statement

    def _column_of_subject(self, row: Row) -> str:
        """The column that says what a row is about."""
        rules = self.tables[row.table].rules
        return next(rule.column for makes in ("subject", "entity") for rule in rules if rule.makes == makes and not rule.properties)

    def _is_own(self, kind: str, name: str) -> bool:
        """Whether a property belongs to the statement itself, not to its subject."""
        return name == terms.DCTERMS + "identifier" or self.schema.domain(name) in self.schema.wider(kind)

    def _detail(self, row: Row, rule: Rule) -> list[Pair]:
        pairs: list[Pair] = []
        if rule.value:
            return [(rule.properties[0][0], NamedNode(self.reader.expand(rule.value)))]
        for cell in self.reader.cells(row, rule.column):
            if rule.properties[0][0] in (_SOURCE, _PRECISION):
                continue
            name = rule.properties[0][0]
            if name in DATES:
                # The precision of a row is that of its own date, not of when it ends or is due.
                pairs += self._dates(rule.column, cell, name, self._precision_of(row) if name == _EARLIEST else "")
            else:
                pairs.append(self._value(row, rule, cell))
        return pairs

    def _precision_of(self, row: Row) -> str:
        rules = self.tables[row.table].rules_for("detail", row.cells)
        return next((row.cells[rule.column] for rule in rules if rule.properties[0][0] == _PRECISION), "")

    def _dates(self, column: str, cell: str, name: str, precision: str) -> list[Pair]:
        try:
            span = read_date(cell, precision)
        except ValueError as error:
            raise BadCell(column, str(error)) from None
        return dated(name, span, self.schema)

    def _complete(self, row: Row, rule: Rule, statement: Statement, details: list[tuple[Rule, list[Pair]]]) -> None:
        own_dates = list(zip((_EARLIEST, _END_EARLIEST), rule.dates, strict=False))
        for detail, pairs in details:
            if detail.kind and detail.kind != statement.kind:
                continue
            for name, value in pairs:
                if rule.dates and name in (_EARLIEST, _LATEST, _END_EARLIEST, _END_LATEST, _PRECISION):
                    continue
                # A modality that the row or the rule names goes before the one that its qualifier implies.
                if name == _MODALITY and detail.column != _local(_MODALITY) and statement.has(_MODALITY):
                    continue
                if name == _MODALITY:
                    statement.pairs = [pair for pair in statement.pairs if pair[0] != _MODALITY]
                statement.pairs.append((name, value))
        for name, column in own_dates:
            if row.cells[column]:
                statement.pairs += self._dates(column, row.cells[column], name, "")
        if statement.has(_NUMBER) and statement.has(_METRIC) and not statement.has(_UNIT):
            if not rule.unit:
                raise BadCell("unit", "the number has no unit; write one")
            statement.pairs.append((_UNIT, NamedNode(rule.unit)))
        for name, code in ((_MODALITY, "actual"), (_COMPARATOR, "exactly"), (_SCOPE, "whole")):
            if not statement.has(name):
                statement.pairs.append((name, NamedNode(self.schema.codes(self.schema.scheme(name))[code])))

    def _value(self, row: Row, rule: Rule, cell: str) -> tuple[str, terms.Term]:
        """The first property that knows the value, and the value."""
        column = rule.column
        known: list[str] = []
        wanted = ""
        for name, language in rule.properties:
            scheme = self.schema.scheme(name)
            if language:
                return name, Literal(cell, language=language)
            if self.schema.is_number(name) or self.schema.is_metric(name):
                return name, self._number(column, cell, whole=self.schema.range(name) == _INTEGER.value)
            if name == terms.DCTERMS + "identifier" or self.schema.is_text(name):
                return name, Literal(cell)
            if scheme:
                codes = self.schema.codes(scheme)
                if cell in codes:
                    return name, NamedNode(codes[cell])
                known += sorted(codes, key=lambda code: (code.isupper(), code))
                continue
            wanted = self.schema.range(name)
            iri = self.reader.find(column, cell, wanted, self.reader.guess_for(row, column, cell, wanted), self.reader.links(row, column))
            if iri:
                return name, NamedNode(iri)
        scheme = self.schema.scheme(rule.takes_new)
        # A code that differs in its spelling alone from a known one is a slip, no new term.
        unknown = Unknown(cell, scheme) if scheme and not {slug(cell), local_name(cell)} & self.schema.codes(scheme).keys() else None
        if known and not wanted:
            message = f"'{cell}' is not a code of the vocabulary.{terms.nearest(cell, known)} It has {listed(known, 12)}"
            raise BadCell(column, message, unknown)
        hint = "" if not known else terms.nearest(cell, known).strip()
        raise BadCell(column, self.registry.unknown(cell, wanted, hint).rstrip("."), unknown)

    def _number(self, column: str, cell: str, *, whole: bool) -> Literal:
        try:
            return number(cell[:4] if whole and not cell.isdigit() else cell)
        except ValueError as error:
            raise BadCell(column, str(error)) from None


def dated(name: str, span: Span, schema: Schema) -> list[Pair]:
    """The pairs that say when: a date, an end, a due date, or the first or last day of a period."""

    def day(text: str) -> Literal:
        return Literal(text, datatype=_DATE)

    if name == _EARLIEST:
        fineness = schema.codes(schema.scheme(_PRECISION))[span.precision]
        return [(_EARLIEST, day(span.first)), (_LATEST, day(span.last)), (_PRECISION, NamedNode(fineness))]
    if name in _SPANS:
        return [(name, day(span.first)), (_SPANS[name], day(span.last))]
    return [(name, day(span.first if name == _FIRST_DAY else span.last))]


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
