"""Which language a request wants, and where the server stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from starlette.requests import Request
from webob.acceptparse import create_accept_language_header

from nevkg.data import terms
from nevkg.serve.clocks import clocks_of
from nevkg.serve.pages.address import Links
from nevkg.serve.services import services_of

PARAMETER = "lang"
T = TypeVar("T")


def language(request: Request) -> tuple[str, bool]:
    """The language of a page, and whether the address asks for it; an unknown one counts as none."""
    asked = request.query_params.get(PARAMETER)
    if asked in terms.LANGUAGES:
        return asked, True
    header = create_accept_language_header(request.headers.get("accept-language") or None)
    return header.lookup(list(terms.LANGUAGES), default=terms.LANGUAGES[0]) or terms.LANGUAGES[0], False


def given_view(request: Request, kept: Iterable[str] = ()) -> dict[str, Any]:
    """What a task needs to know of who reads a page.

    Args:
        request: the request.
        kept: the parameters of the address that the page in another language keeps.
    """
    tag, pinned = language(request)
    query = {name: found for name in kept if (found := request.query_params.getlist(name))}
    explorer = services_of(request).explorer.is_built
    where = {"root": root(request), "path": path(request), "query": query, "clocks": clocks_of(request)}
    return {"language": tag, "pinned": pinned, "explorer": explorer, **where}


def view_of(request: Request, make: Callable[..., T]) -> T:
    """The view of a page that needs no worker."""
    tag, pinned = language(request)
    links = Links(root(request), tag if pinned else "")
    return make(tag, links, path(request), explorer=services_of(request).explorer.is_built)


def root(request: Request) -> str:
    """The path below which the server stands."""
    return str(request.scope.get("root_path", "")).rstrip("/")


def path(request: Request) -> str:
    """The path of a request below that, as it stands in an address."""
    return request.url.path.removeprefix(root(request)) or "/"
