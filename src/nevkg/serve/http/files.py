"""Serves static files: the style sheet and icon of the pages, and the files of the explorer."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from nevkg.serve.http.tags import client_tags, revalidation_headers

_A_YEAR = 365 * 24 * 3600
# A fixed table, since the answers of mimetypes differ between systems.
_MEDIA = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/plain",  # browsers do not display Markdown
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class File:
    """The content of a file when it was read.

    Attributes:
        media: media type.
        content: bytes of the file.
        digest: digest of the content (hexadecimal).
    """

    media: str
    content: bytes
    digest: str

    @classmethod
    def read(cls, path: Path) -> File:
        """Reads the file at a path."""
        content = path.read_bytes()
        return cls(_MEDIA.get(path.suffix, _UNKNOWN), content, sha256(content).hexdigest()[:32])


def immutable_response(file: File) -> Response:
    """Returns a response that may be cached permanently, for a file whose name changes with its content."""
    return Response(file.content, media_type=file.media, headers={"Cache-Control": f"public, max-age={_A_YEAR}, immutable"})


def revalidated_response(request: Request, file: File, vary: str) -> Response:
    """Returns a response that must be revalidated before reuse: 304 if the client has the current file.

    Args:
        request: the request.
        file: the file.
        vary: value of the Vary header: what the response depends on besides the address.
    """
    tags = client_tags(request)
    if file.digest in tags:
        return Response(status_code=304, headers=revalidation_headers(tags[file.digest], vary))
    return Response(file.content, media_type=file.media, headers=revalidation_headers(f'"{file.digest}"', vary))
