"""The files of a site without a server: which pages are files, what they are called, and the links between them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from nevkg.data import terms
from nevkg.serve.pages.address import PAGE, QUERY, Links, Query

FIRST_PAGE = "/index.html"  # of a server, where the explorer is at "/"
# The pages that do not need the explorer begin here, since index.html of a site is the explorer.
PLAIN = "/plain"
# The page that renders, in the browser, what is in no file; the rest of the address follows "#".
RENDERER = "page.html"
# Formats in which a site has what it says of a name; the browser makes the others.
FORMATS = (PAGE, "ttl", "jsonld", QUERY)
# There are tens of thousands of these, and few readers of each.
_MANY = ("/statement/", "/episode/", "/passage/", "/graph/", "/snapshot/")
_ANSWERED = ("/search", "/api", "/sparql", "/cite")
_SUFFIXES = {*FORMATS, "atom", "json"} - {PAGE}
_OTHERS = {"nt", "rdf", "trig", "nq"}


def has_file(path: str) -> bool:
    """Whether a path of the server, without parameters, is a file of a site."""
    if path.startswith((*_MANY, *_ANSWERED)):
        return False
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return not dot or suffix not in _OTHERS


def file_of(path: str, language: str) -> str:
    """Returns the path of the file, from the folder of the site, of a page or document without parameters.

    Args:
        path: the path on a server; with a suffix, unless it is a page.
        language: language of the page; the first language has no folder.
    """
    name = PLAIN if path == FIRST_PAGE else path.rstrip("/")
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
        if path == "/":  # the explorer
            return super().to(path + hash_mark + anchor, query)
        given = {name: value for name, value in {**(query or {}), **dict(self.clocks)}.items() if value}
        if not given and has_file(path):
            return f"{self.root}/{quote(file_of(path, self.language), safe='/%')}{hash_mark}{anchor}"
        asked = urlencode(given | ({"lang": self.language} if self.language else {}), doseq=True)
        return f"{self.form(path)}{'?' + asked if asked else ''}"

    def form(self, path: str) -> str:
        """Returns the address of a page to which a form is sent."""
        return f"{self.root}/{RENDERER}#{path}"
