"""Opens a state of the dataset from a release folder, a file of quads, a data folder or a checkout."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import PACKINGS, has_blank_node, sort_key, unpack
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.store import EmbeddedStore, open_store
from nevkg.store.releases import DATA_FILES

Subject = NamedNode | BlankNode | Triple
_VERSION = NamedNode(terms.OWL + "versionInfo")
_DATASET_DATE = NamedNode(terms.NEV + "datasetDate")
_QUAD_SUFFIXES = (".nq", ".trig", ".jsonld")
_EXPECTED = "name a release folder, a file of quads (.nq, .trig or .jsonld, also compressed as .gz or .zst) or a data folder"


@dataclass(frozen=True)
class OpenedState:
    """A state of the dataset.

    Attributes:
        name: the path, as the user wrote it.
        quads: all quads to compare, with canonical names for blank nodes.
        digest: the SHA-256 (hexadecimal) of the quads as canonical N-Quads, the bytes of ``nevkg.nq`` in a release; empty if only some
            graphs are compared.
    """

    name: str
    store: EmbeddedStore
    quads: frozenset[Quad]
    digest: str

    @property
    def version(self) -> str:
        """The version of the ontology, the data and the code, or an empty string if it is not stated."""
        return self._only(NamedNode(terms.NEV.rstrip("#")), _VERSION)

    @property
    def date(self) -> str:
        """The date of the dataset (ISO), or an empty string if it is not stated."""
        return self._only(None, _DATASET_DATE)

    def _only(self, subject: NamedNode | None, name: NamedNode) -> str:
        return max((terms.text(quad.object) for quad in self.find(subject, name)), default="")

    def find(
        self, subject: Subject | None = None, name: NamedNode | None = None, value: terms.Term | None = None, *graphs: NamedNode
    ) -> Iterator[Quad]:
        """Yields the quads with this subject, property and value, in some graphs; None means any, and no graph all of them."""
        for graph in graphs or (None,):
            yield from self.store.store.quads_for_pattern(subject, name, value, graph)

    def has(self, subject: Subject, name: NamedNode | None = None, *graphs: NamedNode) -> bool:
        """Whether there is a quad with this subject and property, in some graphs; see :meth:`find`."""
        return next(self.find(subject, name, None, *graphs), None) is not None


def open_state(place: Path) -> OpenedState:
    """Opens the dataset in a release folder, a file of quads, a data folder or a checkout.

    Raises:
        WrongUsage: if ``place`` is none of these.
        CouldNotRun: if it does not exist.
        InvalidData: if it cannot be parsed, is truncated or empty, or has triples outside named graphs.
    """
    layout = _find_layout(place) if place.is_dir() else None
    if layout is not None:
        return open_layout(layout, str(place))
    quads, digest = _canonical(_read(find_release_file(place)))
    in_memory = pyoxigraph.Store()
    in_memory.bulk_extend(quads)
    return OpenedState(str(place), EmbeddedStore(in_memory, Layout.find(), digest, None, None), quads, digest)


def open_layout(layout: Layout, name: str) -> OpenedState:
    """Opens the dataset in the folders of a layout, under a name for readers."""
    store = open_store(layout)
    quads, digest = _canonical(store.store)
    return OpenedState(name, store, quads, digest)


def open_graphs(store: EmbeddedStore, name: str, graphs: Iterable[NamedNode]) -> OpenedState:
    """Opens a store to compare some of its graphs, which have no blank nodes. This takes a fraction of the time."""
    quads = (quad for graph in graphs for quad in store.store.quads_for_pattern(None, None, None, graph))
    return OpenedState(name, store, frozenset(quads), "")


def find_release_file(place: Path) -> Path:
    """Returns the file with all quads of a release.

    Args:
        place: the file itself, or the folder of the release.

    Raises:
        WrongUsage: if the folder contains no such file, or the format of the file is not a quad format.
        CouldNotRun: if ``place`` does not exist.
    """
    if not place.exists():
        raise CouldNotRun(f"{place} does not exist; {_EXPECTED}.")
    file = next((place / name for name in DATA_FILES if (place / name).is_file()), place) if place.is_dir() else place
    if file.is_dir():
        raise WrongUsage(f"{place} contains neither {DATA_FILES[0]} nor the folders of a dataset; {_EXPECTED}.")
    suffix = file.with_suffix("").suffix if file.suffix in PACKINGS else file.suffix
    if suffix not in _QUAD_SUFFIXES:
        why = "is in a format without named graphs" if suffix in dataset.FORMATS else "does not have the suffix of a quad format"
        raise WrongUsage(f"{file} {why}; {_EXPECTED}.")
    return file


def _find_layout(place: Path) -> Layout | None:
    """Returns the layout of a checkout, or of a data folder with the installed ontology and queries; None for other folders."""
    if (place / "ontology").is_dir() and _is_data(place / "data"):
        own = place.resolve()
        queries = own / "queries"
        return Layout(own / "ontology", own / "data", queries if queries.is_dir() else Layout.find().queries)
    return Layout.find(place) if _is_data(place) else None


def _is_data(place: Path) -> bool:
    return (place / "registry").is_dir() or (place / "sources").is_dir()


def _read(file: Path) -> list[Quad]:
    quads = list(dataset.parse_file(file, unpack(file)))
    if not quads:
        raise InvalidData(f"{file} contains no data; create it again with 'nevkg dump' or 'nevkg publish'.")
    outside = next((quad for quad in quads if quad.graph_name == DefaultGraph()), None)
    if outside is not None:
        raise InvalidData(f"{file} has triples outside a graph, such as one of {outside.subject}; put them into the graph of their source.")
    return quads


def _canonical(quads: Iterable[Quad]) -> tuple[frozenset[Quad], str]:
    """Returns the quads with canonical names for blank nodes, and the SHA-256 of their canonical N-Quads."""
    named, unnamed = set[Quad](), list[Quad]()
    for quad in quads:
        if has_blank_node(quad):
            unnamed.append(quad)
        else:
            named.add(quad)
    named.update(dataset.canonicalize_blank_nodes(unnamed))
    whole = hashlib.sha256()
    for quad in sorted(named, key=sort_key):
        whole.update(f"{quad} .\n".encode())
    return frozenset(named), whole.hexdigest()
