"""Why a request or a job failed, in the form of problem details (RFC 9457); and what the server itself cannot do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from nevkg.data import terms
from nevkg.errors import InvalidData, NevkgError, NotAllowed, WrongUsage

MEDIA = "application/problem+json"
# A limit of the size of files counts as a small disk.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Problem(Exception):
    """An error response to a request.

    Attributes:
        status: HTTP status code.
        detail: one clear sentence: what, where, and how to fix it.
        more: further members of the document, such as ``line`` and ``column``.
        headers: response headers, such as ``Allow``; ``wait`` adds ``Retry-After``, the seconds after which to try again.
        cause: two or three words for the log; they contain nothing from the request, which the log does not record.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        more: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        wait: int = 0,
        cause: str = "",
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.cause = status, detail, cause
        self.more, self.headers = dict(more or {}), dict(headers or {})
        if wait:
            self.headers["Retry-After"] = str(wait)

    def document(self) -> dict[str, Any]:
        """Returns the members of the document in RFC 9457 form."""
        return {"type": "about:blank", "title": HTTPStatus(self.status).phrase, "status": self.status, "detail": self.detail, **self.more}


class DamagedStore(Problem):
    """The store is damaged and has to be replaced."""

    def __init__(self) -> None:
        super().__init__(503, "The store of the server is damaged; try again in a minute.", wait=60)


class MissingDay(Problem):
    """The snapshot of ``day``, or, if that is empty, the record as known by a day, has to be prepared first."""

    def __init__(self, day: str) -> None:
        super().__init__(503, "This day has to be prepared first; try again in ten seconds.", wait=10)
        self.day = day


def unexpected_error() -> Problem:
    """Returns the response to an error that nobody foresaw."""
    return Problem(500, "The server met an unexpected error; its log has the details.")


def file_problem(what: str, error: OSError) -> Problem:
    """Returns the response if a file cannot be used. ``what`` begins its sentence, which does not name the file: paths are not public."""
    cause = "disk full" if error.errno in _FULL else "file error"
    detail = f"{what}: {os.strerror(error.errno or errno.EIO)}; try again in a minute."
    return Problem(503, detail, wait=60, cause=cause)


def problem_from_error(error: NevkgError) -> Problem:
    """Converts an error of the library: 4xx for a mistake of the user, 5xx for other errors."""
    if isinstance(error, WrongUsage):
        return Problem(403 if isinstance(error, NotAllowed) else 400, str(error))
    return Problem(500 if isinstance(error, InvalidData) else 503, str(error))


def unknown_name(what: str, name: str, known: Iterable[str], listed: str = "", status: int = 404) -> Problem:
    """Returns the response to a name that is none of the known ones, with similar ones; ``listed`` ends the sentence."""
    return Problem(status, f"There is no {what} '{name[:80]}'{listed}.{terms.suggest(name[:80], list(known))}")


@contextmanager
def not_found() -> Iterator[None]:
    """Converts ``WrongUsage`` to a problem 404, if a name is part of the address."""
    try:
        yield
    except WrongUsage as error:
        raise Problem(404, str(error)) from None


def now() -> str:
    """Returns the current time in UTC (ISO, to the second)."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True)
class Refusal:
    """Why a newer state is not served, or the served one not by all workers, and since when (ISO, UTC)."""

    reason: str
    since: str = field(default_factory=now)
