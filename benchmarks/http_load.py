"""Clients that send requests over many connections at once and note how long each answer takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit

# Stands for the status of an answer that does not come to its end.
BROKEN_OFF = 0


@dataclass
class Heard:
    """What came back: seconds and status of each answer, within ``seconds``."""

    seconds: float
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Answers with 200 a second."""
        return self.statuses.get(200, 0) / self.seconds

    def percentile(self, share: float) -> float:
        """So many seconds at the most for this share of the answers."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))]


def query(address: str, text: str, accept: str = "application/sparql-results+json, */*;q=0.5") -> bytes:
    """A request that asks a SPARQL query, by POST: not every server takes long addresses."""
    place, body = urlsplit(address), text.encode()
    head = (
        f"POST {place.path} HTTP/1.1",
        f"Host: {place.netloc}",
        f"Accept: {accept}",
        "Content-Type: application/sparql-query",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body


async def send(address: str, requests: Callable[[], Iterator[bytes]], connections: int, seconds: float) -> Heard:
    """Sends requests one after the other on each connection, for so many seconds.

    Args:
        address: of the server.
        requests: gives one connection what it is to send.
        connections: how many at once.
        seconds: how long; what has not been answered by then does not count.
    """
    heard = Heard(seconds)
    end = perf_counter() + seconds
    clients = [asyncio.create_task(_one(address, requests(), end, heard)) for _ in range(connections)]
    done, late = await asyncio.wait(clients, timeout=seconds)
    for client in late:
        client.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for client in done:
        client.result()
    return heard


async def _one(address: str, requests: Iterator[bytes], end: float, heard: Heard) -> None:
    place = urlsplit(address)
    streams = None
    for request in requests:
        began = perf_counter()
        if began >= end:
            break
        if streams is None:
            streams = await asyncio.open_connection(place.hostname, place.port)
        reader, writer = streams
        writer.write(request)
        try:
            status, stays = await _answer(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            status, stays = BROKEN_OFF, False
        ended = perf_counter()
        if ended <= end:
            heard.times.append(ended - began)
            heard.statuses[status] = heard.statuses.get(status, 0) + 1
        if not stays:
            writer.close()
            streams = None
    if streams:
        streams[1].close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Reads an answer to its end: the status, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    stays = b"connection: close" not in head
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    else:
        _, _, length = head.partition(b"content-length: ")
        await reader.readexactly(int(length.split(b"\r\n", 1)[0]))
    return int(head.split(b" ", 2)[1]), stays
