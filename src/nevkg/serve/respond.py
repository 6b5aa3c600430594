"""From a job to the response: what has been answered is not worked out again, the rest is done by a worker."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from hashlib import sha256
from importlib.metadata import version
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from nevkg.serve.clients.account import Account, Visit
from nevkg.serve.clients.admission import ACCOUNT
from nevkg.serve.http.access_log import Cut
from nevkg.serve.http.problem import Problem
from nevkg.serve.http.tags import current, held
from nevkg.serve.http.transfer import transfer
from nevkg.serve.pool.spool import PIECE
from nevkg.serve.pool.ticket import Ticket
from nevkg.serve.reply import Job
from nevkg.serve.response_cache import LARGEST, Answer, Kept
from nevkg.serve.settings import MEGABYTE, Settings
from nevkg.serve.state.generations import Generation, Generations

_VERSION = version("nevkg")
# What answers depend on besides the address.
_VARY = "Accept, Accept-Language"
T = TypeVar("T")


class Responder:
    """Answers requests with what workers reply to jobs."""

    def __init__(self, generations: Generations, settings: Settings) -> None:
        """See ``respond``; ``answers`` counts where they came from."""
        self._generations = generations
        self.kept, self.answers = Kept(settings.cache * MEGABYTE), Counter[str]()
        generations.on_change(self.kept.clear)

    async def respond(self, request: Request, job: Job) -> Response:
        """The answer to a job.

        Raises:
            Problem: if there is none.
        """
        generation = self._generations.current
        tag = _tag(generation.state.name, job)
        known_tags = held(request)
        if tag and tag in known_tags:
            self.answers["unchanged"] += 1
            return Response(status_code=304, headers=current(known_tags[tag], _VARY))
        if tag and (known := self.kept.get(tag)):
            self.answers["kept"] += 1
            return _whole(known, tag)
        if generation.downloads.has(job):
            return await _file(request, generation, job)
        if job.known_by:
            # It may take longer than a request may; all that want the same day wait for the same work.
            await _unless_gone(request, generation.preparations.get(Job("ready", known_by=job.known_by)))
        ticket = generation.pool.submit(job, _visit(request))
        self.answers["worker"] += 1
        try:
            await _unless_gone(request, ticket.begun())
            if ticket.head["is_bulk"]:
                ticket.close()
                return await _file(request, generation, job)
            if not ticket.is_over or ticket.spool.size > LARGEST:
                headers = _headers(ticket.head, tag) | ({"Content-Length": str(ticket.spool.size)} if ticket.is_over else {})
                return _AsItComes(ticket, headers)
            answer = Answer(ticket.head, ticket.spool.content())
        except BaseException:
            ticket.close()
            raise
        ticket.close()
        if tag:
            self.kept.put(tag, answer)
        return _whole(answer, tag)


def _tag(state: str, job: Job) -> str:
    """The strong ETag of a job's answer; empty if it may be another one next time."""
    if not (state and job.steady):
        return ""
    return sha256(f"{_VERSION} {state} {job.key}".encode()).hexdigest()[:32]


def _headers(head: dict[str, Any], tag: str) -> dict[str, str]:
    common = current(f'"{tag}"', _VARY) if tag else {"Cache-Control": "no-store", "Vary": _VARY}
    return {**common, **head["headers"]}


class _InPieces(Response):
    """Sends its body piece by piece: the whole of it at once would be copied for each client that reads slowly."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  as the standard has it
        """Sends it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for start in range(0, max(len(self.body), 1), PIECE):
            piece = self.body[start : start + PIECE]
            await send({"type": "http.response.body", "body": piece, "more_body": start + PIECE < len(self.body)})


def _whole(answer: Answer, tag: str) -> Response:
    return _InPieces(answer.body, headers=_headers(answer.head, tag), media_type=answer.head["media"])


async def _file(request: Request, generation: Generation, job: Job) -> Response:
    return transfer(request, await _unless_gone(request, generation.downloads.get(job)), _VARY)


async def _pieces(ticket: Ticket) -> AsyncIterator[bytes]:
    try:
        async for piece in ticket.pieces():
            yield piece
    except Problem as problem:
        raise Cut(problem) from None


class _AsItComes(StreamingResponse):
    """Sends an answer while it is made. Its ticket is closed also if the client leaves before the first piece."""

    def __init__(self, ticket: Ticket, headers: dict[str, str]) -> None:
        super().__init__(_pieces(ticket), headers=headers, media_type=ticket.media)
        self._ticket = ticket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._ticket.close()


def _visit(request: Request) -> Visit | None:
    """The query counted for its client.

    Raises:
        Problem: 429 if the client has reached a limit.
    """
    account: Account | None = request.scope.get("state", {}).get(ACCOUNT)
    return account.enter() if account else None


async def _unless_gone(request: Request, work: Awaitable[T]) -> T:
    """What some work gives, which is cancelled when the client goes away.

    Raises:
        ClientDisconnect: if it does.
    """
    done = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnect(request))
    try:
        await asyncio.wait((done, gone), return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            raise ClientDisconnect
        return done.result()
    finally:
        done.cancel()
        gone.cancel()


async def _disconnect(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
