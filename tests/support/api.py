"""The HTTP API, the pages or the SPARQL protocol in this process, without workers."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from tests.support.worlds import SHIPPED

from nevkg.ask import days
from nevkg.errors import NevkgError
from nevkg.serve.api.routes import routes
from nevkg.serve.app import Exposure, make_app
from nevkg.serve.jobs import Job, Reply
from nevkg.serve.pages.requests import respond_to_error
from nevkg.serve.problem import Problem
from nevkg.serve.services import Explorer, Services
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset
from nevkg.store import Store

# The header Accept of a browser.
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
# Tests must not depend on whether the explorer has been built.
NO_EXPLORER = Explorer(Path("/nowhere"))


def app(
    store: Store, get_routes: Callable[[], Sequence[BaseRoute]] = routes, settings: Settings | None = None, explorer: Explorer = NO_EXPLORER
) -> Starlette:
    """Returns an application that answers from ``store``: the API, or other routes."""

    def run(job: Job) -> tuple[Reply, bytes]:
        known_store = days.record_known_by(store, job.known_by) if job.known_by else store
        reply = job.task.run(known_store)
        body = io.BytesIO()
        reply.write(body)
        return reply, body.getvalue()

    async def respond(request: Request, job: Job) -> Response:
        try:
            reply, body = run(job)
        except (Problem, NevkgError) as error:  # here, since the engine's results must be released in this thread
            return await respond_to_error(request, error)
        return Response(body, headers=dict(reply.headers), media_type=reply.media)

    application = Starlette(routes=get_routes(), exception_handlers=dict.fromkeys((Problem, NevkgError, HTTPException), respond_to_error))
    application.state.services = Services(store.layout, respond, settings or Settings(), explorer)
    return application


def client_without_workers(explorer: Explorer = NO_EXPLORER, exposure: Exposure | None = None) -> TestClient:
    """Returns a browser's client of the whole server, for requests that need no worker."""
    served, settings = ServedDataset(SHIPPED), Settings()
    application = make_app(served, Generations(served, settings), settings, explorer, exposure)
    return TestClient(application, "http://localhost", headers={"Accept": BROWSER}, follow_redirects=False)


def job_of(address: str) -> Job:
    """Returns the job that a request for ``address`` gives to a worker."""
    jobs: list[Job] = []

    async def respond(request: Request, job: Job) -> Response:  # noqa: ARG001  the signature of Respond
        jobs.append(job)
        return Response()

    application = Starlette(routes=routes())
    application.state.services = Services(SHIPPED, respond)
    TestClient(application).get(address)
    return jobs[0]
