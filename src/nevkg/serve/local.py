"""The server without a server: the same routes, answered in this process.

A site of files is written with it, and the engine of that site, which runs in the browser, answers with it what is in no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote, urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message

from nevkg.ask import days
from nevkg.errors import NevkgError
from nevkg.serve.api.routes import routes as api
from nevkg.serve.extras.syndication import routes as feeds
from nevkg.serve.jobs import Job
from nevkg.serve.pages.requests import respond_to_error
from nevkg.serve.pages.routes import editor_route
from nevkg.serve.pages.routes import routes as pages
from nevkg.serve.problem import Problem
from nevkg.serve.protocol import routes as protocol
from nevkg.serve.services import Explorer, Services, Site
from nevkg.serve.settings import Settings
from nevkg.store import Store


@dataclass(frozen=True)
class Received:
    """A response: its status, its headers by lower-case name, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class LocalServer:
    """Answers requests one at a time, without workers and without limits."""

    def __init__(self, store: Store, site: Site | None = None, releases: tuple[str, ...] = ()) -> None:
        """Builds the application.

        Args:
            site: the site whose files its pages link to; None if they link to pages of a server.
            releases: releases and folders of releases, from which citations of other editions are answered.
        """
        self._app = Starlette(
            routes=[editor_route(), *protocol(), *api(), *feeds(), *pages()],
            exception_handlers=dict.fromkeys((Problem, NevkgError, HTTPException), respond_to_error),
        )

        async def respond(request: Request, job: Job) -> Response:  # noqa: ARG001  the signature of Respond
            chosen = days.record_known_by(store, job.known_by) if job.known_by else store
            reply = job.task.run(chosen)
            body = BytesIO()
            reply.write(body)
            return Response(body.getvalue(), headers=dict(reply.headers), media_type=reply.media)

        self._app.state.services = Services(store.layout, respond, Settings(rows=0), Explorer(), site, releases)

    async def fetch(
        self, address: str, *, accept: str = "*/*", method: str = "GET", body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Received:
        """Returns the response to a request.

        Args:
            address: path and query, beginning with a slash.
            accept: media types that the response may have.
            method: ``GET`` or ``POST``.
            body: body of the request.
            headers: further headers.
        """
        parts = urlsplit(address)
        sent = {"accept": accept, "host": "localhost", "content-length": str(len(body)), **(headers or {})}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "server": ("localhost", 80),
            "root_path": "",
            "path": unquote(parts.path),
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        }
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, send)
        start = messages[0]
        found = {name.decode().lower(): value.decode() for name, value in start["headers"]}
        return Received(start["status"], found, b"".join(message.get("body", b"") for message in messages[1:]))
