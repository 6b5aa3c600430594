"""The table of known problems, as found by the validation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from nevkg.publish.ontology.usage import escape
from nevkg.publish.report.table import LANGUAGE, Cell, Table, code
from nevkg.store import EmbeddedStore
from nevkg.validate.findings import Severity
from nevkg.validate.run import Report
from nevkg.validate.words import make_words

KNOWN = "Known problems"

_EXAMPLES = 2
_SEVERITIES = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "remark"}


def finding_tables(store: EmbeddedStore, validation: Report) -> Iterator[Table]:
    """Yields a table of the findings of the validation, by rule: their number, and the first few as text."""
    words = make_words(validation, store.layout, LANGUAGE)
    grouped = defaultdict(list)
    for finding in validation.findings:
        grouped[finding.severity, finding.rule].append(finding)
    rows: list[list[Cell]] = []
    for (severity, rule), found in sorted(grouped.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1])):
        examples = " ".join(escape(words.sentence(finding)) for finding in found[:_EXAMPLES])
        rows.append(
            [
                _SEVERITIES[severity],
                code(rule.rpartition("/")[2]),
                len(found),
                examples,
            ]
        )
    note = (
        "Findings of `nevkg validate`, by rule, with the first few as examples. Warnings and remarks are known and accepted: "
        "sources may disagree, and the evidence may be thin."
    )
    yield Table(KNOWN, "By rule", ["severity", "rule", "findings", "examples"], rows, note)
