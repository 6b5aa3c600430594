"""What went wrong, as a page for people and as RFC 9457 for programs."""

from __future__ import annotations

import json
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from nevkg.serve.negotiate import preferred
from nevkg.serve.pages.language import view_of
from nevkg.serve.problem import MEDIA, Problem

_OFFERS = (("json", MEDIA), ("html", "text/html"))


def problem_page(problem: Problem, request: Request) -> Response:
    """The response to a request that went wrong: a page if the client would rather have one than JSON."""
    headers = {**problem.headers, "Vary": "Accept, Accept-Language"}
    if preferred(request.headers.get("accept"), _OFFERS) != "html":
        body = json.dumps(problem.document(), ensure_ascii=False).encode()
        return Response(body, problem.status, headers, MEDIA)
    # Only who sees such a page pays for the templates.
    from nevkg.serve.pages.render import View, page

    view = view_of(request, View)
    near = [(one["label"], view.links.of(one["iri"])) for one in problem.more.get("near", [])]
    title = view.words["errors"].get(str(problem.status), HTTPStatus(problem.status).phrase)
    content = page("problem", view, title=title, problem=problem, near=near)
    return Response(content, problem.status, {**headers, "Content-Language": view.language}, "text/html; charset=utf-8")
