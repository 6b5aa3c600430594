"""The routes of the pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nevkg.ask.citation import PATH, read_address
from nevkg.data import terms
from nevkg.serve.http.negotiation import choose
from nevkg.serve.jobs import Job, Task
from nevkg.serve.pages import requests
from nevkg.serve.pages.address import DATASET, EDITOR, OF_CITATIONS, PAGE, QUERY, Links, depends_on_day, formats, split
from nevkg.serve.pages.citations import PrepareCitation, ShowCitation
from nevkg.serve.pages.home import VIEWS, FrontPage, SearchPage, StoriesPage, StoryPage, ViewPage
from nevkg.serve.pages.names import DescribeIri
from nevkg.serve.pages.quality import ChecksPage, FindingsPage, QualityPage
from nevkg.serve.pages.question_pages import QueryFile, QuestionPage, QuestionsPage
from nevkg.serve.pages.render import SHOWN, static_files
from nevkg.serve.pages.requests import PARAMETER, root, view_of
from nevkg.serve.parameter import AS_OF, KNOWN_BY, clocks_of
from nevkg.serve.problem import Problem
from nevkg.serve.protocol import PATH as PATH_OF_QUERIES
from nevkg.serve.protocol import sparql
from nevkg.serve.services import EMBED, immutable_response, is_browser, services_of

_VARY = f"Accept, Accept-Language, {requests.ACCEPT_DATETIME}"
# Parameters of pages that are none of the question; the page in another language keeps some of them.
_KEPT = ("page", *SHOWN)
_OF_PAGES = (PARAMETER, *_KEPT, EMBED, AS_OF, KNOWN_BY)
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def routes() -> list[Route]:
    """Returns the routes of all pages. The last one accepts all other paths, since every IRI of the project is a path."""
    return [
        *(_page(path, lambda request: FrontPage(replace(view_of(request), path="/"))) for path in ("/", "/index.html")),
        *(_page(f"/{view}", partial(_view_page, view)) for view in VIEWS if f"/{view}" != EDITOR),
        _page("/quality", lambda request: QualityPage(view_of(request))),
        _page("/quality/checks", lambda request: ChecksPage(view_of(request))),
        _page(
            "/quality/checks/{name}",
            lambda request: FindingsPage(view_of(request, ("page",)), request.path_params["name"], page_number(request)),
        ),
        Route("/assets/{name}", asset),
        Route(f"/{PATH}{{edition}}/{{question}}", citation),
        _page("/search", lambda request: SearchPage(view_of(request, ("q",)), request.query_params.get("q", "").strip())),
        _page("/questions", lambda request: QuestionsPage(view_of(request))),
        _page("/questions/{name}", lambda request: _question_page(request, request.path_params["name"])),
        _page("/stories", lambda request: StoriesPage(view_of(request))),
        _page("/stories/{name}", lambda request: StoryPage(view_of(request), request.path_params["name"])),
        Route("/static/{name}", static),
        _page("/question/{name}", _question_name),
        _page("/question/{name}/{parameter}", _question_name),
        Route("/{path:path}", name),
    ]


def _page(path: str, make_task: Callable[[Request], Task]) -> Route:
    """Returns the route of a page whose task is made from the request."""

    async def answer(request: Request) -> Response:
        return await _do(request, Job(make_task(request)))

    return Route(path, answer)


def _view_page(name: str, request: Request, query: str = "") -> ViewPage:
    return ViewPage(view_of(request, [name for name in request.query_params if name not in _OF_PAGES]), name, query)


def _question_page(request: Request, name: str) -> QuestionPage:
    asked = {key: request.query_params.getlist(key) for key in request.query_params if key not in _OF_PAGES}
    return QuestionPage(view_of(request, (*asked, *_KEPT)), name, asked, page_number(request))


def _question_name(request: Request) -> Task:
    """Returns the task for the IRI of a question or one of its parameters: as a page, a query, or RDF."""
    iri, suffix = split(_path(request))
    chosen = choose(request, formats(iri), suffix)
    if chosen == PAGE:
        return _question_page(request, iri.split("/question/")[1].partition("/")[0])
    if chosen == QUERY:
        return QueryFile(iri)
    return DescribeIri(iri, chosen, suffix is not None, Links(root(request)))


def editor_route() -> Route:
    """Returns the route of the editor, which is before that of the endpoint: they have the same address."""
    return Route(PATH_OF_QUERIES, editor, methods=["GET", "POST", "OPTIONS"])


async def editor(request: Request) -> Response:
    """Serves the editor to browsers that follow a link to it, and what the endpoint answers to all others."""
    asked = request.query_params
    if request.method not in ("GET", "HEAD") or "format" in asked or not is_browser(request):
        return await sparql(request)
    return await _do(request, Job(_view_page(EDITOR[1:], request, asked.get("query", ""))))


async def name(request: Request) -> Response:
    """Serves all other IRIs, as a page or RDF."""
    iri, suffix = split(_path(request))
    if depends_on_day(iri) and (day := requests.wanted_day(request)):
        address = str(request.url.include_query_params(**{AS_OF: day}))
        return RedirectResponse(address, 302, headers={"Vary": _VARY, "Link": f'<{request.url}>; rel="original timegate"'})
    chosen = choose(request, formats(iri), suffix)
    # Graphs are never merged. With and without a suffix it is the same job, so that one file serves both.
    is_named = suffix is not None or iri == DATASET or iri.startswith(terms.GRAPH)
    if chosen == PAGE:
        view = view_of(request)
        task = DescribeIri(iri, chosen, is_named, view.links, page_number(request), view)
    else:
        task = DescribeIri(iri, chosen, is_named, Links(root(request), clocks=tuple(clocks_of(request).items())))
    return await _do(request, Job(task))


async def citation(request: Request) -> Response:
    """Serves a citation: the document that it stands for, or its page."""
    path = request.path_params
    name, _, suffix = path["question"].partition(".")
    # The language of the page is no part of the address.
    pairs = [(key, value) for key, value in request.query_params.multi_items() if key != PARAMETER]
    query = urlencode(pairs, quote_via=quote, safe=":/")
    asked = read_address(f"{quote(path['edition'], safe='+')}/{quote(name)}{'?' if query else ''}{query}")
    chosen = choose(request, OF_CITATIONS, suffix or None)
    releases = services_of(request).releases
    view = view_of(request, [key for key, _ in pairs]) if chosen == PAGE else None
    # A citation names its days itself.
    links = replace(view.links, clocks=()) if view else Links(root(request))
    view = replace(view, links=links) if view else None
    before = asked.edition, Job(PrepareCitation(str(asked), releases), known_by=asked.known_by)
    return await _do(request, Job(ShowCitation(str(asked), releases, chosen, bool(suffix), links, view), before=before))


async def static(request: Request) -> Response:
    """Serves the style sheet or the icon; the name contains a digest of the content."""
    name = request.path_params["name"]
    found = static_files().get(name)
    if found is None:
        raise Problem(404, f"There is no file {name}; the page may be from an older version, so reload it.")
    return immutable_response(found.file)


async def asset(request: Request) -> Response:
    """Serves a file of the explorer."""
    return services_of(request).explorer.asset(request, request.path_params["name"])


def page_number(request: Request) -> int:
    """Returns the requested page number of a long list, 1 by default; ``Problem`` 400 if it is not a number above 0."""
    text = request.query_params.get("page", "1")
    if not _NUMBER.fullmatch(text):
        raise Problem(400, f"page: '{text[:40]}' is not a page number; use a whole number above 0.")
    return int(text)


async def _do(request: Request, job: Job) -> Response:
    services = services_of(request)
    response = await services.respond(request, replace(job, known_by=clocks_of(request).get(KNOWN_BY)))
    services.explorer.allow_frames(request, response)
    vary = [*response.headers.get("Vary", "").split(", "), *_VARY.split(", ")]
    response.headers["Vary"] = ", ".join(filter(None, dict.fromkeys(vary)))
    return response


def _path(request: Request) -> str:
    whole: str = request.scope["path"]
    return whole.removeprefix(request.scope.get("root_path", "").rstrip("/"))
