"""Findings of a validation, in the same form for all engines and checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from pathlib import Path

SH = "http://www.w3.org/ns/shacl#"


class Severity(IntEnum):
    """The severity of a finding; the worst sorts first."""

    VIOLATION = 0
    WARNING = 1
    INFO = 2

    @classmethod
    def of(cls, iri: str) -> Severity:
        """Returns the severity for a SHACL IRI or its local name."""
        return cls[iri.rpartition("#")[2].upper()]

    @property
    def iri(self) -> str:
        """The SHACL IRI."""
        return SH + self.name.capitalize()


@dataclass(frozen=True, order=True)
class Finding:
    """One defect.

    Attributes:
        severity: its severity.
        rule: IRI of the shape or check that found it.
        focus: the subject of the finding: an IRI, or the path of a file.
        path: IRI of the property concerned, or empty.
        component: IRI of the SHACL constraint component, or empty for checks.
        value: the wrong value in N-Triples syntax, or empty.
        message: details that the text of the rule does not contain, or empty.
        expected: the expected kind of value in N-Triples syntax, or empty.
    """

    severity: Severity
    rule: str
    focus: str
    path: str = ""
    component: str = ""
    value: str = ""
    message: str = ""
    expected: str = ""


# All fields of a finding, as a sort key. It gives the same order as ``<`` and is faster.
as_tuple = attrgetter("severity", "rule", "focus", "path", "component", "value", "message", "expected")


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sorts the findings, the worst first."""
    return sorted(findings, key=as_tuple)


def drop_repeats(general: Iterable[Finding], special: Iterable[Finding]) -> list[Finding]:
    """Returns the findings of general checks without those on values that shapes or other checks report more specifically."""
    reported = {(one.focus, one.path, one.value) for one in special if one.value}
    return [one for one in general if (one.focus, one.path, one.value) not in reported]


@dataclass(frozen=True)
class Place:
    """A line of a file, counted from 1."""

    file: Path
    line: int
