"""Helpers for recipes: terms by prefixed name, dates with precision, and canonical files, whose bytes depend only on the facts."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, parse

from nevkg.data import terms
from nevkg.data.rdf import serialise
from nevkg.data.statement_ids import identifying_properties

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology"
REGISTRY = ROOT / "data" / "registry"
SOURCES = ROOT / "data" / "sources"

_NAMESPACES = terms.prefixes(ONTOLOGY)
_FORMATS = {".ttl": "turtle", ".trig": "trig"}
_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_NOT_IN_AN_IRI = re.compile(r'[\x00-\x20<>"{}|\\^`]')

# Letters that do not decompose into a plain letter and a diacritic.
_LETTERS = str.maketrans({"ı": "i", "đ": "d", "ð": "d", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th"})

Pair = tuple[str, NamedNode | Literal]


def node(name: str) -> NamedNode:
    """Returns the IRI of ``prefix:local``, with the prefixes in ``ontology/context.jsonld``."""
    prefix, local = name.split(":", 1)
    return NamedNode(_NAMESPACES[prefix] + local)


def date(day: str) -> Literal:
    """Returns a day as ``xsd:date``."""
    return Literal(day, datatype=NamedNode(terms.XSD + "date"))


def address(url: str) -> NamedNode:
    """Returns a web address as an IRI; characters that are not allowed in IRIs are percent-encoded."""
    return NamedNode(_NOT_IN_AN_IRI.sub(lambda found: quote(found.group()), url))


def slug(name: str) -> str:
    """Returns a slug: ``so-noticias`` for ``Só Notícias``.

    Raises:
        ValueError: If the name has no Latin letters or digits.
    """
    unmarked = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", unmarked.lower()).strip("-")
    if not made:
        raise ValueError(f"No slug can be made of {name!r}.")
    return made


def plain(name: str) -> str:
    """Returns a name for comparison: without capitals, diacritics and punctuation."""
    folded = name.casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded.translate(_LETTERS))
        folded = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(re.findall(r"\w+", folded.replace("'", "").replace("’", "")))


def width(written: str) -> tuple[str, str, str]:
    """Returns first day, last day and precision of a date written as a year, a month or a day.

    Raises:
        ValueError: If it is none of these.
    """
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
    """Yields earliest day, latest day and precision of a date; nothing if it is empty."""
    if written:
        earliest, latest, precision = width(written)
        yield "nev:earliest", date(earliest)
        yield "nev:latest", date(latest)
        yield "nev:precision", node(f"precision:{precision}")


def about(subject: NamedNode, pairs: Iterable[Pair], graph: NamedNode | None = None) -> list[Quad]:
    """Returns the quads with ``pairs`` for ``subject``, in a named graph or the default graph."""
    return [Quad(subject, node(name), value, graph or DefaultGraph()) for name, value in pairs]


@cache
def identifying() -> frozenset[str]:
    """Returns the properties that identify a statement, read from the modules of the ontology."""
    return identifying_properties(quad for path in sorted(ONTOLOGY.glob("modules/*.ttl")) for quad in parse(path=path))


def source_path(name: str, published: str) -> Path:
    """Returns the path of a source's file. A file of this source under another year is removed."""
    path = SOURCES / (published[:4] or "undated") / f"{name}.trig"
    for other in SOURCES.glob(f"*/{name}.trig"):
        if other != path:
            other.unlink()
    return path


def write(path: Path, quads: Iterable[Quad]) -> None:
    """Writes the quads in canonical order, without duplicates, in Turtle or TriG depending on the suffix."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(serialise(quads, _FORMATS[path.suffix], _NAMESPACES))
