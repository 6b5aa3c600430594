"""Sends a file whole or as a byte range, so that interrupted downloads can be resumed (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import IO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nevkg.serve.downloads import Download
from nevkg.serve.http.access_log import Cut
from nevkg.serve.http.negotiate import ENCODINGS, choose_encoding
from nevkg.serve.http.problem import Problem
from nevkg.serve.http.tags import is_known, refuse_unless_match, revalidation_headers
from nevkg.serve.pool.pack import IDENTITY

_PIECE = 1 << 18
# A single range. For several ranges, and for an invalid header, the whole file is sent.
_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?", re.IGNORECASE)


def transfer(request: Request, download: Download, vary: str) -> Response:
    """Returns the response with the file, or the requested range of it, in the encoding that the client accepts.

    Args:
        request: the request.
        download: the file.
        vary: value of the Vary header: what the response depends on besides the address and the encoding.

    Raises:
        Problem: 412 if the client has another state of the file, 416 if the range begins after the end, 503 if the file was removed.
    """
    used = choose_encoding(request, ENCODINGS)
    path = download.folder / used
    tag = f'"{download.digests[used]}{"" if used == IDENTITY else f"-{used}"}"'
    try:
        facts = path.stat()
        modified = formatdate(facts.st_mtime, usegmt=True)
        headers = {**revalidation_headers(tag, f"{vary}, Accept-Encoding"), "Last-Modified": modified, "Accept-Ranges": "bytes"}
        refuse_unless_match(request, tag, facts.st_mtime)
        if is_known(request, tag, facts.st_mtime):
            return Response(status_code=304, headers=headers)
        headers |= {**download.headers, "Content-Length": str(facts.st_size)}
        if used != IDENTITY:
            headers["Content-Encoding"] = used
        if request.method == "HEAD":
            return Response(headers=headers, media_type=download.media)
        part = _requested_range(request, facts.st_size, (tag, modified))
        file = path.open("rb")
    except OSError:
        raise Problem(503, "The file was replaced just now; try again.", headers={"Retry-After": "1"}, cause="file replaced") from None
    if part is None:
        return StreamingResponse(_pieces(file, 0, facts.st_size), headers=headers, media_type=download.media)
    start, end = part
    headers |= {"Content-Length": str(end - start), "Content-Range": f"bytes {start}-{end - 1}/{facts.st_size}"}
    return StreamingResponse(_pieces(file, start, end), 206, headers, download.media)


def _requested_range(request: Request, size: int, validators: tuple[str, str]) -> tuple[int, int] | None:
    """Returns the start and end (exclusive) of the requested range, in bytes; None for the whole file.

    Raises:
        Problem: 416 if the range begins after the end.
    """
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if not match or request.headers.get("if-range", validators[0]) not in validators:
        return None
    first, last = (int(one) if one else None for one in match.groups())
    if first is None and last is None:
        return None
    if first is None:
        assert last is not None
        start, end = max(size - last, 0), size
    else:
        start, end = first, size if last is None else min(last + 1, size)
        if last is not None and last < first:
            return None
    if start >= size:
        raise Problem(
            416, f"The file has {size:,} bytes; the requested range begins after its end.", headers={"Content-Range": f"bytes */{size}"}
        )
    return start, end


async def _pieces(file: IO[bytes], start: int, end: int) -> AsyncIterator[bytes]:
    with file:
        file.seek(start)
        while start < end:
            piece = await to_thread.run_sync(file.read, min(_PIECE, end - start))
            if not piece:
                raise Cut(Problem(500, "The file is shorter than expected.", cause="file too short"))
            start += len(piece)
            yield piece
