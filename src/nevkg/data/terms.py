"""Namespaces and IRIs that the code uses, for statements, sources and episodes; none of the domain's terms.

Prefixes come from ``ontology/context.jsonld``, so that a new vocabulary needs no change here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from nevkg.errors import WrongUsage

Term = NamedNode | BlankNode | Literal | Triple
Pair = tuple[str, Term]  # the IRI of a property, and a value

BASE = "https://w3id.org/nevkg/"
NEV = BASE + "ontology#"
GRAPH = BASE + "graph/"
SOURCE = BASE + "source/"
STATEMENT = BASE + "statement/"
PASSAGE = BASE + "passage/"
DATASET = BASE + "dataset/"
SNAPSHOT = BASE + "snapshot/"
QUESTION = BASE + "question/"

DCAT = "http://www.w3.org/ns/dcat#"
SCHEMA_ORG = "https://schema.org/"
SHACL = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PROV = "http://www.w3.org/ns/prov#"
DCTERMS = "http://purl.org/dc/terms/"
# Those that queries of the code need not declare.
KERNEL = {"nev": NEV, "rdf": RDF, "rdfs": RDFS, "owl": OWL, "skos": SKOS, "xsd": XSD, "prov": PROV, "dcterms": DCTERMS}

LANGUAGES = ("en", "zh")
Language = Annotated[str, ("enum", LANGUAGES), ("title", "Language")]
LABELS = (RDFS + "label", SKOS + "prefLabel")
ALIASES = (SKOS + "altLabel",)

_CURIE = re.compile(r"([A-Za-z][\w-]*):([^/\s][^\s]*)\Z")


def graph(slug: str) -> str:
    """Returns the IRI of the named graph with a slug: ``registry``, ``history``, ``current``, or that of a source."""
    return GRAPH + slug


def text(term: Term | DefaultGraph) -> str:
    """Returns the IRI, the lexical form of a literal, or the label of a blank node."""
    return str(term) if isinstance(term, Triple | DefaultGraph) else term.value


def is_iri(text: str) -> bool:
    """Whether a text is a valid IRI, so that it can be inserted into a query."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def format_iris(names: Iterable[str]) -> str:
    """Formats IRIs for a VALUES clause, sorted and without duplicates."""
    return " ".join(f"<{name}>" for name in sorted(set(names)))


def format_path(names: Iterable[str]) -> str:
    """Formats properties as the alternatives of a property path."""
    return "|".join(f"<{name}>" for name in names)


def literal_text(term: str) -> str:
    """Returns the lexical form of a literal in N-Triples syntax, with escapes resolved."""
    return text(next(iter(parse(f"<x:s> <x:p> {term} .", RdfFormat.N_TRIPLES))).object)


def date(day: str) -> Literal:
    """Returns a day as a literal."""
    return Literal(day, datatype=NamedNode(XSD + "date"))


def describe(subject: str, pairs: Iterable[Pair], graph: str = "") -> list[Quad]:
    """Returns quads that give a subject properties with values, in a named graph or, without one, in the default graph."""
    node, where = NamedNode(subject), NamedNode(graph) if graph else DefaultGraph()
    return [Quad(node, NamedNode(name), value, where) for name, value in pairs]


@cache
def prefixes(ontology: Path) -> dict[str, str]:
    """Returns the namespaces by prefix, as declared by ``context.jsonld`` in the ontology folder."""
    context = json.loads((ontology / "context.jsonld").read_text(encoding="utf-8"))
    return dict(context["@context"])


def expand(name: str, namespaces: dict[str, str]) -> str | None:
    """Returns the IRI for ``prefix:local``, ``<iri>`` or a plain web IRI; None for other text. ``WrongUsage`` if the prefix is unknown."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    if re.match(r"https?://", name):
        return name
    match = _CURIE.match(name)
    if match is None:
        return None
    prefix, local = match.groups()
    if prefix not in namespaces:
        raise WrongUsage(f"The prefix '{prefix}:' of '{name}' is unknown.{suggest(prefix, list(namespaces))}")
    return namespaces[prefix] + local


def shorten(iri: str, namespaces: dict[str, str]) -> str:
    """Returns ``prefix:local`` for an IRI in one of the namespaces (the longest match), else the IRI itself."""
    fitting = [(len(space), prefix) for prefix, space in namespaces.items() if iri.startswith(space)]
    if not fitting:
        return iri
    length, prefix = max(fitting)
    return f"{prefix}:{iri[length:]}"


def suggest(word: str, known: list[str]) -> str:
    """Returns `` Did you mean …?`` with up to three similar names, or an empty string."""
    from difflib import get_close_matches

    names = get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(names)}?" if names else ""
