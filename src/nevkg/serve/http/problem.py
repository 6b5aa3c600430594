"""The one shape of errors (RFC 9457), in the server and in its workers."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from nevkg.errors import InvalidData, NevkgError, NotAllowed, WrongUsage

MEDIA = "application/problem+json"


class Problem(Exception):
    """What a request is refused for.

    Attributes:
        status: of HTTP.
        detail: one clear sentence: what, where, and how to fix it.
        more: further members, such as ``line`` and ``column``.
        headers: of the response, such as ``Retry-After`` and ``Allow``.
        cause: two or three words for the log; nothing of the request, which the log does not record.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        cause: str = "",
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.cause = status, detail, cause
        self.more, self.headers = dict(more or {}), dict(headers or {})

    def document(self) -> dict[str, Any]:
        """The problem as RFC 9457 writes it."""
        return {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail, **self.more}


class DamagedStore(Problem):
    """The store turned out to be damaged, and is to be replaced."""

    def __init__(self) -> None:
        super().__init__(503, "The store of the server is damaged; try again in a minute.", headers={"Retry-After": "60"})


def of_error(error: NevkgError) -> Problem:
    """What went wrong in the library, as a response: the user's mistake, or ours."""
    if isinstance(error, WrongUsage):
        return Problem(403 if isinstance(error, NotAllowed) else 400, str(error))
    return Problem(500 if isinstance(error, InvalidData) else 503, str(error))
