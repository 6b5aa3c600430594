"""The frames in the pipes between the server and a worker: a kind, a length and a content each."""

from __future__ import annotations

import asyncio
import struct
from typing import IO

# A worker sends READY once; then for each job HEAD, some BODY frames and END, or FAILED.
READY, HEAD, BODY, END, FAILED = b"R", b"H", b"B", b"E", b"F"
_HEAD = struct.Struct(">cI")


def put(output: IO[bytes], kind: bytes, content: bytes = b"") -> None:
    """Writes one frame."""
    output.write(_HEAD.pack(kind, len(content)) + content)


def job_frame(content: bytes) -> bytes:
    """Returns the frame of a job for a worker."""
    return _HEAD.pack(b"J", len(content)) + content


def take(source: IO[bytes]) -> bytes | None:
    """Reads the content of the next frame; None at the end of the pipe."""
    head = source.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    _, length = _HEAD.unpack(head)
    content = source.read(length)
    return content if len(content) == length else None


async def receive(source: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Reads the kind and content of the next frame.

    Raises:
        asyncio.IncompleteReadError: if the pipe ends.
    """
    kind, length = _HEAD.unpack(await source.readexactly(_HEAD.size))
    return kind, await source.readexactly(length)
