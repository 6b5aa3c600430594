"""The explorer: the page for browsers, and what that loads. How it is built: ``nevkg/explorer/build.py``."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from nevkg.serve.http.files import File, asked_about, kept_for_good
from nevkg.serve.http.negotiate import preferred
from nevkg.serve.http.problem import Problem

BUILT = Path(__file__).parents[1] / "explorer" / "dist"
# A program that takes anything is not a browser: it gets the plain page.
_FORMS = (("data", "text/turtle"), ("data", "application/json"), ("page", "text/html"))
# As Vite writes it. What is a word in small letters may be one of the name; to ask about it does no harm.
_HASHED = re.compile(r".+-(?=[\w-]*[A-Z0-9_])[\w-]{8}\.[\w.]+", re.ASCII)


class Explorer:
    """What was built of it. It is read when it is first asked for, all at once, so that its parts belong together."""

    def __init__(self, folder: Path = BUILT) -> None:
        """Reads nothing yet.

        Args:
            folder: where it was built.
        """
        self._folder = folder

    @cached_property
    def is_built(self) -> bool:
        """Whether there is one."""
        return (self._folder / "index.html").is_file()

    @cached_property
    def _files(self) -> dict[str, File]:
        paths = [self._folder / "index.html", *(self._folder / "assets").glob("*")]
        return {path.relative_to(self._folder).as_posix(): File.read(path) for path in paths if path.is_file()}

    def page(self, request: Request) -> Response | None:
        """The page, if there is one and the client is a browser."""
        if not self.is_built or preferred(request, _FORMS) != "page":
            return None
        return asked_about(request, self._files["index.html"], "Accept")

    def asset(self, request: Request, name: str) -> Response:
        """What the page loads.

        Raises:
            Problem: 404 if there is no such file.
        """
        file = self._files.get(f"assets/{name}") if self.is_built else None
        if file is None:
            raise Problem(404, f"The explorer has no file {name[:100]} here; a page of an older one may name it, so load that again.")
        return kept_for_good(file) if _HASHED.fullmatch(name) else asked_about(request, file, "Accept-Encoding")
