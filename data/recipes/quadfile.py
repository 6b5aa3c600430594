"""What recipes share: terms by their short names, dates with their width, and files whose bytes depend on the facts alone."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse, serialize

from nevkg import terms
from nevkg.evidence import identifying_properties

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
REGISTRY = ROOT / "data" / "registry"
SOURCES = ROOT / "data" / "sources"

_NAMESPACES = terms.prefixes(ONTOLOGY)
_FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}
_TYPE = NamedNode(terms.RDF + "type")
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_NOT_IN_AN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')

Pair = tuple[str, NamedNode | Literal]


def node(name: str) -> NamedNode:
    """The IRI that ``prefix:local`` stands for, by ``ontology/context.jsonld``."""
    prefix, local = name.split(":", 1)
    return NamedNode(_NAMESPACES[prefix] + local)


def date(day: str) -> Literal:
    """A day as ``xsd:date``."""
    return Literal(day, datatype=NamedNode(terms.XSD + "date"))


def address(url: str) -> NamedNode:
    """A web address as an IRI; the characters that an IRI may not hold are percent-encoded."""
    return NamedNode(_NOT_IN_AN_IRI.sub(lambda found: quote(found.group()), url))


def slug(name: str) -> str:
    """``Só Notícias`` as ``so-noticias``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not made:
        raise ValueError(f"No slug can be made of {name!r}.")
    return made


def width(written: str) -> tuple[str, str, str]:
    """First day, last day and precision of a date written as a year, a month or a day."""
    match = _DATE.fullmatch(written)
    if match is None:
        raise ValueError(f"{written!r} is not a year, a month or a day.")
    year, month, day = match.groups()
    if day:
        return written, written, "day"
    if month:
        return f"{written}-01", f"{written}-{monthrange(int(year), int(month))[1]}", "month"
    return f"{year}-01-01", f"{year}-12-31", "year"


def dated(written: str) -> Iterator[Pair]:
    """Earliest, latest and precision of a date; nothing if it is empty."""
    if written:
        earliest, latest, precision = width(written)
        yield "nev:earliest", date(earliest)
        yield "nev:latest", date(latest)
        yield "nev:precision", node(f"precision:{precision}")


def about(subject: NamedNode, pairs: Iterable[Pair], graph: NamedNode | None = None) -> list[Quad]:
    """The quads that say ``pairs`` of ``subject``, in a named graph or the default one."""
    return [Quad(subject, node(name), value, graph or DefaultGraph()) for name, value in pairs]


@cache
def identifying() -> frozenset[str]:
    """The properties that name a statement, read from the modules of the ontology."""
    return identifying_properties(quad for path in sorted(ONTOLOGY.glob("modules/*.ttl")) for quad in parse(path=path))


def source_path(name: str, published: str) -> Path:
    """Where a source's file belongs; a copy of it under another year is removed."""
    path = SOURCES / (published[:4] or "undated") / f"{name}.trig"
    for other in SOURCES.glob(f"*/{name}.trig"):
        if other != path:
            other.unlink()
    return path


def _order(quad: Quad) -> tuple[str, bool, str, str]:
    return str(quad.subject), quad.predicate != _TYPE, str(quad.predicate), str(quad.object)


def _used(quads: Iterable[Quad]) -> dict[str, str]:
    """The prefixes that the quads need."""
    iris: set[str] = set()
    for quad in quads:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, NamedNode):
                iris.add(term.value)
            elif isinstance(term, Literal):
                iris.add(term.datatype.value)
    iris -= {terms.XSD + "string", terms.RDF + "langString", _TYPE.value}
    prefixes = {terms.shorten(iri, _NAMESPACES).split(":", 1)[0] for iri in iris}
    return {prefix: _NAMESPACES[prefix] for prefix in sorted(prefixes & _NAMESPACES.keys())}


def write(path: Path, quads: Iterable[Quad]) -> None:
    """Writes the quads in one order, each once; Turtle or TriG by the name of the file."""
    ordered = sorted(set(quads), key=_order)
    path.parent.mkdir(parents=True, exist_ok=True)
    serialize(ordered, output=path, format=_FORMATS[path.suffix], prefixes=_used(ordered))
