"""Conversion between IRIs of the project and paths of the server: formats by suffix, the links of a page, and the files of a site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode, urlsplit

from nevkg.data import terms
from nevkg.serve.parameter import AS_OF, KNOWN_BY

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
DOCUMENT = "json"
# The document comes first: without a preference, an address gives the bytes that were cited.
OF_CITATIONS = {DOCUMENT: "application/json", PAGE: "text/html"}

DATASET = terms.DATASET.rstrip("/")
QUESTION = terms.BASE + "question/"
ONTOLOGY = terms.NEV.rstrip("#")
_WEB = ("http", "https")
_SAME_ON_ALL_DAYS = (
    DATASET,
    ONTOLOGY,
    terms.SOURCE,
    terms.STATEMENT,
    terms.GRAPH,
    *(f"{terms.BASE}{kind}/" for kind in ("episode", "passage", "vocabulary")),
)

Query = Mapping[str, str | Sequence[str]]


def formats(iri: str) -> dict[str, str]:
    """Returns the formats available for an IRI, as suffix to media type."""
    if iri == DATASET or iri.startswith(terms.GRAPH):
        return OF_TRIPLES | OF_QUADS
    return OF_TRIPLES | OF_QUERIES if iri.startswith(QUESTION) else OF_TRIPLES


def depends_on_day(iri: str) -> bool:
    """Returns whether what an IRI stands for differs by day: not for the documents of the record and the ontology."""
    return not iri.startswith(_SAME_ON_ALL_DAYS)


def split(path: str) -> tuple[str, str | None]:
    """Returns the IRI for a path, and the suffix of the requested format; None without a suffix."""
    path = path.strip("/")
    stem, _, suffix = path.rpartition(".")
    if stem and suffix in OF_TRIPLES | OF_QUADS | OF_QUERIES:
        return terms.BASE + stem, suffix
    return terms.BASE + path, None


def path_of(iri: str, suffix: str | None = None) -> str:
    """Returns the path of one of our IRIs, with a suffix and the fragment, if any."""
    path, hash_mark, anchor = iri.removeprefix(terms.BASE).partition("#")
    return f"/{quote(path)}{'.' + suffix if suffix else ''}{hash_mark}{quote(anchor)}"


def path_of_citation(address: str, links: Links, suffix: str = "") -> str:
    """Returns the path of the address of an answer, with a suffix, and with the language of a page if it was requested."""
    path, _, query = address.removeprefix(terms.BASE).partition("?")
    language = f"{'&' if query else ''}lang={links.language}" if links.language else ""
    return links.form(f"/{path}{'.' if suffix else ''}{suffix}?{query}{language}")


@dataclass(frozen=True)
class Links:
    """Builds the links of a page.

    Attributes:
        root: path prefix of the server; empty at the root of a host.
        language: language requested in the address, which links keep; empty if it did not request one.
        clocks: dates requested in the address, which links keep, as pairs of parameter name and ISO date; see ``clocks``.
    """

    root: str = ""
    language: str = ""
    clocks: tuple[tuple[str, str], ...] = ()

    @property
    def day(self) -> str | None:
        """The requested ``as_of`` date (ISO); None if there is none."""
        return dict(self.clocks).get(AS_OF)

    @property
    def known_by(self) -> str | None:
        """The requested ``known_by`` date (ISO), after which sources are left out; None if there is none."""
        return dict(self.clocks).get(KNOWN_BY)

    def to(self, path: str, query: Query | None = None) -> str:
        """Returns the address of a page of this server, with the language and dates of this page."""
        given = dict(query or {}) | ({"lang": self.language} if self.language else {}) | dict(self.clocks)
        path, hash_mark, anchor = path.partition("#")
        asked = urlencode({name: value for name, value in given.items() if value}, doseq=True)
        return f"{self.root}{path}{'?' + asked if asked else ''}{hash_mark}{anchor}"

    def bare(self, path: str) -> str:
        """Returns the address of a document that is the same in all languages, without dates."""
        return replace(self, language="", clocks=()).to(path)

    def form(self, path: str) -> str:
        """Returns the address to which a form is sent; its fields have the language and dates."""
        return self.root + path

    def of(self, iri: str) -> str | None:
        """Returns the link for an IRI: our own page, or the IRI itself on the web; None if it must not be a link."""
        # A path that begins with two slashes would point to another host.
        if iri.startswith(terms.BASE) and not iri.startswith(terms.BASE + "/"):
            return self.to(path_of(iri))
        return iri if is_web_url(iri) else None


def is_web_url(address: str) -> bool:
    """Returns whether a text is an http or https URL with a host."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in _WEB and bool(parts.netloc)


