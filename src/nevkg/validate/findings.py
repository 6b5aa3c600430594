"""What a validation finds, from whatever engine or check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from pathlib import Path

SH = "http://www.w3.org/ns/shacl#"


class Severity(IntEnum):
    """How bad a finding is; the worst sorts first."""

    VIOLATION = 0
    WARNING = 1
    INFO = 2

    @classmethod
    def of(cls, iri: str) -> Severity:
        """The severity that a SHACL IRI or its local name stands for."""
        return cls[iri.rpartition("#")[2].upper()]

    @property
    def iri(self) -> str:
        """The SHACL IRI."""
        return SH + self.name.capitalize()


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        severity: how bad it is.
        rule: IRI of the shape, or of the check, that found it.
        focus: what it is about: an IRI, or the name of a file.
        path: IRI of the property concerned, or empty.
        component: IRI of the SHACL constraint component, or empty for checks.
        value: the offending value in N-Triples syntax, or empty.
        message: what is wrong, where the rule itself does not say it in words.
        expected: the kind of value that belongs there, in N-Triples syntax, or empty.
    """

    severity: Severity
    rule: str
    focus: str
    path: str = ""
    component: str = ""
    value: str = ""
    message: str = ""
    expected: str = ""


# All that a finding says; findings in the order of these are those in the order of ``<``, which takes longer.
content = attrgetter("severity", "rule", "focus", "path", "component", "value", "message", "expected")


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, the worst first."""
    return sorted(findings, key=content)


def without_repeats(general: Iterable[Finding], special: Iterable[Finding]) -> list[Finding]:
    """The findings of general checks but for those on a value that a shape or another check reports, which says more of it."""
    reported = {(one.focus, one.path, one.value) for one in special if one.value}
    return [one for one in general if (one.focus, one.path, one.value) not in reported]


@dataclass(frozen=True)
class Place:
    """A line of a file, counted from 1."""

    file: Path
    line: int
