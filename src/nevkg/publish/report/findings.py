"""What is known to be wrong or thin, as the validation finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from nevkg.publish.ontology.usage import escape
from nevkg.publish.report.table import LANGUAGE, Cell, Table, code
from nevkg.store import EmbeddedStore
from nevkg.validate.findings import Severity
from nevkg.validate.run import Report
from nevkg.validate.words import words_for

KNOWN = "What is known to be wrong or thin"

_EXAMPLES = 2
_SEVERITIES = {Severity.VIOLATION: "violation", Severity.WARNING: "warning", Severity.INFO: "remark"}


def findings(store: EmbeddedStore, validation: Report) -> Iterator[Table]:
    """What the validation finds, by rule: how often, and the first few in words."""
    words = words_for(validation, store.layout, LANGUAGE)
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
        "What `nevkg validate` tells, by rule, with the first few. Warnings and remarks are known and stand: sources may disagree, "
        "and what they tell may be thin."
    )
    yield Table(KNOWN, "By rule", ["severity", "rule", "findings", "such as"], rows, note)
