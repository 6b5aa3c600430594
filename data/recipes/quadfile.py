"""Helpers for recipes: terms by prefixed name, packages as sources, and canonical files, whose bytes depend only on the facts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from nevkg.contribute.cells import slug
from nevkg.data import terms
from nevkg.data.rdf import serialise

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
REGISTRY = ROOT / "data" / "registry"
SOURCES = ROOT / "data" / "sources"

_NAMESPACES = terms.prefixes(ONTOLOGY)
_FORMATS = {".ttl": "turtle", ".trig": "trig"}
_COLLECTED = "2026-11-24"

# Letters that do not decompose into a plain letter and a diacritic.
_LETTERS = str.maketrans({"ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th"})

Pair = tuple[str, NamedNode | Literal]


def node(name: str) -> NamedNode:
    """Returns the IRI of ``prefix:local``, with the prefixes in ``ontology/context.jsonld``."""
    prefix, local = name.split(":", 1)
    return NamedNode(_NAMESPACES[prefix] + local)


def _date(day: str) -> Literal:
    return Literal(day, datatype=NamedNode(terms.XSD + "date"))


def plain(name: str) -> str:
    """Returns a name for comparison: without capitals, diacritics and punctuation."""
    folded = name.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
        folded = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(re.findall(r"\w+", folded.replace("'", "").replace("’", "")))


def about(subject: NamedNode, pairs: Iterable[Pair], graph: NamedNode | None = None) -> list[Quad]:
    """Returns the quads with ``pairs`` for ``subject``, in a named graph or the default graph."""
    return [Quad(subject, node(name), value, graph or DefaultGraph()) for name, value in pairs]


@dataclass(frozen=True)
class Package:
    """A package as a source: its slug, title, publisher and address, the licence of its data, and its day if it states one."""

    name: str
    title: str
    publisher: str
    url: str
    licence: str
    published: str = ""

    @property
    def agent(self) -> NamedNode:
        """The publisher."""
        return node(f"agent:{slug(self.publisher)}")

    @property
    def graph(self) -> NamedNode:
        """The graph of what the package states."""
        return node(f"graph:{self.name}")


def describe_package(package: Package) -> list[Quad]:
    """Returns the description of a package as a source, in its own graph."""
    pairs: list[Pair] = [
        ("rdf:type", node("nev:Source")),
        ("dcterms:title", Literal(package.title, language="en")),
        ("dcterms:language", Literal("en")),
        ("dcterms:publisher", package.agent),
        ("nev:address", NamedNode(package.url)),
        ("nev:sourceKind", node("sourcekind:reference")),
        ("nev:collected", _date(_COLLECTED)),
        ("nev:note", Literal(package.licence, language="en")),
    ]
    if package.published:
        pairs += [(name, _date(package.published)) for name in ("nev:earliest", "nev:latest")]
        pairs.append(("nev:precision", node("precision:day")))
    return about(node(f"source:{package.name}"), pairs, package.graph)


def describe_publisher(package: Package) -> list[Quad]:
    """Returns the description of the publisher of a package."""
    return about(package.agent, [("rdf:type", node("nev:Organization")), ("rdfs:label", Literal(package.publisher, language="en"))])


def source_path(package: Package) -> Path:
    """Returns the path of a package's file. A file of this source under another year is removed."""
    path = SOURCES / (package.published[:4] or "undated") / f"{package.name}.trig"
    for other in SOURCES.glob(f"*/{package.name}.trig"):
        if other != path:
            other.unlink()
    return path


def write(path: Path, quads: Iterable[Quad]) -> None:
    """Writes the quads in canonical order, without duplicates, in Turtle or TriG depending on the suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(serialise(quads, _FORMATS[path.suffix], _NAMESPACES))
