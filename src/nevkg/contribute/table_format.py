"""The format of a contribution, read from ``ontology/tables/``: CSVW metadata, and the rules that map columns to RDF.

Also finds what may be in a cell: codes of the vocabularies, and entities of the registry.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nevkg.contribute.registry import SchemaIndex
from nevkg.data import terms
from nevkg.data.dataset import compute_digest
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, needs_extra

if TYPE_CHECKING:
    from csvw import Column

_OPTIONAL = terms.NEV + "optional"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
ANY = "*"
OTHERWISE = "otherwise"
NEW = "+"
MAKES = ("entity", "reference", "subject", "label", "link", "statement", "detail", "passage", "where", "at")


@dataclass(frozen=True)
class MappingRule:
    """One row of ``mapping.csv``, which says what a cell of a column becomes.

    Attributes:
        when: columns that must have the values of ``equals`` for the rule to apply.
        equals: the values, one for each column of ``when``. ``*`` means any; ``otherwise`` means that no rule with
            the same column and ``when`` applies.
        makes: ``entity`` (an entity of the registry), ``reference`` (an entity that must be known), ``subject``
            (the subject of the row's statements), ``label`` or ``link`` (of an entity), ``statement``,
            ``detail`` (of the row's statements), ``passage`` (the words of the source that say so), ``where`` (a property that
            distinguishes entities of the same name) or ``at`` (a place so small that entities of similar names there may be
            duplicates).
        kind: IRI of the class of the entity or of the statement.
        properties: IRIs, each with a language tag or an empty string. If there are several, the first that accepts
            the value is used.
        takes_new: the property, marked ``+``, whose vocabulary accepts new codes; otherwise empty.
        value: a fixed value, or a template with ``{column}``, to use instead of the cell.
        of: for entities, the file of the registry; for labels, the column that names the entity.
        dates: columns with the first and last date of this statement, to use instead of those that date the row.
    """

    table: str
    column: str
    when: tuple[str, ...]
    equals: tuple[str, ...]
    makes: str
    kind: str
    properties: tuple[tuple[str, str], ...]
    takes_new: str
    value: str
    modality: str
    unit: str
    of: str
    dates: tuple[str, ...]

    def placeholders(self) -> list[str]:
        """Returns the columns that the template in ``value`` uses."""
        return _PLACEHOLDER.findall(self.value)

    def applies(self, cells: Mapping[str, str]) -> bool:
        """Whether the condition is true for a row. ``otherwise`` is decided in :meth:`TableFormat.rules_for`."""
        return all(
            bool(cells.get(name)) if value == ANY else cells.get(name, "") == value
            for name, value in zip(self.when, self.equals, strict=True)
        )


@dataclass(frozen=True)
class TableFormat:
    """One table of the format."""

    name: str
    titles: Mapping[str, str]
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    optional: frozenset[str]
    rules: tuple[MappingRule, ...] = field(repr=False)

    @cached_property
    def _by_makes(self) -> dict[str, list[MappingRule]]:
        return {makes: [rule for rule in self.rules if rule.makes == makes] for makes in MAKES}

    def rules_for(self, makes: str, cells: Mapping[str, str]) -> list[MappingRule]:
        """Returns the rules with this value of ``makes`` that apply to a row, in the order of ``mapping.csv``."""
        candidates = [rule for rule in self._by_makes[makes] if cells.get(rule.column)]
        applying = {id(rule) for rule in candidates if OTHERWISE not in rule.equals and rule.applies(cells)}
        matched = {(rule.column, rule.when) for rule in candidates if id(rule) in applying}
        return [
            rule for rule in candidates if id(rule) in applying or (OTHERWISE in rule.equals and (rule.column, rule.when) not in matched)
        ]

    def codes(self, column: str) -> list[str]:
        """Returns the values of ``column`` in the conditions of rules, sorted: the attributes of the format."""
        return sorted({
            value
            for rule in self.rules
            for name, value in zip(rule.when, rule.equals, strict=True)
            if name == column and value not in ("", ANY, OTHERWISE)
        })  # fmt: skip


def fill(template: str, values: Mapping[str, str]) -> str:
    """Returns ``template`` with each ``{column}`` replaced by its value; raises ``KeyError`` if there is none."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def read_format(layout: Layout) -> dict[str, TableFormat]:
    """Returns the tables by name, in the order of the metadata, read once for each state of their files."""
    folder = layout.ontology / "tables"
    return dict(_read_format(folder, compute_digest([folder / "format.json", folder / "mapping.csv"])))


@lru_cache(4)
def _read_format(folder: Path, _digest: str) -> Mapping[str, TableFormat]:
    with needs_extra("contribute"):
        from csvw import TableGroup
    try:
        group = TableGroup.from_file(folder / "format.json")
        rules = _read_rules(folder / "mapping.csv", terms.prefixes(folder.parent))
    except (OSError, ValueError, KeyError) as error:
        raise CouldNotRun(f"{folder} cannot be read: {error}.") from None
    tables = {}
    for table in group.tables:
        name = Path(str(table.url)).stem
        columns = {str(column.name): column for column in table.tableSchema.columns}
        tables[name] = TableFormat(
            name,
            {title["@language"]: title["@value"] for title in table.common_props["dc:title"]},
            table.common_props.get("dc:description", ""),
            tuple(table.tableSchema.primaryKey or ()),
            columns,
            frozenset(key for key, column in columns.items() if column.common_props.get(_OPTIONAL)),
            tuple(rule for rule in rules if rule.table == name),
        )
    return tables


def _read_rules(path: Path, namespaces: dict[str, str]) -> list[MappingRule]:
    def iri(name: str) -> str:
        if found := terms.expand(name, namespaces):
            return found
        raise ValueError(f"{path}: '{name}' has no prefix")

    def split(text: str) -> tuple[str, ...]:
        return tuple(text.split("|")) if text else ()

    rules = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["makes"] not in MAKES:
                raise ValueError(f"{path}: a rule cannot make '{row['makes']}'")
            names = row["property"].split()
            tagged = [name.removesuffix(NEW).partition("@")[::2] for name in names]
            takes_new = next((name.removesuffix(NEW) for name in names if name.endswith(NEW)), "")
            when = split(row["when"])
            rules.append(
                MappingRule(
                    table=row["table"],
                    column=row["column"],
                    when=when,
                    equals=tuple(row["equals"].split("|")) if when else (),
                    makes=row["makes"],
                    kind=iri(row["class"]) if row["class"] else "",
                    properties=tuple((iri(name), language) for name, language in tagged),
                    takes_new=iri(takes_new) if takes_new else "",
                    value=row["value"],
                    modality=iri(row["modality"]) if row["modality"] else "",
                    unit=iri(row["unit"]) if row["unit"] else "",
                    of=row["of"],
                    dates=tuple(row["dates"].split("/")) if row["dates"] else (),
                )
            )
    return rules


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


def list_codes_among_others(table: TableFormat, column: str, schema: SchemaIndex) -> list[str]:
    """Returns the codes of a column that takes other values, too, such as the topics of a claim; none if it takes nothing else."""
    schemes = _list_schemes((rule for rule in table.rules if rule.column == column), schema)
    return [] if all(schemes) else _list_codes_of(schemes, schema)


def _list_codes(rules: Iterable[MappingRule], schema: SchemaIndex) -> list[str]:
    """Returns the codes that the properties of some rules take; none if one of them takes something else."""
    schemes = _list_schemes(rules, schema)
    return _list_codes_of(schemes, schema) if all(schemes) else []


def _list_schemes(rules: Iterable[MappingRule], schema: SchemaIndex) -> list[str]:
    """Returns the schemes of the properties that state the value of a cell; empty for one without scheme."""
    return [schema.scheme(name) for rule in rules if rule.makes in _STATES and not rule.value for name, _ in rule.properties]


def _list_codes_of(schemes: Iterable[str], schema: SchemaIndex) -> list[str]:
    return sorted({code for scheme in schemes for code in schema.preferred_codes(scheme)})
