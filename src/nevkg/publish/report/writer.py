"""Puts the tables of the report together."""

from __future__ import annotations

from nevkg.lookup import entities
from nevkg.publish.report.accounts import accounts, corrections, gaps, left_out, reviews
from nevkg.publish.report.findings import findings
from nevkg.publish.report.queries import covered
from nevkg.store import EmbeddedStore
from nevkg.validate.run import Report

MARK = "Made by nevkg docs data from the data; do not edit."


def report(store: EmbeddedStore, validation: Report | None) -> str:
    """The report in Markdown; equal data gives equal bytes.

    Args:
        validation: what ``nevkg validate`` finds; without it that section is left out.

    Raises:
        InvalidData: if an account, a correction or a query is not of its form.
    """
    data = store.layout.data
    tables = [*accounts(store), *corrections(data), *left_out(data), *reviews(data), *covered(store)]
    if validation is not None:
        tables += findings(store, validation)
    tables += gaps(data)
    lines = [
        f"<!-- {MARK} -->",
        "# Data report",
        "",
        f"Of the dataset of {entities.dataset_date(store)}: what came in, what became of it, what the data covers, and what it does not.",
    ]
    section = ""
    for table in tables:
        if table.section != section:
            section = table.section
            lines += ["", f"## {section}"]
        lines += table.lines()
    return "\n".join(lines) + "\n"
