"""Makes statements from rows by the rules of ``mapping.csv``. No column is treated specially here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.cells import Span, local_name, read_date, read_number, slug
from nevkg.contribute.problems import Problems, join_names
from nevkg.contribute.reader import DATES, EMPTY, BadCell, Reader, UnknownCode
from nevkg.contribute.registry import SchemaIndex
from nevkg.contribute.sheets import Row
from nevkg.contribute.table_format import MappingRule, TableFormat
from nevkg.data import terms
from nevkg.data.statement_ids import statement_iri

EARLIEST, LATEST, PRECISION = (terms.NEV + name for name in ("earliest", "latest", "precision"))
_DECIMAL, INTEGER = NamedNode(terms.XSD + "decimal"), NamedNode(terms.XSD + "integer")
_FIRST_DAY = terms.NEV + "periodStart"
_SPANS = {terms.NEV + f"{what}Earliest": terms.NEV + f"{what}Latest" for what in ("end", "due")}


@dataclass
class StatementDraft:
    """A statement under construction.

    Attributes:
        pairs: properties and values, in the order in which they were added.
    """

    kind: str
    pairs: list[terms.Pair] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the statement has a value for a property."""
        return any(known == name for known, _ in self.pairs)

    def quads(self, source: str, graph: str, identifying: frozenset[str]) -> tuple[str, list[Quad]]:
        """Returns the IRI and the quads of the statement.

        Args:
            identifying: IRIs of the properties that identify a statement, from which its IRI is computed.
        """
        names = [(name, value) for name, value in self.pairs if name in identifying or name == terms.DCTERMS + "identifier"]
        iri = statement_iri(source, self.kind, set(names))
        pairs = [(terms.RDF + "type", NamedNode(self.kind)), *self.pairs, (_SOURCE, NamedNode(source))]
        return iri, terms.describe(iri, dict.fromkeys(pairs), graph)


def number_literal(text: str) -> Literal:
    """Returns a number as the data writes it: integers where possible, decimals without trailing zeros; ``ValueError`` for other text."""
    value = read_number(text).normalize()
    return Literal(f"{value:f}", datatype=INTEGER if value == value.to_integral_value() else _DECIMAL)


def date_pairs(name: str, span: Span, schema: SchemaIndex) -> list[terms.Pair]:
    """Returns the properties and values for a date, an end date, a due date, or the first or last day of a period.

    Args:
        name: IRI of the property that the rule names, such as ``nev:earliest``.
    """
    first, last = terms.date(span.first), terms.date(span.last)
    if name == EARLIEST:
        precision = schema.codes(schema.scheme(PRECISION))[span.precision]
        return [(EARLIEST, first), (LATEST, last), (PRECISION, NamedNode(precision))]
    if name in _SPANS:
        return [(name, first), (_SPANS[name], last)]
    return [(name, first if name == _FIRST_DAY else last)]


_NEV = terms.NEV
_SOURCE = _NEV + "source"
_SUBJECT, _PROPERTY, _VALUE, _NUMBER, _TEXT = (_NEV + name for name in ("subject", "property", "value", "number", "text"))
_METRIC, _UNIT = _NEV + "metric", _NEV + "unit"
_MODALITY, _COMPARATOR, _SCOPE = _NEV + "modality", _NEV + "comparator", _NEV + "scope"
_END_EARLIEST, _END_LATEST = _NEV + "endEarliest", _NEV + "endLatest"


