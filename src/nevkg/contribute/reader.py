"""Reads cells: their values, and the things that they name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nevkg.contribute.cells import read_date, read_number, slug
from nevkg.contribute.registry import Registry
from nevkg.contribute.rows import Row
from nevkg.contribute.schema import Schema
from nevkg.contribute.tables import Rule, Table, fill
from nevkg.data import terms

DATES = frozenset(terms.NEV + name for name in ("earliest", "endEarliest", "dueEarliest", "periodStart", "periodEnd"))
EMPTY = "the cell is empty; the format wants a value"
_NUMBERS = ("decimal", "integer")
_SHOWN = 80
_CODE = re.compile(r"([A-Z]{2}|[a-z0-9]+(-[a-z0-9]+)*)\Z")


@dataclass(frozen=True, order=True)
class Unknown:
    """A code that the format does not know, and that may be a new term.

    Attributes:
        code: as the cell has it.
        scheme: the vocabulary that takes it; empty for an attribute.
        table, column, by: of an attribute the table, the column of its values and the column that names it.
    """

    code: str
    scheme: str = ""
    table: str = ""
    column: str = ""
    by: str = ""


class BadCell(Exception):
    """A cell that cannot be read; the text is a sentence.

    Attributes:
        unknown: what would have to be added for the cell to be right, or None.
    """

    def __init__(self, column: str, message: str, unknown: Unknown | None = None) -> None:
        super().__init__(message)
        self.column, self.unknown = column, unknown

    @property
    def sentence(self) -> str:
        """The text with a stop."""
        return f"{self}{'' if str(self).endswith(('.', '?')) else '.'}"


class Reader:
    """Reads the cells of rows by the format, the ontology and the registry."""

    def __init__(self, tables: Mapping[str, Table], schema: Schema, registry: Registry) -> None:
        self.tables, self.schema, self.registry = tables, schema, registry

    def cells(self, row: Row, column: str) -> list[str]:
        """The values of a cell, checked against its datatype."""
        text = row.cells[column]
        try:
            read = self.tables[row.table].columns[column].read(text)
        except ValueError:
            raise BadCell(column, self._why(row, column, text)) from None
        if isinstance(read, list):
            return [cell.strip() for cell in read if cell and cell.strip()]
        return [text] if text else []

    def _why(self, row: Row, column: str, text: str) -> str:
        if not text:
            return EMPTY
        described = self.tables[row.table].columns[column].common_props.get("dc:description", "")
        for rule in self.tables[row.table].rules:
            kinds = [self.schema.range(name) for name, _ in rule.properties] if rule.column == column else []
            for kind in kinds:
                found = self.registry.named(text, kind) if kind else []
                if len(found) == 1:
                    return f"'{text}' is not a code; write {found[0].rpartition('/')[2]}"
        try:
            if self._is_date(row.table, column):
                read_date(text)
            if self.tables[row.table].columns[column].datatype.base in _NUMBERS:
                read_number(text)
        except ValueError as unread:
            return str(unread)
        return f"'{text[:_SHOWN]}' is not written as the format wants it: {described}"

    def _is_date(self, table: str, column: str) -> bool:
        rules = self.tables[table].rules
        return any(column in rule.dates or (rule.column == column and any(name in DATES for name, _ in rule.properties)) for rule in rules)

    def template(self, row: Row, column: str, cell: str) -> str:
        """The IRI that ``valueUrl`` of a column makes of a cell."""
        url = self.tables[row.table].columns[column].valueUrl
        if url is None:
            return ""
        template = str(url.uri)
        # An IRI that is made of several cells has small letters only.
        part = _part if template.count("{") == 1 else slug
        return fill(template, {**{name: part(text) for name, text in row.cells.items()}, column: part(cell)})

    def guess(self, row: Row, rule: Rule, cell: str) -> str:
        """The IRI that a rule makes of a cell."""
        if not rule.value:
            iri = self.template(row, rule.column, slug(cell) if rule.properties else cell)
        else:
            iri = self.expand(fill(rule.value, {**self._locals(row, rule), rule.column: self._local(row, rule, cell)}))
        if not iri or iri.endswith(("/", "-")) or "/-" in iri:
            raise BadCell(rule.column, f"'{cell}' cannot be placed: another cell of the row that it needs is empty")
        return iri

    def _local(self, row: Row, rule: Rule, cell: str) -> str:
        if rule.properties:
            return slug(cell)
        found = self.referred(row, rule.column)
        return found[0].rpartition("/")[2] if found else cell

    def _locals(self, row: Row, rule: Rule) -> dict[str, str]:
        """For the columns that a template names what ends the IRI of the thing that each means."""
        found = {}
        for column in rule.placeholders():
            cell = row.cells[column]
            iris = [] if column == rule.column and rule.makes == "entity" else self.referred(row, column)
            meant = [iri if column == rule.column else self.registry.current(iri) for iri in iris]
            found[column] = meant[0].rpartition("/")[2] if meant else _part(cell)
        return found

    def expand(self, name: str) -> str:
        """The IRI of a prefixed name."""
        return terms.expand(name, self.registry.namespaces) or ""

    def find(self, column: str, cell: str, kind: str, guess: str, links: frozenset[tuple[str, str]] = frozenset()) -> str | None:
        """The thing that a cell names, as the registry finds it; several are a bad cell."""
        try:
            return self.registry.find(cell, kind, guess, links)
        except ValueError as error:
            raise BadCell(column, str(error)) from None

    def thing(self, row: Row, column: str = "") -> str | None:
        """What a row is about: its subject, else the thing that its key column names."""
        table = self.tables[row.table]
        rules = [*table.rules_for("subject", row.cells), *(rule for rule in table.rules_for("entity", row.cells) if not rule.properties)]
        for rule in rules:
            if not column or rule.column == column:
                guess = self.guess(row, rule, row.cells[rule.column])
                found = self.find(rule.column, row.cells[rule.column] if not rule.value else guess, rule.kind, guess)
                if found is None:
                    raise BadCell(rule.column, self.registry.unknown(row.cells[rule.column], rule.kind, ""))
                return found
        return None

    def referred(self, row: Row, column: str) -> list[str]:
        """The things that a cell names, by the classes that the rules have for its column; what names nothing is passed over."""
        kinds = [
            rule.kind for rule in self.tables[row.table].rules if rule.column == column and rule.makes in ("reference", "subject", "entity")
        ]
        kinds += [self.schema.range(name) for rule in self.tables[row.table].rules if rule.column == column for name, _ in rule.properties]
        found = []
        for cell in self.cells(row, column):
            for kind in kinds:
                iri = self.find(column, cell, kind, self.template(row, column, cell)) if kind else None
                if iri:
                    found.append(iri)
                    break
        return found

    def links(self, row: Row, column: str) -> frozenset[tuple[str, str]]:
        """How the thing that a column names belongs to others."""
        rules = [rule for rule in self.tables[row.table].rules_for("link", row.cells) if rule.column == column]
        return frozenset((rule.properties[0][0], self.expand(fill(rule.value, self._locals(row, rule)))) for rule in rules)

    def guess_for(self, row: Row, column: str, cell: str, kind: str) -> str:
        """The IRI that a cell stands for if it is a slug: by the column, else by the rule that makes things of the class."""
        by_column = self.template(row, column, cell)
        if by_column:
            return by_column
        for rule in self.tables[row.table].rules_for("entity", row.cells):
            if rule.column == column and rule.kind == kind:
                return self.guess(row, rule, cell)
        return ""


def _part(cell: str) -> str:
    """A cell as part of an IRI: a code stays, a name becomes a slug."""
    return cell if _CODE.match(cell) else slug(cell)
