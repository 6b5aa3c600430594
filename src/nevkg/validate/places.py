"""Where in a file a thing is described: the line to open the editor at.

RDF parsers do not tell, so the text is searched as a reader would: first for a line that
begins with the thing, then, up to the end of its block, for the property and the value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from nevkg.data import terms
from nevkg.validate.findings import Finding, Place

_PREFIX = re.compile(r"^\s*(?:@prefix|PREFIX)\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
_BY_LINES = {".ttl", ".trig", ".nt", ".nq"}
_SUBJECT = re.compile(r"^\s*(<[^>\s]*>|[\w.-]*:[^\s;,]*)[ \t]", re.MULTILINE)
# A module declares the terms of others that it uses; that does not describe them.
_DECLARATION = re.compile(r"\S+ a owl:\w+ \.")


class Text:
    """A Turtle or TriG file as lines."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.path.read_text(encoding="utf-8", errors="replace").splitlines()

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Prefix to namespace, as the file declares them."""
        return dict(_PREFIX.findall("\n".join(self.lines)))

    @cached_property
    def subjects(self) -> dict[str, int]:
        """The first line (from 0) that begins with each thing."""
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
        """How a term may stand in this file: ``term`` is an IRI, or a literal in N-Triples syntax."""
        if term.startswith('"'):
            return [term.partition("^^")[0], terms.literal_text(term)]
        iri = term.strip("<>")
        short = terms.shorten(iri, self.prefixes)
        return [f"<{iri}>", short, *(["a"] if iri == terms.RDF + "type" else [])]

    def line_of(self, finding: Finding) -> int | None:
        """The line (from 1) at which to mend a finding, or None if the file does not describe its focus."""
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
                if all(any(_has(self.lines[number], spelling) for spelling in spell_safely) for spell_safely in parts):
                    return number + 1
        return start + 1


def _has(line: str, spelling: str) -> bool:
    if spelling.startswith('"'):
        return spelling in line
    return re.search(rf"(?<![\w:/-]){re.escape(spelling)}(?![\w:/-])", line) is not None


class Places:
    """Finds findings in files."""

    def __init__(self, files: Iterable[Path], homes: Mapping[str, Path] | None = None) -> None:
        """Takes the files, and the file of each thing whose file is known."""
        self.files = list(files)
        self.homes = homes or {}
        # Only where a line is a thing's own can it be pointed to.
        self._texts = {path: Text(path) for path in self.files if path.suffix in _BY_LINES}

    def that_describe(self, things: Iterable[str]) -> list[Path]:
        """The files in which the things may be described."""
        homes = set(self.homes.values())
        return [path for path in self.files if path not in homes] + [self.homes[thing] for thing in sorted(things) if thing in self.homes]

    def of(self, finding: Finding) -> Place | None:
        """The file and line of a finding; None if no file describes its focus."""
        home = self._texts.get(self.homes.get(finding.focus, Path()))
        for text in [home] if home else self._texts.values():
            line = text.line_of(finding)
            if line is not None:
                return Place(text.path, line)
        return None
