"""Findings of a validation, in the same form for all engines and checks, and the lines of files that they are about.

RDF parsers do not report lines, so the text is searched as a reader would do: first for a line that begins with the
entity, then, up to the end of its block, for the property and the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property
from operator import attrgetter
from pathlib import Path

from nevkg.data import terms
from nevkg.words import words_of

SH = terms.SHACL


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


SEVERITY_NAMES = {
    language: {severity: names[severity.name.lower()] for severity in Severity} for language, names in words_of("validate.findings").items()
}


@dataclass(frozen=True, order=True)
class Finding:
    """One defect.

    Attributes:
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
as_tuple = attrgetter(*(field.name for field in fields(Finding)))


def sort_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Sorts the findings, the worst first."""
    return sorted(findings, key=as_tuple)


def drop_repeats(general: Iterable[Finding], special: Iterable[Finding]) -> list[Finding]:
    """Returns the findings of general checks without those on values that shapes or other checks report more specifically."""
    reported = {(finding.focus, finding.path, finding.value) for finding in special if finding.value}
    return [finding for finding in general if (finding.focus, finding.path, finding.value) not in reported]


@dataclass(frozen=True)
class FileLine:
    """A line of a file, counted from 1."""

    file: Path
    line: int


_PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_BY_LINES = {".ttl", ".trig", ".nt", ".nq"}
_SUBJECT = re.compile(r"^\s*(<[^>\s]*>|[\w.-]*:[^\s;,]*)[ \t]", re.MULTILINE)
# A module declares the terms of others that it uses; that does not describe them.
_DECLARATION = re.compile(r"\S+ a owl:\w+ \.")


class FileText:
    """The text of a Turtle, TriG, N-Triples or N-Quads file, with an index of its subjects."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.path.read_text(encoding="utf-8", errors="replace").splitlines()

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The namespaces that the file declares, by prefix."""
        return dict(_PREFIX.findall("\n".join(self.lines)))

    @cached_property
    def subjects(self) -> dict[str, int]:
        """The number (from 0) of the first line that begins with each entity."""
        found: dict[str, int] = {}
        inside = False
        for number, line in enumerate(self.lines):
            match = None if inside or _DECLARATION.fullmatch(line) else _SUBJECT.match(line)
            if match and not line.lstrip().startswith("@prefix"):
                iri = self._iri(match[1])
                if iri:
                    found.setdefault(iri, number)
            content = line.strip()
            if content and not content.startswith(("#", "@prefix", "PREFIX")):
                inside = not content.endswith((".", "{", "}"))
        return found

    def _iri(self, token: str) -> str | None:
        if token.startswith("<"):
            return token[1:-1]
        prefix, _, local = token.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes else None

    def _spellings(self, term: str) -> list[str]:
        """Returns the spellings of a term, an IRI or a literal in N-Triples syntax, that this file may use."""
        if term.startswith('"'):
            return [term.partition("^^")[0], terms.literal_text(term)]
        iri = term.strip("<>")
        short = terms.shorten(iri, self.prefixes)
        return [f"<{iri}>", short, *(["a"] if iri == terms.RDF + "type" else [])]

    def line_of(self, finding: Finding) -> int | None:
        """Returns the line (from 1) at which to fix a finding; None if the file does not describe its focus."""
        start = self.subjects.get(finding.focus)
        if start is None:
            return None
        end = start
        while end + 1 < len(self.lines) and not self.lines[end].rstrip().endswith((".", "}")):
            end += 1
        for wanted in ((finding.path, finding.value), (finding.path,), (finding.value,)):
            parts = [self._spellings(term) for term in wanted if term]
            if not parts:
                continue
            for number in range(start, end + 1):
                if all(any(_line_contains(self.lines[number], spelling) for spelling in spellings) for spellings in parts):
                    return number + 1
        return start + 1


def _line_contains(line: str, spelling: str) -> bool:
    if spelling.startswith('"'):
        return spelling in line
    return re.search(rf"(?<![\w:/-]){re.escape(spelling)}(?![\w:/-])", line) is not None


class Places:
    """Locates findings in a set of files."""

    def __init__(self, files: Iterable[Path], homes: Mapping[str, Path] | None = None) -> None:
        """Creates an index of files; ``homes`` has the file that describes each entity, as far as known."""
        self.files = list(files)
        self.homes = homes or {}
        # Only in these formats do entities begin a line.
        self._texts = {path: FileText(path) for path in self.files if path.suffix in _BY_LINES}

    def files_describing(self, things: Iterable[str]) -> list[Path]:
        """Returns the files that may describe the entities."""
        homes = set(self.homes.values())
        return [path for path in self.files if path not in homes] + [self.homes[thing] for thing in sorted(things) if thing in self.homes]

    def locate(self, finding: Finding) -> FileLine | None:
        """Returns the file and line of a finding; None if no file describes its focus."""
        home = self._texts.get(self.homes.get(finding.focus, Path()))
        for text in [home] if home else self._texts.values():
            line = text.line_of(finding)
            if line is not None:
                return FileLine(text.path, line)
        return None
