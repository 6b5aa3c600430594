"""The Model Context Protocol: over HTTP at ``/mcp``, and on standard input and output. Calls run in workers.

Over HTTP each request stands alone: there are no sessions to lose.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage, needs_extra
from nevkg.serve.clients import Account, account_of
from nevkg.serve.http.hosts import is_loopback
from nevkg.serve.http.middleware import cancel_on_disconnect
from nevkg.serve.jobs import Job, Reply, Task, json_reply
from nevkg.serve.problem import Problem
from nevkg.serve.protocol import read_body
from nevkg.serve.settings import KILOBYTE, Settings
from nevkg.serve.state.generations import Generation, Generations
from nevkg.serve.state.source import ServedDataset
from nevkg.store import Store

_LOWEST_SERVER_ERROR = 500


@dataclass(frozen=True)
class CallTask(Task):
    """Does a call of an assistant; for the fields see ``nevkg.mcp.calls.perform``, which a worker imports when it needs it."""

    kind: str
    name: str
    arguments: Mapping[str, Any]

    def run(self, store: Store) -> Reply:
        """Returns the result as JSON."""
        from nevkg.mcp.calls import perform

        # It is read as a whole.
        return replace(json_reply(perform(store, self.kind, self.name, self.arguments)), is_collected=True)


async def run_call(
    generation: Generation,
    kind: str,
    name: str,
    arguments: Mapping[str, Any],
    known_by: str | None,
    account: Account | None = None,
) -> Mapping[str, Any]:
    """Runs ``nevkg.mcp.calls.perform`` in a worker, charged to an account if one is given; a cancelled long call is stopped there."""
    # Its cost is unknown if the assistant wrote a query.
    job = Job(CallTask(kind, name, arguments), steady=False, free="sparql" in arguments, known_by=known_by)
    try:
        ticket = await generation.begin(job, account or Account())
        try:
            return dict(json.loads(ticket.content()))
        finally:
            ticket.close()
    except Problem as problem:
        raise (CouldNotRun if problem.status >= _LOWEST_SERVER_ERROR else WrongUsage)(problem.detail) from None


PATH = "/mcp"


class Endpoint:
    """The ASGI application for the path. It imports the protocol at the first request, which most servers never get."""

    def __init__(self, layout: Layout, generations: Generations, settings: Settings, origins: Sequence[str] = ()) -> None:
        """Starts nothing yet. Pages of the origins (``*`` for any) may send requests."""
        self._origins = origins
        self._layout, self._generations, self._most = layout, generations, settings.body * KILOBYTE
        self._manager: Any = None
        self._ready, self._ends = asyncio.Event(), asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def route(self) -> Route:
        """Returns the route."""
        return Route(PATH, self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request.

        Raises:
            HTTPException: 405 if it is no POST: without sessions there is no stream to open or session to end.
            Problem: 403 if a page of another site sends it, 413 if the body is too large, 501 if the protocol is not installed, or
                the status that the protocol gives to what is no request of it.
        """
        self._check_origin(Headers(scope=scope))
        if scope["method"] != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        await self._start()
        body = await read_body(Request(scope, receive), self._most)
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            if pending:
                return pending.pop()
            await asyncio.Event().wait()  # until it is cancelled
            raise ClientDisconnect

        refusal: list[Message] = []

        async def pass_on(message: Message) -> None:
            if refusal or message.get("status", 0) >= HTTPStatus.BAD_REQUEST:
                refusal.append(message)
            else:
                await send(message)

        await cancel_on_disconnect(receive, self._manager.handle_request(scope, replay, pass_on))
        if refusal:
            _refuse(refusal[0]["status"], b"".join(message.get("body", b"") for message in refusal))
            for message in refusal:
                await send(message)

    def _check_origin(self, headers: Headers) -> None:
        """Requires that the page of another site that sends a request, if any, may do so, as the specification demands."""
        origin = headers.get("origin")
        if origin is None or "*" in self._origins or origin in self._origins:
            return
        host, own = _host(origin), _host(f"//{headers.get('host', '')}")
        if not host or not (is_loopback(host) or host == own):
            raise Problem(403, "Pages of other sites may not send requests here; the operator can allow it with --allow-origin.")

    async def close(self) -> None:
        """Ends the answers in progress."""
        self._ends.set()
        if self._running:
            await self._running

    async def _start(self) -> None:
        if self._running is None:
            try:
                with needs_extra("mcp"):
                    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

                    from nevkg.mcp.server import build_server
            except CouldNotRun as error:
                raise Problem(501, str(error)) from None
            server = build_server(self._layout, self._call)
            self._manager = StreamableHTTPSessionManager(server, json_response=True, stateless=True, max_request_body_size=self._most)
            self._running = asyncio.ensure_future(self._keep_running())
        await self._ready.wait()

    async def _keep_running(self) -> None:
        """Runs the manager in one task, as its group of tasks requires."""
        async with self._manager.run():
            self._ready.set()
            await self._ends.wait()

    async def _call(self, request: Request, kind: str, name: str, arguments: Mapping[str, Any], known_by: str | None) -> Mapping[str, Any]:
        return await run_call(self._generations.current, kind, name, arguments, known_by, account_of(request.scope))


def _host(address: str) -> str:
    """Returns the host of an address in lower case; empty if it has none."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _refuse(status: int, body: bytes) -> None:
    """Raises the problem with what is no request of the protocol. An error that names its request is an answer of the protocol."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = {}
    if answer.get("id") is not None:
        return
    words = "The body is not a request of JSON-RPC 2.0."
    if status == HTTPStatus.NOT_ACCEPTABLE:
        words = "The answer is JSON; send 'Accept: application/json, text/event-stream'."
    elif not answer:
        words = "Send the request as JSON, with 'Content-Type: application/json'."
    raise Problem(status, words)


def serve_stdio(served: ServedDataset, settings: Settings, collection: Path | None = None) -> None:
    """Serves on standard input and output, as desktop assistants expect it, until standard input ends.

    Requests are answered from the start; calls wait until the store is open, which may take a minute the first time.

    Args:
        collection: the only folder that a tool may write to; None if none may write.
    """
    with needs_extra("mcp"):
        from mcp.server.stdio import stdio_server

        from nevkg.mcp.reading import COLLECTION, PROPOSE_ROWS
        from nevkg.mcp.server import build_server

    async def serve() -> None:
        generations = Generations(served, settings)
        opening = asyncio.ensure_future(generations.open())

        async def call(_request: Any, kind: str, name: str, arguments: Mapping[str, Any], known_by: str | None) -> Mapping[str, Any]:
            try:
                await asyncio.shield(opening)
            except OSError as error:
                raise CouldNotRun(f"The dataset cannot be opened: {error}.") from None
            own = {COLLECTION: str(collection)} if collection and name == PROPOSE_ROWS.name else {}
            return await run_call(generations.current, kind, name, {**arguments, **own}, known_by)

        server = build_server(served.layout, call)
        try:
            async with stdio_server() as (incoming, outgoing):
                await server.run(incoming, outgoing, server.create_initialization_options())
        finally:
            opening.cancel()
            await asyncio.gather(opening, return_exceptions=True)
            await generations.close()

    asyncio.run(serve())
