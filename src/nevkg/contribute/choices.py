"""What may be in a cell of a row: codes of the vocabularies, and entities of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nevkg.contribute.registry import SchemaIndex
from nevkg.contribute.table_format import ANY, OTHERWISE, MappingRule, TableFormat
from nevkg.data import terms

_ANY_TEXT = "?"
_STATES = ("statement", "detail")
_NARROW = ("where", "at")  # rules whose class is narrower than the range of the property
_MAKES = (*_STATES, "entity", "reference", "subject", *_NARROW)


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
            codes |= schema.preferred_codes(schema.scheme(name))
    if not any(rule.column == column for rule in table.rules):
        codes = dict.fromkeys(table.codes(column), "")
    is_name = any(rule.makes == "entity" and rule.properties for rule in rules)
    return Choices(codes, () if codes else _find_kinds(rules, schema), is_name)


def _find_kinds(rules: Sequence[MappingRule], schema: SchemaIndex) -> list[str]:
    kinds = {rule.kind for rule in rules if rule.makes in _NARROW}
    if not kinds - {""}:
        kinds = {rule.kind for rule in rules if rule.makes in ("entity", "reference", "subject")}
        kinds |= {schema.range(name) for rule in rules if rule.makes in _STATES for name, _ in rule.properties}
    return sorted(kind for kind in kinds if kind and not kind.startswith((terms.XSD, terms.RDF)))


def list_codes(table: TableFormat, column: str, schema: SchemaIndex) -> list[str]:
    """Returns the codes of a column, sorted; none if it takes anything else, or what it takes depends on another column."""
    own = _list_codes((rule for rule in table.rules if rule.column == column and not set(rule.when) - {column}), schema)
    names_values = any(rule.makes == "statement" and rule.when == (column,) and rule.column != column for rule in table.rules)
    return sorted({*own, *(table.codes(column) if names_values else ())})


def list_dependent_codes(table: TableFormat, column: str, schema: SchemaIndex) -> dict[str, dict[str, list[str]]]:
    """Returns the codes of a column by another column and its value, such as those of ``value`` for the attribute ``status``."""
    found: dict[str, dict[str, list[str]]] = {}
    for rule in table.rules:
        is_by_value = len(rule.when) == 1 and rule.when != (column,) and rule.equals[0] not in (ANY, OTHERWISE, "")
        if rule.column == column and rule.makes == "statement" and is_by_value and (codes := _list_codes([rule], schema)):
            found.setdefault(rule.when[0], {})[rule.equals[0]] = codes
    return found


def _list_codes(rules: Iterable[MappingRule], schema: SchemaIndex) -> list[str]:
    """Returns the codes that the properties of some rules take; none if one of them takes something else."""
    found: set[str] = set()
    for rule in rules:
        if rule.makes in _STATES and not rule.value:
            schemes = [schema.scheme(name) for name, _ in rule.properties]
            if not all(schemes):
                return []
            for scheme in schemes:
                found |= schema.preferred_codes(scheme).keys()
    return sorted(found)
