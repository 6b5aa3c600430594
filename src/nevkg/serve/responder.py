"""Turns jobs into responses: from an in-memory cache, from a file, or from a worker."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from nevkg.serve.clients import account_of
from nevkg.serve.http.middleware import Cut, cancel_on_disconnect
from nevkg.serve.http.negotiation import client_tags, revalidation_headers
from nevkg.serve.jobs import Job
from nevkg.serve.pool.spool import PIECE, Ticket
from nevkg.serve.problem import Problem
from nevkg.serve.settings import MEGABYTE, Settings
from nevkg.serve.state.downloads import transfer
from nevkg.serve.state.generations import Generation, Generations

# Bytes. Larger answers would displace too many others.
LARGEST = 1 << 21
# Bytes of memory that an answer takes besides its body: many small ones would else take far more than the limit.
_BESIDE = 1 << 12


@dataclass(frozen=True)
class CachedAnswer:
    """A complete answer.

    Attributes:
        head: the media type and headers; see ``Reply``.
        body: the content in bytes.
    """

    head: dict[str, Any]
    body: bytes

    @property
    def size(self) -> int:
        """The bytes of memory that it takes, about."""
        return len(self.body) + _BESIDE


class ResponseCache:
    """A bounded LRU cache of answers by ETag."""

    def __init__(self, most: int) -> None:
        """Creates an empty cache for answers of ``most`` bytes together."""
        self._most, self.size = most, 0
        self._answers: OrderedDict[str, CachedAnswer] = OrderedDict()

    def get(self, tag: str) -> CachedAnswer | None:
        """Returns the answer with an ETag; None if it is not cached."""
        answer = self._answers.get(tag)
        if answer:
            self._answers.move_to_end(tag)
        return answer

    def put(self, tag: str, answer: CachedAnswer) -> None:
        """Stores an answer unless it is too large, and evicts the least recently used ones beyond the limit."""
        if answer.size > min(LARGEST + _BESIDE, self._most) or tag in self._answers:
            return
        self._answers[tag] = answer
        self.size += answer.size
        while self.size > self._most:
            _, oldest = self._answers.popitem(last=False)
            self.size -= oldest.size

    def clear(self) -> None:
        """Removes all answers."""
        self._answers.clear()
        self.size = 0


_VERSION = version("nevkg")
# Request headers that responses depend on.
_VARY = "Accept, Accept-Language"
# Statuses of requests that no worker has answered.
_REFUSALS = (429, 503)


class Responder:
    """Answers requests with the replies of workers to jobs.

    Attributes:
        cache: complete answers by ETag.
        answers: number of responses by source: ``unchanged``, ``kept`` or ``worker``.
    """

    def __init__(self, generations: Generations, settings: Settings) -> None:
        """Creates the cache, which is cleared when the dataset changes."""
        self._generations = generations
        self.cache, self.answers = ResponseCache(settings.cache * MEGABYTE), Counter[str]()
        generations.on_change(self.cache.clear)

    async def respond(self, request: Request, job: Job) -> Response:
        """Returns the response to a job.

        Raises:
            Problem: if the job fails or is refused.
            ClientDisconnect: if the client disconnects while it waits.
        """
        generation = self._generations.current
        tag = _tag(generation.state.name, job)
        tags = client_tags(request)
        if tag and tag in tags:
            self.answers["unchanged"] += 1
            return Response(status_code=304, headers=revalidation_headers(tags[tag], _VARY))
        if tag and (answer := self.cache.get(tag)):
            self.answers["kept"] += 1
            return _complete_response(answer, tag)
        if generation.downloads.has(job):
            return await _file_response(request, generation, job)
        account = account_of(request.scope)
        if job.before and job.before[0] != generation.state.contents.edition:
            await cancel_on_disconnect(request.receive, generation.preparations.ensure(job.before[1], account))
        try:
            ticket = await cancel_on_disconnect(request.receive, generation.begin(job, account))
        except Problem as problem:
            self.answers["worker"] += problem.status not in _REFUSALS
            raise
        self.answers["worker"] += 1
        try:
            if ticket.head["is_bulk"]:
                ticket.close()
                return await _file_response(request, generation, job)
            if not ticket.is_over or ticket.size > LARGEST:
                headers = _headers(ticket.head, tag) | ({"Content-Length": str(ticket.size)} if ticket.is_over else {})
                return StreamedResponse(ticket, headers, self.cache, tag)
            answer = _keep(ticket, self.cache, tag)
        except BaseException:
            ticket.close()
            raise
        ticket.close()
        return _complete_response(answer, tag)


def _keep(ticket: Ticket, cache: ResponseCache, tag: str) -> CachedAnswer:
    """Returns a complete answer, and caches it if it has an ETag."""
    answer = CachedAnswer(ticket.head, ticket.content())
    if tag:
        cache.put(tag, answer)
    return answer


def _tag(state: str, job: Job) -> str:
    """Returns the strong ETag of a job's answer; empty if the answer can change."""
    if not (state and job.steady):
        return ""
    return sha256(f"{_VERSION} {state} {job.key}".encode()).hexdigest()[:32]


def _headers(head: dict[str, Any], tag: str) -> dict[str, str]:
    common = revalidation_headers(f'"{tag}"', _VARY) if tag else {"Cache-Control": "no-store", "Vary": _VARY}
    return {**common, **head["headers"]}


class _PiecewiseResponse(Response):
    """A response sent in pieces: sending it at once would copy the whole body for each client that reads slowly."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  as the standard has it
        """Sends it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for start in range(0, max(len(self.body), 1), PIECE):
            piece = self.body[start : start + PIECE]
            await send({"type": "http.response.body", "body": piece, "more_body": start + PIECE < len(self.body)})


def _complete_response(answer: CachedAnswer, tag: str) -> Response:
    return _PiecewiseResponse(answer.body, headers=_headers(answer.head, tag), media_type=answer.head["media"])


async def _file_response(request: Request, generation: Generation, job: Job) -> Response:
    return transfer(request, await cancel_on_disconnect(request.receive, generation.downloads.get(job)), _VARY)


async def _pieces(ticket: Ticket) -> AsyncIterator[bytes]:
    try:
        async for piece in ticket.pieces():
            yield piece
    except Problem as problem:
        raise Cut(problem) from None


class StreamedResponse(StreamingResponse):
    """Streams an answer while the worker writes it, and then caches it unless it is too large.

    Closes the ticket even if the client disconnects before the first piece.
    """

    def __init__(self, ticket: Ticket, headers: dict[str, str], cache: ResponseCache, tag: str) -> None:
        super().__init__(_pieces(ticket), headers=headers, media_type=ticket.media)
        self._ticket, self._cache, self._tag = ticket, cache, tag

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it."""
        try:
            await super().__call__(scope, receive, send)
            if self._tag and self._ticket.is_whole and self._ticket.size <= LARGEST:
                _keep(self._ticket, self._cache, self._tag)
        finally:
            self._ticket.close()