class Statements:
    """Makes statements from rows. Errors in a row are recorded in ``problems``.

    Attributes:
        unknown: codes that may be new terms. They are collected here instead of in ``problems`` if ``new_terms`` is true.
    """

    def __init__(self, reader: Reader, problems: Problems, *, new_terms: bool = False) -> None:
        self.reader, self.problems, self.new_terms = reader, problems, new_terms
        self.unknown: set[UnknownCode] = set()
        self.tables, self.schema, self.registry = reader.tables, reader.schema, reader.registry

    def make(self, row: Row) -> list[StatementDraft]:
        """Returns the statements of a row, complete except for their source.

        If the row has errors, all of them are recorded and the result is empty.
        """
        table, bad = self.tables[row.table], self._check_cells(row)
        drafts: list[tuple[MappingRule, StatementDraft]] = []
        details: list[tuple[MappingRule, list[terms.Pair]]] = []
        for rule in table.rules_for("reference", row.cells):
            with _collect(bad):
                self._must_be_known(row, rule)
        for rule in table.rules_for("statement", row.cells):
            with _collect(bad):
                cells = [rule.value] if rule.value else self.reader.cells(row, rule.column)
                drafts += [(rule, self._open(row, rule, cell)) for cell in cells]
        for rule in table.rules_for("detail", row.cells):
            with _collect(bad):
                details.append((rule, self._detail(row, rule)))
        try:
            if not table.rules_for("statement", row.cells) and not any(
                rule.makes == "entity" and not rule.properties for rule in table.rules
            ):
                self._nothing_made(row, table)
            for rule, statement in drafts:
                self._complete(row, rule, statement, details)
        except BadCell as error:
            # A value that is missing because its cell is bad has been reported for that cell.
            bad += [] if any(error.column == other.column for other in bad) else [error]
        self._note(row, bad)
        return [] if bad else [statement for _, statement in drafts]

    def describe(self, row: Row) -> list[terms.Pair] | None:
        """Returns the properties and values that the details of a row give to its entity, or None if the row has errors.

        Sources are described in this way, not by statements.
        """
        pairs: list[terms.Pair] = []
        bad = self._check_cells(row)
        for rule in self.tables[row.table].rules_for("detail", row.cells):
            with _collect(bad):
                pairs += self._detail(row, rule)
        self._note(row, bad)
        return None if bad else pairs

    def _check_cells(self, row: Row) -> list[BadCell]:
        bad: list[BadCell] = []
        for column in self.tables[row.table].columns:
            try:
                self.reader.cells(row, column)
            except BadCell as error:
                bad.append(error)
        return bad

    def _note(self, row: Row, bad: list[BadCell]) -> None:
        for error in bad:
            if error.unknown and self.new_terms:
                self.unknown.add(error.unknown)
            else:
                hint = " If it is a new term, use --new-terms to add it." if error.unknown else ""
                self.problems.add(*row.place, error.column, error.sentence + hint)

    def _must_be_known(self, row: Row, rule: MappingRule) -> None:
        for cell in self.reader.cells(row, rule.column):
            if self.reader.find(rule.column, cell, rule.kind, self.reader.template(row, rule.column, cell)) is None:
                raise BadCell(rule.column, self.registry.not_found_message(cell, rule.kind, ""))

    def _nothing_made(self, row: Row, table: TableFormat) -> None:
        for rule in table.rules:
            column = rule.when[0] if rule.when else ""
            codes = table.codes(column)
            code = row.cells.get(column, "")
            if rule.makes == "statement" and code and code not in codes:
                raise BadCell(
                    column,
                    f"the format has no code '{code}'.{terms.suggest(code, codes)} It has {join_names(codes, 12)}",
                    UnknownCode(code, table=table.name, column=rule.column, by=column),
                )

    def _open(self, row: Row, rule: MappingRule, cell: str) -> StatementDraft:
        statement = StatementDraft(rule.kind)
        subject = self.reader.subject(row)
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
        """Returns the column that names the subject of a row."""
        rules = self.tables[row.table].rules
        return next(rule.column for makes in ("subject", "entity") for rule in rules if rule.makes == makes and not rule.properties)

    def _is_own(self, kind: str, name: str) -> bool:
        """Whether a property belongs to the statement itself, not to its subject."""
        return name == terms.DCTERMS + "identifier" or self.schema.domain(name) in self.schema.superclasses(kind)

    def _detail(self, row: Row, rule: MappingRule) -> list[terms.Pair]:
        name = rule.properties[0][0]
        if rule.value:
            return [(name, NamedNode(self.reader.expand(rule.value)))]
        cells = self.reader.cells(row, rule.column) if name not in (_SOURCE, PRECISION) else []
        if name in DATES:
            # The precision stated in a row is that of its date, not of an end date or a due date.
            precision = self._precision_of(row) if name == EARLIEST else ""
            return [pair for cell in cells for pair in self._dates(rule.column, cell, name, precision)]
        return [self._value(row, rule, cell) for cell in cells]

    def _precision_of(self, row: Row) -> str:
        rules = self.tables[row.table].rules_for("detail", row.cells)
        return next((row.cells[rule.column] for rule in rules if rule.properties[0][0] == PRECISION), "")

    def _dates(self, column: str, cell: str, name: str, precision: str) -> list[terms.Pair]:
        try:
            span = read_date(cell, precision)
        except ValueError as error:
            raise BadCell(column, str(error)) from None
        return date_pairs(name, span, self.schema)

    def _complete(
        self, row: Row, rule: MappingRule, statement: StatementDraft, details: list[tuple[MappingRule, list[terms.Pair]]]
    ) -> None:
        own_dates = list(zip((EARLIEST, _END_EARLIEST), rule.dates, strict=False))
        for detail, pairs in details:
            if detail.kind and detail.kind != statement.kind:
                continue
            for name, value in pairs:
                if rule.dates and name in (EARLIEST, LATEST, _END_EARLIEST, _END_LATEST, PRECISION):
                    continue
                # A modality that the row or the rule states has precedence over the one that the qualifier implies.
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
                raise BadCell("unit", "the number has no unit; add one")
            statement.pairs.append((_UNIT, NamedNode(rule.unit)))
        for name, code in ((_MODALITY, "actual"), (_COMPARATOR, "exactly"), (_SCOPE, "whole")):
            if not statement.has(name):
                statement.pairs.append((name, NamedNode(self.schema.codes(self.schema.scheme(name))[code])))

    def _value(self, row: Row, rule: MappingRule, cell: str) -> tuple[str, terms.Term]:
        """Returns the first property of the rule that accepts the value, and the value; raises ``BadCell`` if none does."""
        column = rule.column
        known: list[str] = []
        expected = ""
        for name, language in rule.properties:
            scheme = self.schema.scheme(name)
            if language:
                return name, Literal(cell, language=language)
            if self.schema.is_number(name) or self.schema.is_metric(name):
                return name, self._number(column, cell, whole=self.schema.range(name) == INTEGER.value)
            if name == terms.DCTERMS + "identifier" or self.schema.is_text(name):
                return name, Literal(cell)
            if scheme:
                codes = self.schema.codes(scheme)
                if cell in codes:
                    return name, NamedNode(codes[cell])
                known += sorted(codes, key=lambda code: (code.isupper(), code))
                continue
            expected = self.schema.range(name)
            guess = self.reader.guess_for(row, column, cell, expected)
            iri = self.reader.find(column, cell, expected, guess, self.reader.links(row, column))
            if iri:
                return name, NamedNode(iri)
        scheme = self.schema.scheme(rule.takes_new)
        # A code that differs from a known one only in spelling is a mistake, not a new term.
        unknown = UnknownCode(cell, scheme) if scheme and not {slug(cell), local_name(cell)} & self.schema.codes(scheme).keys() else None
        if known and not expected:
            message = f"'{cell}' is not a code of the vocabulary.{terms.suggest(cell, known)} It has {join_names(known, 12)}"
            raise BadCell(column, message, unknown)
        hint = "" if not known else terms.suggest(cell, known).strip()
        raise BadCell(column, self.registry.not_found_message(cell, expected, hint).rstrip("."), unknown)

    def _number(self, column: str, cell: str, *, whole: bool) -> Literal:
        try:
            return number_literal(cell[:4] if whole and not cell.isdigit() else cell)
        except ValueError as error:
            raise BadCell(column, str(error)) from None


@contextmanager
def _collect(bad: list[BadCell]) -> Iterator[None]:
    """Adds an error to a list, so that others are found, too."""
    try:
        yield
    except BadCell as error:
        bad.append(error)


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]
