"""Codes of the vocabularies that the columns of a table accept, as people write them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from nevkg.contribute.registry import SchemaIndex
from nevkg.contribute.table_format import ANY, OTHERWISE, MappingRule, TableFormat

_OF_CELLS = ("statement", "detail")


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
        if rule.makes in _OF_CELLS and not rule.value:
            schemes = [schema.scheme(name) for name, _ in rule.properties]
            if not all(schemes):
                return []
            for scheme in schemes:
                found |= {*_spell(schema.codes(scheme))}
    return sorted(found)


def _spell(codes: Mapping[str, str]) -> list[str]:
    """Returns one code for each concept: its notation if it has one, otherwise its local name."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for code, concept in codes.items():
        spellings[concept].append(code)
    # The local name is the first.
    return [several[1] if len(several) == 2 else several[0] for several in spellings.values()]
