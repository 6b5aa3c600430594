"""The response cache keeps to its limit, whatever the size of the answers."""

from __future__ import annotations

import asyncio
import json
import tracemalloc
from collections.abc import MutableMapping
from typing import Any

import pytest

from nevkg.serve.clients import Visit
from nevkg.serve.jobs import Job
from nevkg.serve.pages.home import FrontPage
from nevkg.serve.pool.spool import Budget, Ticket
from nevkg.serve.responder import LARGEST, CachedAnswer, ResponseCache, StreamedResponse

HEAD = json.dumps({"media": "text/csv; charset=utf-8", "headers": {"ETag": '"0123456789abcdef"', "Content-Language": "en"}})


@pytest.mark.parametrize("length", [10, 1_000, 100_000])
def test_memory_is_limited(length: int) -> None:
    most, body = 1 << 22, b"x" * length
    cache = ResponseCache(most)
    tracemalloc.start()
    try:
        for number in range(5_000):
            cache.put(f"tag-{number}", CachedAnswer(json.loads(HEAD), body + str(number).encode()))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < 1.1 * most
    assert cache.size <= most
    assert cache.get("tag-4999")
    assert not cache.get("tag-0")


def test_an_answer_that_would_displace_all_others_is_not_kept() -> None:
    cache = ResponseCache(1 << 24)
    cache.put("largest", CachedAnswer({}, b"x" * LARGEST))
    cache.put("larger", CachedAnswer({}, b"x" * (LARGEST + 1)))
    assert cache.get("largest")
    assert not cache.get("larger")


def test_without_room_nothing_is_kept() -> None:
    cache = ResponseCache(0)
    cache.put("tag", CachedAnswer({}, b""))
    assert not cache.get("tag")


@pytest.mark.parametrize(("size", "is_whole"), [(100_000, True), (LARGEST + 1, True), (100_000, False)])
def test_an_answer_is_kept_after_it_was_streamed_unless_it_is_too_large_or_was_cut(size: int, is_whole: bool) -> None:
    """A slow answer is sent while the worker writes it; the next client should not wait for it again."""
    cache, ticket = ResponseCache(1 << 24), Ticket(Job(FrontPage(None)), Budget(1 << 24), Visit())  # type: ignore[arg-type]
    ticket.head = {"media": "text/plain", "headers": {}}
    ticket.put(b"x" * size)
    if is_whole:
        ticket.end()
    pieces: list[bytes] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        pieces.append(message.get("body", b""))

    async def receive() -> MutableMapping[str, Any]:
        while is_whole or len(b"".join(pieces)) < size:
            await asyncio.sleep(0)
        return {"type": "http.disconnect"}

    asyncio.run(StreamedResponse(ticket, {}, cache, "tag")({"type": "http"}, receive, send))
    assert len(b"".join(pieces)) == size
    kept = cache.get("tag")
    assert (kept and len(kept.body)) == (size if is_whole and size <= LARGEST else None)
