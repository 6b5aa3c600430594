"""Adds the entities that rows describe or name to the registry."""

from __future__ import annotations

from nevkg.contribute.problems import Problems
from nevkg.contribute.reader import BadCell, Reader
from nevkg.contribute.rows import Row
from nevkg.contribute.tables import Rule, fill
from nevkg.data import terms

_LABEL = terms.RDFS + "label"


class Things:
    """Makes entities from rows. Errors in a row are recorded in ``problems``."""

    def __init__(self, reader: Reader, problems: Problems) -> None:
        self.reader, self.problems = reader, problems
        self.tables, self.registry = reader.tables, reader.registry

    def add_things(self, row: Row, *, by_name: bool) -> None:
        """Adds the entities of a row to the registry.

        Args:
            by_name: Add the entities that are given by name only, instead of those with an ID.
        """
        table = self.tables[row.table]
        for rule in [*table.rules_for("entity", row.cells), *(one for one in table.rules_for("subject", row.cells) if one.of)]:
            if bool(rule.properties) != by_name:
                continue
            try:
                for cell in self.reader.cells(row, rule.column):
                    self._add_thing(row, rule, cell)
            except BadCell as bad:
                self.problems.add(row.file, row.line, bad.column, bad.sentence)

    def _add_thing(self, row: Row, rule: Rule, cell: str) -> None:
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
        """Adds the names that a row gives to its entity.

        Args:
            composed: Add the names composed of the names of other entities, instead of those in the cells.
        """
        table = self.tables[row.table]
        for rule in table.rules_for("label", row.cells):
            if bool(rule.value) != composed:
                continue
            try:
                self._name_thing(row, rule)
            except BadCell:  # reported when entities are added and when statements are made
                continue

    def _name_thing(self, row: Row, rule: Rule) -> None:
        subject = self.reader.subject(row, rule.of)
        entity = self.registry.entities.get(subject) if subject else None
        if entity is None:
            return
        name, language = rule.properties[0]
        if not rule.value:
            self.registry.add_name(entity, row.cells[rule.column], language, alias=name != _LABEL)
        elif not entity.names:
            self.registry.add_name(entity, self._compose_name(row, rule), language)

    def _compose_name(self, row: Row, rule: Rule) -> str:
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
