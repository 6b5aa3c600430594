"""The routes of the pages."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nevkg.ask.citation import PATH, read_address
from nevkg.data import terms
from nevkg.serve.http.negotiation import choose
from nevkg.serve.jobs import Job
from nevkg.serve.pages import requests
from nevkg.serve.pages.address import DATASET, EDITOR, OF_CITATIONS, PAGE, QUERY, depends_on_day, formats, split
from nevkg.serve.pages.citations import PrepareCitation, ShowCitation
from nevkg.serve.pages.home import VIEWS, FrontPage, SearchPage, StoriesPage, StoryPage, ViewPage
from nevkg.serve.pages.names import DescribeIri
from nevkg.serve.pages.quality import ChecksPage, FindingsPage, QualityPage
from nevkg.serve.pages.question_pages import QueryFile, QuestionPage, QuestionsPage
from nevkg.serve.pages.render import SHOWN, ViewRequest, static_files
from nevkg.serve.pages.requests import PARAMETER, root, view_request
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
        Route("/", front),
        Route("/index.html", front),
        *(Route(f"/{view}", show_view, name=view) for view in VIEWS if f"/{view}" != EDITOR),
        Route("/quality", quality),
        Route("/quality/checks", checks),
        Route("/quality/checks/{name}", findings),
        Route("/assets/{name}", asset),
        Route(f"/{PATH}{{edition}}/{{question}}", citation),
        Route("/search", search),
        Route("/questions", questions),
        Route("/questions/{name}", question),
        Route("/stories", stories),
        Route("/stories/{name}", story),
        Route("/static/{name}", static),
        Route("/question/{name}", question_name),
        Route("/question/{name}/{parameter}", question_name),
        Route("/{path:path}", name),
    ]


def editor_route() -> Route:
    """Returns the route of the editor, which is before that of the endpoint: they have the same address."""
    return Route(PATH_OF_QUERIES, editor, methods=["GET", "POST", "OPTIONS"])


async def front(request: Request) -> Response:
    """Serves the first page."""
    return await _do(request, Job(FrontPage(replace(view_request(request), path="/"))))


async def show_view(request: Request) -> Response:
    """Serves the page of a view."""
    name = request.url.path.rpartition("/")[2]
    return await _do(request, Job(ViewPage(name, _view_with_parameters(request))))


def _view_with_parameters(request: Request) -> ViewRequest:
    return view_request(request, [name for name in request.query_params if name not in _OF_PAGES])


async def editor(request: Request) -> Response:
    """Serves the editor to browsers that follow a link to it, and what the endpoint answers to all others."""
    asked = request.query_params
    if request.method not in ("GET", "HEAD") or "format" in asked or not is_browser(request):
        return await sparql(request)
    return await _do(request, Job(ViewPage(EDITOR[1:], _view_with_parameters(request), asked.get("query", ""))))


async def quality(request: Request) -> Response:
    """Serves the page of data quality."""
    return await _do(request, Job(QualityPage(view_request(request))))


async def checks(request: Request) -> Response:
    """Serves the list of checks."""
    return await _do(request, Job(ChecksPage(view_request(request))))


async def findings(request: Request) -> Response:
    """Serves the findings of a check."""
    return await _do(request, Job(FindingsPage(request.path_params["name"], page_number(request), view_request(request, ("page",)))))


async def search(request: Request) -> Response:
    """Serves the search page."""
    text = request.query_params.get("q", "").strip()
    return await _do(request, Job(SearchPage(text, view_request(request, ("q",)))))


async def questions(request: Request) -> Response:
    """Serves the catalogue of questions."""
    return await _do(request, Job(QuestionsPage(view_request(request))))


async def question(request: Request) -> Response:
    """Serves a question with its form and answer."""
    return await _question(request, request.path_params["name"])


async def stories(request: Request) -> Response:
    """Serves the list of stories."""
    return await _do(request, Job(StoriesPage(view_request(request))))


async def story(request: Request) -> Response:
    """Serves a story."""
    return await _do(request, Job(StoryPage(request.path_params["name"], view_request(request))))


async def question_name(request: Request) -> Response:
    """Serves the IRI of a question or one of its parameters: as a page, a query, or RDF."""
    iri, suffix = split(_path(request))
    chosen = choose(request, formats(iri), suffix)
    if chosen == PAGE:
        return await _question(request, iri.split("/question/")[1].partition("/")[0])
    if chosen == QUERY:
        return await _do(request, Job(QueryFile(iri)))
    return await _do(request, Job(DescribeIri(iri, chosen, suffix is not None, root(request))))


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
        task = DescribeIri(iri, chosen, is_named, page=page_number(request), view=view_request(request))
    else:
        task = DescribeIri(iri, chosen, is_named, root(request), clocks_of(request))
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
    view = replace(view_request(request, [key for key, _ in pairs]), clocks={}) if chosen == PAGE else None
    before = asked.edition, Job(PrepareCitation(str(asked), releases), known_by=asked.known_by)
    return await _do(request, Job(ShowCitation(str(asked), releases, chosen, bool(suffix), root(request), view), before=before))


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


async def _question(request: Request, name: str) -> Response:
    asked = {key: request.query_params.getlist(key) for key in request.query_params if key not in _OF_PAGES}
    view = view_request(request, (*asked, *_KEPT))
    return await _do(request, Job(QuestionPage(name, asked, page_number(request), view)))


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
