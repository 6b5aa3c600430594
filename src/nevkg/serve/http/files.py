"""Files that are sent as they are: the style sheet and the icon of the pages, and the explorer."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from nevkg.serve.http.tags import current, held

_A_YEAR = 365 * 24 * 3600
# Written down, since what mimetypes says differs between systems.
_MEDIA = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".md": "text/plain",  # browsers show no Markdown
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True)
class File:
    """A file, as it was when it was read.

    Attributes:
        media: its media type.
        content: what is in it.
        digest: of that (hexadecimal).
    """

    media: str
    content: bytes
    digest: str

    @classmethod
    def read(cls, path: Path) -> File:
        """The file at a path."""
        content = path.read_bytes()
        return cls(_MEDIA.get(path.suffix, _UNKNOWN), content, sha256(content).hexdigest()[:32])


def kept_for_good(file: File) -> Response:
    """A file whose name changes with its content."""
    return Response(file.content, media_type=file.media, headers={"Cache-Control": f"public, max-age={_A_YEAR}, immutable"})


def asked_about(request: Request, file: File, vary: str) -> Response:
    """A file that may be another one next time; who has it already is told so.

    Args:
        request: the request.
        file: the file.
        vary: what the answer depends on besides the address.
    """
    tags = held(request)
    if file.digest in tags:
        return Response(status_code=304, headers=current(tags[file.digest], vary))
    return Response(file.content, media_type=file.media, headers=current(f'"{file.digest}"', vary))
