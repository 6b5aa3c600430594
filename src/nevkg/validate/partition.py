"""Divides files into parts that can be validated independently.

A shape reads its focus node and the nodes that are reachable from it, always from subject to object; a test ensures this.
So a finding depends on the files that describe the focus node, on those that describe the entities that they mention, and so
on. Files connected in this way form one part. The schema (ontology, vocabularies, registry) belongs to all parts, together
with the files that describe entities that the schema describes or mentions.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Self

from pyoxigraph import DefaultGraph, Quad, RdfFormat, serialize

# Added to the properties of a file with triples outside a graph, which stores refuse.
OUTSIDE = "outside"


@dataclass(frozen=True)
class Summary:
    """What of a file affects others: the subjects, the other terms mentioned, and a digest of the triples by property."""

    subjects: frozenset[str]
    mentions: frozenset[str]
    digests: Mapping[str, str]

    def to_lines(self) -> list[str]:
        """Returns it as four texts; terms have no spaces."""
        return [" ".join(words) for words in (sorted(self.subjects), sorted(self.mentions), self.digests, self.digests.values())]

    @classmethod
    def from_lines(cls, lines: Sequence[str]) -> Self:
        """Reads the result of :meth:`to_lines`."""
        subjects, mentions, properties, digests = (line.split() for line in lines)
        return cls(frozenset(subjects), frozenset(mentions), dict(zip(properties, digests, strict=True)))


@dataclass(frozen=True)
class FileGroup:
    """Source files that are validated together, and the key of all that their findings depend on."""

    files: tuple[Path, ...]
    key: str


def summarise(quads: Iterable[Quad]) -> Summary:
    """Returns the summary of a file with these quads."""
    subjects, mentions = set(), set()
    by_property: dict[str, hashlib._Hash] = defaultdict(hashlib.sha256)

    def note_default_graph() -> Iterator[Quad]:
        for quad in quads:
            if isinstance(quad.graph_name, DefaultGraph):
                by_property[OUTSIDE].update(b"")
            yield quad

    # Much faster than reading the attributes of each quad.
    for line in BytesIO(serialize(note_default_graph(), format=RdfFormat.N_QUADS) or b""):
        subject, name, rest = line.split(b" ", 2)
        subjects.add(_strip_brackets(subject))
        by_property[_strip_brackets(name)].update(line)
        if not rest.startswith((b'"', b"<<")):
            mentions.add(_strip_brackets(rest.split(b" ", 1)[0]))
    mentions |= by_property.keys() - {OUTSIDE}
    digests = {name: digest.hexdigest() for name, digest in by_property.items()}
    return Summary(frozenset(subjects), frozenset(mentions - subjects), digests)


def _strip_brackets(term: bytes) -> str:
    return term.removeprefix(b"<").removesuffix(b">").decode()


def group_files(summaries: Mapping[Path, Summary], of_schema: Collection[str]) -> list[tuple[Path, ...]]:
    """Groups files that are connected; the first group, which may be empty, is connected with the schema.

    Args:
        summaries: the summary of each file; their order is that of the result.
        of_schema: the IRIs that the schema describes or mentions.
    """
    groups = _Groups(summaries)
    owners: dict[str, Path | None] = dict.fromkeys(of_schema)
    for path, summary in summaries.items():
        for subject in summary.subjects:
            # Files are parsed as one text, so that blank nodes with the same label in two files are the same.
            groups.join(path, None if subject.startswith("_:") else owners.setdefault(subject, path))
    described = {iri: path for iri, path in owners.items() if path is not None}
    for path, summary in summaries.items():
        for iri in summary.mentions & described.keys():
            groups.join(path, described[iri])
    grouped: dict[Path | None, list[Path]] = {None: []}
    for path in summaries:
        grouped.setdefault(groups.first(path), []).append(path)
    return list(map(tuple, grouped.values()))


class _Groups:
    """Disjoint sets of files. None stands for the schema, and is the first of its group."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._toward_first: dict[Path | None, Path | None] = {file: file for file in (None, *files)}

    def first(self, file: Path | None) -> Path | None:
        while file != self._toward_first[file]:
            file = self._toward_first[file]
        return file

    def join(self, file: Path | None, other: Path | None) -> None:
        first, second = self.first(file), self.first(other)
        if second is None:
            first, second = second, first
        self._toward_first[second] = first
