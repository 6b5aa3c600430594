"""Names and addresses: which name a path stands for, in which format, and where a page links to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

from nevkg.data import terms
from nevkg.serve.clocks import AS_OF, KNOWN_BY

PAGE = "html"
QUERY = "rq"
# Suffix to media type, our own preference first.
OF_TRIPLES = {
    PAGE: "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
}
OF_QUADS = {"trig": "application/trig", "nq": "application/n-quads"}
OF_QUERIES = {QUERY: "application/sparql-query"}

DATASET = terms.DATASET.rstrip("/")
QUESTION = terms.BASE + "question/"
ONTOLOGY = terms.NEV.rstrip("#")
_WEB = ("http", "https")

Query = Mapping[str, str | Sequence[str]]


def formats(iri: str) -> dict[str, str]:
    """The formats in which a name answers: suffix to media type."""
    if iri == DATASET or iri.startswith(terms.GRAPH):
        return OF_TRIPLES | OF_QUADS
    return OF_TRIPLES | OF_QUERIES if iri.startswith(QUESTION) else OF_TRIPLES


def split(path: str) -> tuple[str, str | None]:
    """The name that a path stands for, and the suffix of the format that it asks for."""
    path = path.strip("/")
    stem, _, suffix = path.rpartition(".")
    if stem and suffix in OF_TRIPLES | OF_QUADS | OF_QUERIES:
        return terms.BASE + stem, suffix
    return terms.BASE + path, None


def path_of(iri: str, suffix: str | None = None) -> str:
    """The path at which one of our names answers."""
    path, hash_mark, anchor = iri.removeprefix(terms.BASE).partition("#")
    return f"/{quote(path)}{'.' + suffix if suffix else ''}{hash_mark}{quote(anchor)}"


@dataclass(frozen=True)
class Links:
    """Where a page links to.

    Attributes:
        root: the path below which the server stands; empty at the root of a host.
        language: what the address asked for, and so what the addresses of links ask for; empty if it did not.
        clocks: likewise both days, as pairs of name and ISO date; see ``clocks``.
    """

    root: str = ""
    language: str = ""
    clocks: tuple[tuple[str, str], ...] = ()

    @property
    def day(self) -> str | None:
        """The day (ISO) that the address asked for."""
        return dict(self.clocks).get(AS_OF)

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which the address leaves sources out."""
        return dict(self.clocks).get(KNOWN_BY)

    def to(self, path: str, query: Query | None = None) -> str:
        """The address of a page of this server."""
        given = dict(query or {}) | ({"lang": self.language} if self.language else {}) | dict(self.clocks)
        path, hash_mark, anchor = path.partition("#")
        asked = urlencode({name: value for name, value in given.items() if value}, doseq=True)
        return f"{self.root}{path}{'?' + asked if asked else ''}{hash_mark}{anchor}"

    def of(self, iri: str) -> str | None:
        """The address for an IRI: our own page, the IRI itself on the web, None where it must not be a link."""
        # What begins with two slashes would lead to another host.
        if iri.startswith(terms.BASE) and not iri.startswith(terms.BASE + "/"):
            return self.to(path_of(iri))
        return iri if on_the_web(iri) else None


def on_the_web(address: str) -> bool:
    """Whether an address is one of http or https."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in _WEB and bool(parts.netloc)
