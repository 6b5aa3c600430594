"""HTTP load generator: sends requests over many connections at once and records the time of each response."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlsplit

# Used as the status of a response that is incomplete.
BROKEN_OFF = 0


@dataclass
class Responses:
    """The responses: seconds and status of each, received within ``seconds``."""

    seconds: float
    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Responses with status 200 per second."""
        return self.statuses.get(200, 0) / self.seconds

    def percentile(self, share: float) -> float:
        """Returns the response time in seconds that this share of the responses does not exceed."""
        return sorted(self.times)[min(len(self.times) - 1, int(len(self.times) * share))]


def build_query(address: str, text: str) -> bytes:
    """Returns a request with a SPARQL query, by POST, because not every server accepts long URLs."""
    place, body = urlsplit(address), text.encode()
    head = (
        f"POST {place.path} HTTP/1.1",
        f"Host: {place.netloc}",
        "Accept: application/sparql-results+json, */*;q=0.5",
        "Content-Type: application/sparql-query",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body


async def send(address: str, requests: Callable[[], Iterator[bytes]], connections: int, seconds: float) -> Responses:
    """Sends requests one after the other on each connection, for a number of seconds.

    Args:
        address: URL of the server.
        requests: Returns the requests for one connection.
        connections: Number of concurrent connections.
        seconds: Duration; requests without a response by then do not count.
    """
    responses = Responses(seconds)
    end = perf_counter() + seconds
    clients = [asyncio.create_task(_run_client(address, requests(), end, responses)) for _ in range(connections)]
    done, late = await asyncio.wait(clients, timeout=seconds)
    for client in late:
        client.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for client in done:
        client.result()
    return responses


async def _run_client(address: str, requests: Iterator[bytes], end: float, responses: Responses) -> None:
    place = urlsplit(address)
    streams = None
    for request in requests:
        start = perf_counter()
        if start >= end:
            break
        if streams is None:
            streams = await asyncio.open_connection(place.hostname, place.port)
        reader, writer = streams
        writer.write(request)
        try:
            status, keeps_open = await _read_response(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            status, keeps_open = BROKEN_OFF, False
        ended = perf_counter()
        if ended <= end:
            responses.times.append(ended - start)
            responses.statuses[status] = responses.statuses.get(status, 0) + 1
        if not keeps_open:
            writer.close()
            streams = None
    if streams:
        streams[1].close()


async def _read_response(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """Reads a response to its end. Returns the status, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    keeps_open = b"connection: close" not in head
    if b"transfer-encoding: chunked" in head:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readuntil(b"\r\n")
    else:
        _, _, length = head.partition(b"content-length: ")
        await reader.readexactly(int(length.split(b"\r\n", 1)[0]))
    return int(head.split(b" ", 2)[1]), keeps_open
