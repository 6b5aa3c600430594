"""The content of files before derivation, in parts that can be validated independently, and digests, under which findings are saved.

A shape reads its focus node and the nodes that are reachable from it, always from subject to object; a test ensures this.
So a finding depends on the files that describe the focus node, on those that describe the entities that they mention, and so
on. Files connected in this way form one part. The schema (ontology, vocabularies, registry) belongs to all parts, together
with the files that describe entities that the schema describes or mentions.
"""

from __future__ import annotations

import hashlib
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Self

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, reading
from nevkg.data.rdf import refuse_bombs
from nevkg.validate.memory import Memory, key

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


# Turtle and N-Triples are also valid TriG.
_AS_TRIG = {".nt", ".trig", ".ttl"}


@dataclass(frozen=True)
class Inputs:
    """The content of all files.

    Attributes:
        schema: the files of the schema: slug of the graph to file to content.
        sources: the source files: file to content.
    """

    schema: Mapping[str, Mapping[Path, bytes]]
    sources: Mapping[Path, bytes]
    memory: Memory

    @property
    def files(self) -> dict[Path, bytes]:
        """All files with their content, source files last."""
        return {path: content for files in (*self.schema.values(), self.sources) for path, content in files.items()}

    @cached_property
    def schema_key(self) -> str:
        """A digest of the schema."""
        return key(*(content for slug, files in self.schema.items() for content in (slug.encode(), *files.values())))

    @cached_property
    def key(self) -> str:
        """A digest of the content of all files."""
        return key(self.schema_key, *self.sources.values())

    @cached_property
    def summaries(self) -> dict[Path, Summary]:
        """The summary of each source file."""
        return {path: self._summarise(path, content) for path, content in self.sources.items()}

    def _summarise(self, path: Path, content: bytes) -> Summary:
        name = key("facts", path.suffix, content)
        lines = self.memory.get(name)
        if lines is None:
            lines = summarise(_parse(path, content)).to_lines()
            self.memory.put(name, lines)
        return Summary.from_lines(lines)

    @cached_property
    def parts(self) -> list[FileGroup]:
        """The parts of the source files; the first is the one connected with the schema, on which all others depend."""
        of_schema = {term.value for quad in self._of_schema for term in (quad.subject, quad.object) if isinstance(term, NamedNode)}
        common, *others = group_files(self.summaries, of_schema)
        whole = key(self.schema_key, *(self.sources[path] for path in common))
        return [FileGroup(common, whole), *(FileGroup(files, key(whole, *(self.sources[path] for path in files))) for files in others)]

    @cached_property
    def _by_property(self) -> dict[str, list[str]]:
        digests = defaultdict(list)
        for summary in self.summaries.values():
            for name, digest in summary.digests.items():
                digests[name].append(digest)
        return digests

    @cached_property
    def _of_schema(self) -> list[Quad]:
        return [quad for files in self.schema.values() for path, content in files.items() for quad in _parse(path, content)]

    @cached_property
    def _below(self) -> list[tuple[str, str]]:
        found = [quad for quad in self._of_schema if quad.predicate.value == terms.RDFS + "subPropertyOf"]
        return [(terms.text(quad.subject), terms.text(quad.object)) for quad in found]

    def key_of(self, properties: Iterable[str]) -> str:
        """Returns a digest of the schema and of all triples with one of the properties or their subproperties."""
        wanted = {OUTSIDE, *properties}
        while more := {special for special, general in self._below if general in wanted} - wanted:
            wanted |= more
        names = sorted(wanted & self._by_property.keys())
        return key(self.schema_key, *(part for name in names for part in (name, *self._by_property[name])))

    def text(self, files: Iterable[Path]) -> str:
        """Returns the schema and some source files as one TriG document; TriG files can be concatenated."""
        schema = [content for contents in self.schema.values() for content in contents.values()]
        return b"\n".join([*schema, *(self.sources[path] for path in files)]).decode()

    @cached_property
    def mentions(self) -> frozenset[str]:
        """All IRIs that source files mention."""
        return frozenset(iri for summary in self.summaries.values() for iri in summary.mentions if not iri.startswith("_:"))

    @cached_property
    def store(self) -> pyoxigraph.Store:
        """A store of the content of all files, without derived triples."""
        store = self.schema_store()
        store.load(b"\n".join(self.sources.values()), RdfFormat.TRIG)
        return store

    def schema_store(self) -> pyoxigraph.Store:
        """Returns a store of the schema only."""
        store = pyoxigraph.Store()
        for slug, files in self.schema.items():
            store.load(b"\n".join(files.values()), RdfFormat.TURTLE, to_graph=NamedNode(terms.graph(slug)))
        return store


def _parse(path: Path, content: bytes) -> Iterator[Quad]:
    try:
        yield from parse(content, dataset.FORMATS[path.suffix] if path.suffix in _AS_TRIG else RdfFormat.TRIG)
    except (SyntaxError, MemoryError):
        # Parse the file itself, so that the error has the file and the line.
        for _ in dataset.parse_file(path):
            pass
        raise


def read_inputs(layout: Layout, memory: Memory, files: Sequence[Path] = (), without: Collection[str] = ()) -> Inputs:
    """Reads the dataset together with some files; each replaces the file of the same name in the dataset.

    Args:
        files: the files to add or replace.
        without: names of files to leave out.
    """
    drafts: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        drafts[path.name].append(path)

    def select(paths: Iterable[Path]) -> Iterator[Path]:
        return (file for path in paths if path.name not in without for file in drafts.get(path.name, [path]))

    schema = {slug: {path: read_as_trig(path) for path in select(paths)} for slug, paths in dataset.schema_files(layout).items()}
    of_schema = {path for paths in schema.values() for path in paths}
    sources = dict.fromkeys([*(path for path in files if path not in of_schema), *select(dataset.source_files(layout))])
    return Inputs(schema, {path: read_as_trig(path) for path in sources}, memory)


def read_as_trig(path: Path) -> bytes:
    """Returns the content of a file, converted to TriG unless it can be read as such."""
    with reading(path):
        if path.suffix in _AS_TRIG:
            refuse_bombs(path)
            return path.read_bytes().removeprefix(BOM_UTF8)
        return serialize(dataset.parse_file(path), format=RdfFormat.TRIG) or b""
