"""The content of files before derivation, divided into parts that can be validated independently.

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

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse, serialize

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import refuse_bombs
from nevkg.errors import CouldNotRun
from nevkg.validate.memory import Memory, key

# Turtle and N-Triples are also valid TriG.
_AS_TRIG = {".nt", ".trig", ".ttl"}
# Added to the properties of a file with triples outside a graph, which stores refuse.
_OUTSIDE = "outside"


@dataclass(frozen=True)
class Facts:
    """The facts about a file that affect others: the subjects, the other terms mentioned, and a digest of the triples by property."""

    subjects: frozenset[str]
    mentions: frozenset[str]
    digests: Mapping[str, str]


@dataclass(frozen=True)
class Part:
    """Source files that are validated together, and the key of all that their findings depend on."""

    files: tuple[Path, ...]
    key: str


@dataclass(frozen=True)
class Inputs:
    """The content of all files.

    Attributes:
        schema: the files of the schema: slug of the graph to file to content.
        sources: the source files: file to content.
        memory: stores the facts about files.
    """

    schema: Mapping[str, Mapping[Path, bytes]]
    sources: Mapping[Path, bytes]
    memory: Memory

    @property
    def homes(self) -> dict[str, Path]:
        """The file of each entity that a source describes."""
        return {subject: path for path, facts in self.facts.items() for subject in facts.subjects}

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
    def facts(self) -> dict[Path, Facts]:
        """The facts about each source file.

        Raises:
            InvalidData: if a file does not parse; the message names the line.
        """
        return {path: self._facts(path, content) for path, content in self.sources.items()}

    def _facts(self, path: Path, content: bytes) -> Facts:
        name = key("facts", path.suffix, content)
        lines = self.memory.get(name)
        if lines is None:
            lines = [" ".join(words) for words in _extract_facts(_parse(path, content))]
            self.memory.put(name, lines)
        subjects, mentions, properties, digests = (line.split() for line in lines)
        return Facts(frozenset(subjects), frozenset(mentions), dict(zip(properties, digests, strict=True)))

    @cached_property
    def _by_property(self) -> dict[str, list[str]]:
        digests = defaultdict(list)
        for facts in self.facts.values():
            for name, digest in facts.digests.items():
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
        wanted = {_OUTSIDE, *properties}
        while more := {special for special, general in self._below if general in wanted} - wanted:
            wanted |= more
        names = sorted(wanted & self._by_property.keys())
        return key(self.schema_key, *(part for name in names for part in (name, *self._by_property[name])))

    @cached_property
    def parts(self) -> list[Part]:
        """The parts of the source files; the first is the one connected with the schema."""
        of_schema = {term.value for quad in self._of_schema for term in (quad.subject, quad.object) if isinstance(term, NamedNode)}
        owners: dict[str, Path | None] = dict.fromkeys(of_schema)
        leads: dict[Path | None, Path | None] = {path: path for path in (None, *self.sources)}  # None is the schema

        def leader(path: Path | None) -> Path | None:
            while path != leads[path]:
                path = leads[path]
            return path

        def join(one: Path | None, other: Path | None) -> None:
            first, second = leader(one), leader(other)
            if second is None:
                first, second = second, first
            leads[second] = first

        for path, facts in self.facts.items():
            for subject in facts.subjects:
                # Files are parsed as one text, so that blank nodes with the same label in two files are the same.
                join(path, None if subject.startswith("_:") else owners.setdefault(subject, path))
        files_by_subject = {iri: path for iri, path in owners.items() if path is not None}
        for path, facts in self.facts.items():
            for iri in facts.mentions & files_by_subject.keys():
                join(path, files_by_subject[iri])
        grouped: dict[Path | None, list[Path]] = {None: []}
        for path in self.sources:
            grouped.setdefault(leader(path), []).append(path)
        whole = key(self.schema_key, *(self.sources[path] for path in grouped[None]))
        keys = {first: key(whole, *(self.sources[path] for path in paths)) if first else whole for first, paths in grouped.items()}
        return [Part(tuple(paths), keys[first]) for first, paths in grouped.items()]

    def text(self, files: Iterable[Path]) -> str:
        """Returns the schema and some source files as one TriG document; TriG files can be concatenated."""
        schema = [content for contents in self.schema.values() for content in contents.values()]
        return b"\n".join([*schema, *(self.sources[path] for path in files)]).decode()

    @cached_property
    def mentions(self) -> frozenset[str]:
        """All IRIs that source files mention."""
        return frozenset(iri for facts in self.facts.values() for iri in facts.mentions if not iri.startswith("_:"))

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


def _extract_facts(quads: Iterable[Quad]) -> tuple[Iterable[str], ...]:
    """Returns the facts about a file: subjects, mentions, properties and their digests, as texts without spaces."""
    subjects, mentions = set(), set()
    by_property: dict[str, hashlib._Hash] = defaultdict(hashlib.sha256)

    def look() -> Iterator[Quad]:
        for quad in quads:
            if isinstance(quad.graph_name, DefaultGraph):
                by_property[_OUTSIDE].update(b"")
            yield quad

    # Much faster than reading the attributes of each quad.
    for line in BytesIO(serialize(look(), format=RdfFormat.N_QUADS) or b""):
        subject, name, rest = line.split(b" ", 2)
        subjects.add(_strip_brackets(subject))
        by_property[_strip_brackets(name)].update(line)
        if not rest.startswith((b'"', b"<<")):
            mentions.add(_strip_brackets(rest.split(b" ", 1)[0]))
    mentions |= by_property.keys() - {_OUTSIDE}
    digests = (digest.hexdigest() for digest in by_property.values())
    return sorted(subjects), sorted(mentions - subjects), by_property, digests


def _strip_brackets(term: bytes) -> str:
    return term.removeprefix(b"<").removesuffix(b">").decode()


def read_inputs(layout: Layout, memory: Memory, files: Sequence[Path] = (), without: Collection[str] = ()) -> Inputs:
    """Reads the dataset together with some files; each replaces the file of the same name in the dataset.

    Args:
        layout: the folders of the dataset.
        memory: stores the facts about files.
        files: the files to add or replace.
        without: names of files to leave out.

    Raises:
        InvalidData: if a file does not parse.
        CouldNotRun: if a file cannot be read.
    """
    drafts: dict[str, list[Path]] = defaultdict(list)
    for path in files:
        drafts[path.name].append(path)

    def select(paths: Iterable[Path]) -> Iterator[Path]:
        return (file for path in paths if path.name not in without for file in drafts.get(path.name, [path]))

    schema = {slug: {path: _read_as_trig(path) for path in select(paths)} for slug, paths in dataset.schema_files(layout).items()}
    of_schema = {path for paths in schema.values() for path in paths}
    sources = dict.fromkeys([*(path for path in files if path not in of_schema), *select(dataset.source_files(layout))])
    return Inputs(schema, {path: _read_as_trig(path) for path in sources}, memory)


def _read_as_trig(path: Path) -> bytes:
    try:
        if path.suffix in _AS_TRIG:
            refuse_bombs(path)
            return path.read_bytes().removeprefix(BOM_UTF8)
        return serialize(dataset.parse_file(path), format=RdfFormat.TRIG) or b""
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None
