"""Serves the explorer, the browser application that ``nevkg/explorer/build.py`` builds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from nevkg.serve.http.files import File, immutable_response, revalidated_response
from nevkg.serve.http.middleware import POLICY, policy
from nevkg.serve.http.negotiate import best_offer
from nevkg.serve.http.problem import Problem

BUILT = Path(__file__).parents[1] / "explorer" / "dist"
EMBED = "embed"  # the parameter of the address that other sites may show in a frame
# A client that accepts any type is not a browser: it gets the plain page.
_FORMS = (("data", "text/turtle"), ("data", "application/json"), ("page", "text/html"))
# A file name with a digest, as Vite writes it. A suffix of lower-case letters alone may be part of the name, so such a file
# is revalidated instead of cached permanently.
_HASHED = re.compile(r".+-(?=[\w-]*[A-Z0-9_])[\w-]{8}\.[\w.]+", re.ASCII)


class Explorer:
    """The files of one build. They are read together on first use, so that they belong to the same build."""

    def __init__(self, folder: Path = BUILT, embedders: Sequence[str] = ()) -> None:
        """Remembers the folder; reads no file.

        Args:
            folder: output folder of the build.
            embedders: sites whose pages may show the explorer in a frame, at the address with ``?embed``.
        """
        self._folder, self._embedders = folder, embedders

    @cached_property
    def is_built(self) -> bool:
        """Whether the explorer has been built."""
        return (self._folder / "index.html").is_file()

    @cached_property
    def _files(self) -> dict[str, File]:
        paths = [self._folder / "index.html", *(self._folder / "assets").glob("*")]
        return {path.relative_to(self._folder).as_posix(): File.read(path) for path in paths if path.is_file()}

    def page(self, request: Request) -> Response | None:
        """Returns the page of the explorer; None if it is not built or the client is not a browser."""
        if not self.is_built or best_offer(request, _FORMS) != "page":
            return None
        response = revalidated_response(request, self._files["index.html"], "Accept")
        if self._embedders and EMBED in request.query_params:
            response.headers[POLICY] = policy(self._embedders)
        return response

    def asset(self, request: Request, name: str) -> Response:
        """Returns a file that the page loads.

        Raises:
            Problem: 404 if there is no such file.
        """
        file = self._files.get(f"assets/{name}") if self.is_built else None
        if file is None:
            raise Problem(404, f"The explorer has no file {name[:100]}; the page may be from an older version, so reload it.")
        return immutable_response(file) if _HASHED.fullmatch(name) else revalidated_response(request, file, "Accept-Encoding")
