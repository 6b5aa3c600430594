"""The format of a contribution, read from ``ontology/tables/``: CSVW metadata, and the rules that map columns to RDF.

Also writes an empty collection for a contributor, with an example and a description of the format.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage

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
    """Returns the tables by name, in the order of the metadata."""
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


_EXAMPLE = "example"
_SHOWN = 12


def write_template(place: Path, tables: Iterable[TableFormat], layout: Layout) -> list[Path]:
    """Writes a CSV file with a header for each table, the description of the format, and a small example collection.

    Returns:
        The paths written.

    Raises:
        WrongUsage: if the folder is not empty.
    """
    known = list(tables)
    try:
        place.mkdir(parents=True, exist_ok=True)
        if any(place.iterdir()):
            raise WrongUsage(f"{place} is not empty; name a new folder.")
        files = [place / f"{table.name}.csv" for table in known]
        for table, path in zip(known, files, strict=True):
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow(table.columns)
        about = place / "FORMAT.md"
        about.write_text(describe_format(known), encoding="utf-8")
        example = place / _EXAMPLE
        example.mkdir()
        for path in sorted((layout.ontology / "tables" / _EXAMPLE).glob("*.csv")):
            (example / path.name).write_bytes(path.read_bytes())
    except OSError as error:
        raise CouldNotRun(f"{place} cannot be written: {error.strerror}.") from None
    return [*files, about, example]


def describe_format(tables: Iterable[TableFormat]) -> str:
    """Returns a description of the tables and their columns in Markdown."""
    return "# Tables of a contribution\n\n" + "\n".join(_describe_table(table) for table in tables)


def _describe_table(table: TableFormat) -> str:
    lines = [f"## {table.name}.csv", "", f"{table.description} A row is identified by {', '.join(f'`{name}`' for name in table.key)}.", ""]
    lines += ["| column | 中文 | contents |", "|---|---|---|"]
    for name, column in table.columns.items():
        marks = "; ".join(
            mark
            for mark, holds in (
                ("required", column.required),
                ("several, separated by `|`", column.separator),
                ("the column may be left out", name in table.optional),
            )
            if holds
        )
        text = column.common_props.get("dc:description", "")
        chinese = (column.titles or {}).get("zh", [""])[0]
        lines.append(f"| `{name}` | {chinese} | {text}{f' ({marks})' if marks else ''}. |")
    for name in table.columns:
        codes = table.codes(name)
        if len(codes) > _SHOWN // 4 and any(rule.makes == "statement" and name in rule.when for rule in table.rules):
            lines += ["", f"`{name}` is one of {', '.join(f'`{code}`' for code in codes)}."]
    return "\n".join([*lines, ""])
