"""The format of a contribution, as ``ontology/tables/`` has it: CSVW metadata, and what becomes of each column."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun

if TYPE_CHECKING:
    from csvw import Column

_OPTIONAL = terms.NEV + "optional"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
ANY = "*"
OTHERWISE = "otherwise"
NEW = "+"
MAKES = ("entity", "reference", "subject", "label", "link", "statement", "detail", "where", "at")


@dataclass(frozen=True)
class Rule:
    """One row of ``mapping.csv``: what a cell of a column becomes.

    Attributes:
        when: columns that must hold the values of ``equals`` (``*``: any; ``otherwise``: no sibling rule applies).
        makes: ``entity`` (a thing of the registry), ``reference`` (a thing that must be known), ``subject``
            (what the row's statements are about), ``label`` or ``link`` (of an entity), ``statement``,
            ``detail`` (of the row's statements), ``where`` or ``at`` (a property that keeps namesakes apart,
            or so narrow a place that namesakes there may be one).
        kind: IRI of the class of the thing or of the statement.
        properties: IRIs, each with a language tag or an empty text; of several the first that knows the value.
        takes_new: the property, marked ``+``, whose vocabulary takes a code that is new; else empty.
        value: a fixed value or a template with ``{column}``, in place of the cell.
        of: for things, the file of the registry; for labels, the column of the thing.
        dates: columns that date this statement, first and last, in place of those that date the row.
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
        """The columns that ``value`` names."""
        return _PLACEHOLDER.findall(self.value)

    def holds(self, cells: Mapping[str, str]) -> bool:
        """Whether the condition holds for a row; ``otherwise`` is for the table to decide."""
        return all(
            bool(cells.get(name)) if wanted == ANY else cells.get(name, "") == wanted
            for name, wanted in zip(self.when, self.equals, strict=True)
        )


@dataclass(frozen=True)
class Table:
    """One table of the format."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    optional: frozenset[str]
    rules: tuple[Rule, ...] = field(repr=False)

    @cached_property
    def _by_makes(self) -> dict[str, list[Rule]]:
        return {makes: [rule for rule in self.rules if rule.makes == makes] for makes in MAKES}

    def rules_for(self, makes: str, cells: Mapping[str, str]) -> list[Rule]:
        """The rules of one sort that apply to a row, in the order of the table."""
        candidates = [rule for rule in self._by_makes[makes] if cells.get(rule.column)]
        applying = {id(rule) for rule in candidates if OTHERWISE not in rule.equals and rule.holds(cells)}
        taken = {(rule.column, rule.when) for rule in candidates if id(rule) in applying}
        return [rule for rule in candidates if id(rule) in applying or (OTHERWISE in rule.equals and (rule.column, rule.when) not in taken)]

    def codes(self, column: str) -> list[str]:
        """The values of ``column`` that a rule asks for: the attributes that the format knows."""
        return sorted({
            wanted
            for rule in self.rules
            for name, wanted in zip(rule.when, rule.equals, strict=True)
            if name == column and wanted not in ("", ANY, OTHERWISE)
        })  # fmt: skip


def fill(template: str, values: Mapping[str, str]) -> str:
    """``template`` with every ``{column}`` replaced; raises KeyError for a column without a value."""
    return _PLACEHOLDER.sub(lambda match: values[match[1]], template)


def read_format(layout: Layout) -> dict[str, Table]:
    """The tables by name, in the order of the metadata.

    Raises:
        CouldNotRun: if the library that reads the metadata is missing, or ``ontology/tables/`` is broken.
    """
    try:
        from csvw import TableGroup
    except ImportError:
        raise CouldNotRun("Importing needs more packages; install them with: pip install 'nevkg[contribute]'") from None
    folder = layout.ontology / "tables"
    try:
        group = TableGroup.from_file(folder / "format.json")
        rules = _read_rules(folder / "mapping.csv", terms.prefixes(layout.ontology))
    except (OSError, ValueError, KeyError) as error:
        raise CouldNotRun(f"{folder} cannot be read: {error}.") from None
    tables = {}
    for table in group.tables:
        name = Path(str(table.url)).stem
        columns = {str(column.name): column for column in table.tableSchema.columns}
        tables[name] = Table(
            name,
            _english(table.common_props.get("dc:title", name)),
            table.common_props.get("dc:description", ""),
            tuple(table.tableSchema.primaryKey or ()),
            columns,
            frozenset(key for key, column in columns.items() if column.common_props.get(_OPTIONAL)),
            tuple(rule for rule in rules if rule.table == name),
        )
    return tables


def _english(title: Any) -> str:
    if isinstance(title, list):
        return str(next(one["@value"] for one in title if one.get("@language") == terms.LANGUAGES[0]))
    return str(title)


def _read_rules(path: Path, namespaces: dict[str, str]) -> list[Rule]:
    def iri(name: str) -> str:
        return terms.expand(name, namespaces) or ""

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
                Rule(
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
