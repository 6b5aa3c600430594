"""What every handler of requests is given: the floors, the settings, and ``respond``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from nevkg.layout import Layout
from nevkg.serve.reply import Job

# Answers a request with what a worker replies to a job; ETag, cache, limits and errors are seen to there.
Respond = Callable[[Request, Job], Awaitable[Response]]


@dataclass(frozen=True)
class Services:
    """Where handlers find what they need.

    Attributes:
        layout: the floors; the catalogue of questions and the projections are read from there.
        respond: see ``Respond``.
    """

    layout: Layout
    respond: Respond
