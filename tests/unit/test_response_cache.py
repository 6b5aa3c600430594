"""The response cache keeps to its limit, whatever the size of the answers."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from nevkg.serve.responder import LARGEST, CachedAnswer, ResponseCache

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
