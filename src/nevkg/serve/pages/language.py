"""The language of a request, and the parameters that a page needs from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from starlette.requests import Request
from webob.acceptparse import create_accept_language_header

from nevkg.data import terms
from nevkg.serve.clocks import clocks_of
from nevkg.serve.pages.address import Links
from nevkg.serve.pages.files import FileLinks, way_to_root
from nevkg.serve.services import services_of

PARAMETER = "lang"
T = TypeVar("T")


def language(request: Request) -> tuple[str, bool]:
    """Returns the language of a page, and whether the address requests it. An unknown language is ignored."""
    asked = request.query_params.get(PARAMETER)
    if asked in terms.LANGUAGES:
        return asked, True
    header = create_accept_language_header(request.headers.get("accept-language") or None)
    return header.lookup(list(terms.LANGUAGES), default=terms.LANGUAGES[0]) or terms.LANGUAGES[0], False


def view_arguments(request: Request, names: Iterable[str] = ()) -> dict[str, Any]:
    """Returns the ``view`` argument of a page task, from which ``View.of`` makes the view.

    Args:
        request: the request.
        names: parameters of the address that links to the page in another language keep.
    """
    tag, pinned = language(request)
    query = {name: found for name in names if (found := request.query_params.getlist(name))}
    where = {"root": root(request), "path": path(request), "query": query, "clocks": clocks_of(request)}
    site = services_of(request).site
    where["base"] = f"{request.url.scheme}://{request.url.netloc}{root(request)}" if site is None else site.address
    return {"language": tag, "pinned": pinned, "explorer": _has_explorer(request), "files": site is not None, **where}


def view_of(request: Request, make: Callable[..., T]) -> T:
    """Returns the view of a page that is rendered without a worker."""
    tag, pinned = language(request)
    made = Links if services_of(request).site is None else FileLinks
    links = made(root(request), tag if pinned else "")
    return make(tag, links, path(request), explorer=_has_explorer(request))


def _has_explorer(request: Request) -> bool:
    services = services_of(request)
    return services.site is not None or services.explorer.is_built


def root(request: Request) -> str:
    """Returns the path prefix of the server, empty at the root of a host; for a site, the way from the page to its folder."""
    site = services_of(request).site
    if site is not None:
        return "." if site.is_rendered_here else way_to_root(request.scope["path"], language(request)[0])
    return str(request.scope.get("root_path", "")).rstrip("/")


def path(request: Request) -> str:
    """Returns the path of a request without the prefix, percent-encoded as in the address."""
    return request.url.path.removeprefix(request.scope.get("root_path", "").rstrip("/")) or "/"
