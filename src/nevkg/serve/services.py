"""The objects that every request handler needs: the layout, the settings, the explorer and ``respond``."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from nevkg.data.paths import Layout
from nevkg.serve.http.middleware import POLICY, policy
from nevkg.serve.http.negotiation import best_offer, client_tags, revalidation_headers
from nevkg.serve.jobs import Job
from nevkg.serve.problem import Problem
from nevkg.serve.settings import Settings

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
    """The content of a file when it was read, with its digest (hexadecimal)."""

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
    """Returns a response that must be revalidated before reuse, with ``Vary``: 304 if the client has the current file."""
    tags = client_tags(request)
    if file.digest in tags:
        return Response(status_code=304, headers=revalidation_headers(tags[file.digest], vary))
    return Response(file.content, media_type=file.media, headers=revalidation_headers(f'"{file.digest}"', vary))


BUILT = Path(__file__).parents[1] / "explorer" / "dist"
EMBED = "embed"  # the parameter of the address that other sites may show in a frame
# A client that accepts any type is not a browser.
_FORMS = (("data", "text/turtle"), ("data", "application/json"), ("page", "text/html"))
_FONT = re.compile(r"-latin-wght-normal-[\w-]+\.woff2$")
_LOADED = re.compile(r'(?:src|href)="\./(assets/[^"]+\.(?:js|css))"')


@dataclass(frozen=True)
class Assets:
    """The scripts, style sheets and fonts that every page loads, as paths from the root; none if the explorer is not built."""

    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()


def is_browser(request: Request) -> bool:
    """Returns whether a client prefers a page to data."""
    return best_offer(request, _FORMS) == "page"


# A file name with a digest, as Vite writes it. A suffix of lower-case letters alone may be part of the name, so such a file
# is revalidated instead of cached permanently.
_HASHED = re.compile(r".+-(?=[\w-]*[A-Z0-9_])[\w-]{8}\.[\w.]+", re.ASCII)


class Explorer:
    """The files of one build. They are read together on first use, so that they belong to the same build."""

    def __init__(self, folder: Path = BUILT, embedders: Sequence[str] = ()) -> None:
        """Remembers the folder; reads no file. Pages of ``embedders`` may show a page in a frame, at its address with ``embed=1``."""
        self._folder, self._embedders = folder, embedders

    @cached_property
    def is_built(self) -> bool:
        """Whether the explorer has been built."""
        return (self._folder / "index.html").is_file()

    @cached_property
    def _files(self) -> dict[str, File]:
        paths = [self._folder / "index.html", *(self._folder / "assets").glob("*")]
        return {path.relative_to(self._folder).as_posix(): File.read(path) for path in paths if path.is_file()}

    @cached_property
    def assets(self) -> Assets:
        """The files that pages load."""
        if not self.is_built:
            return Assets()
        found = _LOADED.findall(self._files["index.html"].content.decode())
        scripts, styles = (tuple(path for path in found if path.endswith(suffix)) for suffix in (".js", ".css"))
        return Assets(scripts, styles, tuple(sorted(path for path in self._files if _FONT.search(path))))

    def allow_frames(self, request: Request, response: Response) -> None:
        """Allows other sites to show a page in a frame, if the operator named them and the address asks for it."""
        if self._embedders and EMBED in request.query_params:
            response.headers[POLICY] = policy(self._embedders)

    def asset(self, request: Request, name: str) -> Response:
        """Returns a file that the page loads."""
        file = self._files.get(f"assets/{name}") if self.is_built else None
        if file is None:
            raise Problem(404, f"The explorer has no file {name[:100]}; the page may be from an older version, so reload it.")
        return immutable_response(file) if _HASHED.fullmatch(name) else revalidated_response(request, file, "Accept-Encoding")


# The content security policy of a site, whose engine is WebAssembly.
SITE_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)


@dataclass(frozen=True)
class Site:
    """A site of files, whose pages link to files instead of paths of a server.

    Attributes:
        address: the address at which the site is published, without a slash at the end; empty if it is not known.
        is_rendered_here: whether a page is rendered in the browser, at the root of the site, and not written to a file.
        state: what identifies the data of the site.
    """

    address: str = ""
    is_rendered_here: bool = False
    state: str = ""


# Runs a job and returns its response; handles ETags, the cache, limits and errors.
Respond = Callable[[Request, Job], Awaitable[Response]]


@dataclass(frozen=True)
class Services:
    """Shared objects for request handlers.

    Attributes:
        layout: folders of the dataset, with the catalogue of questions and the projections.
        respond: see ``Respond``.
        site: the site that the pages are for; None for pages of a server.
        releases: releases and folders of releases, from which citations of other editions are answered.
    """

    layout: Layout
    respond: Respond
    settings: Settings = field(default_factory=Settings)
    explorer: Explorer = field(default_factory=Explorer)
    site: Site | None = None
    releases: tuple[str, ...] = ()


def services_of(request: Request) -> Services:
    """Returns the services of the application that handles a request."""
    services: Services = request.app.state.services
    return services
