"""Reads the files of the dataset into quads, with merged entities replaced, and computes the digest that identifies its state."""

from __future__ import annotations

import hashlib
import re
from codecs import BOM_UTF8
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from nevkg.data import terms
from nevkg.data.paths import Layout, reading, walk, walk_names
from nevkg.data.rdf import refuse_bombs
from nevkg.errors import CouldNotRun, InvalidData

_REPLACED = NamedNode(terms.NEV + "replaced")
_REPLACEMENT = NamedNode(terms.NEV + "replacement")
_REPLACED_BY = NamedNode(terms.DCTERMS + "isReplacedBy")
_LABEL = NamedNode(terms.RDFS + "label")
_ALIAS = NamedNode(terms.SKOS + "altLabel")
_DATASET_DATE = NamedNode(terms.NEV + "datasetDate")
_IMPORTS = NamedNode(terms.OWL + "imports")
# The folders of rules. structure: undated triples. history: periods of validity. In snapshots, lasting: what begins by a day
# and does not end; snapshot: what else holds on it. current: the values of the dataset's own day, in a graph.
STRUCTURE, HISTORY, LASTING, SNAPSHOT, CURRENT = "structure", "history", "lasting", "snapshot", "current"
RECORD = (STRUCTURE, HISTORY)
# Oxigraph's parsers keep one token in memory and give up at this size in bytes, which they report as a lack of memory.
_LONGEST_TOKEN = 16 << 20
# The formats that can be read. The dataset's own files are Turtle and TriG.
FORMATS = {
    ".jsonld": RdfFormat.JSON_LD,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".rdf": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
}


def schema_files(layout: Layout) -> dict[str, list[Path]]:
    """Returns the files of the ontology and the registry that queries see, by the slug of their graph."""
    ontology = layout.ontology
    modules = [path for folder in ("imports", "modules") for path in walk(ontology / folder, ".ttl")]
    return {
        "ontology": [ontology / "nevkg.ttl", *modules],
        "vocabularies": list(walk(ontology / "vocabularies", ".ttl")),
        "registry": [*walk(layout.data, ".ttl", deep=False), *walk(layout.data / "registry", ".ttl")],
    }


def source_files(layout: Layout) -> list[Path]:
    """Returns the source files, one TriG file for each source."""
    return [Path(name) for name in _source_names(layout)]


def _source_names(layout: Layout) -> Iterator[str]:
    return walk_names(layout.data / "sources", ".trig")


def rule_files(layout: Layout, folders: Sequence[str] = (*RECORD, LASTING, SNAPSHOT, CURRENT)) -> list[Path]:
    """Returns the rules in these folders in the order in which they run: folder by folder, then by file name."""
    return [path for folder in folders for path in walk(layout.ontology / "rules" / folder, ".rq")]


def changes_file(layout: Layout) -> Path:
    """Returns the query for the days on which snapshots change; releases before 0.2 have none."""
    return layout.ontology / "rules" / "changes.rq"


def all_files(layout: Layout) -> list[str]:
    """Returns the paths of all files that a built store depends on."""
    layout.require_parts()
    schema = [str(path) for paths in schema_files(layout).values() for path in paths]
    changes = [str(path) for path in walk(layout.ontology / "rules", ".rq", deep=False)]
    return [*schema, *_source_names(layout), *map(str, rule_files(layout)), *changes]


