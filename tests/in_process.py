"""The handlers of the server without its workers: each job is done at once, in this process."""

from __future__ import annotations

import io
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from nevkg.errors import NevkgError
from nevkg.serve.problem import MEDIA, Problem, of_error
from nevkg.serve.reply import Job, Reply
from nevkg.serve.services import Services
from nevkg.serve.settings import Settings
from nevkg.serve.tasks import find
from nevkg.store import Store


def done(store: Store, job: Job) -> tuple[Reply, bytes]:
    """A job as a worker does it: what it replies, and the body.

    Raises:
        Problem: as the worker tells it.
    """
    body = io.BytesIO()
    try:
        reply = find(job.task)(store, job.given)
        reply.write(body)
    except NevkgError as error:
        raise of_error(error) from None
    return reply, body.getvalue()


def client(store: Store, routes: list[Route], settings: Settings, watch: Callable[[Job], object] = lambda _: None) -> TestClient:
    """A client of a server that has these routes; ``watch`` sees each job."""

    async def respond(request: Request, job: Job) -> Response:
        watch(job)
        reply, body = done(store, job)
        return Response(b"" if request.method == "HEAD" else body, headers={**reply.headers, "Content-Type": reply.media})

    def told(_: Request, problem: Exception) -> Response:
        assert isinstance(problem, Problem)
        return JSONResponse(problem.document(), problem.status, problem.headers, MEDIA)

    app = Starlette(routes=routes, exception_handlers={Problem: told})
    app.state.services = Services(store.layout, respond, settings)
    return TestClient(app, follow_redirects=False)
