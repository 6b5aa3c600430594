"""Reads cells, resolves the entities that they name, and adds the entities that rows describe to the registry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nevkg.contribute.cells import read_date, read_number, slug
from nevkg.contribute.problems import Problems
from nevkg.contribute.registry import Registry, SchemaIndex
from nevkg.contribute.sheets import Row
from nevkg.contribute.table_format import MappingRule, TableFormat, fill
from nevkg.data import terms

DATES = frozenset(terms.NEV + name for name in ("earliest", "endEarliest", "dueEarliest", "periodStart", "periodEnd"))
EMPTY = "the cell is empty; a value is required"
_NUMBERS = ("decimal", "integer")
_SHOWN = 80
_CODE = re.compile(r"([A-Z]{2}|[a-z0-9]+(-[a-z0-9]+)*)\Z")


@dataclass(frozen=True, order=True)
class UnknownCode:
    """A code that is not in the format and may be a new term.

    Attributes:
        code: the code, as written in the cell.
        scheme: IRI of the vocabulary that it would be added to; empty for an attribute.
        table: for an attribute, its table.
        column: for an attribute, the column of its values.
        by: for an attribute, the column that names it.
    """

    code: str
    scheme: str = ""
    table: str = ""
    column: str = ""
    by: str = ""


class BadCell(Exception):
    """Raised when a cell cannot be read. The message is a sentence for the user.

    Attributes:
        unknown: the code that would make the cell valid if it were added as a new term, or None.
    """

    def __init__(self, column: str, message: str, unknown: UnknownCode | None = None) -> None:
        super().__init__(message)
        self.column, self.unknown = column, unknown

    @property
    def sentence(self) -> str:
        """The message, ending in a full stop or a question mark."""
        return f"{self}{'' if str(self).endswith(('.', '?')) else '.'}"


class Reader:
    """Reads the cells of rows, according to the format, the ontology and the registry."""

    def __init__(self, tables: Mapping[str, TableFormat], schema: SchemaIndex, registry: Registry) -> None:
        self.tables, self.schema, self.registry = tables, schema, registry

    def cells(self, row: Row, column: str) -> list[str]:
        """Returns the values of a cell, several if its column has a separator; raises ``BadCell`` if they do not match its datatype."""
        text = row.cells[column]
        try:
            values = self.tables[row.table].columns[column].read(text)
        except ValueError:
            raise BadCell(column, self._explain(row, column, text)) from None
        if isinstance(values, list):
            return [value.strip() for value in values if value and value.strip()]
        return [text] if text else []

    def _explain(self, row: Row, column: str, text: str) -> str:
        if not text:
            return EMPTY
        description = self.tables[row.table].columns[column].common_props.get("dc:description", "")
        for rule in self.tables[row.table].rules:
            kinds = [self.schema.range(name) for name, _ in rule.properties] if rule.column == column else []
            for kind in kinds:
                found = self.registry.find_all(text, kind) if kind else []
                if len(found) == 1:
                    return f"'{text}' is not a code; write {found[0].rpartition('/')[2]}"
        try:
            if self._is_date(row.table, column):
                read_date(text)
            if self.tables[row.table].columns[column].datatype.base in _NUMBERS:
                read_number(text)
        except ValueError as error:
            return str(error)
        return f"'{text[:_SHOWN]}' does not match the format of the column: {description}"

    def _is_date(self, table: str, column: str) -> bool:
        rules = self.tables[table].rules
        return any(column in rule.dates or (rule.column == column and any(name in DATES for name, _ in rule.properties)) for rule in rules)

    def template(self, row: Row, column: str, cell: str) -> str:
        """Returns the IRI that the ``valueUrl`` of a column gives for a cell, or an empty string."""
        url = self.tables[row.table].columns[column].valueUrl
        if url is None:
            return ""
        template = str(url.uri)
        # IRIs made from several cells are all lower case.
        part = _part if template.count("{") == 1 else slug
        return fill(template, {**{name: part(text) for name, text in row.cells.items()}, column: part(cell)})

    def guess(self, row: Row, rule: MappingRule, cell: str) -> str:
        """Returns the IRI that a rule gives for a cell; raises ``BadCell`` if another cell that the IRI depends on is empty."""
        if not rule.value:
            iri = self.template(row, rule.column, slug(cell) if rule.properties else cell)
        else:
            iri = self.expand(fill(rule.value, {**self._local_names(row, rule), rule.column: self._local_name(row, rule, cell)}))
        if not iri or iri.endswith(("/", "-")) or "/-" in iri:
            raise BadCell(rule.column, f"'{cell}' cannot be identified: another cell of the row that it depends on is empty")
        return iri

    def _local_name(self, row: Row, rule: MappingRule, cell: str) -> str:
        if rule.properties:
            return slug(cell)
        found = self.referenced_entities(row, rule.column)
        return found[0].rpartition("/")[2] if found else cell

    def _local_names(self, row: Row, rule: MappingRule) -> dict[str, str]:
        """Returns, for each column in the rule's template, the last part of the IRI of the entity that the cell names."""
        found = {}
        for column in rule.placeholders():
            cell = row.cells[column]
            iris = [] if column == rule.column and rule.makes == "entity" else self.referenced_entities(row, column)
            resolved = [iri if column == rule.column else self.registry.current(iri) for iri in iris]
            found[column] = resolved[0].rpartition("/")[2] if resolved else _part(cell)
        return found

    def expand(self, name: str) -> str:
        """Returns the IRI of a prefixed name, or an empty string if the prefix is unknown."""
        return terms.expand(name, self.registry.namespaces) or ""

    def find(self, column: str, cell: str, kind: str, guess: str, links: frozenset[tuple[str, str]] = frozenset()) -> str | None:
        """Returns the entity that a cell names, or None; see :meth:`Registry.find`. Raises ``BadCell`` if there are several."""
        try:
            return self.registry.find(cell, kind, guess, links)
        except ValueError as error:
            raise BadCell(column, str(error)) from None

    def subject(self, row: Row, column: str = "") -> str | None:
        """Returns the entity that a row, or a column of it, is about: its subject, else that of its key; ``BadCell`` if none or several."""
        table = self.tables[row.table]
        rules = [*table.rules_for("subject", row.cells), *(rule for rule in table.rules_for("entity", row.cells) if not rule.properties)]
        for rule in rules:
            if not column or rule.column == column:
                guess = self.guess(row, rule, row.cells[rule.column])
                found = self.find(rule.column, row.cells[rule.column] if not rule.value else guess, rule.kind, guess)
                if found is None:
                    raise BadCell(rule.column, self.registry.not_found_message(row.cells[rule.column], rule.kind, ""))
                return found
        return None

    def referenced_entities(self, row: Row, column: str) -> list[str]:
        """Returns the entities that a cell names, of the classes that the rules allow for its column.

        Values that name no entity are skipped.
        """
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
        """Returns the links of the entity that a column names, as (property, value) pairs: for a city, its country."""
        rules = [rule for rule in self.tables[row.table].rules_for("link", row.cells) if rule.column == column]
        return frozenset((rule.properties[0][0], self.expand(fill(rule.value, self._local_names(row, rule)))) for rule in rules)

    def guess_for(self, row: Row, column: str, cell: str, kind: str) -> str:
        """Returns the IRI that a cell denotes if it is a slug, or an empty string.

        The ``valueUrl`` of the column decides, otherwise the rule that makes entities of the class.
        """
        by_column = self.template(row, column, cell)
        if by_column:
            return by_column
        for rule in self.tables[row.table].rules_for("entity", row.cells):
            if rule.column == column and rule.kind == kind:
                return self.guess(row, rule, cell)
        return ""


