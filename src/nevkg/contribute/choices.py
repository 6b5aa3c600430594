"""What may be in a cell of a row: codes of the vocabularies, and entities of the registry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.contribute.registry import SchemaIndex
from nevkg.contribute.table_format import MappingRule, TableFormat
from nevkg.data import terms

_ANY_TEXT = "?"
_NARROW = ("where", "at")  # rules whose class is narrower than the range of the property
_MAKES = ("statement", "detail", "entity", "reference", "subject", *_NARROW)


@dataclass(frozen=True)
class Choices:
    """What may be in a cell.

    Attributes:
        codes: code to the IRI of its concept; an attribute of the format has none.
        kinds: IRIs of the classes of the entities that the cell may name.
        is_name: whether a new entity is given by its name there, not by an ID.
    """

    codes: Mapping[str, str]
    kinds: Sequence[str]
    is_name: bool


def find_choices(table: TableFormat, column: str, cells: Mapping[str, str], schema: SchemaIndex) -> Choices:
    """Returns what may be in a cell, given the other cells of its row."""
    filled = {**cells, column: cells.get(column) or _ANY_TEXT}
    applying = [rule for makes in _MAKES for rule in table.rules_for(makes, filled)]
    rules = [rule for rule in applying if rule.column == column and not (rule.value and rule.makes == "statement")]
    codes: dict[str, str] = {}
    for rule in rules:
        for name, _ in rule.properties:
            # The notation of a concept, such as the symbol of a unit, comes after its local name.
            by_concept = {concept: code for code, concept in schema.codes(schema.scheme(name)).items()}
            codes |= {code: concept for concept, code in by_concept.items()}
    if not any(rule.column == column for rule in table.rules):
        codes = dict.fromkeys(table.codes(column), "")
    is_name = any(rule.makes == "entity" and rule.properties for rule in rules)
    return Choices(codes, () if codes else _find_kinds(rules, schema), is_name)


def _find_kinds(rules: Sequence[MappingRule], schema: SchemaIndex) -> list[str]:
    kinds = {rule.kind for rule in rules if rule.makes in _NARROW}
    if not kinds - {""}:
        kinds = {rule.kind for rule in rules if rule.makes in ("entity", "reference", "subject")}
        kinds |= {schema.range(name) for rule in rules if rule.makes in ("statement", "detail") for name, _ in rule.properties}
    return sorted(kind for kind in kinds if kind and not kind.startswith((terms.XSD, terms.RDF)))
