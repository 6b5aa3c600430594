"""Error responses as HTML pages."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.language import view_of


def problem_page(problem: Problem, request: Request, tag: str) -> Response:
    """Returns the response with a problem as a page, for browsers; ``tag`` is the language of the problem."""
    # Imported here, so that the templates are only loaded when an error page is rendered.
    from nevkg.serve.pages.render import View, page

    view = view_of(request, View)
    near = [(one["label"], view.links.of(one["iri"])) for one in problem.more.get("near", [])]
    title = view.words["errors"].get(str(problem.status), HTTPStatus(problem.status).phrase)
    content = page("problem", view, title=title, problem=problem, tag=tag, near=near)
    headers = {"Cache-Control": "no-store", "Content-Language": view.language, "Vary": "Accept, Accept-Language", **problem.headers}
    return Response(content, problem.status, headers, "text/html; charset=utf-8")
