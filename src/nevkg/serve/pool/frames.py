"""What goes through the pipes between the server and a worker: frames of a kind, a length and a content."""

from __future__ import annotations

import asyncio
import struct
from typing import IO

# A worker says that it is ready; then, for each job: the head, pieces of the body and the end, or why it failed.
READY, HEAD, BODY, END, FAILED = b"R", b"H", b"B", b"E", b"F"
_HEAD = struct.Struct(">cI")


def put(output: IO[bytes], kind: bytes, content: bytes = b"") -> None:
    """Writes one frame."""
    output.write(_HEAD.pack(kind, len(content)) + content)


def packed(content: bytes) -> bytes:
    """A job, as it goes to a worker."""
    return _HEAD.pack(b"J", len(content)) + content


def take(source: IO[bytes]) -> bytes | None:
    """The content of the next frame, None at the end of the pipe."""
    head = source.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    _, length = _HEAD.unpack(head)
    content = source.read(length)
    return content if len(content) == length else None


async def receive(source: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """The kind and content of the next frame.

    Raises:
        asyncio.IncompleteReadError: if the pipe ends.
    """
    kind, length = _HEAD.unpack(await source.readexactly(_HEAD.size))
    return kind, await source.readexactly(length)