FIRST_PAGE, _INDEX = "/", "/index"
EDITOR = "/sparql"  # the page at the address of the endpoint
# The page that renders, in the browser, what is in no file; the rest of the address follows "#".
RENDERER = "page.html"
# Formats in which a site has what it says of a name; the browser makes the others.
FORMATS = (PAGE, "ttl", "jsonld", QUERY)
# There are tens of thousands of these, and few readers of each.
_MANY = ("/statement/", "/episode/", "/passage/", "/graph/", "/snapshot/")
# Pages of a site whose script reads the parameters of their address.
_WITH_PARAMETERS = ("/questions", "/map", "/timeline", "/explore", EDITOR, "/ontology", "/quality")
_ANSWERED = ("/search", "/api", "/sparql", "/cite")
_SUFFIXES = {*FORMATS, "atom", "json"} - {PAGE}
_OTHERS = {"nt", "rdf", "trig", "nq"}


def has_file(path: str) -> bool:
    """Whether a path of the server, without parameters, is a file of a site."""
    if path.startswith((*_MANY, *_ANSWERED)):
        return path == EDITOR
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return not dot or suffix not in _OTHERS


def file_of(path: str, language: str) -> str:
    """Returns the path of the file of a page, or of a document with a suffix, in a site; the first language has no folder."""
    name = _INDEX if path == FIRST_PAGE else path.rstrip("/")
    stem, dot, suffix = name.rpartition(".")
    if dot and "/" not in suffix and suffix in _SUFFIXES:
        return f"{stem}.{suffix}".lstrip("/")
    return f"{folder_of(language)}{name}.{PAGE}".lstrip("/")


def folder_of(language: str) -> str:
    """Returns the folder of the pages in a language, with a slash before it; empty for the first language."""
    return "" if language in ("", terms.LANGUAGES[0]) else f"/{language}"


def way_to_root(path: str, language: str) -> str:
    """Returns the relative address of the folder of the site, for the links of a page."""
    depth = file_of(path, language).count("/")
    return "/".join([".."] * depth) or "."


@dataclass(frozen=True)
class FileLinks(Links):
    """Builds the links between the pages of a site; ``root`` is its folder."""

    def to(self, path: str, query: Query | None = None) -> str:
        """Returns the address of a file, or of the page that renders what is in no file."""
        path, hash_mark, anchor = path.partition("#")
        given = {name: value for name, value in {**(query or {}), **dict(self.clocks)}.items() if value}
        # The explorer, which the file loads, shows other answers and other days.
        is_file = has_file(path) and (path in _WITH_PARAMETERS or path.startswith("/questions/") or given.keys() <= {AS_OF, KNOWN_BY})
        if is_file:
            file = f"{folder_of(self.language)[1:]}/".lstrip("/") if path == FIRST_PAGE else file_of(path, self.language)
            asked = urlencode(given, doseq=True)
            return f"{self.root}/{quote(file, safe='/%')}{'?' + asked if asked else ''}{hash_mark}{anchor}"
        asked = urlencode(given | ({"lang": self.language} if self.language else {}), doseq=True)
        return f"{self.form(path)}{'?' + asked if asked else ''}"

    def form(self, path: str) -> str:
        """Returns the address of a page to which a form is sent."""
        return f"{self.root}/{RENDERER}#{path}"
