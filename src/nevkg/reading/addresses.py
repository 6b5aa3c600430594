"""Web addresses: which of them name the same document, and links to words of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from pyoxigraph import NamedNode

from nevkg.errors import WrongUsage

_NUMBER_AS_HOST = re.compile(r"(?<=://)(\d{1,3}(\.\d{1,3}){3}|\[[^]/]*\])(:\d+)?(?=[/?#]|\Z)")
_NO_HOST = "ip-number.invalid"  # RFC 2606: names under .invalid never resolve
# Paths of files that are no HTML pages, in which browsers look for no words.
_NO_PAGE = re.compile(r"\.(?:csv|docx?|gif|jpe?g|json|mp4|od[st]|pdf|png|pptx?|txt|webp|xlsx?|xml|zip)\Z", re.IGNORECASE)
_DIRECTIVE = ":~:"


def check_address(address: str) -> None:
    """Raises ``WrongUsage`` if an address is none of the web, or cannot be an IRI in the data."""
    try:
        NamedNode(address)
        parts = urlsplit(address)
        is_right = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_right = False
    if not is_right:
        raise WrongUsage(f"'{address}' is not an address of the web; it begins with https:// and has no spaces, quotes, | or {{.")


def with_named_host(address: str) -> str:
    """Returns an address with a placeholder host instead of an IP address, which may have been reassigned since."""
    return _NUMBER_AS_HOST.sub(_NO_HOST, address)


def normalise_address(address: str) -> str:
    """Returns an address without the parts that do not distinguish documents: scheme, ``www.``, final slash, fragment."""
    try:
        parts = urlsplit(with_named_host(address))
    except ValueError:  # reported when the row is read
        return address
    host = parts.netloc.casefold().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"


def link_to_words(address: str, words: Iterable[str]) -> str:
    """Returns an address with a text fragment: browsers scroll to the first of some words that the page has, and highlight all.

    An address stays as it is if it is not one of an HTML page on the web, if it has such a fragment, or if there are no words. The
    syntax is that of https://wicg.github.io/scroll-to-text-fragment/, in which ``-``, ``,`` and ``&`` separate parts.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    directives = "&".join(f"text={quote(text, safe='').replace('-', '%2D')}" for text in dict.fromkeys(words) if text.strip())
    is_page = parts.scheme in {"http", "https"} and not _NO_PAGE.search(parts.path)
    if not directives or not is_page or _DIRECTIVE in parts.fragment:
        return address
    return f"{address}{'' if '#' in address else '#'}{_DIRECTIVE}{directives}"
