"""Writes the data report from its tables."""

from __future__ import annotations

from nevkg.lookup import entities
from nevkg.publish.report.accounts import gap_tables, import_tables, left_out_tables, review_tables
from nevkg.publish.report.findings import finding_tables
from nevkg.publish.report.queries import coverage_tables
from nevkg.store import EmbeddedStore
from nevkg.validate.run import Report

MARK = "Made by nevkg docs data from the data; do not edit."


def write_report(store: EmbeddedStore, validation: Report | None) -> str:
    """Returns the report in Markdown. Equal data gives equal bytes.

    Args:
        store: The built dataset.
        validation: The result of ``nevkg validate``; if None, the section on known problems is omitted.

    Raises:
        InvalidData: If an import record or a query is invalid.
    """
    data = store.layout.data
    tables = [*import_tables(store), *left_out_tables(data), *review_tables(data), *coverage_tables(store)]
    if validation is not None:
        tables += finding_tables(store, validation)
    tables += gap_tables(data)
    lines = [
        f"<!-- {MARK} -->",
        "# Data report",
        "",
        f"Dataset of {entities.dataset_date(store)}: imported rows, what the data covers, and what it does not.",
    ]
    section = ""
    for table in tables:
        if table.section != section:
            section = table.section
            lines += ["", f"## {section}"]
        lines += table.lines()
    return "\n".join(lines) + "\n"
