"""Reads the floors into quads; the digest of what was read names the cache."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse

from nevkg.data import merges, terms
from nevkg.data.bombs import refuse_bombs
from nevkg.data.paths import Layout, walk
from nevkg.errors import CouldNotRun, InvalidData

_DATASET_DATE = NamedNode(terms.NEV + "datasetDate")
_IMPORTS = NamedNode("http://www.w3.org/2002/07/owl#imports")
# The folders of rules: what has no date; what holds from when until when; what holds on the dataset's date, in a
# graph of its own; what holds from a day on, in snapshots; what else holds on one day, as a snapshot.
STRUCTURE, HISTORY, CURRENT, LASTING, SNAPSHOT = "structure", "history", "current", "lasting", "snapshot"
# What can be read; the floors themselves are Turtle and TriG.
FORMATS = {
    ".jsonld": RdfFormat.JSON_LD,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}


def schema_files(layout: Layout) -> dict[str, list[Path]]:
    """The files of the ontology that queries see, by the slug of their graph."""
    ontology = layout.ontology
    modules = [path for folder in ("imports", "modules") for path in sorted(walk(ontology / folder, ".ttl"))]
    return {
        "ontology": [ontology / "nevkg.ttl", *modules],
        "vocabularies": sorted(walk(ontology / "vocabularies", ".ttl")),
        "registry": sorted(walk(layout.data, ".ttl", deep=False)) + sorted(walk(layout.data / "registry", ".ttl")),
    }


def source_files(layout: Layout) -> list[Path]:
    """The files of the sources, one TriG file each."""
    return sorted(walk(layout.data / "sources", ".trig"))


def rule_files(layout: Layout, folders: Sequence[str] = (STRUCTURE, HISTORY, CURRENT)) -> list[Path]:
    """The rules in these folders, in the order in which they run: folder by folder, then by file name."""
    return [path for folder in folders for path in sorted(walk(layout.ontology / "rules" / folder, ".rq"))]


def all_rule_files(layout: Layout) -> list[Path]:
    """The rules in all folders."""
    return rule_files(layout, (STRUCTURE, HISTORY, CURRENT, LASTING, SNAPSHOT))


def all_files(layout: Layout) -> list[Path]:
    """Everything that a built store depends on.

    Raises:
        CouldNotRun: if a part of the dataset is missing or cannot be read.
    """
    layout.require_parts()
    schema = [path for paths in schema_files(layout).values() for path in paths]
    return [*schema, *source_files(layout), *all_rule_files(layout)]


def digest(paths: Iterable[Path]) -> str:
    """SHA-256 (hexadecimal) over the names and bytes of files, in order.

    Raises:
        InvalidData: if a file is empty, as one that was cut off may be.
        CouldNotRun: if a file cannot be read.
    """
    whole = hashlib.sha256()
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None
        if not content:
            raise InvalidData(f"{path} is empty; put its content back, or remove the file.")
        whole.update(f"{path.name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _why(error: SyntaxError) -> str:
    """The parser's message without the place, which is told anyway."""
    message = re.sub(r"^Parser error (at|between) line .*?: ", "", error.msg or "it cannot be parsed", flags=re.DOTALL)
    return "this is not UTF-8 text; save the file as UTF-8" if "Invalid UTF-8" in message else " ".join(message.split()).rstrip(".")


def parse_file(path: Path, content: bytes | None = None) -> Iterator[Quad]:
    """The quads of one RDF file.

    Args:
        path: the file.
        content: what was in it, if it was packed; the name then ends in the suffix of the packing.

    Raises:
        InvalidData: if the file does not parse; the message names the line.
        CouldNotRun: if it cannot be read.
    """
    with _told(path):
        refuse_bombs(path, content)
        if content is None:
            yield from parse(path=path, format=FORMATS[path.suffix])
        else:
            yield from parse(content, FORMATS[path.with_suffix("").suffix])


def bulk_load(store: Store, path: Path, content: bytes | None = None) -> None:
    """The quads of one RDF file, straight into a store: fast, and bound to no memory.

    Args:
        store: what they are put into; where this fails, some may be in it.
        path: the file.
        content: as for ``parse_file``.

    Raises:
        InvalidData: if the file does not parse; the message names the line.
        CouldNotRun: if it cannot be read, or the store not be written.
    """
    with _told(path):
        refuse_bombs(path, content)
        if content is None:
            store.bulk_load(path=path, format=FORMATS[path.suffix])
        else:
            store.bulk_load(content, FORMATS[path.with_suffix("").suffix])


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Puts what goes wrong with a file in words."""
    try:
        yield
    except SyntaxError as error:
        raise InvalidData(f"{path}:{error.lineno or 1}: {_why(error)}.") from None
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror or error}.") from None


def _look_for_modules(layout: Layout) -> None:
    """What the header imports must be there: without a module, data would lose its meaning in silence."""
    for quad in parse_file(layout.ontology / "nevkg.ttl"):
        if quad.predicate == _IMPORTS:
            name = terms.text(quad.object).removeprefix(f"{terms.BASE}ontology/")
            module = layout.ontology / (f"{name}.ttl" if "/" in name else f"modules/{name}.ttl")
            if not module.exists():
                raise CouldNotRun(f"{module} is missing, but nevkg.ttl imports it; put it back.")


def _in_graph(quads: Iterable[Quad], name: NamedNode) -> Iterator[Quad]:
    for quad in quads:
        yield Quad(quad.subject, quad.predicate, quad.object, name)


def steady_blank_nodes(quads: Iterable[Quad]) -> Iterable[Quad]:
    """Names blank nodes (OWL's lists and restrictions need them) by what they stand for."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def described(day: str) -> list[Quad]:
    """The description of a new dataset, as of a day (ISO)."""
    name = NamedNode(terms.DATASET.rstrip("/"))
    kind = Quad(name, NamedNode(terms.RDF + "type"), NamedNode(terms.NEV + "Dataset"))
    return [kind, Quad(name, _DATASET_DATE, Literal(day, datatype=NamedNode(terms.XSD + "date")))]


def quads(layout: Layout) -> Iterator[Quad]:
    """All quads of the floors, things that were merged being one.

    Raises:
        InvalidData: if a file does not parse, or a source file has triples outside a named graph.
        CouldNotRun: if a module of the ontology is missing.
    """
    _look_for_modules(layout)
    replaced: dict[str, str] = {}
    for slug, paths in schema_files(layout).items():
        name = NamedNode(terms.graph(slug))
        said = [quad for path in paths for quad in parse_file(path)]
        if slug == "registry":
            if all(quad.predicate != _DATASET_DATE for quad in said):
                raise CouldNotRun(f"{layout.data / 'dataset.ttl'} does not give the date of the dataset; add nev:datasetDate.")
            replaced = merges.read(said)
            said = list(merges.apply_to_registry(said, replaced, name))
        yield from steady_blank_nodes(_in_graph(said, name))
    for path in source_files(layout):
        of_source = list(parse_file(path))
        if any(quad.graph_name == DefaultGraph() for quad in of_source):
            raise InvalidData(f"{path} has triples outside a graph; put them inside 'graph:{path.stem} {{ … }}'.")
        yield from merges.apply(of_source, replaced)