def compute_digest(paths: Iterable[Path | str]) -> str:
    """Computes the SHA-256 (hexadecimal) over names and bytes of files, in order; ``InvalidData`` for an empty file (interrupted write)."""
    whole = hashlib.sha256()
    for path in map(Path, paths):
        with reading(path):
            content = path.read_bytes()
        if not content:
            raise InvalidData(f"{path} is empty; restore its content, or remove the file.")
        whole.update(f"{path.name}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _shorten_message(error: SyntaxError) -> str:
    """Returns the parser's message without the position, which the caller adds."""
    message = re.sub(r"^Parser error (at|between) line .*?: ", "", error.msg or "it cannot be parsed", flags=re.DOTALL)
    return "this is not UTF-8 text; save the file as UTF-8" if "Invalid UTF-8" in message else " ".join(message.split()).rstrip(".")


def parse_file(path: Path, content: bytes | None = None) -> Iterator[Quad]:
    """Yields the quads of one RDF file.

    Args:
        content: the decompressed content of a compressed file, whose name ends in the suffix of the compression.
    """
    with _check_file(path, content) as (text, form):
        yield from parse(path=path, format=form) if text is None else parse(text, form)


def bulk_load(store: Store, path: Path, content: bytes | None = None) -> None:
    """Loads one RDF file into a store: fast, and not limited by memory.

    Args:
        store: the target; after an error it may hold some of the quads.
        content: as for ``parse_file``.
    """
    with _check_file(path, content) as (text, form):
        if text is None:
            store.bulk_load(path=path, format=form)
        else:
            store.bulk_load(text, form)


def _format(path: Path, content: bytes | None) -> RdfFormat:
    return FORMATS[(path if content is None else path.with_suffix("")).suffix]


def _begins_with_mark(path: Path) -> bool:
    """Whether a file begins with a byte order mark, as some Windows programs write it; Oxigraph's parsers refuse it."""
    with path.open("rb") as file:
        return file.read(len(BOM_UTF8)) == BOM_UTF8


@contextmanager
def _check_file(path: Path, content: bytes | None) -> Iterator[tuple[bytes | None, RdfFormat]]:
    """Checks that a file can be parsed safely, and raises errors of reading and parsing it as errors for users.

    Yields:
        The content to parse, None if that is the file as it is, and its format.
    """
    try:
        with reading(path):
            refuse_bombs(path, content)
            text = path.read_bytes() if content is None and _begins_with_mark(path) else content
            yield None if text is None else text.removeprefix(BOM_UTF8), _format(path, content)
    except SyntaxError as error:
        raise InvalidData(f"{path}:{error.lineno or 1}: {_shorten_message(error)}.") from None
    except MemoryError:
        line = _find_long_token(path, content)
        raise InvalidData(f"{path}:{line}: a literal or name is longer than {_LONGEST_TOKEN >> 20} MB; shorten it.") from None


def _find_long_token(path: Path, content: bytes | None) -> int:
    """Returns the line of a token that is too long: the parser gives up when it has read that many bytes from its beginning."""
    with path.open("rb") if content is None else BytesIO(content) as file:
        with suppress(MemoryError):
            for _ in parse(file, _format(path, content)):
                pass
        end = file.tell()
        file.seek(0)
        return file.read(max(0, end - _LONGEST_TOKEN)).count(b"\n") + 1


def _require_modules(layout: Layout) -> None:
    """Requires the modules that the header imports: without one, the data would silently lose its meaning."""
    for quad in parse_file(layout.ontology / "nevkg.ttl"):
        if quad.predicate == _IMPORTS:
            name = terms.text(quad.object).removeprefix(f"{terms.BASE}ontology/")
            module = layout.ontology / (f"{name}.ttl" if "/" in name else f"modules/{name}.ttl")
            if not module.exists():
                raise CouldNotRun(f"{module} is missing, but nevkg.ttl imports it; restore the file.")


def canonicalize_blank_nodes(quads: Iterable[Quad]) -> Iterable[Quad]:
    """Names blank nodes, which OWL's lists and restrictions need, by RDFC-1.0, so that the names depend on the content alone."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def describe_dataset(day: str) -> list[Quad]:
    """Returns the triples that declare a new dataset and its date (ISO)."""
    pairs = ((terms.RDF + "type", NamedNode(terms.NEV + "Dataset")), (_DATASET_DATE.value, terms.date(day)))
    return terms.describe(terms.DATASET.rstrip("/"), pairs)


def find_date(quads: Iterable[Quad]) -> str:
    """Returns the date of the dataset (ISO) that some quads state; empty if they state none."""
    return max((terms.text(quad.object) for quad in quads if quad.predicate == _DATASET_DATE), default="")


def read_quads(layout: Layout) -> Iterator[Quad]:
    """Yields all quads of the dataset, with merged entities replaced."""
    _require_modules(layout)
    replaced: dict[str, str] = {}
    for slug, paths in schema_files(layout).items():
        name = NamedNode(terms.graph(slug))
        graph_quads = [Quad(quad.subject, quad.predicate, quad.object, name) for path in paths for quad in parse_file(path)]
        if slug == "registry":
            if all(quad.predicate != _DATASET_DATE for quad in graph_quads):
                raise CouldNotRun(f"{layout.data / 'dataset.ttl'} does not state the date of the dataset; add nev:datasetDate.")
            replaced = read_merges(graph_quads)
            graph_quads = list(_apply_to_registry(graph_quads, replaced, name))
        yield from canonicalize_blank_nodes(graph_quads)
    for path in source_files(layout):
        source_quads = list(parse_file(path))
        if any(quad.graph_name == DefaultGraph() for quad in source_quads):
            raise InvalidData(f"{path} has triples outside a graph; put them inside 'graph:{path.stem} {{ … }}'.")
        yield from apply_merges(source_quads, replaced)


def read_merges(registry: Iterable[Quad]) -> dict[str, str]:
    """Returns the final replacement of each merged entity, at the end of a chain of merges; raises ``InvalidData`` for a cycle."""
    judgements: dict[str, dict[NamedNode, str]] = defaultdict(dict)
    for quad in registry:
        if quad.predicate in (_REPLACED, _REPLACEMENT):
            judgements[terms.text(quad.subject)][quad.predicate] = terms.text(quad.object)
    direct = {pair[_REPLACED]: pair[_REPLACEMENT] for pair in judgements.values() if len(pair) > 1}
    ends = {}
    for old in direct:
        new, chain = direct[old], {old}
        while new in direct:
            if new in chain:
                raise InvalidData(f"The merges of {', '.join(sorted(chain))} form a cycle; remove one of them.")
            chain.add(new)
            new = direct[new]
        ends[old] = new
    return ends


def apply_merges(quads: Iterable[Quad], replaced: dict[str, str]) -> Iterator[Quad]:
    """Yields the quads with merged entities replaced.

    Files keep the imported names, so that the IRIs of statements never change; a merge takes effect only here, when
    data is loaded into a store. A preferred label of the replaced entity becomes an alias.

    Args:
        replaced: the result of :func:`read_merges`.
    """
    for quad in quads:
        subject = replaced.get(quad.subject.value) if isinstance(quad.subject, NamedNode) else None
        value = replaced.get(quad.object.value) if isinstance(quad.object, NamedNode) else None
        if (subject is None and value is None) or quad.predicate in (_REPLACED, _REPLACEMENT):
            yield quad
        else:
            name = _ALIAS if subject is not None and quad.predicate == _LABEL else quad.predicate
            new_subject = quad.subject if subject is None else NamedNode(subject)
            yield Quad(new_subject, name, quad.object if value is None else NamedNode(value), quad.graph_name)


def _apply_to_registry(quads: Iterable[Quad], replaced: dict[str, str], name: NamedNode) -> Iterator[Quad]:
    """Yields the registry (graph ``name``) with merged entities replaced, and ``dcterms:isReplacedBy`` for each old name."""
    yield from apply_merges(quads, replaced)
    yield from (Quad(NamedNode(old), _REPLACED_BY, NamedNode(new), name) for old, new in replaced.items())
