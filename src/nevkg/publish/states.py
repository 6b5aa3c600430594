"""Opens a state of the dataset, however it is kept: a release folder, a file of quads, a data folder, a checkout."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, NamedNode, Quad

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.serialise import order
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage, lacking
from nevkg.store import EmbeddedStore, open_store

# What a release folder calls the whole dataset; the first that is there is read.
RELEASED = ("nevkg.nq", "nevkg.nq.zst", "nevkg.nq.gz")
_VERSION = NamedNode("http://www.w3.org/2002/07/owl#versionInfo")
_DATASET_DATE = NamedNode(terms.NEV + "datasetDate")
_OF_QUADS = (".nq", ".trig", ".jsonld")
_WANTED = "name a release folder, a file of quads (.nq, .trig or .jsonld, also packed as .gz or .zst) or a data folder"


@dataclass(frozen=True)
class Opened:
    """A state of the dataset.

    ``name`` is what the user called it. ``quads`` are all that it holds, blank nodes in canonical names.
    ``digest`` is the SHA-256 (hexadecimal) of these as canonical N-Quads, which are the bytes of ``nevkg.nq`` in a release.
    """

    name: str
    store: EmbeddedStore
    quads: frozenset[Quad]
    digest: str

    @property
    def version(self) -> str:
        """The version of ontology, data and code; empty if it is not told."""
        return self._only(NamedNode(terms.NEV.rstrip("#")), _VERSION)

    @property
    def date(self) -> str:
        """The date of the dataset (ISO); empty if it is not told."""
        return self._only(None, _DATASET_DATE)

    def _only(self, subject: NamedNode | None, name: NamedNode) -> str:
        return max((terms.text(quad.object) for quad in self.store.store.quads_for_pattern(subject, name, None)), default="")


def open_state(place: Path) -> Opened:
    """Opens what a release folder, a file of quads, a data folder or a checkout holds.

    Raises:
        WrongUsage: if it is none of these.
        InvalidData: if it does not parse, is broken off, holds nothing, or has triples outside graphs.
        CouldNotRun: if it is missing or cannot be read.
    """
    if not place.exists():
        raise CouldNotRun(f"{place} does not exist; {_WANTED}.")
    floors = _floors(place) if place.is_dir() else None
    if floors is not None:
        store = open_store(floors)
        quads, digest = _canonical(store.store)
        return Opened(str(place), store, quads, digest)
    quads, digest = _canonical(_read(release_file(place)))
    in_memory = pyoxigraph.Store()
    in_memory.bulk_extend(quads)
    return Opened(str(place), EmbeddedStore(in_memory, Layout.find(), digest, None, None), quads, digest)


def release_file(place: Path) -> Path:
    """The file that holds all quads of a release.

    Args:
        place: that file, or the folder of the release.

    Raises:
        WrongUsage: if the folder holds none, or the file is in no format of quads.
        CouldNotRun: if it is missing.
    """
    if not place.exists():
        raise CouldNotRun(f"{place} does not exist; {_WANTED}.")
    file = next((place / name for name in RELEASED if (place / name).is_file()), place) if place.is_dir() else place
    if file.is_dir():
        raise WrongUsage(f"{place} holds neither {RELEASED[0]} nor the folders of a dataset; {_WANTED}.")
    suffix = file.with_suffix("").suffix if file.suffix in _PACKINGS else file.suffix
    if suffix not in _OF_QUADS:
        why = "is in a format without named graphs" if suffix in dataset.FORMATS else "has a suffix that tells no format of quads"
        raise WrongUsage(f"{file} {why}; {_WANTED}.")
    return file


def unpacked(file: Path) -> bytes | None:
    """What is in a packed file; None if it is not packed.

    Raises:
        InvalidData: if it is broken off.
        CouldNotRun: if it cannot be read.
    """
    unpack = _PACKINGS.get(file.suffix)
    return unpack(file) if unpack else None


def _floors(place: Path) -> Layout | None:
    """The floors that begin in a folder: those of a checkout, or a data floor over the floors that are installed."""
    if (place / "ontology").is_dir() and _is_data(place / "data"):
        own = place.resolve()
        queries = own / "queries"
        return Layout(own / "ontology", own / "data", queries if queries.is_dir() else Layout.find().queries)
    return Layout.find(place) if _is_data(place) else None


def _is_data(place: Path) -> bool:
    return (place / "registry").is_dir() or (place / "sources").is_dir()


def _read(file: Path) -> list[Quad]:
    quads = list(dataset.parse_file(file, unpacked(file)))
    if not quads:
        raise InvalidData(f"{file} holds no data; make it again with 'nevkg dump' or 'nevkg publish'.")
    outside = next((quad for quad in quads if quad.graph_name == DefaultGraph()), None)
    if outside is not None:
        raise InvalidData(
            f"{file} has triples outside a graph, such as that of {outside.subject}; put them into the graph of their source."
        )
    return quads


def _canonical(quads: Iterable[Quad]) -> tuple[frozenset[Quad], str]:
    """The quads with canonical names for blank nodes, and the SHA-256 of their canonical N-Quads."""
    named, unnamed = set[Quad](), list[Quad]()
    for quad in quads:
        if isinstance(quad.subject, BlankNode) or isinstance(quad.object, BlankNode):
            unnamed.append(quad)
        else:
            named.add(quad)
    steady = Dataset(unnamed)
    steady.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    named.update(steady)
    whole = hashlib.sha256()
    for quad in sorted(named, key=order):
        whole.update(f"{quad} .\n".encode())
    return frozenset(named), whole.hexdigest()


def _gunzip(file: Path) -> bytes:
    try:
        return gzip.decompress(_bytes(file))
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidData(f"{file} is not whole or not gzip; fetch it again.") from None


def _unzstd(file: Path) -> bytes:
    try:
        import zstandard
    except ImportError as error:
        raise lacking("publish", error) from None
    rest, content = _bytes(file), list[bytes]()
    while rest:
        # One frame after the other; a stream reader would take a frame that is broken off for its end.
        frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            content.append(frame.decompress(rest))
        except zstandard.ZstdError:
            raise InvalidData(f"{file} is not whole or not Zstandard; fetch it again.") from None
        if not frame.eof:
            raise InvalidData(f"{file} is not whole or not Zstandard; fetch it again.")
        rest = frame.unused_data
    return b"".join(content)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None


_PACKINGS: dict[str, Callable[[Path], bytes]] = {".gz": _gunzip, ".zst": _unzstd}