def _part(cell: str) -> str:
    """Returns a cell as part of an IRI: codes are unchanged, names become slugs."""
    return cell if _CODE.match(cell) else slug(cell)


_LABEL = terms.RDFS + "label"


class Things:
    """Makes entities from rows. Errors in a row are recorded in ``problems``."""

    def __init__(self, reader: Reader, problems: Problems) -> None:
        self.reader, self.problems = reader, problems
        self.tables, self.registry = reader.tables, reader.registry

    def add_things(self, row: Row, *, by_name: bool) -> None:
        """Adds the entities of a row to the registry: those with an ID, or ``by_name`` those that have only a name."""
        table = self.tables[row.table]
        for rule in [*table.rules_for("entity", row.cells), *(subject for subject in table.rules_for("subject", row.cells) if subject.of)]:
            if bool(rule.properties) != by_name:
                continue
            try:
                for cell in self.reader.cells(row, rule.column):
                    self._add_thing(row, rule, cell)
            except BadCell as bad:
                self.problems.add(*row.place, bad.column, bad.sentence)

    def _add_thing(self, row: Row, rule: MappingRule, cell: str) -> None:
        iri = self.reader.guess(row, rule, cell)
        links = self.reader.links(row, rule.column)
        if rule.properties and self.reader.find(rule.column, cell, rule.kind, iri, links):
            return
        entity = self.registry.add(iri, rule.kind, rule.of)
        for _, language in rule.properties:
            self.registry.add_name(entity, cell, language)
        for name, value in sorted(links):
            self.registry.add_link(entity, name, value)

    def name_things(self, row: Row, *, composed: bool) -> None:
        """Adds the names that a row gives to its entity: those in its cells, or those composed of the names of other entities."""
        table = self.tables[row.table]
        for rule in table.rules_for("label", row.cells):
            if bool(rule.value) != composed:
                continue
            try:
                self._name_thing(row, rule)
            except BadCell:  # reported when entities are added and when statements are made
                continue

    def _name_thing(self, row: Row, rule: MappingRule) -> None:
        subject = self.reader.subject(row, rule.of)
        entity = self.registry.entities.get(subject) if subject else None
        if entity is None:
            return
        name, language = rule.properties[0]
        if not rule.value:
            self.registry.add_name(entity, row.cells[rule.column], language, alias=name != _LABEL)
        elif not entity.names:
            self.registry.add_name(entity, self._compose_name(row, rule), language)

    def _compose_name(self, row: Row, rule: MappingRule) -> str:
        """Returns a name composed of the names of other entities."""
        words = {}
        for column in rule.placeholders():
            cell = row.cells[column]
            entity = next(
                (self.registry.entities[iri] for iri in self.reader.referenced_entities(row, column) if iri in self.registry.entities), None
            )
            words[column] = entity.name() if entity else cell if cell[:1].isdigit() else cell.replace("-", " ")
        text = fill(rule.value, words).strip(" ,:")
        return text[:1].upper() + text[1:]
