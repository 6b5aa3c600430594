"""What pages read from a request: language, view and day (Memento, RFC 7089); and error pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from webob.acceptparse import create_accept_language_header

from nevkg.ask import arguments
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.serve.http.error_responses import note_cause, problem_response, to_problem, translate
from nevkg.serve.http.negotiation import best_offer
from nevkg.serve.pages.address import FileLinks, Links, way_to_root
from nevkg.serve.pages.render import View, page
from nevkg.serve.parameter import AS_OF, clocks_of
from nevkg.serve.problem import MEDIA, Problem
from nevkg.serve.services import services_of

PARAMETER = "lang"


def language(request: Request) -> tuple[str, bool]:
    """Returns the language of a page, and whether the address requests it. An unknown language is ignored."""
    asked = request.query_params.get(PARAMETER)
    if asked in terms.LANGUAGES:
        return asked, True
    header = create_accept_language_header(request.headers.get("accept-language") or None)
    return header.lookup(list(terms.LANGUAGES), default=terms.LANGUAGES[0]) or terms.LANGUAGES[0], False


def plain_view(request: Request) -> View:
    """Returns the view of a page without parameters and dates, as of an error page."""
    tag, pinned = language(request)
    services = services_of(request)
    make = Links if services.site is None else FileLinks
    links = make(root(request), tag if pinned else "")
    return View(tag, links, path(request), assets=services.explorer.assets, site=services.site)


def view_of(request: Request, names: Iterable[str] = ()) -> View:
    """Returns the view of a page; the link to the page in another language keeps the named parameters."""
    view = plain_view(request)
    query = {name: found for name in names if (found := request.query_params.getlist(name))}
    base = f"{request.url.scheme}://{request.url.netloc}{view.links.root}" if view.site is None else view.site.address
    return replace(view, links=replace(view.links, clocks=tuple(clocks_of(request).items())), query=query, base=base)


def root(request: Request) -> str:
    """Returns the path prefix of the server, empty at the root of a host; for a site, the way from the page to its folder."""
    site = services_of(request).site
    if site is not None:
        return "." if site.is_rendered_here else way_to_root(request.scope["path"], language(request)[0])
    return str(request.scope.get("root_path", "")).rstrip("/")


def path(request: Request) -> str:
    """Returns the path of a request without the prefix, percent-encoded as in the address."""
    return request.url.path.removeprefix(request.scope.get("root_path", "").rstrip("/")) or "/"


ACCEPT_DATETIME = "Accept-Datetime"


def wanted_day(request: Request) -> str | None:
    """Returns the ISO date of ``Accept-Datetime``; None without it, or if the address has a date. ``Problem`` 400 if it is no date."""
    text = request.headers.get(ACCEPT_DATETIME)
    if not text or AS_OF in request.query_params:
        return None
    try:
        day = parsedate_to_datetime(text).astimezone(UTC).date().isoformat()
        # The parser changes years of two digits, and years such as 0001; those are rejected.
        return arguments.day(day if day[:4] in text else text)
    except (ValueError, OverflowError, WrongUsage):
        raise Problem(400, f"{ACCEPT_DATETIME} is not an HTTP date such as 'Thu, 30 Apr 2025 00:00:00 GMT'.") from None


def memento_headers(day: str | None, original: str, newest: str, links: Sequence[str]) -> dict[str, str]:
    """Returns the headers of a page.

    Args:
        day: ISO date in the address of the page; None if there is none.
        original: address of the page without a date.
        newest: ISO date of the dataset; later dates give the same page.
        links: further links for the ``Link`` header.
    """
    related = [*links, f'<{original}>; rel="original timegate"']
    if day is None:
        return {"Link": ", ".join(related)}
    return {"Link": ", ".join(related), "Memento-Datetime": format_moment(min(day, newest))}


def format_moment(day: str) -> str:
    """Returns the beginning of a day (ISO) in UTC, as in HTTP headers."""
    return format_datetime(datetime.fromisoformat(day).replace(tzinfo=UTC), usegmt=True)


_FORMS = (("document", MEDIA), ("json", "application/json"), ("page", "text/html"))


async def respond_to_error(request: Request, error: Exception) -> Response:
    """Returns the response to an exception, as a page or as JSON, whichever the client prefers."""
    problem = to_problem(error, request)
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers["Allow"] = ", ".join(sorted({*re.findall(r"[A-Z]+", problem.headers["Allow"]), "OPTIONS"}))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=problem.headers)
    note_cause(request.scope, problem)
    problem.detail, tag = translate(problem.detail, language(request)[0])
    if best_offer(request, _FORMS) == "page":
        return problem_page(problem, request, tag)
    response = problem_response(problem)
    response.headers["Content-Language"] = tag
    response.headers.append("Vary", "Accept, Accept-Language")
    return response


def problem_page(problem: Problem, request: Request, tag: str) -> Response:
    """Returns the response with a problem as a page, for browsers; ``tag`` is the language of the problem."""
    view = plain_view(request)
    near = [(entity["label"], view.links.of(entity["iri"])) for entity in problem.more.get("near", [])]
    title = view.words["errors"].get(str(problem.status), HTTPStatus(problem.status).phrase)
    content = page("problem", view, title=title, problem=problem, tag=tag, near=near)
    headers = {"Cache-Control": "no-store", "Content-Language": view.language, "Vary": "Accept, Accept-Language", **problem.headers}
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE and (wait := problem.headers.get("Retry-After")):
        headers["Refresh"] = wait  # the browser asks again, as the explorer does for its requests
    return Response(content, problem.status, headers, "text/html")
