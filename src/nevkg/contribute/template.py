"""Writes an empty collection for a contributor, with an example and a description of the format."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from nevkg.contribute.tables import Table
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage

_EXAMPLE = "example"
_SHOWN = 12


def write_template(place: Path, tables: Iterable[Table], layout: Layout) -> list[Path]:
    """Writes a CSV file with a header for each table, the description of the format, and a small example collection.

    Returns:
        The paths written.

    Raises:
        WrongUsage: If the folder is not empty.
        CouldNotRun: If the folder cannot be written.
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


def describe_format(tables: Iterable[Table]) -> str:
    """Returns a description of the tables and their columns in Markdown."""
    return "# Tables of a contribution\n\n" + "\n".join(_describe_table(table) for table in tables)


def _describe_table(table: Table) -> str:
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
